#include "postgres_faults/shop.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/instant.h"
#include "support/database.h"

enum { ARENA_BYTES = 1 << 20, AGAIN_MS = 20, CLERKS = 8, LOST_NAMED_MAX = 5 };

struct buyer {
    struct shop *shop;
    struct worker worker;
    unsigned server;
    bool is_unknown; /* what the open request did, after an answer or none */
    pthread_t thread;
};

struct passer_by {
    struct shop *shop;
    unsigned server;
    pthread_t thread;
};

struct shop {
    struct shop_options options;
    struct buyer buyers[SHOP_BUYERS_MAX];
    struct passer_by passers_by[SHOP_PASSERS_BY_MAX];
    struct journal *journal;
    atomic_bool is_stopping;

    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    struct shop_figures figures;
    uint64_t acknowledged[SHOP_SERVERS_MAX], decided[SHOP_SERVERS_MAX][TYPES];
    int64_t last_us; /* the last acknowledgement; 0: none yet */
};

/* --- figures ------------------------------------------------------------------------ */

static void note(struct shop *shop, uint64_t *figure) {
    pthread_mutex_lock(&shop->lock);
    ++*figure;
    pthread_cond_broadcast(&shop->changed);
    pthread_mutex_unlock(&shop->lock);
}

static void note_decision(struct shop *shop, unsigned server, size_t type, bool is_granted) {
    pthread_mutex_lock(&shop->lock);
    int64_t now_us = monotonic_us();
    shop->decided[server][type]++;
    if (!is_granted) {
        shop->figures.refused++;
    } else {
        shop->figures.acknowledged++;
        shop->acknowledged[server]++;
    }
    if (shop->last_us != 0 && now_us - shop->last_us > shop->figures.gap_us) {
        shop->figures.gap_us = now_us - shop->last_us;
    }
    shop->last_us = now_us;
    pthread_cond_broadcast(&shop->changed);
    pthread_mutex_unlock(&shop->lock);
}

void shop_figures(struct shop *shop, struct shop_figures *figures) {
    pthread_mutex_lock(&shop->lock);
    *figures = shop->figures;
    pthread_mutex_unlock(&shop->lock);
}

static struct timespec in_ms(int ms) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += ms % 1000 * 1000000L;
    at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    return at;
}

static bool await_figure(struct shop *shop, const uint64_t *figure, uint64_t wanted,
                         int timeout_ms) {
    struct timespec until = in_ms(timeout_ms);
    pthread_mutex_lock(&shop->lock);
    int waited = 0;
    while (*figure < wanted && waited == 0) {
        waited = pthread_cond_timedwait(&shop->changed, &shop->lock, &until);
    }
    bool is_there = *figure >= wanted;
    pthread_mutex_unlock(&shop->lock);
    return is_there;
}

static uint64_t figure_now(struct shop *shop, const uint64_t *figure) {
    pthread_mutex_lock(&shop->lock);
    uint64_t now = *figure;
    pthread_mutex_unlock(&shop->lock);
    return now;
}

bool shop_await(struct shop *shop, unsigned server, uint64_t more, int timeout_ms) {
    const uint64_t *figure = &shop->acknowledged[server];
    return await_figure(shop, figure, figure_now(shop, figure) + more, timeout_ms);
}

/* Each buyer waits for one answer at most. */
bool shop_await_decisions(struct shop *shop, unsigned server, size_t type, int timeout_ms) {
    const uint64_t *figure = &shop->decided[server][type];
    uint64_t more = shop->options.buyers + shop->options.passers_by + 1;
    return await_figure(shop, figure, figure_now(shop, figure) + more, timeout_ms);
}

bool shop_await_unknown(struct shop *shop, uint64_t unknown, int timeout_ms) {
    return await_figure(shop, &shop->figures.unknown, unknown, timeout_ms);
}

bool shop_await_unknown_done(struct shop *shop, uint64_t unknown_done, int timeout_ms) {
    return await_figure(shop, &shop->figures.unknown_done, unknown_done, timeout_ms);
}

