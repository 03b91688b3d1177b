#include "daemon/demo/history.h"

#include <stdio.h>

#include "base/check.h"
#include "daemon/demo/maker.h"
#include "store/reader.h"

enum { DAY_SECONDS = 86400, ARENA_BYTES = 1 << 20 };

static struct instant read_clock(void *context) {
    return ((struct demo_maker *)context)->now;
}

bool demo_run(struct demo_maker *maker, const struct command *command) {
    arena_reset(&maker->arena);
    return executor_call(maker->executor, command, &maker->arena, &maker->outcome) == ERROR_NONE &&
           maker->outcome.verdict == VERDICT_GRANTED;
}

enum error demo_stuck(struct demo_maker *maker, const char *what) {
    return failure_set(maker->failure, ERROR_REJECTED,
                       "The demonstration could not %s (verdict %d).", what,
                       (int)maker->outcome.verdict);
}

/* `hour` there, on a day counted from today. */
static struct instant instant_on(const struct demo_maker *maker, int day, int hour) {
    return instant_plus_seconds(maker->today, INT64_C(86400) * day + INT64_C(3600) * hour);
}

static enum error make_type(struct demo_maker *maker, size_t event, const struct demo_type *plan) {
    struct command command = {
        .kind = COMMAND_TYPE_CREATE,
        .caller = maker->manager,
        .of.type.type = {.event_id = maker->events[event],
                         .name = text_of(plan->name),
                         .description = text_of(plan->description),
                         .price = plan->price,
                         .initial = plan->initial,
                         .max_per_customer = plan->max_per_customer,
                         .sales_start = INSTANT_NONE,
                         .sales_end = plan->on_sale_until < 0
                                          ? instant_on(maker, plan->on_sale_until, 0)
                                          : INSTANT_NONE,
                         .archived_at = INSTANT_NONE},
    };
    if (!demo_run(maker, &command)) {
        return demo_stuck(maker, "make a ticket type");
    }
    require(maker->stock_count < DEMO_TYPES_MAX);
    maker->stock[maker->stock_count++] =
        (struct demo_stock){.id = maker->outcome.type->id, .plan = plan, .event = event};
    return ERROR_NONE;
}

static enum error make_venues(struct demo_maker *maker, struct uuid *ids) {
    for (size_t i = 0; i < demo_venues_count; i++) {
        struct command command = {
            .kind = COMMAND_VENUE_CREATE,
            .caller = maker->manager,
            .of.venue.venue = {.name = text_of(demo_venues[i].name),
                               .address = text_of(demo_venues[i].address),
                               .time_zone = TEXT(DEMO_TIME_ZONE),
                               .archived_at = INSTANT_NONE},
        };
        if (!demo_run(maker, &command)) {
            return demo_stuck(maker, "make a venue");
        }
        ids[i] = maker->outcome.venue->id;
    }
    return ERROR_NONE;
}

static enum error make_event(struct demo_maker *maker, size_t nth, struct uuid venue_id) {
    const struct demo_event *plan = &demo_events[nth];
    struct instant starts = instant_on(maker, plan->starts_on, plan->starts_at);
    struct command command = {
        .kind = COMMAND_EVENT_CREATE,
        .caller = maker->manager,
        .of.event.event = {.venue_id = venue_id,
                           .name = text_of(plan->name),
                           .description = text_of(plan->description),
                           .time_zone = TEXT(DEMO_TIME_ZONE),
                           .currency = {DEMO_CURRENCY},
                           .start_date = starts,
                           .end_date = instant_plus_seconds(starts, INT64_C(3) * 3600),
                           .archived_at = INSTANT_NONE,
                           .featured = plan->featured,
                           .published = !plan->unpublished},
    };
    if (!demo_run(maker, &command)) {
        return demo_stuck(maker, "make an event");
    }
    maker->events[nth] = maker->outcome.event->id;
    return ERROR_NONE;
}

static enum error make_events(struct demo_maker *maker, struct demo_history *history) {
    struct uuid venues[DEMO_TYPES_MAX];
    require(demo_venues_count <= DEMO_TYPES_MAX && demo_events_count <= DEMO_TYPES_MAX);
    enum error error = make_venues(maker, venues);
    for (size_t i = 0; error == ERROR_NONE && i < demo_events_count; i++) {
        const struct demo_type *types = demo_events[i].types;
        error = make_event(maker, i, venues[demo_events[i].venue]);
        for (size_t t = 0; error == ERROR_NONE && t < DEMO_TYPES_OF_EVENT && types[t].name != NULL;
             t++) {
            error = make_type(maker, i, &types[t]);
        }
    }
    history->event_id = maker->events[0];
    history->ticket_type_id = maker->stock[0].id;
    return error;
}

