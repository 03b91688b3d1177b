#include "daemon/demo_history.h"

#include <stdio.h>

#include "base/check.h"
#include "daemon/demo_maker.h"
#include "store/reader.h"

enum {
    WEEKS = 6,
    HISTORY_SECONDS = WEEKS * 7 * 86400,
    ARENA_BYTES = 1 << 20,
};

struct demo_type {
    const char *name, *description;
    int64_t price;
    int32_t initial, max_per_customer;
    unsigned weight; /* how often it is asked for */
};

struct demo_event {
    const char *name, *description, *venue, *address;
    int days_ahead;
    struct demo_type types[4]; /* up to the first without a name */
};

static const struct demo_event demo_events[] = {
    {
        .name = "Winter Lights: Chamber Choir St. Mary",
        .description = "Praetorius, Distler and Lauridsen by candlelight.",
        .venue = "St. Mary's Church",
        .address = "Marienplatz 2, 23552 Lübeck",
        .days_ahead = 12,
        .types = {{"Nave, centre", NULL, 3800, 320, 0, 34},
                  {"Nave, side", "Partly behind pillars", 2800, 240, 0, 22},
                  {"Gallery", NULL, 1900, 60, 0, 14},
                  {"Students and under 18", "Proof of age at the door", 900, 80, 2, 12}},
    },
    {
        .name = "Harbour Jazz Night",
        .description = "Three bands on two stages, doors at seven.",
        .venue = "Shed 9",
        .address = "Hafenstrasse 9, 23568 Lübeck",
        .days_ahead = 33,
        .types = {{"Standing", NULL, 2400, 600, 0, 56},
                  {"Table seat", "Table of four by the stage", 4500, 120, 8, 16},
                  {"Balcony", NULL, 3200, 120, 0, 20}},
    },
};

enum { EVENTS = sizeof demo_events / sizeof *demo_events, TYPES_MAX = EVENTS * 4 };

static struct instant read_clock(void *context) {
    return ((struct demo_maker *)context)->now;
}

bool demo_run(struct demo_maker *maker, const struct command *command) {
    arena_reset(&maker->arena);
    return executor_call(maker->executor, command, &maker->arena, &maker->outcome) == ERROR_NONE &&
           maker->outcome.verdict == VERDICT_GRANTED;
}

static enum error stuck(struct demo_maker *maker, const char *what) {
    return failure_set(maker->failure, ERROR_REJECTED,
                       "The demonstration could not %s (verdict %d).", what,
                       (int)maker->outcome.verdict);
}

/* A key, so that the log says who sold. `text` is the key itself. */
static enum error make_key(struct demo_maker *maker, const char *name, enum role role,
                           struct caller *caller, char text[KEY_SECRET_TEXT_SIZE]) {
    struct command command = {
        .kind = COMMAND_KEY_CREATE,
        .caller = maker->admin,
        .of.api_key.key = {.id = uuid_block(instant_now(), 1),
                           .name = text_of(name),
                           .role = role,
                           .expires_at = INSTANT_NONE,
                           .last_used_at = INSTANT_NONE,
                           .revoked_at = INSTANT_NONE},
    };
    struct api_key *key = &command.of.api_key.key;
    key_secret_make(key->id, text, key->secret_hash);
    if (!demo_run(maker, &command)) {
        return stuck(maker, "make a key");
    }
    *caller = (struct caller){.role = role, .actor = {ACTOR_KEY, key->id}};
    return ERROR_NONE;
}

static enum error make_keys(struct demo_maker *maker, struct demo_history *history) {
    char unused[KEY_SECRET_TEXT_SIZE];
    maker->admin = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    struct caller admin;
    enum error error = make_key(maker, "Demo", ROLE_ADMIN, &admin, history->admin_key);
    if (error == ERROR_NONE) {
        error = make_key(maker, "Web shop", ROLE_CHECKOUT, &maker->shop, unused);
    }
    if (error == ERROR_NONE) {
        error = make_key(maker, "Box office", ROLE_BOX_OFFICE, &maker->box_office, unused);
    }
    if (error == ERROR_NONE) {
        error = make_key(maker, "Tourist office", ROLE_CHECKOUT, &maker->partner, unused);
    }
    maker->admin = admin;
    return error;
}