bool shop_await_unavailable(struct shop *shop, uint64_t unavailable, int timeout_ms) {
    return await_figure(shop, &shop->figures.unavailable, unavailable, timeout_ms);
}

/* --- buying ------------------------------------------------------------------------- */

/* As a client that was told to come again, but not as late as people would. */
static void wait_a_moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = AGAIN_MS * 1000000L}, NULL);
}

static bool is_unknown(enum error error, const struct reply *reply) {
    return error == ERROR_UNKNOWN ||
           (error == ERROR_NONE && reply->status == 503 &&
            memmem(reply->body.bytes, reply->body.length, "outcome_unknown",
                   sizeof "outcome_unknown" - 1) != NULL);
}

/* One attempt at the buyer's open request. */
static void buyer_ask(struct buyer *buyer, struct api_client *client, struct arena *arena) {
    struct shop *shop = buyer->shop;
    struct worker *worker = &buyer->worker;
    struct reply reply = {0};
    enum error error = worker_ask(worker, client, arena, &reply);
    note(shop, &shop->figures.asked);
    if (error == ERROR_NONE && worker_take(worker, &reply)) {
        if (buyer->is_unknown && reply.replayed) {
            note(shop, &shop->figures.unknown_done);
        }
        note_decision(shop, buyer->server, worker->request.type, reply.status != 409);
        return;
    }
    if (is_unknown(error, &reply)) {
        note(shop, &shop->figures.unknown);
        buyer->is_unknown = true;
        if (shop->options.are_blind) {
            worker->request.key = uuid_block(instant_now(), 1);
        }
    } else {
        note(shop, &shop->figures.unavailable);
    }
    wait_a_moment();
}

static bool goes_on(const struct shop *shop) {
    return !atomic_load(&shop->is_stopping);
}

/* NULL: to stop. */
static struct api_client *enter(struct shop *shop, unsigned server) {
    struct api_client_options options = {.server = shop->options.urls[server],
                                         .key = shop->options.key};
    struct api_client *client = NULL;
    while (goes_on(shop) && api_client_open(&options, &client, NULL) != ERROR_NONE) {
        wait_a_moment();
    }
    return client;
}

/* Blind ones reserve and do nothing else: to complete or to release twice is the same as once, and
 * the control would find nothing out. */
static void choose(struct worker *worker, bool is_blind) {
    do {
        worker_choose(worker);
    } while (is_blind && worker->request.action != RESERVE);
}

static void *buy(void *context) {
    struct buyer *buyer = context;
    struct shop *shop = buyer->shop;
    struct arena arena;
    struct api_client *client = enter(shop, buyer->server);
    arena_init(&arena, ARENA_BYTES);
    while (client != NULL && goes_on(shop) && buyer->worker.wrong[0] == '\0') {
        if (!buyer->worker.request.open) {
            choose(&buyer->worker, shop->options.are_blind);
            buyer->is_unknown = false;
        }
        buyer_ask(buyer, client, &arena);
    }
    api_client_close(client);
    arena_finish(&arena);
    return NULL;
}

static void *pass_by(void *context) {
    struct passer_by *passer_by = context;
    struct shop *shop = passer_by->shop;
    struct arena arena;
    struct api_client *client = enter(shop, passer_by->server);
    char body[128], id[UUID_TEXT_SIZE];
    snprintf(body, sizeof body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":1,\"expires_in_seconds\":7200}",
             uuid_format(shop->options.types[0], id));
    struct api_request request = {
        .method = "POST", .path = "/v1/reservations", .body = text_of(body)};
    arena_init(&arena, ARENA_BYTES);
    while (client != NULL && goes_on(shop)) {
        struct reply reply = {0};
        arena_reset(&arena);
        enum error error = api_client_call(client, &request, &arena, &reply, NULL);
        note(shop, &shop->figures.asked);
        if (error == ERROR_NONE && reply.status == 201) {
            note(shop, &shop->figures.keyless);
            note_decision(shop, passer_by->server, 0, true);
        } else if (is_unknown(error, &reply)) {
            note(shop, &shop->figures.unknown);
            note(shop, &shop->figures.keyless_unknown);
            wait_a_moment();
        } else {
            note(shop, &shop->figures.unavailable);
            wait_a_moment();
        }
    }
    api_client_close(client);
    arena_finish(&arena);
    return NULL;
}