/* --- what there is already ------------------------------------------------------------------ */

enum { EVENTS_SEEN_MAX = 200 };

/* Shows what an earlier demonstration began with, if it is in `page`. */
static bool find_event(const struct page *page, struct demo_history *history) {
    const struct event *events = page->rows;
    for (size_t i = 0; i < page->count; i++) {
        if (text_equals(events[i].name, text_of(demo_events[0].name))) {
            history->event_id = events[i].id;
            return true;
        }
    }
    return false;
}

static enum error find_type(struct demo_maker *maker, struct store_reader *reader,
                            struct demo_history *history) {
    struct event event;
    struct page types = {0};
    enum error error =
        reader_inventory(reader, history->event_id, &maker->arena, &event, &types, maker->failure);
    const struct type_reading *readings = types.rows;
    for (size_t i = 0; error == ERROR_NONE && i < types.count; i++) {
        if (i == 0 || text_equals(readings[i].row.name, text_of(demo_events[0].types[0].name))) {
            history->ticket_type_id = readings[i].row.id;
        }
    }
    return error;
}

static enum error read_what_is_there(struct demo_maker *maker, struct store_reader *reader,
                                     struct demo_history *history) {
    struct page events = {0}, staff = {0}, keys = {0};
    struct list_query query = {.limit = EVENTS_SEEN_MAX,
                               .filter = {.from = INSTANT_NONE,
                                          .to = INSTANT_NONE,
                                          .own_since = INSTANT_NONE,
                                          .after_seq = -1,
                                          .include_archived = true}};
    enum error error = reader_events(reader, &query, &maker->arena, &events, maker->failure);
    if (error == ERROR_NONE) {
        error = reader_staff(reader, &maker->arena, &staff, maker->failure);
    }
    if (error == ERROR_NONE) {
        error = reader_api_keys(reader, &maker->arena, &keys, maker->failure);
    }
    bool was_begun = demo_people_are_in(&staff);
    if (error != ERROR_NONE || (events.count == 0 && !was_begun)) {
        return error;
    }
    if (was_begun && !demo_people_ended(&keys)) {
        return failure_set(maker->failure, ERROR_INVALID,
                           "An earlier demonstration was interrupted while it was made; remove the "
                           "database, or name a new one.");
    }
    if (!was_begun || !find_event(&events, history)) {
        return failure_set(maker->failure, ERROR_INVALID,
                           "The database has events already, and they are not a demonstration's; "
                           "use `ticketd serve`, or name a new one.");
    }
    history->is_kept = true;
    return find_type(maker, reader, history);
}

static enum error look(struct demo_maker *maker, struct demo_history *history) {
    struct store_reader *reader;
    enum error error = store_open_reader(maker->store, &reader, maker->failure);
    if (error == ERROR_NONE) {
        error = read_what_is_there(maker, reader, history);
        store_reader_close(reader);
    }
    return error;
}

/* --- all of it ------------------------------------------------------------------------------ */

static enum error make_or_return(struct demo_maker *maker, struct demo_history *history) {
    if (history->is_kept) {
        return demo_people_return(maker, history);
    }
    enum error error = demo_people_make(maker, history);
    if (error == ERROR_NONE) {
        error = make_events(maker, history);
    }
    if (error == ERROR_NONE) {
        error = demo_sales_make(maker);
    }
    return error == ERROR_NONE ? demo_people_end(maker, history) : error;
}

enum error demo_history_make(const char *database, struct demo_history *history,
                             struct failure *failure) {
    struct instant end = instant_now();
    int64_t here = end.us / 1000000 + INT64_C(3600) * DEMO_ZONE_HOURS;
    struct instant today = {(here - here % DAY_SECONDS - INT64_C(3600) * DEMO_ZONE_HOURS) *
                            1000000};
    struct demo_maker maker = {.now = instant_plus_seconds(end, -INT64_C(86400) * DEMO_DAYS),
                               .today = today,
                               .end = end,
                               .failure = failure,
                               .seed = 1889,
                               .orders = 10000};
    struct store_options store = {.clock = {read_clock, &maker}, .is_draft = true};
    struct executor_options executor = {.clock = {read_clock, &maker}, .no_janitor = true};
    arena_init(&maker.arena, ARENA_BYTES);
    enum error error = store_open(database, &store, &maker.store, failure);
    if (error == ERROR_NONE) {
        error = look(&maker, history);
        maker.now = history->is_kept ? end : maker.now;
    }
    if (error == ERROR_NONE) {
        error = executor_open(maker.store, &executor, &maker.executor, failure);
    }
    if (error == ERROR_NONE) {
        error = make_or_return(&maker, history);
    }
    executor_close(maker.executor);
    store_close(maker.store);
    arena_finish(&maker.arena);
    return error;
}
