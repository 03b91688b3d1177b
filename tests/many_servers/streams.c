#include "streams.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/instant.h"
#include "live/watch.h"

enum {
    COMMITS = 11,
    SHOWN_WITHIN_US = 500 * 1000,
    SLACK_US = 500 * 1000, /* what a busy machine may add to the worst of them */
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
    char path[128], query[128], id[UUID_TEXT_SIZE];
    int64_t took_us[COMMITS];
    struct uuid event =
        make(client, "/v1/events", "{\"name\":\"Live\",\"start_date\":\"2099-01-01T20:00:00Z\"}");
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types", uuid_format(event, id));
    snprintf(query, sizeof query, "event_id=%s&include=audit", id);
    struct uuid type = make(client, path, "{\"name\":\"T\",\"price\":1,\"initial_inventory\":100}");
    if (!watch_open(&watch, server_url(street->servers[1]), street->admin, query) ||
        !watch_until(&watch, "event: snapshot", WAIT_MS)) {
        give_up("a stream", "does not begin");
    }
    uuid_format(type, id);
    for (int i = 0; i < COMMITS; i++) {
        took_us[i] = shown_after_us(street, client, &watch, id, i + 1);
    }
    /* What another server makes of an event that is watched is found, if not at once. */
    (void)make(client, path, "{\"name\":\"New\",\"price\":1,\"initial_inventory\":4711}");
    if (!watch_until(&watch, "\"total\":4711", WAIT_MS)) {
        street_complain(street, "another server's ticket type", "is not on the stream");
    }
    qsort(took_us, COMMITS, sizeof *took_us, by_size);
    if (took_us[COMMITS / 2] > SHOWN_WITHIN_US ||
        took_us[COMMITS - 1] > SHOWN_WITHIN_US + SLACK_US) {
        street_complain(street, "another server's commits", "are shown later than said");
    }
    printf("a commit was on another server's stream after %.0f ms (median), %.0f ms at most\n",
           (double)took_us[COMMITS / 2] / 1000, (double)took_us[COMMITS - 1] / 1000);
    watch_close(&watch);
    client_close(client);
}
