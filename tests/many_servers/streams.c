#include "streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "live/watch.h"

enum {
    COMMITS = 11,
    SHOWN_WITHIN_US = 500 * 1000,
    ENDED_WITHIN_US = 2000 * 1000, /* the follower's second, and the feed's */
    SLACK_US = 500 * 1000,         /* what a busy machine may add to the worst of them */
    WAIT_MS = 10 * 1000,
};

static int by_size(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static struct uuid make(struct client *client, const char *path, const char *body) {
    static struct answer answer;
    if (client_ask_one(client, 0, "POST", path, body, &answer) != 201) {
        give_up(path, answer.body);
    }
    return answer.id;
}

/* From the answer of one server to the stream of the other; the log comes as well. */
static int64_t shown_after_us(struct street *street, struct client *client, struct watch *watch,
                              const char *type_id, int reserved) {
    static struct answer answer;
    char body[256], words[64];
    snprintf(body, sizeof body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":1,\"expires_in_seconds\":7200}", type_id);
    if (client_ask_one(client, 0, "POST", "/v1/reservations", body, &answer) != 201) {
        street_complain(street, "a reservation", answer.body);
    }
    int64_t since_us = monotonic_us();
    snprintf(words, sizeof words, "\"reserved\":%d,\"available\"", reserved);
    bool is_shown = watch_until(watch, words, WAIT_MS);
    int64_t took_us = monotonic_us() - since_us;
    snprintf(words, sizeof words, "\"new_reserved\":%d,", reserved);
    if (!is_shown || !watch_until(watch, words, WAIT_MS)) {
        street_complain(street, "another server's commit", "is not on the stream");
    }
    return took_us;
}

void streams_are_followed(struct street *street) {
    static struct watch watch;
    struct client *client = client_open(street, street->admin, 79);
    char path[128], query[128], header[256], id[UUID_TEXT_SIZE];
    int64_t took_us[COMMITS];
    struct uuid event =
        make(client, "/v1/events", "{\"name\":\"Live\",\"start_date\":\"2099-01-01T20:00:00Z\"}");
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types", uuid_format(event, id));
    snprintf(query, sizeof query, "event_id=%s&include=audit", id);
    struct uuid type = make(client, path, "{\"name\":\"T\",\"price\":1,\"initial_inventory\":100}");
    snprintf(header, sizeof header, "Authorization: Bearer %s", street->admin);
    if (!watch_open(&watch, server_url(street->servers[1]), header, query) ||
        !watch_until(&watch, "event: snapshot", WAIT_MS)) {
        give_up("a stream", "does not begin");
    }
    uuid_format(type, id);
    for (int i = 0; i < COMMITS; i++) {
        took_us[i] = shown_after_us(street, client, &watch, id, i + 1);
    }
    int64_t since_us = monotonic_us();
    (void)make(client, path, "{\"name\":\"New\",\"price\":1,\"initial_inventory\":4711}");
    if (!watch_until(&watch, "\"total\":4711", WAIT_MS)) {
        street_complain(street, "another server's ticket type", "is not on the stream");
    }
    int64_t made_us = monotonic_us() - since_us;
    if (made_us > SHOWN_WITHIN_US + SLACK_US) {
        street_complain(street, "another server's ticket type", "is shown later than said");
    }
    qsort(took_us, COMMITS, sizeof *took_us, by_size);
    if (took_us[COMMITS / 2] > SHOWN_WITHIN_US ||
        took_us[COMMITS - 1] > SHOWN_WITHIN_US + SLACK_US) {
        street_complain(street, "another server's commits", "are shown later than said");
    }
    printf("a commit was on another server's stream after %.0f ms (median), %.0f ms at most, "
           "a new ticket type after %.0f ms\n",
           (double)took_us[COMMITS / 2] / 1000, (double)took_us[COMMITS - 1] / 1000,
           (double)made_us / 1000);
    watch_close(&watch);
    client_close(client);
}

/* --- who may watch --------------------------------------------------------------------- */

/* One person, signed in at the first server, and the stream that the other one sends. */
struct person {
    char email[64], id[UUID_TEXT_SIZE], header[512];
    struct watch watch;
};

/* Asks with headers of its own, for the first words of the answer. */
static bool ask(struct watch *answer, const char *server, const char *what, const char *headers,
                const char *body) {
    char request[1024];
    snprintf(request, sizeof request,
             "%s HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             what, headers, strlen(body), body);
    return watch_request(answer, server, request) && watch_until(answer, "HTTP/1.1 20", WAIT_MS);
}

static bool sign_in(const char *server, struct person *person) {
    char body[256];
    struct watch answer;
    snprintf(body, sizeof body, "{\"email\":\"%.63s\",\"password\":\"correct horse\"}",
             person->email);
    bool is_in = ask(&answer, server, "POST /v1/session", "Accept: */*", body) &&
                 watch_until(&answer, "Set-Cookie: ", WAIT_MS);
    snprintf(person->header, sizeof person->header, "Cookie: %.*s\r\nSec-Fetch-Site: same-origin",
             (int)strcspn(answer.heard, ";"), answer.heard);
    watch_close(&answer);
    return is_in;
}

static void begin_to_watch(struct street *street, struct client *client, struct person *person,
                           const char *query, unsigned number) {
    char body[256];
    snprintf(person->email, sizeof person->email, "p%u@example.com", number);
    snprintf(body, sizeof body,
             "{\"email\":\"%.63s\",\"name\":\"P\",\"role\":\"viewer\","
             "\"password\":\"correct horse\"}",
             person->email);
    uuid_format(make(client, "/v1/staff", body), person->id);
    if (!sign_in(server_url(street->servers[0]), person) ||
        !watch_open(&person->watch, server_url(street->servers[1]), person->header, query) ||
        !watch_until(&person->watch, "event: snapshot", WAIT_MS)) {
        give_up("a person's stream", person->watch.heard);
    }
}

static void expect_end(struct street *street, struct person *person, const char *what) {
    int64_t since_us = monotonic_us();
    bool is_over = watch_until(&person->watch, "event: bye", WAIT_MS);
    int64_t took_us = monotonic_us() - since_us;
    if (!is_over || took_us > ENDED_WITHIN_US + SLACK_US) {
        street_complain(street, what, "leaves a stream at another server open");
    }
    printf("%s ended a stream at another server after %.0f ms\n", what, (double)took_us / 1000);
    watch_close(&person->watch);
}

void credentials_are_followed(struct street *street) {
    enum { PEOPLE = 4 };
    static struct watch said;
    static struct person people[PEOPLE];
    static struct answer answer;
    struct client *client = client_open(street, street->admin, 80);
    const char *first = server_url(street->servers[0]);
    char query[128], path[128], header[256], body[128], id[UUID_TEXT_SIZE];
    struct uuid event =
        make(client, "/v1/events", "{\"name\":\"Who\",\"start_date\":\"2099-01-01T20:00:00Z\"}");
    snprintf(query, sizeof query, "event_id=%s&include=audit", uuid_format(event, id));
    for (unsigned i = 0; i < PEOPLE; i++) {
        begin_to_watch(street, client, &people[i], query, i);
    }
    snprintf(path, sizeof path, "/v1/staff/%s/disable", people[0].id);
    (void)client_ask_one(client, 0, "POST", path, NULL, &answer);
    expect_end(street, &people[0], "disabling a person");
    snprintf(path, sizeof path, "/v1/staff/%s/password", people[1].id);
    (void)client_ask_one(client, 0, "POST", path, "{}", &answer);
    expect_end(street, &people[1], "another password");
    bool is_done = ask(&said, first, "DELETE /v1/session", people[2].header, "");
    watch_close(&said);
    expect_end(street, &people[2], "signing out");
    snprintf(path, sizeof path, "PATCH /v1/staff/%s", people[3].id);
    snprintf(header, sizeof header, "Authorization: Bearer %s\r\nIf-Match: \"1\"", street->admin);
    snprintf(body, sizeof body, "{\"event_ids\":[\"%s\"]}", people[3].id); /* any other */
    is_done = ask(&said, first, path, header, body) && is_done;
    watch_close(&said);
    expect_end(street, &people[3], "fewer events");
    if (!is_done) {
        street_complain(street, "a change of who may watch", said.heard);
    }
    client_close(client);
}
