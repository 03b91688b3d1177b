#include "round.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/instant.h"

enum { TYPES = 3, LIMITED = 2, LIMIT = 2, CUSTOMERS = 20, BODY_SIZE = 512, LOOK_EVERY_MS = 50 };
enum { EXPIRES_MAX_SECONDS = 2, SWEPT_WITHIN_SECONDS = 30 };

struct round {
    struct street *street;
    char types[TYPES][UUID_TEXT_SIZE];
    char customers[CUSTOMERS][UUID_TEXT_SIZE];
    atomic_int buyers;
    atomic_long sold[TYPES], total[TYPES]; /* as buyers and the manager were told */
    atomic_bool is_over;
};

struct thread {
    struct round *round;
    uint64_t seed;
    pthread_t thread;
};

/* What one buyer has: a reservation or a cart, and its tickets. */
struct purchase {
    char path[64]; /* "/v1/reservations/ID" */
    int32_t tickets[TYPES];
};

/* --- what is there ------------------------------------------------------------------ */

static struct uuid make(struct client *client, const char *path, const char *body) {
    static struct answer answer;
    if (client_ask(client, "POST", path, body, &answer) != 201) {
        give_up(path, answer.body);
    }
    return answer.id;
}

static void open_event(struct round *round, struct client *client, unsigned number) {
    char body[BODY_SIZE], path[128], id[UUID_TEXT_SIZE];
    snprintf(body, sizeof body,
             "{\"name\":\"Round %u\",\"start_date\":\"2099-01-01T20:00:00Z\",\"published\":true}",
             number);
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types",
             uuid_format(make(client, "/v1/events", body), id));
    for (int i = 0; i < TYPES; i++) {
        snprintf(body, sizeof body,
                 "{\"name\":\"T%d\",\"price\":1000,\"initial_inventory\":%d,"
                 "\"max_per_customer\":%s}",
                 i, ROUND_TICKETS, i == LIMITED ? "2" : "null");
        uuid_format(make(client, path, body), round->types[i]);
        atomic_store(&round->total[i], ROUND_TICKETS);
    }
    static_assert(LIMIT == 2, "as the body has it");
    for (int i = 0; i < CUSTOMERS; i++) {
        uuid_format(uuid_block(instant_now(), 1), round->customers[i]);
    }
}

/* --- buyers ------------------------------------------------------------------------- */

static void count_sale(struct round *round, const struct purchase *purchase) {
    for (int i = 0; i < TYPES; i++) {
        atomic_fetch_add(&round->sold[i], purchase->tickets[i]);
    }
}

static bool act(struct client *client, const struct purchase *purchase, const char *verb,
                const char *body, struct answer *answer) {
    char path[96];
    snprintf(path, sizeof path, "%s/%s", purchase->path, verb);
    return client_ask(client, "POST", path, body, answer) != 409;
}

static int seconds_of(struct client *client) {
    return 1 + (int)(client_random(client) % EXPIRES_MAX_SECONDS);
}

static bool reserve(struct round *round, struct client *client, struct purchase *purchase,
                    struct answer *answer) {
    char body[BODY_SIZE], id[UUID_TEXT_SIZE];
    int type = client_random(client) % 10 < 7 ? 0 : 1;
    *purchase = (struct purchase){.tickets = {[0] = 0}};
    purchase->tickets[type] = 1 + (int32_t)(client_random(client) % 2);
    snprintf(body, sizeof body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":%d,\"expires_in_seconds\":%d}",
             round->types[type], purchase->tickets[type], seconds_of(client));
    bool is_granted = client_ask(client, "POST", "/v1/reservations", body, answer) == 201;
    snprintf(purchase->path, sizeof purchase->path, "/v1/reservations/%s",
             uuid_format(answer->id, id));
    return is_granted;
}

static void write_items(const struct round *round, int first, int second, char body[BODY_SIZE],
                        int seconds) {
    int length = snprintf(body, BODY_SIZE,
                          "{\"items\":[{\"ticket_type_id\":\"%s\",\"quantity\":1},"
                          "{\"ticket_type_id\":\"%s\",\"quantity\":1}]",
                          round->types[first], round->types[second]);
    if (seconds > 0) {
        length += snprintf(body + length, BODY_SIZE - (size_t)length, ",\"expires_in_seconds\":%d",
                           seconds);
    }
    snprintf(body + length, BODY_SIZE - (size_t)length, "}");
}

