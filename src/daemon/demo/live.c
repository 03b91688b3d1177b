#include "daemon/demo/live.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/thread.h"
#include "daemon/api_client.h"
#include "daemon/rehearse/buyer.h"

enum {
    ARENA_BYTES = 1 << 20,
    TIMEOUT_MS = 2000,
    TYPES_MAX = 32,
    SHOPPERS_MAX = 64, /* with something in the cart at a time */
    TICK_MS = 250,
    COMES_EVERY_TICKS = 20,  /* on average: one in five seconds */
    CROWD_EVERY_TICKS = 360, /* on average: every ninety seconds */
    CROWD = 12,
    HOLD_SECONDS = 120,
    THINKS_SECONDS = 40, /* at the most */
    PAYS_PERCENT = 30,   /* some 55 tickets of a type in an hour: no event is sold out by them */
    LEAVES_PERCENT = 25,
    MORE_TICKETS = 8,
};

struct shopper {
    struct uuid reservation_id;
    struct instant acts_at;
    bool pays; /* else the cart is emptied */
    bool is_here;
};

/* A connection as somebody. */
struct line {
    char key[KEY_SECRET_TEXT_SIZE];
    struct api_client *client;
};

struct demo_live {
    char server[128];
    struct line shop, venue;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stops;

    /* The thread's own: */
    struct arena arena;
    uint64_t seed;
    char types[TYPES_MAX][UUID_TEXT_SIZE];
    size_t types_count;
    struct shopper shoppers[SHOPPERS_MAX];
};

static unsigned below(struct demo_live *live, unsigned count) {
    return (unsigned)(random_next(&live->seed) % count);
}

/* --- asking --------------------------------------------------------------------------------- */

/* The JSON of the answer, to be given to json_decref(); NULL without one. A server that does not
 * answer is asked for something else next time. */
static json_t *ask(struct demo_live *live, struct line *line, struct text path, struct text body,
                   int *status) {
    struct failure failure;
    struct reply reply;
    struct api_client_options options = {
        .server = live->server, .key = line->key, .timeout_ms = TIMEOUT_MS};
    struct api_request request = {
        .method = text_is_absent(body) ? "GET" : "POST", .path = path.bytes, .body = body};
    *status = 0;
    if (text_is_absent(path) || (line->client == NULL && api_client_open(&options, &line->client,
                                                                         &failure) != ERROR_NONE)) {
        return NULL;
    }
    if (api_client_call(line->client, &request, &live->arena, &reply, &failure) != ERROR_NONE) {
        api_client_close(line->client);
        line->client = NULL;
        return NULL;
    }
    *status = reply.status;
    return json_loadb(reply.body.bytes, reply.body.length, 0, NULL);
}

static void tell(struct demo_live *live, struct line *line, struct text path, struct text body) {
    int status;
    json_decref(ask(live, line, path, body, &status));
}

/* The ticket types that are on sale in published events. */
static void look_around(struct demo_live *live) {
    int status;
    json_t *events = ask(live, &live->shop, TEXT("/v1/events"), TEXT_NONE, &status);
    size_t at, nth;
    json_t *event, *type;
    json_array_foreach(json_object_get(events, "data"), at, event) {
        const char *id = json_string_value(json_object_get(event, "id"));
        bool published = json_is_true(json_object_get(event, "published"));
        json_t *types = id == NULL || !published
                            ? NULL
                            : ask(live, &live->shop,
                                  arena_printf(&live->arena, "/v1/events/%s/ticket-types", id),
                                  TEXT_NONE, &status);
        json_array_foreach(json_object_get(types, "data"), nth, type) {
            const char *type_id = json_string_value(json_object_get(type, "id"));
            if (type_id != NULL && json_is_null(json_object_get(type, "sales_end")) &&
                live->types_count < TYPES_MAX) {
                snprintf(live->types[live->types_count++], UUID_TEXT_SIZE, "%s", type_id);
            }
        }
        json_decref(types);
    }
    json_decref(events);
}

/* --- shoppers ------------------------------------------------------------------------------- */

static void bring_more(struct demo_live *live, const char *type) {
    tell(live, &live->venue, arena_printf(&live->arena, "/v1/ticket-types/%s/increase", type),
         arena_printf(&live->arena,
                      "{\"quantity\":%d,\"reason\":\"Another row released by the venue\"}",
                      MORE_TICKETS));
}