static enum error make_type(struct demo_maker *maker, struct uuid event_id,
                            const struct demo_type *type) {
    struct command command = {
        .kind = COMMAND_TYPE_CREATE,
        .caller = maker->admin,
        .of.type.type = {.event_id = event_id,
                         .name = text_of(type->name),
                         .description = text_of(type->description),
                         .price = type->price,
                         .initial = type->initial,
                         .max_per_customer = type->max_per_customer,
                         .sales_start = INSTANT_NONE,
                         .sales_end = INSTANT_NONE,
                         .archived_at = INSTANT_NONE},
    };
    if (!demo_run(maker, &command)) {
        return stuck(maker, "make a ticket type");
    }
    require(maker->types_count < DEMO_TYPES_MAX);
    maker->types[maker->types_count].id = maker->outcome.type->id;
    maker->types[maker->types_count++].weight = type->weight;
    return ERROR_NONE;
}

static enum error make_event(struct demo_maker *maker, const struct demo_event *event,
                             struct instant today, struct uuid *event_id) {
    struct command venue = {
        .kind = COMMAND_VENUE_CREATE,
        .caller = maker->admin,
        .of.venue.venue = {.name = text_of(event->venue),
                           .address = text_of(event->address),
                           .time_zone = TEXT("Europe/Berlin"),
                           .archived_at = INSTANT_NONE},
    };
    if (!demo_run(maker, &venue)) {
        return stuck(maker, "make a venue");
    }
    struct instant starts =
        instant_plus_seconds(today, INT64_C(86400) * event->days_ahead + INT64_C(18) * 3600);
    struct command command = {
        .kind = COMMAND_EVENT_CREATE,
        .caller = maker->admin,
        .of.event.event = {.venue_id = maker->outcome.venue->id,
                           .name = text_of(event->name),
                           .description = text_of(event->description),
                           .time_zone = TEXT("Europe/Berlin"),
                           .currency = {"EUR"},
                           .start_date = starts,
                           .end_date = instant_plus_seconds(starts, INT64_C(3) * 3600),
                           .archived_at = INSTANT_NONE,
                           .published = true},
    };
    if (!demo_run(maker, &command)) {
        return stuck(maker, "make an event");
    }
    *event_id = maker->outcome.event->id;
    return ERROR_NONE;
}

static enum error make_events(struct demo_maker *maker, struct instant today,
                              struct demo_history *history) {
    for (size_t i = 0; i < EVENTS; i++) {
        struct uuid event_id;
        enum error error = make_event(maker, &demo_events[i], today, &event_id);
        for (size_t t = 0; error == ERROR_NONE && t < 4 && demo_events[i].types[t].name != NULL;
             t++) {
            error = make_type(maker, event_id, &demo_events[i].types[t]);
        }
        if (error != ERROR_NONE) {
            return error;
        }
        if (i == 0) {
            history->event_id = event_id;
            history->ticket_type_id = maker->types[0].id;
        }
    }
    return ERROR_NONE;
}

static enum error refuse_events(struct demo_maker *maker) {
    struct store_reader *reader;
    struct page page = {0};
    struct list_query query = {.limit = 1,
                               .filter = {.from = INSTANT_NONE,
                                          .to = INSTANT_NONE,
                                          .own_since = INSTANT_NONE,
                                          .after_seq = -1,
                                          .include_archived = true}};
    enum error error = store_open_reader(maker->store, &reader, maker->failure);
    if (error == ERROR_NONE) {
        error = reader_events(reader, &query, &maker->arena, &page, maker->failure);
        store_reader_close(reader);
    }
    if (error == ERROR_NONE && page.count > 0) {
        error = failure_set(maker->failure, ERROR_INVALID,
                            "The database has events already; use `ticketd serve`, or name a new "
                            "one.");
    }
    return error;
}

enum error demo_history_make(const char *database, struct demo_history *history,
                             struct failure *failure) {
    struct instant end = instant_now();
    struct instant today = {end.us - end.us % INT64_C(86400000000)};
    struct demo_maker maker = {.now = instant_plus_seconds(end, -HISTORY_SECONDS),
                               .end = end,
                               .failure = failure,
                               .seed = 1889,
                               .orders = 10000};
    struct store_options store = {.clock = {read_clock, &maker}};
    struct executor_options executor = {.no_janitor = true};
    arena_init(&maker.arena, ARENA_BYTES);
    enum error error = store_open(database, &store, &maker.store, failure);
    if (error == ERROR_NONE) {
        error = refuse_events(&maker);
    }
    if (error == ERROR_NONE) {
        error = executor_open(maker.store, &executor, &maker.executor, failure);
    }
    if (error == ERROR_NONE) {
        error = make_keys(&maker, history);
    }
    if (error == ERROR_NONE) {
        error = make_events(&maker, today, history);
    }
    if (error == ERROR_NONE) {
        error = demo_sales_make(&maker);
    }
    executor_close(maker.executor);
    store_close(maker.store);
    arena_finish(&maker.arena);
    return error;
}
