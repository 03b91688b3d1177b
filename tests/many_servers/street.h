/* street.h - several servers over one database, and somebody who asks now this one and now that.
 *
 * Whatever cannot be set up ends the test. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "base/uuid.h"
#include "process/process.h"
#include "support/cluster.h"

enum { SERVERS_MAX = 4, ANSWER_SIZE = 8 * 1024, ROLE_KEY_SIZE = 160 };

/* Of how many types are more tickets in hands than there are? */
#define STREET_OVERSOLD                                                                            \
    "SELECT count(*) FROM ticket_types t WHERE t.total_inventory < (SELECT "                       \
    "coalesce(sum(r.quantity - r.refunded_quantity), 0) FROM ticket_reservations r "               \
    "WHERE r.ticket_type_id = t.id AND (r.status = 'completed' OR (r.status = 'active' "           \
    "AND r.expires_at > statement_timestamp())))"

struct street {
    struct cluster *cluster;
    char database[DATABASE_URL_SIZE];
    struct server *servers[SERVERS_MAX];
    unsigned count;
    char admin[ROLE_KEY_SIZE], shop[ROLE_KEY_SIZE]; /* API keys: the second is the public's */

    /* Over all who asked. */
    atomic_ulong asked, again, twins, refused;
    atomic_ulong wrong; /* what must not be; the first few are on stderr */
};

_Noreturn void give_up(const char *what, const char *why);

/* A cluster and a migrated database of its own, with two keys. */
void street_open(struct street *street);

/* So many servers over it, by way of `url`. */
void street_serve(struct street *street, const char *url, unsigned servers);

/* Stops the servers politely, verifies, looks for deadlocks, and prints the figures. True: all was
 * well from the beginning. */
bool street_reckon(struct street *street);

void street_close(struct street *street);

/* Something is not as it must be. */
void street_complain(struct street *street, const char *what, const char *detail);

/* The first column of the first row, as a number. */
int64_t street_number(const struct street *street, const char *sql);

struct client; /* one thread's connections, one to each server */

struct client *client_open(struct street *street, const char *key, uint64_t seed);
void client_close(struct client *client);
uint64_t client_random(struct client *client);

struct answer {
    int status;
    char body[ANSWER_SIZE];
    struct uuid id; /* of what was made or changed; none where the body has none */
};

/* Posts (or `method`) with a key of its own to some server, and to others with the same key until
 * it is answered: now and then to two at the same time, now and then once more afterwards. All
 * answers of success must be one and the same. Returns the status: 200, 201 or 409; anything else
 * has been complained of. */
int client_ask(struct client *client, const char *method, const char *path, const char *body,
               struct answer *answer);

/* Once, to that server, without a key. */
int client_ask_one(struct client *client, unsigned server, const char *method, const char *path,
                   const char *body, struct answer *answer);
