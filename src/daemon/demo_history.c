#include "daemon/demo_history.h"

#include <stdio.h>

#include "base/check.h"
#include "daemon/buyer.h"
#include "executor/executor.h"
#include "store/reader.h"
#include "store/store.h"

enum {
    WEEKS = 6,
    HISTORY_SECONDS = WEEKS * 7 * 86400,
    ARRIVALS = 520,
    ARENA_BYTES = 1 << 20,
    HOLD_SECONDS = 900,
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
        .types = {{"Nave, centre", NULL, 3800, 180, 0, 36},
                  {"Nave, side", "Partly behind pillars", 2800, 140, 0, 24},
                  {"Gallery", NULL, 1900, 60, 0, 10},
                  {"Students and under 18", "Proof of age at the door", 900, 40, 2, 12}},
    },
    {
        .name = "Harbour Jazz Night",
        .description = "Three bands on two stages, doors at seven.",
        .venue = "Shed 9",
        .address = "Hafenstrasse 9, 23568 Lübeck",
        .days_ahead = 33,
        .types = {{"Standing", NULL, 2400, 600, 0, 60},
                  {"Table seat", "Table of four by the stage", 4500, 80, 8, 20},
                  {"Balcony", NULL, 3200, 120, 0, 20}},
    },
};

enum { EVENTS = sizeof demo_events / sizeof *demo_events, TYPES_MAX = EVENTS * 4 };

/* What is to be had, while the history is made. */
struct made_type {
    struct uuid id;
    unsigned weight;
};

struct maker {
    struct instant now; /* the clock's; only moved between two commands */
    struct store *store;
    struct executor *executor;
    struct arena arena;
    struct failure *failure;
    uint64_t seed;
    unsigned orders;
    struct made_type types[TYPES_MAX];
    size_t types_count;
    struct caller admin, shop, box_office, partner;
    struct outcome outcome; /* of the last command */
};

static struct instant read_clock(void *context) {
    return ((struct maker *)context)->now;
}

static unsigned below(struct maker *maker, unsigned count) {
    return (unsigned)(random_next(&maker->seed) % count);
}

/* True: granted; the outcome's rows live until the next command. */
static bool run(struct maker *maker, const struct command *command) {
    arena_reset(&maker->arena);
    return executor_call(maker->executor, command, &maker->arena, &maker->outcome) == ERROR_NONE &&
           maker->outcome.verdict == VERDICT_GRANTED;
}

static enum error stuck(struct maker *maker, const char *what) {
    return failure_set(maker->failure, ERROR_REJECTED,
                       "The demonstration could not %s (verdict %d).", what,
                       (int)maker->outcome.verdict);
}

/* A key, so that the log says who sold. `text` is the key itself. */
static enum error make_key(struct maker *maker, const char *name, enum role role,
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
    if (!run(maker, &command)) {
        return stuck(maker, "make a key");
    }
    *caller = (struct caller){.role = role, .actor = {ACTOR_KEY, key->id}};
    return ERROR_NONE;
}

