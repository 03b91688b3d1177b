/* Servers over one database: never 101 of 100, whoever is asked.
 *
 *     many_servers SERVERS ROUNDS */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/instant.h"
#include "round.h"
#include "streams.h"

enum {
    LOOKS = 10,
    LOOK_EVERY_US = 5 * 1000,
    /* "Half a second at most", "within a second or so" (docs/rules.md, R14), and what a busy
     * machine takes to ask. */
    COUNTS_WITHIN_US = 500 * 1000,
    KEYS_WITHIN_US = 1500 * 1000,
    SLACK_US = 500 * 1000,
};

static void wait_a_moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_US * 1000L}, NULL);
}

/* --- counts on another server ------------------------------------------------------- */

/* How long the server tells less than `reserved`; asked all the time, so that it is followed. */
static int64_t behind_us(struct client *client, unsigned server, const char *path,
                         const char *reserved) {
    static struct answer answer;
    int64_t since_us = monotonic_us(), asked_us;
    do {
        asked_us = monotonic_us();
        if (client_ask_one(client, server, "GET", path, NULL, &answer) == 200 &&
            strstr(answer.body, reserved) != NULL) {
            break;
        }
        wait_a_moment();
    } while (asked_us - since_us < 10 * COUNTS_WITHIN_US);
    return asked_us - since_us;
}

static void counts_are_followed(struct street *street) {
    static struct answer answer;
    struct client *client = client_open(street, street->admin, 77);
    char path[128], body[256], reserved[32], id[UUID_TEXT_SIZE];
    int64_t longest_us = 0;
    (void)client_ask_one(client, 0, "POST", "/v1/events",
                         "{\"name\":\"Lag\",\"start_date\":\"2099-01-01T20:00:00Z\"}", &answer);
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types", uuid_format(answer.id, id));
    (void)client_ask_one(client, 0, "POST", path,
                         "{\"name\":\"T\",\"price\":1,\"initial_inventory\":100}", &answer);
    uuid_format(answer.id, id);
    snprintf(path, sizeof path, "/v1/ticket-types/%s/availability", id);
    snprintf(body, sizeof body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":1,\"expires_in_seconds\":7200}", id);
    for (int i = 1; i <= LOOKS; i++) {
        unsigned writes = (unsigned)i % street->count, reads = (writes + 1) % street->count;
        if (client_ask_one(client, writes, "POST", "/v1/reservations", body, &answer) != 201) {
            street_complain(street, "a reservation", answer.body);
        }
        snprintf(reserved, sizeof reserved, "\"available\":%d", 100 - i);
        int64_t took_us = behind_us(client, reads, path, reserved);
        longest_us = took_us > longest_us ? took_us : longest_us;
        /* Its own are never behind. */
        if (client_ask_one(client, writes, "GET", path, NULL, &answer) != 200 ||
            strstr(answer.body, reserved) == NULL) {
            street_complain(street, "a server's own count", answer.body);
        }
    }
    if (longest_us > COUNTS_WITHIN_US + SLACK_US) {
        street_complain(street, "counts of another server", "are behind for longer than said");
    }
    printf("counts were behind on another server for %.0f ms at most\n", (double)longest_us / 1000);
    client_close(client);
}

/* --- keys on another server --------------------------------------------------------- */

static int64_t until_status(struct street *street, const char *key, int wanted) {
    static struct answer answer;
    int64_t since_us = monotonic_us(), asked_us;
    struct client *client = client_open(street, key, 1);
    do {
        asked_us = monotonic_us();
        if (client_ask_one(client, street->count - 1, "GET", "/v1/venues", NULL, &answer) ==
            wanted) {
            break;
        }
        wait_a_moment();
    } while (asked_us - since_us < 10 * KEYS_WITHIN_US);
    client_close(client);
    return asked_us - since_us;
}

static void keys_are_followed(struct street *street) {
    static struct answer answer;
    char key[ROLE_KEY_SIZE], path[128], id[UUID_TEXT_SIZE];
    struct client *client = client_open(street, street->admin, 78);
    if (client_ask_one(client, 0, "POST", "/v1/api-keys", "{\"name\":\"New\",\"role\":\"admin\"}",
                       &answer) != 201) {
        give_up("a key", answer.body);
    }
    const char *at = strstr(answer.body, "\"key\":\"");
    snprintf(key, sizeof key, "%.*s", at == NULL ? 0 : (int)strcspn(at + 7, "\""),
             at == NULL ? "" : at + 7);
    int64_t made_us = until_status(street, key, 200);
    snprintf(path, sizeof path, "/v1/api-keys/%s/revoke", uuid_format(answer.id, id));
    if (client_ask_one(client, 0, "POST", path, NULL, &answer) != 200) {
        street_complain(street, "a key's revocation", answer.body);
    }
    int64_t revoked_us = until_status(street, key, 401);
    if (made_us > KEYS_WITHIN_US + SLACK_US || revoked_us > KEYS_WITHIN_US + SLACK_US) {
        street_complain(street, "keys of another server", "are followed later than said");
    }
    printf("a key worked on another server after %.0f ms, and no more after %.0f ms\n",
           (double)made_us / 1000, (double)revoked_us / 1000);
    client_close(client);
}

int main(int count, char **words) {
    static struct street street;
    unsigned servers = count == 3 ? (unsigned)strtoul(words[1], NULL, 10) : 0;
    unsigned rounds = count == 3 ? (unsigned)strtoul(words[2], NULL, 10) : 0;
    if (servers < 2 || servers > SERVERS_MAX || rounds == 0) {
        give_up("usage", "many_servers SERVERS ROUNDS");
    }
    street_open(&street);
    street_serve(&street, street.database, servers);
    counts_are_followed(&street);
    keys_are_followed(&street);
    streams_are_followed(&street);
    credentials_are_followed(&street);
    for (unsigned i = 1; i <= rounds; i++) {
        round_run(&street, i);
    }
    bool is_well = street_reckon(&street);
    street_close(&street);
    return is_well ? 0 : 1;
}