struct shop *shop_open(const struct shop_options *options) {
    struct shop *shop = calloc(1, sizeof *shop);
    ensure(shop != NULL && options->buyers <= SHOP_BUYERS_MAX &&
           options->passers_by <= SHOP_PASSERS_BY_MAX);
    shop->options = *options;
    shop->journal = journal_open(options->journal);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&shop->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&shop->lock, NULL);
    unsigned servers = options->urls[1] == NULL ? 1 : 2;
    for (unsigned i = 0; i < options->buyers; i++) {
        struct buyer *buyer = &shop->buyers[i];
        *buyer = (struct buyer){.shop = shop, .server = i % servers};
        buyer->worker = (struct worker){
            .key = options->key, .journal = shop->journal, .seed = 0x9e3779b97f4a7c15 * (i + 1)};
        memcpy(buyer->worker.types, options->types, sizeof options->types);
        ensure(pthread_create(&buyer->thread, NULL, buy, buyer) == 0);
    }
    for (unsigned i = 0; i < options->passers_by; i++) {
        shop->passers_by[i] = (struct passer_by){.shop = shop, .server = i % servers};
        ensure(pthread_create(&shop->passers_by[i].thread, NULL, pass_by, &shop->passers_by[i]) ==
               0);
    }
    return shop;
}

void shop_stop(struct shop *shop) {
    atomic_store(&shop->is_stopping, true);
    for (unsigned i = 0; i < shop->options.buyers; i++) {
        pthread_join(shop->buyers[i].thread, NULL);
    }
    for (unsigned i = 0; i < shop->options.passers_by; i++) {
        pthread_join(shop->passers_by[i].thread, NULL);
    }
}

void shop_close(struct shop *shop) {
    journal_close(shop->journal);
    pthread_cond_destroy(&shop->changed);
    pthread_mutex_destroy(&shop->lock);
    free(shop);
}

/* --- reckoning ---------------------------------------------------------------------- */

/* One of those who ask for the journal's answers again, each for every eighth. */
struct clerk {
    const struct shop *shop;
    struct api_client *client;
    struct arena arena;
    pthread_t thread;
    size_t number, seen;
    struct shop_reckoning reckoning;
};

static void ask_again(void *context, const struct journal_entry *entry) {
    struct clerk *clerk = context;
    if (clerk->seen++ % CLERKS != clerk->number) {
        return;
    }
    struct api_request request = {.method = "POST",
                                  .path = entry->path,
                                  .body = text_of(entry->body),
                                  .idempotency_key = entry->key};
    struct reply reply = {0};
    arena_reset(&clerk->arena);
    clerk->reckoning.asked_again++;
    if (api_client_call(clerk->client, &request, &clerk->arena, &reply, NULL) == ERROR_NONE &&
        reply.replayed && reply.status == entry->status &&
        text_equals(reply.body, text_of(entry->answer))) {
        return;
    }
    if (clerk->reckoning.lost++ < LOST_NAMED_MAX) {
        fprintf(stderr, "an answer was lost: %s %s -> %s; now %d %.*s\n", entry->path, entry->key,
                entry->answer, reply.status, (int)reply.body.length, reply.body.bytes);
    }
}

static void *check_journal(void *context) {
    struct clerk *clerk = context;
    journal_read(clerk->shop->options.journal, 0, ask_again, clerk);
    return NULL;
}

static struct api_client *come_in(const struct shop *shop, const char *url) {
    struct api_client *client = NULL;
    struct failure failure;
    struct api_client_options options = {.server = url, .key = shop->options.key};
    if (api_client_open(&options, &client, &failure) != ERROR_NONE) {
        fprintf(stderr, "cannot reckon: %s\n", failure.sentence);
        exit(2);
    }
    return client;
}