/* Two types, in either order; now and then others put in their place. */
static bool fill_cart(struct round *round, struct client *client, struct purchase *purchase,
                      struct answer *answer) {
    char body[BODY_SIZE], id[UUID_TEXT_SIZE];
    int first = (int)(client_random(client) % 2);
    *purchase = (struct purchase){.tickets = {1, 1}};
    write_items(round, first, 1 - first, body, seconds_of(client));
    if (client_ask(client, "POST", "/v1/carts", body, answer) != 201) {
        return false;
    }
    snprintf(purchase->path, sizeof purchase->path, "/v1/carts/%s", uuid_format(answer->id, id));
    if (client_random(client) % 3 == 0) {
        snprintf(body, sizeof body, "{\"items\":[{\"ticket_type_id\":\"%s\",\"quantity\":2}]}",
                 round->types[first]);
        int status =
            client_ask_one(client, (unsigned)(client_random(client) % round->street->count), "PUT",
                           purchase->path, body, answer);
        if (status == 200) {
            purchase->tickets[first] = 2;
            purchase->tickets[1 - first] = 0;
        } else if (status != 409 && status != 503) {
            street_complain(round->street, "a cart's other items", answer->body);
        }
    }
    return true;
}

static void sell_at_box_office(struct round *round, struct client *client, struct answer *answer) {
    char body[BODY_SIZE];
    int type = (int)(client_random(client) % 2);
    snprintf(body, sizeof body,
             "{\"items\":[{\"ticket_type_id\":\"%s\",\"quantity\":1}],\"channel\":\"box_office\"}",
             round->types[type]);
    if (client_ask(client, "POST", "/v1/sales", body, answer) == 201) {
        atomic_fetch_add(&round->sold[type], 1);
    }
}

/* Of a type that allows two to each: held for long, so that what was granted stays. */
static void reserve_for_customer(struct round *round, struct client *client,
                                 struct answer *answer) {
    char body[BODY_SIZE];
    snprintf(body, sizeof body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":1,\"expires_in_seconds\":7200,"
             "\"user_id\":\"%s\"}",
             round->types[LIMITED], round->customers[client_random(client) % CUSTOMERS]);
    (void)client_ask(client, "POST", "/v1/reservations", body, answer);
}

static void refund_one(struct round *round, struct client *client, const struct purchase *purchase,
                       struct answer *answer) {
    bool is_reservation = strstr(purchase->path, "reservations") != NULL;
    for (int i = 0; is_reservation && i < TYPES; i++) {
        if (purchase->tickets[i] > 0 &&
            act(client, purchase, "refunds", "{\"quantity\":1,\"reason\":\"Taken ill\"}", answer)) {
            atomic_fetch_sub(&round->sold[i], 1);
        }
    }
}

static void decide(struct round *round, struct client *client, const struct purchase *purchase,
                   struct answer *answer) {
    char body[BODY_SIZE];
    uint64_t die = client_random(client) % 100;
    snprintf(body, sizeof body, "{\"order_id\":\"M-%" PRIx64 "\"}", client_random(client));
    if (die < 25) {
        return; /* it expires */
    }
    if (die < 45) {
        (void)act(client, purchase, "release", "{}", answer);
        return;
    }
    if (die < 55 && !act(client, purchase, "extend", "{\"expires_in_seconds\":2}", answer)) {
        return;
    }
    if (act(client, purchase, "complete", body, answer)) {
        count_sale(round, purchase);
        if (client_random(client) % 4 == 0) {
            refund_one(round, client, purchase, answer);
        }
    }
}

static void *buy(void *context) {
    struct thread *thread = context;
    struct round *round = thread->round;
    static _Thread_local struct answer answer;
    struct client *admin = client_open(round->street, round->street->admin, thread->seed);
    struct client *shop = client_open(round->street, round->street->shop, thread->seed + 1);
    while (atomic_fetch_add(&round->buyers, 1) < ROUND_BUYERS) {
        struct purchase purchase;
        uint64_t die = client_random(shop) % 100;
        if (die < 12) {
            sell_at_box_office(round, admin, &answer);
        } else if (die < 30) {
            reserve_for_customer(round, shop, &answer);
        } else if (die < 60 ? fill_cart(round, shop, &purchase, &answer)
                            : reserve(round, shop, &purchase, &answer)) {
            decide(round, admin, &purchase, &answer);
        }
    }
    client_close(shop);
    client_close(admin);
    return NULL;
}

/* --- beside the buyers -------------------------------------------------------------- */