static void reserve(struct demo_live *live, const char *type) {
    struct shopper *shopper = live->shoppers;
    while (shopper < live->shoppers + SHOPPERS_MAX && shopper->is_here) {
        shopper++;
    }
    if (shopper == live->shoppers + SHOPPERS_MAX) {
        return;
    }
    int status;
    struct text body = arena_printf(
        &live->arena, "{\"ticket_type_id\":\"%s\",\"quantity\":%u,\"expires_in_seconds\":%d}", type,
        1 + below(live, 3), HOLD_SECONDS);
    json_t *answer = ask(live, &live->shop, TEXT("/v1/reservations"), body, &status);
    struct text id = text_of(json_string_value(json_object_get(answer, "id")));
    unsigned fate = below(live, 100);
    if (status == 201 && fate < 100 - LEAVES_PERCENT && uuid_parse(id, &shopper->reservation_id)) {
        shopper->is_here = true;
        shopper->pays = fate < PAYS_PERCENT;
        shopper->acts_at = instant_plus_seconds(instant_now(), 4 + below(live, THINKS_SECONDS));
    } else if (status == 409 && below(live, 10) == 0) {
        bring_more(live, type);
    }
    json_decref(answer);
}

static void act(struct demo_live *live, struct shopper *shopper) {
    char id[UUID_TEXT_SIZE];
    uuid_format(shopper->reservation_id, id);
    if (shopper->pays) {
        tell(live, &live->shop, arena_printf(&live->arena, "/v1/reservations/%s/complete", id),
             arena_printf(&live->arena,
                          "{\"order_id\":\"L-%.8s%u\",\"tender\":\"card\",\"channel\":\"online\"}",
                          id, below(live, 10000)));
    } else {
        tell(live, &live->shop, arena_printf(&live->arena, "/v1/reservations/%s/release", id),
             TEXT("{\"reason\":\"Cart emptied\"}"));
    }
    shopper->is_here = false;
}

static void tick(struct demo_live *live) {
    struct instant now = instant_now();
    arena_reset(&live->arena);
    if (live->types_count == 0) {
        look_around(live);
        return;
    }
    const char *type = live->types[below(live, (unsigned)live->types_count)];
    unsigned comers = below(live, CROWD_EVERY_TICKS) == 0   ? CROWD
                      : below(live, COMES_EVERY_TICKS) == 0 ? 1
                                                            : 0;
    for (unsigned i = 0; i < comers; i++) {
        reserve(live, type);
    }
    for (size_t i = 0; i < SHOPPERS_MAX; i++) {
        if (live->shoppers[i].is_here && instant_before(live->shoppers[i].acts_at, now)) {
            act(live, &live->shoppers[i]);
        }
    }
}

/* --- the thread ----------------------------------------------------------------------------- */

/* False: it is time to go. */
static bool wait_a_tick(struct demo_live *live) {
    struct timespec until = thread_after_ms(TICK_MS);
    pthread_mutex_lock(&live->lock);
    while (!live->stops && pthread_cond_timedwait(&live->woken, &live->lock, &until) != ETIMEDOUT) {
    }
    bool stops = live->stops;
    pthread_mutex_unlock(&live->lock);
    return !stops;
}

static void *run(void *context) {
    struct demo_live *live = context;
    while (wait_a_tick(live)) {
        tick(live);
    }
    return NULL;
}

static void destroy(struct demo_live *live) {
    api_client_close(live->shop.client);
    api_client_close(live->venue.client);
    arena_finish(&live->arena);
    pthread_cond_destroy(&live->woken);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

struct demo_live *demo_live_open(const struct demo_history *history, const char *address) {
    struct demo_live *live = calloc(1, sizeof *live);
    struct failure failure;
    if (live == NULL) {
        return NULL;
    }
    snprintf(live->server, sizeof live->server, "http://%s", address);
    snprintf(live->shop.key, sizeof live->shop.key, "%s", history->shop_key);
    snprintf(live->venue.key, sizeof live->venue.key, "%s", history->admin_key);
    live->seed = (uint64_t)instant_now().us;
    arena_init(&live->arena, ARENA_BYTES);
    pthread_mutex_init(&live->lock, NULL);
    thread_condition_init(&live->woken);
    if (thread_start(&live->thread, run, live, &failure) != ERROR_NONE) {
        destroy(live);
        return NULL;
    }
    return live;
}

void demo_live_close(struct demo_live *live) {
    if (live == NULL) {
        return;
    }
    pthread_mutex_lock(&live->lock);
    live->stops = true;
    pthread_cond_signal(&live->woken);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->thread, NULL);
    destroy(live);
}