static void check_answers(const struct shop *shop, const char *url,
                          struct shop_reckoning *reckoning) {
    static struct clerk clerks[CLERKS];
    for (size_t i = 0; i < CLERKS; i++) {
        clerks[i] = (struct clerk){.shop = shop, .client = come_in(shop, url), .number = i};
        arena_init(&clerks[i].arena, ARENA_BYTES);
        ensure(pthread_create(&clerks[i].thread, NULL, check_journal, &clerks[i]) == 0);
    }
    for (size_t i = 0; i < CLERKS; i++) {
        pthread_join(clerks[i].thread, NULL);
        reckoning->asked_again += clerks[i].reckoning.asked_again;
        reckoning->lost += clerks[i].reckoning.lost;
        api_client_close(clerks[i].client);
        arena_finish(&clerks[i].arena);
    }
}

static struct expected_counts expected_of(const struct shop *shop, size_t type) {
    struct expected_counts sum = {0};
    for (unsigned i = 0; i < shop->options.buyers; i++) {
        const struct expected_counts *of_buyer = &shop->buyers[i].worker.expected[type];
        sum.total += of_buyer->total;
        sum.sold += of_buyer->sold;
        sum.reserved += of_buyer->reserved;
    }
    return sum;
}

/* Of one ticket type, as the database has them: what a server shows may lag behind another one. */
static struct expected_counts counts_of(const char *database, struct uuid type) {
    char sql[256], text[80], id[UUID_TEXT_SIZE];
    struct failure failure;
    struct expected_counts counts = {0};
    snprintf(sql, sizeof sql,
             "SELECT total_inventory || ' ' || sold_count || ' ' || reserved_count"
             " FROM ticket_types WHERE id = '%s'",
             uuid_format(type, id));
    if (database_ask(database, sql, text, sizeof text, &failure) != ERROR_NONE ||
        sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64, &counts.total, &counts.sold,
               &counts.reserved) != 3) {
        fprintf(stderr, "cannot reckon: %s\n", failure.sentence);
        exit(2);
    }
    return counts;
}

/* The counts are what the answers add up to; of passers-by, between what they were told and what
 * they were not. */
static bool counts_fit(const struct shop *shop, size_t type, const char *database) {
    struct expected_counts told = expected_of(shop, type);
    struct expected_counts counted = counts_of(database, shop->options.types[type]);
    int64_t more = counted.reserved - told.reserved;
    int64_t least = type == 0 ? (int64_t)shop->figures.keyless : 0;
    int64_t most = type == 0 ? least + (int64_t)shop->figures.keyless_unknown : 0;
    told.total += shop->options.initial[type];
    if (counted.total == told.total && counted.sold == told.sold && more >= least && more <= most) {
        return true;
    }
    fprintf(stderr,
            "the counts are not what the answers add up to: told total %" PRId64 ", sold %" PRId64
            ", reserved %" PRId64 " and by passers-by %" PRId64 " to %" PRId64 "; counted %" PRId64
            ", %" PRId64 ", %" PRId64 "\n",
            told.total, told.sold, told.reserved, least, most, counted.total, counted.sold,
            counted.reserved);
    return false;
}

struct shop_reckoning shop_reckon(struct shop *shop, const char *url, const char *database) {
    struct shop_reckoning reckoning = {0};
    for (unsigned i = 0; i < shop->options.buyers; i++) {
        struct worker *worker = &shop->buyers[i].worker;
        worker_settle(worker, url);
        if (worker->wrong[0] != '\0') {
            fprintf(stderr, "a buyer: %s\n", worker->wrong);
            reckoning.wrong++;
        }
    }
    check_answers(shop, url, &reckoning);
    for (size_t type = 0; type < TYPES; type++) {
        reckoning.wrong += !counts_fit(shop, type, database);
    }
    return reckoning;
}
