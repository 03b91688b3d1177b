/* What a reader says about one thing, exact at the moment of reading (R3, R11). */
#include "bench.h"
#include "groups.h"

static struct uuid event_id;

/* A type with reservations that end 100, 200 and 300 seconds from now, 10, 20 and 30 tickets. */
static struct uuid shop_with_three(struct bench *bench) {
    struct uuid type = bench_shop(bench);
    event_id = bench_id('e', 1);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    for (unsigned i = 1; i <= 3; i++) {
        struct reservation row = bench_reservation(bench, event_id, type, i);
        row.quantity = (int32_t)i * 10;
        row.expires_at = instant_plus_seconds(bench->now, 100 * (int64_t)i);
        bench_add_reservation(bench, &row);
    }
    bench->world.types->row.counts.reserved = 60;
    bench->world.types->state = ROW_CHANGED;
    bench_commit(bench);
    return type;
}

static void counts_fall_at_the_instant_of_each_expiry(void **state) {
    struct bench *bench = *state;
    struct uuid type = shop_with_three(bench);
    struct instant start = bench->now;
    static const struct {
        int64_t us, reserved, next;
    } moments[] = {
        {0, 60, 100000000},         {99999000, 60, 100000000},  {100000000, 50, 200000000},
        {200000000, 30, 300000000}, {299999000, 30, 300000000}, {300000000, 0, -1},
        {9000000000, 0, -1},
    };
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        struct type_reading reading;
        bench->now.us = start.us + moments[i].us;
        assert_int_equal(
            reader_type(bench->reader, type, &bench->read_arena, &reading, &bench->failure), 0);
        assert_int_equal(reading.row.counts.reserved, moments[i].reserved);
        assert_int_equal(reading.as_of.us, bench->now.us);
        if (moments[i].next < 0) {
            assert_true(instant_is_none(reading.next_expiry_at));
        } else {
            assert_int_equal(reading.next_expiry_at.us, start.us + moments[i].next);
        }

        struct event event;
        struct page page;
        assert_int_equal(reader_inventory(bench->reader, event_id, &bench->read_arena, &event,
                                          &page, &bench->failure),
                         0);
        assert_int_equal(page.count, 1);
        const struct type_reading *row = page.rows;
        assert_int_equal(row->row.counts.reserved, moments[i].reserved);

        struct list_query query = bench_query();
        assert_int_equal(
            reader_types(bench->reader, &query, &bench->read_arena, &page, &bench->failure), 0);
        row = page.rows;
        assert_int_equal(row->row.counts.reserved, moments[i].reserved);
    }
}

static void sums_tell_what_is_stored_expired_or_not(void **state) {
    struct bench *bench = *state;
    struct uuid type = shop_with_three(bench);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    for (unsigned i = 4; i <= 6; i++) {
        struct reservation row = bench_reservation(bench, event_id, type, i);
        row.status = RESERVATION_ACTIVE + i - 3; /* completed, released, expired */
        row.quantity = 9;
        row.refunded_quantity = i == 4 ? 4 : 0;
        bench_add_reservation(bench, &row);
    }
    bench_commit(bench);
    bench->now = instant_plus_seconds(bench->now, 250);
    struct type_sums sums;
    assert_int_equal(reader_sums(bench->reader, type, &bench->read_arena, &sums, &bench->failure),
                     0);
    assert_int_equal(sums.active_quantity, 60);
    assert_int_equal(sums.active_count, 3);
    assert_int_equal(sums.sold_quantity, 5);
    assert_int_equal(sums.row.counts.reserved, 60);
}

static void types_of_an_event_come_in_the_order_they_were_made(void **state) {
    struct bench *bench = *state;
    bench_begin(bench);
    bench_load(bench);
    struct event event = bench_event(bench, 1);
    event.published = true;
    bench_add_event(bench, &event);
    for (unsigned i = 0; i < 4; i++) {
        struct ticket_type type = bench_type(bench, event.id, 9 - i);
        type.created_at = instant_plus_seconds(bench->now, i < 2 ? 1 : (int64_t)i);
        type.archived_at = i == 3 ? bench->now : INSTANT_NONE; /* archived ones too */
        bench_add_type(bench, &type);
    }
    bench_commit(bench);
    struct event read;
    struct page page;
    assert_int_equal(reader_inventory(bench->reader, event.id, &bench->read_arena, &read, &page,
                                      &bench->failure),
                     0);
    static const unsigned wanted[] = {8, 9, 7, 6};
    assert_int_equal(page.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct type_reading *row = (const struct type_reading *)page.rows + i;
        assert_uuid(row->row.id, bench_id('t', wanted[i]));
        assert_true(row->event_is_public);
    }
}