/* Adds chairs and takes some away, where they are free. */
static void *manage(void *context) {
    struct thread *thread = context;
    struct round *round = thread->round;
    static _Thread_local struct answer answer;
    struct client *client = client_open(round->street, round->street->admin, thread->seed);
    while (!atomic_load(&round->is_over)) {
        char path[128];
        int type = (int)(client_random(client) % TYPES);
        bool adds = client_random(client) % 2 == 0;
        snprintf(path, sizeof path, "/v1/ticket-types/%s/%s", round->types[type],
                 adds ? "increase" : "decrease");
        if (client_ask(client, "POST", path, "{\"quantity\":3,\"reason\":\"Chairs\"}", &answer) ==
            200) {
            atomic_fetch_add(&round->total[type], adds ? 3 : -3);
        }
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000L}, NULL);
    }
    client_close(client);
    return NULL;
}

/* In one snapshot after the other: never more tickets in hands than there are. */
static void *look(void *context) {
    struct round *round = ((struct thread *)context)->round;
    while (!atomic_load(&round->is_over)) {
        if (street_number(round->street, STREET_OVERSOLD) != 0) {
            street_complain(round->street, "oversold", "seen while selling");
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_MS * 1000000L}, NULL);
    }
    return NULL;
}

/* --- the end ------------------------------------------------------------------------ */

static void await_sweeps(struct round *round) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM ticket_types WHERE id IN ('%s', '%s') AND reserved_count > 0",
             round->types[0], round->types[1]);
    int64_t until_us = monotonic_us() + INT64_C(1000000) * SWEPT_WITHIN_SECONDS;
    while (street_number(round->street, sql) != 0) {
        if (monotonic_us() > until_us) {
            street_complain(round->street, "sweeps", "what expired is still reserved");
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_MS * 1000000L}, NULL);
    }
}

static void expect(struct round *round, const char *what, const char *sql, int64_t expected) {
    int64_t found = street_number(round->street, sql);
    if (found != expected) {
        char detail[512];
        snprintf(detail, sizeof detail, "%" PRId64 " and not %" PRId64 ": %s", found, expected,
                 sql);
        street_complain(round->street, what, detail);
    }
}

static void reckon(struct round *round) {
    char sql[512];
    for (int i = 0; i < TYPES; i++) {
        snprintf(sql, sizeof sql, "SELECT sold_count FROM ticket_types WHERE id = '%s'",
                 round->types[i]);
        expect(round, "sold is not what buyers were told", sql, atomic_load(&round->sold[i]));
        snprintf(sql, sizeof sql, "SELECT total_inventory FROM ticket_types WHERE id = '%s'",
                 round->types[i]);
        expect(round, "total is not what the manager was told", sql, atomic_load(&round->total[i]));
    }
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM (SELECT user_id FROM ticket_reservations WHERE ticket_type_id "
             "= '%s' AND status = 'active' GROUP BY user_id HAVING sum(quantity) > %d) o",
             round->types[LIMITED], LIMIT);
    expect(round, "a customer has more than the limit", sql, 0);
    expect(round, "the log has an oversold moment",
           "SELECT count(*) FROM inventory_audit_log WHERE new_sold + new_reserved > new_total", 0);
    expect(round, "one reservation was taken twice",
           "SELECT count(*) FROM (SELECT reservation_id FROM inventory_audit_log WHERE action IN "
           "('sale', 'release') GROUP BY reservation_id, action HAVING count(*) > 1) o",
           0);
}

void round_run(struct street *street, unsigned number) {
    static struct round round;
    struct thread threads[ROUND_THREADS + 2];
    round = (struct round){.street = street};
    struct client *client = client_open(street, street->admin, number);
    open_event(&round, client, number);
    client_close(client);
    for (unsigned i = 0; i < ROUND_THREADS + 2; i++) {
        threads[i] = (struct thread){.round = &round, .seed = number * 1000 + i * 2};
        void *(*work)(void *) = i == ROUND_THREADS ? manage : i > ROUND_THREADS ? look : buy;
        if (pthread_create(&threads[i].thread, NULL, work, &threads[i]) != 0) {
            give_up("a round", "no thread");
        }
    }
    for (unsigned i = 0; i < ROUND_THREADS; i++) {
        pthread_join(threads[i].thread, NULL);
    }
    await_sweeps(&round);
    atomic_store(&round.is_over, true);
    pthread_join(threads[ROUND_THREADS].thread, NULL);
    pthread_join(threads[ROUND_THREADS + 1].thread, NULL);
    reckon(&round);
    printf("round %u: %d buyers, %ld + %ld sold of %d each\n", number, ROUND_BUYERS,
           atomic_load(&round.sold[0]), atomic_load(&round.sold[1]), ROUND_TICKETS);
    fflush(stdout);
}
