/* What is written is read again, in every column, by the writer and by a reader. */
#include "bench.h"
#include "groups.h"
#include "same.h"

#define LONG_TEXT "Größe: 50 % – “Spëcial” 🎟 \\ ' \" ; -- DROP"

static void begin(struct bench *bench) {
    bench_begin(bench);
    bench_load(bench);
}

static void check_venue(struct bench *bench, const struct venue *row) {
    struct venue read;
    bench_begin(bench);
    bench_key(bench, &bench->keys.venues, row->id);
    bench_load(bench);
    same_venue(row, &world_venue(&bench->world, row->id)->row);
    store_rollback(bench->writer);
    assert_int_equal(
        reader_venue(bench->reader, row->id, &bench->read_arena, &read, &bench->failure), 0);
    same_venue(row, &read);
}

static void a_venue_keeps_every_column(void **state) {
    struct bench *bench = *state;
    struct venue bare = bench_venue(bench, 1);
    struct venue full = bench_venue(bench, 2);
    full.address = TEXT(LONG_TEXT);
    full.time_zone = TEXT("Europe/Berlin");
    full.archived_at = INSTANT_MAX;
    full.version = INT64_MAX;
    begin(bench);
    bench_add_venue(bench, &bare);
    bench_add_venue(bench, &full);
    bench_commit(bench);
    check_venue(bench, &bare);
    check_venue(bench, &full);

    bench_begin(bench);
    bench_key(bench, &bench->keys.venues, bare.id);
    bench_load(bench);
    full.id = bare.id;
    full.created_at = bare.created_at;
    struct world_venue *changed = world_venue(&bench->world, bare.id);
    changed->row = full;
    changed->state = ROW_CHANGED;
    bench_commit(bench);
    bench_reopen(bench);
    check_venue(bench, &full);
}

static void check_event(struct bench *bench, const struct event *row) {
    struct event read;
    bench_begin(bench);
    bench_key(bench, &bench->keys.events, row->id);
    bench_load(bench);
    same_event(row, &world_event(&bench->world, row->id)->row);
    store_rollback(bench->writer);
    assert_int_equal(
        reader_event(bench->reader, row->id, &bench->read_arena, &read, &bench->failure), 0);
    same_event(row, &read);
}

static void an_event_keeps_every_column(void **state) {
    struct bench *bench = *state;
    struct event bare = bench_event(bench, 1);
    struct event full = bench_event(bench, 2);
    struct venue venue = bench_venue(bench, 7);
    full.venue_id = venue.id;
    full.description = TEXT(LONG_TEXT);
    full.image_url = TEXT("https://example.org/a.png?b=c&d");
    full.start_date = (struct instant){0};
    full.end_date = INSTANT_MAX;
    full.archived_at = (struct instant){1};
    full.version = INT64_MAX;
    full.published = true;
    full.featured = true;
    begin(bench);
    bench_add_venue(bench, &venue);
    bench_add_event(bench, &bare);
    bench_add_event(bench, &full);
    bench_commit(bench);
    check_event(bench, &bare);
    check_event(bench, &full);

    bench_begin(bench);
    bench_key(bench, &bench->keys.events, bare.id);
    bench_load(bench);
    full.id = bare.id;
    full.created_at = bare.created_at;
    struct world_event *changed = world_event(&bench->world, bare.id);
    changed->row = full;
    changed->state = ROW_CHANGED;
    bench_commit(bench);
    bench_reopen(bench);
    check_event(bench, &full);
}

static struct ticket_type full_type(struct bench *bench, unsigned number) {
    struct ticket_type full = bench_type(bench, bench_id('e', 1), number);
    full.description = TEXT(LONG_TEXT);
    full.price = PRICE_MAX;
    full.initial = COUNT_MAX;
    full.counts = (struct counts){COUNT_MAX, COUNT_MAX - 7, 7};
    full.sales_start = (struct instant){0};
    full.sales_end = INSTANT_MAX;
    full.max_per_order = 1;
    full.max_per_customer = COUNT_MAX;
    full.settings_version = INT64_MAX;
    full.audit_seq = INT64_MAX;
    memset(&full.audit_hash, 0xA7, sizeof full.audit_hash);
    full.last_entry_at = INSTANT_MAX;
    full.adopted_sold = 5;
    full.archived_at = INSTANT_MAX;
    return full;
}

static void check_type(struct bench *bench, const struct ticket_type *row) {
    struct type_reading read;
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, row->id);
    bench_load(bench);
    struct world_type *loaded = world_type(&bench->world, row->id);
    same_type(row, &loaded->row);
    assert_int_equal(loaded->loaded_seq, row->audit_seq);
    assert_non_null(loaded->event);
    assert_null(loaded->fault);
    store_rollback(bench->writer);
    assert_int_equal(
        reader_type(bench->reader, row->id, &bench->read_arena, &read, &bench->failure), 0);
    same_type(row, &read.row);
    assert_string_equal(read.currency.code, "EUR");
}

