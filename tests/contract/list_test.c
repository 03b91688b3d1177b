/* Lists: what a filter takes, in what order, and page after page without a gap or a repeat.
 *
 * A few hundred rows are made by a fixed rule; each case says in its own words which of them
 * belong, and the pages must hold exactly those. */
#include <stdio.h>

#include "bench.h"
#include "groups.h"

enum { EVENTS = 3, TYPES = 6, LINES = 300, ENTRIES = 500, PAGE_ROWS = 7 };

static struct event events[EVENTS];
static struct ticket_type types[TYPES];
static struct reservation lines[LINES];
static struct audit_entry entries[ENTRIES];
static char orders[LINES][12];

static void make_settings(struct bench *bench) {
    for (unsigned i = 0; i < EVENTS; i++) {
        events[i] = bench_event(bench, i + 1);
        events[i].published = i != 1;
        bench_add_event(bench, &events[i]);
    }
    for (unsigned i = 0; i < TYPES; i++) {
        types[i] = bench_type(bench, events[i % EVENTS].id, i + 1);
        bench_add_type(bench, &types[i]);
    }
}

static void make_lines(struct bench *bench) {
    for (unsigned i = 0; i < LINES; i++) {
        struct ticket_type *type = &types[(i * 7) % TYPES];
        struct reservation *line = &lines[i];
        *line = bench_reservation(bench, type->event_id, type->id, i + 1);
        line->status = RESERVATION_ACTIVE + i % 4;
        line->user_id = i % 5 == 0 ? UUID_NONE : bench_id('u', i % 5);
        line->created_at = instant_plus_seconds(bench->now, i / 10);
        line->expires_at = instant_plus_seconds(bench->now, i % 8 < 4 ? 10 : 900);
        if (line->status == RESERVATION_COMPLETED) {
            snprintf(orders[i], sizeof orders[i], "Order-%u", i % 9);
            line->order_id = text_of(orders[i]);
            line->channel = CHANNEL_ONLINE + i % 3;
            line->tender = i % 3 == 0 ? TEXT("cash") : TEXT_NONE;
            line->sold_by = bench_id('k', (i / 4) % 2);
            /* Several in one instant, and not in the order of ids. */
            line->completed_at = instant_plus_seconds(bench->now, (i * 37) % 50);
        }
        bench_add_reservation(bench, line);
    }
}

/* A cart's lines share the cart, made beforehand so that memory finds it. */
static void make_carts(struct bench *bench) {
    for (unsigned i = 0; i < 2; i++) {
        struct cart cart = {.id = bench_id('c', i + 1),
                            .event_id = events[i].id,
                            .status = RESERVATION_ACTIVE,
                            .currency = {"EUR"},
                            .expires_at = bench->now,
                            .created_at = bench->now,
                            .updated_at = bench->now,
                            .completed_at = INSTANT_NONE};
        bench_add_cart(bench, &cart);
    }
}

static void make_entries(struct bench *bench) {
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct ticket_type *type = &types[(i * 5 + i / 20) % TYPES];
        struct audit_entry *entry = &entries[i];
        *entry = bench_entry(type, i + 1);
        entry->action = ACTION_INCREASE + i % 6;
        entry->reservation_id = lines[(i * 3) % LINES].id;
        entry->user_id = i % 4 == 0 ? bench_id('u', 1) : UUID_NONE;
        entry->actor = (struct actor){i % 2 == 0 ? ACTOR_KEY : ACTOR_STAFF, bench_id('k', i % 3)};
        entry->reason = i % 10 == 0 ? TEXT("Stage extended") : TEXT_NONE;
        entry->order_id = lines[(i * 3) % LINES].order_id;
        entry->channel = i % 3 == 0 ? CHANNEL_COMP : CHANNEL_NONE;
        entry->created_at = instant_plus_seconds(bench->now, i / 12); /* many at once */
        type->audit_seq = entry->seq;
        type->last_entry_at = entry->created_at;
        bench_add_entry(bench, entry);
    }
}

static void make_all(struct bench *bench) {
    bench_begin(bench);
    bench_load(bench);
    make_settings(bench);
    make_carts(bench);
    make_lines(bench);
    for (unsigned i = 0; i < 6; i++) {
        struct world_reservation *line = world_reservation(&bench->world, lines[i].id);
        line->row.cart_id = lines[i].cart_id = bench_id('c', i % 2 + 1);
    }
    make_entries(bench);
    for (unsigned i = 0; i < TYPES; i++) {
        struct world_type *type = world_type(&bench->world, types[i].id);
        type->row = types[i];
    }
    bench_commit(bench);
    bench->now = instant_plus_seconds(bench->now, 60);
}