static void types_with_something_due_are_found(void **state) {
    struct bench *bench = *state;
    shop_with_three(bench);
    bench_begin(bench);
    bench_key(bench, &bench->keys.events, event_id);
    bench_load(bench);
    for (unsigned i = 2; i <= 6; i++) {
        struct ticket_type type = bench_type(bench, event_id, i);
        struct reservation row = bench_reservation(bench, event_id, type.id, 10 + i);
        row.expires_at = instant_plus_seconds(bench->now, i == 4 ? 1000 : 50);
        row.status = i == 5 ? RESERVATION_RELEASED : RESERVATION_ACTIVE;
        bench_add_type(bench, &type);
        bench_add_reservation(bench, &row);
    }
    bench_commit(bench);
    struct page page;
    struct arena *arena = &bench->read_arena;
    assert_int_equal(reader_due_types(bench->reader, UUID_NONE, 10, arena, &page, NULL), 0);
    assert_int_equal(page.count, 0);
    bench->now = instant_plus_seconds(bench->now, 100);
    assert_int_equal(reader_due_types(bench->reader, UUID_NONE, 2, arena, &page, NULL), 0);
    static const unsigned wanted[] = {1, 2, 3, 6};
    const struct uuid *ids = page.rows;
    assert_int_equal(page.count, 2);
    assert_true(page.next.set);
    assert_uuid(ids[0], bench_id('t', wanted[0]));
    assert_uuid(ids[1], bench_id('t', wanted[1]));
    assert_int_equal(reader_due_types(bench->reader, page.next.id, 2, arena, &page, NULL), 0);
    ids = page.rows;
    assert_int_equal(page.count, 2);
    assert_false(page.next.set);
    assert_uuid(ids[0], bench_id('t', wanted[2]));
    assert_uuid(ids[1], bench_id('t', wanted[3]));
}

/* --- history --- */

static void add_history(struct bench *bench, int64_t seconds, enum action action, int32_t reserved,
                        int64_t effective) {
    struct world_type *type = bench->world.types;
    struct audit_entry entry = bench_entry(&type->row, (unsigned)type->row.audit_seq + 1);
    entry.action = action;
    entry.previous = type->row.counts;
    type->row.counts.reserved += reserved;
    entry.quantity = reserved < 0 ? -reserved : reserved + (reserved == 0);
    entry.now = type->row.counts;
    entry.created_at = instant_plus_seconds(bench->now, seconds);
    entry.effective_at = effective < 0 ? INSTANT_NONE : instant_plus_seconds(bench->now, effective);
    type->row.audit_seq = entry.seq;
    type->row.last_entry_at = entry.created_at;
    type->state = ROW_CHANGED;
    bench_add_entry(bench, &entry);
}

static void history_takes_off_what_had_expired_by_then(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    add_history(bench, 0, ACTION_INCREASE, 0, -1);
    add_history(bench, 10, ACTION_RESERVE, 5, -1);  /* until 100 */
    add_history(bench, 20, ACTION_RESERVE, 7, -1);  /* until 110 */
    add_history(bench, 20, ACTION_RESERVE, 11, -1); /* until 400, never written */
    add_history(bench, 300, ACTION_RELEASE, -5, 100);
    add_history(bench, 300, ACTION_RELEASE, -7, 110);
    add_history(bench, 300, ACTION_RESERVE, 1, -1);
    struct reservation late = bench_reservation(bench, bench_id('e', 1), type, 1);
    late.quantity = 11;
    late.expires_at = instant_plus_seconds(bench->now, 400);
    bench_add_reservation(bench, &late);
    bench_commit(bench);

    static const struct {
        int64_t seconds, seq, reserved, unwritten;
    } moments[] = {
        {0, 1, 0, 0},     {9, 1, 0, 0},    {10, 2, 5, 0},   {19, 2, 5, 0},
        {20, 4, 23, 0},   {99, 4, 23, 0},  {100, 4, 18, 5}, {110, 4, 11, 12},
        {299, 4, 11, 12}, {300, 7, 12, 0}, {399, 7, 12, 0}, {400, 7, 1, 11},
    };
    struct instant start = bench->now;
    bench->now = instant_plus_seconds(start, 500);
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        struct history history;
        assert_int_equal(reader_history(bench->reader, type,
                                        instant_plus_seconds(start, moments[i].seconds),
                                        &bench->read_arena, &history, &bench->failure),
                         0);
        assert_true(history.known);
        assert_int_equal(history.seq, moments[i].seq);
        assert_int_equal(history.counts.reserved, moments[i].reserved);
        assert_int_equal(history.expired_unwritten, moments[i].unwritten);
        assert_int_equal(history.counts.total, 100);
    }
    struct history history;
    struct instant before = {start.us - 1};
    assert_int_equal(
        reader_history(bench->reader, type, before, &bench->read_arena, &history, NULL), 0);
    assert_false(history.known);
}