static void a_ticket_type_keeps_every_column(void **state) {
    struct bench *bench = *state;
    bench_shop(bench);
    struct ticket_type bare = bench_type(bench, bench_id('e', 1), 1);
    struct ticket_type full = full_type(bench, 2);
    begin(bench);
    struct event event = bench_event(bench, 1);
    world_add_event(&bench->world, &event);
    bench_add_type(bench, &full);
    bench_commit(bench);
    check_type(bench, &bare);
    check_type(bench, &full);

    bench_begin(bench);
    bench_key(bench, &bench->keys.types, bare.id);
    bench_load(bench);
    struct world_type *changed = world_type(&bench->world, bare.id);
    struct ticket_type other = full;
    other.id = bare.id;
    other.initial = bare.initial;
    other.created_at = bare.created_at;
    changed->row = other;
    changed->state = ROW_CHANGED;
    bench_commit(bench);
    bench_reopen(bench);
    check_type(bench, &other);
}

static void a_key_keeps_every_column(void **state) {
    struct bench *bench = *state;
    struct uuid events[] = {bench_id('e', 1), bench_id('e', 2), bench_id('e', 3)};
    struct api_key bare = {.id = bench_id('k', 1),
                           .name = TEXT("shop"),
                           .role = ROLE_CHECKOUT,
                           .created_at = bench->now,
                           .expires_at = INSTANT_NONE,
                           .last_used_at = INSTANT_NONE,
                           .revoked_at = INSTANT_NONE};
    memset(bare.secret_hash, 0x11, sizeof bare.secret_hash);
    struct api_key full = bare;
    full.id = bench_id('k', 2);
    full.name = TEXT(LONG_TEXT);
    full.role = ROLE_ADMIN;
    full.events = events;
    full.events_count = 3;
    full.created_at = instant_plus_seconds(bench->now, 1);
    full.expires_at = full.last_used_at = full.revoked_at = INSTANT_MAX;
    begin(bench);
    bench_add_api_key(bench, &bare);
    bench_add_api_key(bench, &full);
    bench_commit(bench);

    bench_begin(bench);
    struct uuid ids[] = {bare.id, full.id};
    bench_keys(bench, &bench->keys.api_keys, ids, 2);
    bench_load(bench);
    same_api_key(&full, &world_api_key(&bench->world, full.id)->row);
    struct world_api_key *changed = world_api_key(&bench->world, bare.id);
    same_api_key(&bare, &changed->row);
    changed->row.last_used_at = changed->row.revoked_at = bench->now;
    changed->state = ROW_CHANGED;
    bench_commit(bench);
    bench_reopen(bench);

    struct page page;
    bare.last_used_at = bare.revoked_at = bench->now;
    assert_int_equal(reader_api_keys(bench->reader, &bench->read_arena, &page, &bench->failure), 0);
    assert_int_equal(page.count, 2); /* newest first, revoked ones too */
    same_api_key(&full, &((struct api_key *)page.rows)[0]);
    same_api_key(&bare, &((struct api_key *)page.rows)[1]);
}

static void what_is_not_there_is_not_found(void **state) {
    struct bench *bench = *state;
    struct uuid id = bench_id('x', 9);
    struct arena *arena = &bench->read_arena;
    struct venue venue;
    struct event event;
    struct type_reading type;
    struct reservation reservation;
    struct cart cart;
    struct page page;
    struct history history;
    struct type_sums sums;
    struct instant at;
    struct failure *failure = &bench->failure;
    assert_int_equal(reader_venue(bench->reader, id, arena, &venue, failure), ERROR_NOT_FOUND);
    assert_int_equal(reader_event(bench->reader, id, arena, &event, failure), ERROR_NOT_FOUND);
    assert_int_equal(reader_type(bench->reader, id, arena, &type, failure), ERROR_NOT_FOUND);
    assert_int_equal(reader_inventory(bench->reader, id, arena, &event, &page, failure),
                     ERROR_NOT_FOUND);
    assert_int_equal(reader_reservation(bench->reader, id, arena, &reservation, &at, failure),
                     ERROR_NOT_FOUND);
    assert_int_equal(reader_cart(bench->reader, id, arena, &cart, &page, failure), ERROR_NOT_FOUND);
    assert_int_equal(reader_history(bench->reader, id, bench->now, arena, &history, failure),
                     ERROR_NOT_FOUND);
    assert_int_equal(reader_sums(bench->reader, id, arena, &sums, failure), ERROR_NOT_FOUND);
    assert_int_equal(reader_entries(bench->reader, id, 0, 10, arena, &page, failure), 0);
    assert_int_equal(page.count, 0);

    bench_begin(bench);
    bench_key(bench, &bench->keys.types, id);
    bench_key(bench, &bench->keys.reservations, id);
    bench_key(bench, &bench->keys.carts, id);
    bench_key(bench, &bench->keys.events, id);
    bench_key(bench, &bench->keys.venues, id);
    bench_key(bench, &bench->keys.api_keys, id);
    bench_load(bench);
    assert_int_equal(bench->world.rows_count, 0);
    store_rollback(bench->writer);
}

int round_trip_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_venue_keeps_every_column),       BENCH_TEST(an_event_keeps_every_column),
        BENCH_TEST(a_ticket_type_keeps_every_column), BENCH_TEST(a_key_keeps_every_column),
        BENCH_TEST(what_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