/* --- one list against what should be in it --- */

typedef enum error list_function(struct store_reader *, const struct list_query *, struct arena *,
                                 struct page *, struct failure *);

struct wanted {
    const void *row;
    struct instant at;
    struct uuid id;
    int64_t seq;
};

static int newest_first(const void *a, const void *b) {
    const struct wanted *left = a;
    const struct wanted *right = b;
    if (left->at.us != right->at.us) {
        return left->at.us < right->at.us ? 1 : -1;
    }
    int order = uuid_compare(right->id, left->id);
    return order != 0 ? order : (left->seq < right->seq) - (left->seq > right->seq);
}

/* Pages through the list; every row must be the next one wanted. `id_at`: where a row has its id.
 */
static void expect(struct bench *bench, list_function *list, struct list_query query,
                   const struct wanted *wanted, size_t count, size_t row_size, const char *what) {
    size_t seen = 0;
    query.limit = PAGE_ROWS;
    do {
        struct page page;
        arena_reset(&bench->read_arena);
        assert_int_equal(list(bench->reader, &query, &bench->read_arena, &page, &bench->failure),
                         ERROR_NONE);
        assert_in_range(page.count, 0, PAGE_ROWS);
        for (size_t i = 0; i < page.count; i++, seen++) {
            struct uuid id; /* the first member of every row is its id */
            memcpy(&id, (const char *)page.rows + i * row_size, sizeof id);
            if (seen >= count || memcmp(wanted[seen].row, &id, sizeof id) != 0) {
                fail_msg("%s: row %zu is not the one wanted", what, seen);
            }
        }
        assert_int_equal(page.as_of.us, bench->now.us);
        query.after = page.next;
    } while (query.after.set);
    if (seen != count) {
        fail_msg("%s: %zu rows instead of %zu", what, seen, count);
    }
}

#define GATHER(rows, total, condition, ...)                                                        \
    do {                                                                                           \
        count = 0;                                                                                 \
        for (size_t i = 0; i < (total); i++) {                                                     \
            row = &(rows)[i];                                                                      \
            if (condition) {                                                                       \
                wanted[count++] = (struct wanted){.row = row, __VA_ARGS__};                        \
            }                                                                                      \
        }                                                                                          \
        qsort(wanted, count, sizeof *wanted, newest_first);                                        \
    } while (0)