static enum error make_keys(struct maker *maker, struct demo_history *history) {
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

static enum error make_type(struct maker *maker, struct uuid event_id,
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
    if (!run(maker, &command)) {
        return stuck(maker, "make a ticket type");
    }
    maker->types[maker->types_count++] = (struct made_type){maker->outcome.type->id, type->weight};
    return ERROR_NONE;
}

static enum error make_event(struct maker *maker, const struct demo_event *event,
                             struct instant today, struct uuid *event_id) {
    struct command venue = {
        .kind = COMMAND_VENUE_CREATE,
        .caller = maker->admin,
        .of.venue.venue = {.name = text_of(event->venue),
                           .address = text_of(event->address),
                           .time_zone = TEXT("Europe/Berlin"),
                           .archived_at = INSTANT_NONE},
    };
    if (!run(maker, &venue)) {
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
    if (!run(maker, &command)) {
        return stuck(maker, "make an event");
    }
    *event_id = maker->outcome.event->id;
    return ERROR_NONE;
}

static enum error make_events(struct maker *maker, struct instant today,
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

static struct uuid choose_type(struct maker *maker) {
    unsigned sum = 0;
    for (size_t i = 0; i < maker->types_count; i++) {
        sum += maker->types[i].weight;
    }
    require(sum > 0); /* every ticket type above has a weight */
    unsigned at = below(maker, sum);
    for (size_t i = 0; i < maker->types_count; i++) {
        if (at < maker->types[i].weight) {
            return maker->types[i].id;
        }
        at -= maker->types[i].weight;
    }
    return maker->types[0].id;
}

static void pass(struct maker *maker, unsigned seconds) {
    maker->now = instant_plus_seconds(maker->now, seconds);
}

static void adjust(struct maker *maker, size_t type, enum action action, int32_t quantity,
                   const char *reason) {
    struct command command = {
        .kind = COMMAND_ADJUST,
        .caller = maker->admin,
        .of.adjust = {.ticket_type_id = maker->types[type].id,
                      .action = action,
                      .quantity = quantity,
                      .reason = text_of(reason),
                      .expected_total = -1},
    };
    (void)run(maker, &command); /* refused where too many are sold by now: as in real life */
}

static void sell_at_the_door(struct maker *maker, const struct item *item) {
    static const char *const guests[] = {"Press", "Choir family", "Sponsor",
                                         "Winner of the raffle"};
    bool is_gift = below(maker, 6) == 0;
    struct command command = {
        .kind = COMMAND_SELL,
        .caller = maker->box_office,
        .of.sell = {.items = {item, 1},
                    .tender = is_gift                ? TEXT_NONE
                              : below(maker, 3) == 0 ? TEXT("cash")
                                                     : TEXT("card"),
                    .reason = is_gift ? text_of(guests[below(maker, 4)]) : TEXT_NONE,
                    .channel = is_gift ? CHANNEL_COMP : CHANNEL_BOX_OFFICE},
    };
    (void)run(maker, &command);
}

static void refund(struct maker *maker, struct uuid reservation_id, int32_t quantity) {
    static const char *const reasons[] = {"Taken ill", "Double booking", "Cannot make the date",
                                          "Wrong category bought"};
    struct command command = {
        .kind = COMMAND_REFUND,
        .caller = maker->shop,
        .of.refund = {.target = {reservation_id, false},
                      .quantity = quantity,
                      .reason = text_of(reasons[below(maker, 4)]),
                      .disposition = DISPOSITION_RETURN},
    };
    pass(maker, 3600 + below(maker, 7200));
    (void)run(maker, &command);
}

/* Reserves; then most pay, some empty the cart, some are never seen again. */
static void buy_online(struct maker *maker, const struct item *item) {
    bool through_partner = below(maker, 12) == 0;
    char order_id[32];
    struct caller caller = through_partner ? maker->partner : maker->shop;
    struct command reserve = {
        .kind = COMMAND_RESERVE,
        .caller = caller,
        .of.reserve = {.items = {item, 1},
                       .user_id = uuid_block(maker->now, 1),
                       .seconds = HOLD_SECONDS},
    };
    if (!run(maker, &reserve)) {
        return;
    }
    struct uuid id = maker->outcome.lines[0].id;
    unsigned fate = below(maker, 100);
    if (fate < 14) {
        return;
    }
    pass(maker, 60 + below(maker, 600));
    if (fate < 20) {
        struct command release = {.kind = COMMAND_RELEASE,
                                  .caller = caller,
                                  .of.release = {{id, false}, TEXT("Cart emptied")}};
        (void)run(maker, &release);
        return;
    }
    snprintf(order_id, sizeof order_id, "%s-%u", through_partner ? "TO" : "W", ++maker->orders);
    struct command complete = {
        .kind = COMMAND_COMPLETE,
        .caller = caller,
        .of.complete = {.target = {id, false},
                        .order_id = text_of(order_id),
                        .channel = through_partner ? CHANNEL_PARTNER : CHANNEL_ONLINE},
    };
    if (run(maker, &complete) && fate < 24) {
        refund(maker, id, fate < 22 ? 0 : 1);
    }
}

static enum error write_expiries(struct maker *maker) {
    int64_t released;
    return executor_release_expired(maker->executor, &maker->admin, &released, maker->failure);
}

static void arrive(struct maker *maker) {
    struct item item = {choose_type(maker), 1 + (int32_t)below(maker, 4)};
    if (below(maker, 100) < 18) {
        sell_at_the_door(maker, &item);
    } else {
        buy_online(maker, &item);
    }
}

/* Arrivals grow denser: what is left of the time is shared by the arrivals that are left, with
 * the earlier ones waiting longer. */
static enum error live_through(struct maker *maker, struct instant end) {
    for (unsigned i = 0; i < ARRIVALS; i++) {
        int64_t left = (end.us - maker->now.us) / 1000000;
        unsigned arrivals_left = ARRIVALS - i;
        unsigned mean = (unsigned)(left / (arrivals_left + arrivals_left / 3 + 1));
        pass(maker, 1 + below(maker, 2 * mean + 1));
        if (i % 8 == 0 && write_expiries(maker) != ERROR_NONE) {
            return maker->failure->error;
        }
        if (i == ARRIVALS / 4) {
            adjust(maker, 1, ACTION_INCREASE, 24, "One more row, approved by fire safety");
        } else if (i == ARRIVALS / 2) {
            adjust(maker, 0, ACTION_DECREASE, 6, "The sound desk takes six seats");
        } else if (i == 3 * ARRIVALS / 4) {
            adjust(maker, 4, ACTION_INCREASE, 100, "Second stage opened");
        }
        arrive(maker);
        if (instant_before(end, maker->now)) {
            maker->now = end;
        }
    }
    return write_expiries(maker);
}

static enum error refuse_events(struct maker *maker) {
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
                            "file.");
    }
    return error;
}

enum error demo_history_make(const char *database, struct demo_history *history,
                             struct failure *failure) {
    struct instant end = instant_now();
    struct instant today = {end.us - end.us % INT64_C(86400000000)};
    struct maker maker = {.now = instant_plus_seconds(end, -HISTORY_SECONDS),
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
        error = live_through(&maker, end);
    }
    executor_close(maker.executor);
    store_close(maker.store);
    arena_finish(&maker.arena);
    return error;
}