static void entries_come_in_order_page_by_page(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    for (int i = 0; i < 25; i++) {
        add_history(bench, i, ACTION_INCREASE, 0, -1);
    }
    bench_commit(bench);
    int64_t seq = 0;
    for (size_t left = 25; left > 0;) {
        struct page page;
        assert_int_equal(
            reader_entries(bench->reader, type, seq, 10, &bench->read_arena, &page, NULL), 0);
        const struct audit_entry *rows = page.rows;
        for (size_t i = 0; i < page.count; i++) {
            assert_int_equal(rows[i].seq, ++seq);
        }
        left -= page.count;
        assert_int_equal(page.next.set, left > 0);
    }
}

/* --- beside a writer --- */

static void a_reader_sees_commits_and_nothing_before(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct reservation row = bench_reservation(bench, bench_id('e', 1), type, 1);
    struct reservation read;
    struct instant as_of;
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    bench_add_reservation(bench, &row);
    assert_int_equal(
        reader_reservation(bench->reader, row.id, &bench->read_arena, &read, &as_of, NULL),
        ERROR_NOT_FOUND);
    bench_commit(bench);
    assert_int_equal(
        reader_reservation(bench->reader, row.id, &bench->read_arena, &read, &as_of, NULL), 0);
}

static void a_read_only_store_stands_beside_a_writer(void **state) {
    struct bench *bench = *state;
    if (!bench_is_durable()) {
        skip();
    }
    struct uuid type = bench_shop(bench);
    const struct store_options options = {.read_only = true};
    struct store *other;
    struct store_reader *reader;
    struct store_writer *writer;
    assert_int_equal(store_open(bench->url, &options, &other, &bench->failure), 0);
    assert_int_equal(store_open_writer(other, &writer, &bench->failure), ERROR_PERMISSION);
    assert_int_equal(store_open_reader(other, &reader, &bench->failure), 0);
    for (unsigned i = 1; i <= 3; i++) {
        struct reservation row = bench_reservation(bench, bench_id('e', 1), type, i);
        struct reservation read;
        struct instant as_of;
        bench_begin(bench);
        bench_key(bench, &bench->keys.types, type);
        bench_load(bench);
        bench_add_reservation(bench, &row);
        bench_commit(bench);
        assert_int_equal(
            reader_reservation(reader, row.id, &bench->read_arena, &read, &as_of, &bench->failure),
            0);
    }
    store_reader_close(reader);
    store_close(other);
    bench_begin(bench); /* its end disturbed nothing */
    bench_load(bench);
    store_rollback(bench->writer);
    bench_reopen(bench);
}

static void heads_tell_of_each_change_and_leave_out_what_is_not_there(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    struct audit_entry entry = bench_entry(&bench->world.types->row, 1);
    bench_add_entry(bench, &entry);
    bench->world.types->row.audit_seq = 1;
    bench->world.types->row.settings_version = 5;
    bench->world.types->state = ROW_CHANGED;
    bench->world.events->row.version = 7;
    bench->world.events->row.published = true;
    bench->world.events->state = ROW_CHANGED;
    bench_commit(bench);

    struct uuid ids[] = {bench_id('t', 99), type};
    struct page page;
    assert_int_equal(
        reader_type_heads(bench->reader, ids, 2, &bench->read_arena, &page, &bench->failure), 0);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.as_of.us, bench->now.us);
    const struct type_head *head = page.rows;
    assert_true(uuid_equals(head->id, type));
    assert_int_equal(head->audit_seq, 1);
    assert_int_equal(head->settings_version, 5);
    assert_int_equal(head->event_version, 7);
    assert_true(head->event_is_public);

    struct type_reading reading;
    assert_int_equal(
        reader_type(bench->reader, type, &bench->read_arena, &reading, &bench->failure), 0);
    assert_int_equal(reading.event_version, 7);
    assert_int_equal(
        reader_type_heads(bench->reader, ids, 0, &bench->read_arena, &page, &bench->failure), 0);
    assert_int_equal(page.count, 0);
}

int reading_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(counts_fall_at_the_instant_of_each_expiry),
        BENCH_TEST(sums_tell_what_is_stored_expired_or_not),
        BENCH_TEST(types_of_an_event_come_in_the_order_they_were_made),
        BENCH_TEST(types_with_something_due_are_found),
        BENCH_TEST(heads_tell_of_each_change_and_leave_out_what_is_not_there),
        BENCH_TEST(history_takes_off_what_had_expired_by_then),
        BENCH_TEST(entries_come_in_order_page_by_page),
        BENCH_TEST(a_reader_sees_commits_and_nothing_before),
        BENCH_TEST(a_read_only_store_stands_beside_a_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