static void each_filter_of_reservations_takes_what_it_says(void **state) {
    struct bench *bench = *state;
    make_all(bench);
    struct wanted wanted[LINES];
    size_t count;
    const struct reservation *row;
    struct instant start = instant_plus_seconds(bench->now, -60);
    const struct uuid scope[] = {events[0].id, events[2].id};
#define TAKES(setting, condition)                                                                  \
    do {                                                                                           \
        struct list_query query = bench_query();                                                   \
        setting;                                                                                   \
        GATHER(lines, LINES, condition, .id = row->id);                                            \
        if (count == 0) {                                                                          \
            fail_msg("nothing to take: %s", #setting);                                             \
        }                                                                                          \
        expect(bench, reader_reservations, query, wanted, count, sizeof *row, #setting);           \
    } while (0)
#define READS(status_wanted)                                                                       \
    (status_at(row->status, row->expires_at, bench->now) == (status_wanted))
    TAKES((void)0, true);
    TAKES(query.filter.event_id = events[1].id, uuid_equals(row->event_id, events[1].id));
    TAKES(query.filter.ticket_type_id = types[3].id, uuid_equals(row->ticket_type_id, types[3].id));
    TAKES(query.filter.reservation_id = lines[5].id, row == &lines[5]);
    TAKES(query.filter.cart_id = bench_id('c', 1), uuid_equals(row->cart_id, bench_id('c', 1)));
    TAKES(query.filter.user_id = bench_id('u', 2), uuid_equals(row->user_id, bench_id('u', 2)));
    TAKES(query.filter.order_id = TEXT("Order-4"), text_equals(row->order_id, TEXT("Order-4")));
    TAKES(query.filter.status = RESERVATION_ACTIVE, READS(RESERVATION_ACTIVE));
    TAKES(query.filter.status = RESERVATION_EXPIRED, READS(RESERVATION_EXPIRED));
    TAKES(query.filter.status = RESERVATION_COMPLETED, READS(RESERVATION_COMPLETED));
    TAKES((query.filter.status = RESERVATION_ACTIVE, query.filter.event_id = events[0].id),
          READS(RESERVATION_ACTIVE) && uuid_equals(row->event_id, events[0].id));
    TAKES((query.filter.status = RESERVATION_ACTIVE, query.filter.ticket_type_id = types[4].id),
          READS(RESERVATION_ACTIVE) && uuid_equals(row->ticket_type_id, types[4].id));
    TAKES(query.filter.channel = CHANNEL_BOX_OFFICE, row->channel == CHANNEL_BOX_OFFICE);
    TAKES(query.filter.tender = TEXT("cash"), text_equals(row->tender, TEXT("cash")));
    TAKES(query.filter.q = TEXT("oRDER-"), row->status == RESERVATION_COMPLETED);
    TAKES((query.filter.from = instant_plus_seconds(start, 3),
           query.filter.to = instant_plus_seconds(start, 9)),
          row->created_at.us >= start.us + 3000000 && row->created_at.us < start.us + 9000000);
    TAKES((query.filter.events = scope, query.filter.events_count = 2),
          !uuid_equals(row->event_id, events[1].id));
#undef TAKES
}

static void each_filter_of_sales_takes_what_it_says(void **state) {
    struct bench *bench = *state;
    make_all(bench);
    struct wanted wanted[LINES];
    size_t count;
    const struct reservation *row;
    struct instant start = instant_plus_seconds(bench->now, -60);
    const struct uuid scope[] = {events[1].id};
#define TAKES(setting, condition)                                                                  \
    do {                                                                                           \
        struct list_query query = bench_query();                                                   \
        setting;                                                                                   \
        GATHER(lines, LINES, row->status == RESERVATION_COMPLETED && (condition), .id = row->id,   \
               .at = row->completed_at);                                                           \
        if (count == 0) {                                                                          \
            fail_msg("nothing to take: %s", #setting);                                             \
        }                                                                                          \
        expect(bench, reader_sales, query, wanted, count, sizeof *row, #setting);                  \
    } while (0)
    TAKES((void)0, true);
    TAKES(query.filter.event_id = events[1].id, uuid_equals(row->event_id, events[1].id));
    TAKES(query.filter.ticket_type_id = types[1].id, uuid_equals(row->ticket_type_id, types[1].id));
    TAKES(query.filter.reservation_id = lines[5].id, row == &lines[5]);
    TAKES(query.filter.cart_id = bench_id('c', 2), uuid_equals(row->cart_id, bench_id('c', 2)));
    TAKES(query.filter.user_id = bench_id('u', 1), uuid_equals(row->user_id, bench_id('u', 1)));
    TAKES(query.filter.order_id = TEXT("Order-4"), text_equals(row->order_id, TEXT("Order-4")));
    TAKES(query.filter.channel = CHANNEL_PARTNER, row->channel == CHANNEL_PARTNER);
    TAKES((query.filter.from = instant_plus_seconds(start, 10),
           query.filter.to = instant_plus_seconds(start, 40)),
          row->completed_at.us >= start.us + 10000000 &&
              row->completed_at.us < start.us + 40000000);
    TAKES((query.filter.own_actor = bench_id('k', 1),
           query.filter.own_since = instant_plus_seconds(start, 20)),
          uuid_equals(row->sold_by, bench_id('k', 1)) &&
              row->completed_at.us >= start.us + 20000000);
    TAKES((query.filter.events = scope, query.filter.events_count = 1),
          uuid_equals(row->event_id, events[1].id));
#undef TAKES
}

static void each_filter_of_the_log_takes_what_it_says(void **state) {
    struct bench *bench = *state;
    make_all(bench);
    struct wanted wanted[ENTRIES];
    size_t count;
    const struct audit_entry *row;
    struct instant start = instant_plus_seconds(bench->now, -60);
    const struct uuid scope[] = {events[2].id};
#define TAKES(setting, condition)                                                                  \
    do {                                                                                           \
        struct list_query query = bench_query();                                                   \
        setting;                                                                                   \
        GATHER(entries, ENTRIES, condition, .at = row->created_at, .id = row->ticket_type_id,      \
               .seq = row->seq);                                                                   \
        if (count == 0) {                                                                          \
            fail_msg("nothing to take: %s", #setting);                                             \
        }                                                                                          \
        expect(bench, reader_audit_log, query, wanted, count, sizeof *row, #setting);              \
    } while (0)
#define OF_CART(entry, cart)                                                                       \
    (uuid_equals((entry)->reservation_id, lines[(cart)-1].id) ||                                   \
     uuid_equals((entry)->reservation_id, lines[(cart) + 1].id) ||                                 \
     uuid_equals((entry)->reservation_id, lines[(cart) + 3].id))
    TAKES((void)0, true);
    TAKES(query.filter.event_id = events[1].id, uuid_equals(row->event_id, events[1].id));
    TAKES(query.filter.ticket_type_id = types[3].id, uuid_equals(row->ticket_type_id, types[3].id));
    TAKES((query.filter.ticket_type_id = types[3].id, query.filter.after_seq = 20),
          uuid_equals(row->ticket_type_id, types[3].id) && row->seq > 20);
    TAKES(query.filter.reservation_id = lines[30].id,
          uuid_equals(row->reservation_id, lines[30].id));
    TAKES(query.filter.cart_id = bench_id('c', 1), OF_CART(row, 1));
    TAKES(query.filter.cart_id = bench_id('c', 2), OF_CART(row, 2));
    TAKES((query.filter.cart_id = bench_id('c', 2), query.filter.reservation_id = lines[3].id),
          uuid_equals(row->reservation_id, lines[3].id));
    TAKES(query.filter.user_id = bench_id('u', 1), uuid_equals(row->user_id, bench_id('u', 1)));
    TAKES(query.filter.order_id = TEXT("Order-3"), text_equals(row->order_id, TEXT("Order-3")));
    TAKES(query.filter.actor.kind = ACTOR_KEY, row->actor.kind == ACTOR_KEY);
    TAKES((query.filter.actor = (struct actor){ACTOR_STAFF, bench_id('k', 2)}),
          row->actor.kind == ACTOR_STAFF && uuid_equals(row->actor.id, bench_id('k', 2)));
    for (enum action action = ACTION_INCREASE; action <= ACTION_REFUND; action++) {
        TAKES(query.filter.action = action, row->action == action);
        TAKES((query.filter.action = action, query.filter.event_id = events[2].id),
              row->action == action && uuid_equals(row->event_id, events[2].id));
    }
    TAKES(query.filter.channel = CHANNEL_COMP, row->channel == CHANNEL_COMP);
    TAKES(query.filter.q = TEXT("STAGE"), !text_is_absent(row->reason));
    TAKES((query.filter.from = instant_plus_seconds(start, 5),
           query.filter.to = instant_plus_seconds(start, 30)),
          row->created_at.us >= start.us + 5000000 && row->created_at.us < start.us + 30000000);
    TAKES((query.filter.own_actor = bench_id('k', 1),
           query.filter.own_since = instant_plus_seconds(start, 20)),
          uuid_equals(row->actor.id, bench_id('k', 1)) &&
              row->created_at.us >= start.us + 20000000);
    TAKES((query.filter.events = scope, query.filter.events_count = 1),
          uuid_equals(row->event_id, events[2].id));
#undef TAKES
}

static void rows_written_between_two_pages_repeat_nothing(void **state) {
    struct bench *bench = *state;
    make_all(bench);
    struct list_query query = bench_query();
    struct page page;
    query.limit = 100;
    assert_int_equal(
        reader_audit_log(bench->reader, &query, &bench->read_arena, &page, &bench->failure), 0);
    const struct audit_entry *rows = page.rows;
    struct audit_entry last = rows[99];
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, types[0].id);
    bench_load(bench);
    struct world_type *type = bench->world.types;
    type->row.updated_at = bench->now;
    struct audit_entry newer = bench_entry(&type->row, 9999);
    type->row.audit_seq = newer.seq;
    type->row.last_entry_at = newer.created_at;
    type->state = ROW_CHANGED;
    bench_add_entry(bench, &newer);
    bench_commit(bench);

    query.after = page.next;
    query.limit = ENTRIES;
    assert_int_equal(
        reader_audit_log(bench->reader, &query, &bench->read_arena, &page, &bench->failure), 0);
    assert_int_equal(page.count, ENTRIES - 100);
    rows = page.rows;
    assert_true(rows[0].created_at.us <= last.created_at.us);
    assert_false(page.next.set);
}

int list_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(each_filter_of_reservations_takes_what_it_says),
        BENCH_TEST(each_filter_of_sales_takes_what_it_says),
        BENCH_TEST(each_filter_of_the_log_takes_what_it_says),
        BENCH_TEST(rows_written_between_two_pages_repeat_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
