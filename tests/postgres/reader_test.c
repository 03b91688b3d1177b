/* What a reader of PostgreSQL meets that no other store has: many ranges merged in chunks, tables
 * that a shop had before, connections that end. */
#include <stdio.h>
#include <time.h>

#include "store/paging.h"
#include "support/migrated.h"
#include "support/unit.h"

enum { TYPES = 150, SALES_EACH = 12, ENTRIES_EACH = 24, OLD_ENTRIES = 30000 };

static struct migrated migrated;
static struct failure failure;

struct shop {
    char url[DATABASE_URL_SIZE], unprepared[DATABASE_URL_SIZE + 16];
    struct store *store;
    struct store_reader *reader;
    struct arena arena;
};

/* Types take turns: at each instant many of them sell at once. A third of them stopped early. */
static const char shop_sql[] =
    "INSERT INTO events (id, name, start_date)"
    " SELECT ('00000000-0000-7000-8000-00000000e00' || i)::uuid, 'Gala', now()"
    " FROM generate_series(1, 2) i;"
    "INSERT INTO ticket_types (id, event_id, name, price, initial_inventory, total_inventory,"
    "  sold_count, audit_seq, last_entry_at)"
    " SELECT md5('t' || i)::uuid, ('00000000-0000-7000-8000-00000000e00' || 1 + i % 2)::uuid,"
    "  'Hall', 100, 1000, 1000, 12, 24,"
    "  '2026-01-01Z'::timestamptz + CASE i % 3 WHEN 0 THEN 8 ELSE 24 END * interval '1 s'"
    " FROM generate_series(1, 150) i;"
    "INSERT INTO ticket_reservations (id, ticket_type_id, event_id, quantity, status, order_id,"
    "  unit_price, currency, channel, created_at, completed_at)"
    " SELECT md5(t.id::text || j)::uuid, t.id, t.event_id, 1, 'completed', md5(j::text)::uuid,"
    "  100, 'EUR', 'online', '2026-01-01Z',"
    "  '2026-01-01Z'::timestamptz + j * (extract(second FROM t.last_entry_at) / 12)"
    "   * interval '1 s'"
    " FROM ticket_types t, generate_series(1, 12) j;"
    "INSERT INTO inventory_audit_log (id, ticket_type_id, event_id, action, quantity,"
    "  previous_total, new_total, previous_sold, new_sold, previous_reserved, new_reserved, reason,"
    "  created_at, seq, chain_hash, actor_kind)"
    " SELECT md5(t.id::text || 'l' || j)::uuid, t.id, t.event_id,"
    "  CASE WHEN j % 6 = 0 THEN 'refund' ELSE 'sale' END, 1, 9, 9, 1, 1, 1, 1,"
    "  CASE WHEN j = 3 THEN 'Rain' END,"
    "  '2026-01-01Z'::timestamptz + ceil(j * extract(second FROM t.last_entry_at) / 24)"
    "   * interval '1 s', j, sha256('x'), 'system'"
    " FROM ticket_types t, generate_series(1, 24) j;"
    "INSERT INTO inventory_audit_log (id, ticket_type_id, action, quantity, previous_total,"
    "  new_total, previous_sold, new_sold, previous_reserved, new_reserved, created_at)"
    " SELECT gen_random_uuid(), md5('t1')::uuid, 'sale', 1, 9, 9, 1, 1, 1, 1,"
    "  '2026-01-01Z'::timestamptz - i * interval '1 minute' FROM generate_series(1, 30000) i";

static void open_reader(struct shop *shop, const char *url) {
    assert_int_equal(store_open(url, NULL, &shop->store, &failure), ERROR_NONE);
    assert_int_equal(store_open_reader(shop->store, &shop->reader, &failure), ERROR_NONE);
}

static void close_reader(struct shop *shop) {
    store_reader_close(shop->reader);
    store_close(shop->store);
}

static int open_shop(void **state) {
    static struct shop shop;
    *state = &shop;
    arena_init(&shop.arena, 64 << 20);
    if (migrated_database(&migrated, shop.url, &failure) != ERROR_NONE ||
        database_execute(shop.url, shop_sql, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return -1;
    }
    snprintf(shop.unprepared, sizeof shop.unprepared, "%s?prepare=off", shop.url);
    open_reader(&shop, shop.url);
    return 0;
}

static int close_shop(void **state) {
    struct shop *shop = *state;
    close_reader(shop);
    arena_finish(&shop->arena);
    return database_drop(migrated.maintenance, shop->url, &failure) == ERROR_NONE ? 0 : -1;
}

typedef enum error list_function(struct store_reader *, const struct list_query *, struct arena *,
                                 struct page *, struct failure *);

static struct list_query query_of(size_t limit) {
    struct list_query query = {.limit = limit, .filter = PAGING_ALL};
    query.filter.include_archived = true;
    return query;
}

static struct uuid event_of(unsigned char number) {
    return (struct uuid){{[6] = 0x70, [8] = 0x80, [14] = 0xe0, [15] = number}};
}

/* Page after page: each row is older than the one before; how many there are. */
static size_t count_rows(struct shop *shop, list_function *list, const struct paged *paged,
                         struct list_query query) {
    struct list_position last = POSITION_TOP;
    size_t count = 0;
    do {
        struct page page;
        arena_reset(&shop->arena);
        assert_int_equal(list(shop->reader, &query, &shop->arena, &page, &failure), ERROR_NONE);
        for (size_t i = 0; i < page.count; i++) {
            struct list_position position =
                paged->position((const char *)page.rows + i * paged->size);
            assert_true(position_compare(&position, &last) < 0);
            last = position;
        }
        count += page.count;
        query.after = page.next;
    } while (query.after.set);
    return count;
}

/* Pages of `least` rows and of more: the smaller, the more often a page ends among equals, and the
 * longer it takes. */
static void check_sales(struct shop *shop, size_t least) {
    for (size_t limit = least; limit < 2000; limit = 7 * limit + 1) {
        struct list_query query = query_of(limit);
        assert_int_equal(count_rows(shop, reader_sales, &paged_sales, query), TYPES * SALES_EACH);
        query.filter.event_id = event_of(1);
        assert_int_equal(count_rows(shop, reader_sales, &paged_sales, query),
                         TYPES / 2 * SALES_EACH);
        assert_true(instant_parse(TEXT("2026-01-01T00:00:08.1Z"), &query.filter.from));
        assert_int_equal(count_rows(shop, reader_sales, &paged_sales, query),
                         TYPES / 3 * (SALES_EACH - 4));
    }
}

static void sales_of_more_types_than_one_chunk_reads_come_in_order(void **state) {
    check_sales(*state, 8);
}

static void check_log(struct shop *shop, size_t least) {
    for (size_t limit = least; limit < 2000; limit = 9 * limit + 2) {
        struct list_query query = query_of(limit);
        assert_int_equal(count_rows(shop, reader_audit_log, &paged_entries, query),
                         TYPES * ENTRIES_EACH);
        query.filter.action = ACTION_REFUND;
        assert_int_equal(count_rows(shop, reader_audit_log, &paged_entries, query),
                         TYPES * ENTRIES_EACH / 6);
        query.filter.action = 0;
        query.filter.event_id = event_of(2);
        assert_int_equal(count_rows(shop, reader_audit_log, &paged_entries, query),
                         TYPES / 2 * ENTRIES_EACH);
        query.filter.q = TEXT("rain");
        assert_int_equal(count_rows(shop, reader_audit_log, &paged_entries, query), TYPES / 2);
        query.filter.q = TEXT_NONE;
        assert_true(instant_parse(TEXT("2026-01-01T00:00:05Z"), &query.filter.to));
        assert_int_equal(count_rows(shop, reader_audit_log, &paged_entries, query),
                         TYPES / 6 * 12 + TYPES / 3 * 4);
    }
}

static void logs_of_many_types_come_in_order_from_any_place_on(void **state) {
    check_log(*state, 29);
}

static void nothing_has_to_be_prepared_by_name(void **state) {
    struct shop *shop = *state;
    close_reader(shop);
    open_reader(shop, shop->unprepared);
    check_sales(shop, 400);
    check_log(shop, 263);
}

static long entries_fetched(struct shop *shop) {
    char text[32];
    assert_int_equal(database_ask(shop->url,
                                  "SELECT idx_tup_fetch FROM pg_stat_user_tables"
                                  " WHERE relname = 'inventory_audit_log'",
                                  text, sizeof text, &failure),
                     ERROR_NONE);
    return strtol(text, NULL, 10);
}

/* What was written before ticketd is neither read nor waded through: it is the oldest. */
static void entries_from_before_ticketd_are_left_alone(void **state) {
    struct shop *shop = *state;
    struct list_query query = query_of(TYPES * ENTRIES_EACH - 1);
    struct page page;
    assert_int_equal(reader_audit_log(shop->reader, &query, &shop->arena, &page, &failure), 0);
    assert_true(page.next.set);
    query.after = page.next;
    query.limit = 10;
    assert_int_equal(reader_audit_log(shop->reader, &query, &shop->arena, &page, &failure), 0);
    assert_int_equal(page.count, 1);
    assert_false(page.next.set);
    long fetched = entries_fetched(shop);
    close_reader(shop); /* it tells what it did when it ends */
    while (entries_fetched(shop) == fetched) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    open_reader(shop, shop->url);
    assert_in_range(entries_fetched(shop), fetched, fetched + OLD_ENTRIES / 2);
}

static void an_adopted_table_may_hold_order_ids_as_uuids(void **state) {
    struct shop *shop = *state;
    close_reader(shop);
    assert_int_equal(database_execute(shop->url,
                                      "ALTER TABLE ticket_reservations ALTER order_id TYPE uuid"
                                      " USING order_id::uuid",
                                      &failure),
                     ERROR_NONE);
    open_reader(shop, shop->url);
    struct list_query query = query_of(40);
    query.filter.order_id = TEXT("c4ca4238-a0b9-2382-0dcc-509a6f75849b"); /* md5 of 1 */
    assert_int_equal(count_rows(shop, reader_sales, &paged_sales, query), TYPES);
    assert_int_equal(count_rows(shop, reader_reservations, &paged_reservations, query), TYPES);
    query.filter.order_id = TEXT("Order-1");
    assert_int_equal(count_rows(shop, reader_sales, &paged_sales, query), 0);
    assert_int_equal(count_rows(shop, reader_reservations, &paged_reservations, query), 0);
    assert_int_equal(count_rows(shop, reader_audit_log, &paged_entries, query), 0);
    query.filter.order_id = TEXT_NONE;
    query.filter.q = TEXT("C4CA4238");
    assert_int_equal(count_rows(shop, reader_sales, &paged_sales, query), TYPES);
}

static void a_read_outlives_its_connection(void **state) {
    struct shop *shop = *state;
    struct event event;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(reader_event(shop->reader, event_of(1), &shop->arena, &event, &failure),
                         ERROR_NONE);
        assert_int_equal(database_execute(shop->url,
                                          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                          " WHERE datname = current_database()"
                                          "  AND pid <> pg_backend_pid()",
                                          &failure),
                         ERROR_NONE);
    }
}

static void a_read_that_is_refused_says_so_and_leaves_nothing_open(void **state) {
    struct shop *shop = *state;
    struct event event;
    assert_int_equal(database_execute(shop->url, "ALTER TABLE events RENAME TO hidden", &failure),
                     ERROR_NONE);
    assert_int_equal(reader_event(shop->reader, event_of(1), &shop->arena, &event, &failure),
                     ERROR_CORRUPT);
    assert_int_equal(database_execute(shop->url, "ALTER TABLE hidden RENAME TO events", &failure),
                     ERROR_NONE);
    assert_int_equal(reader_event(shop->reader, event_of(1), &shop->arena, &event, &failure),
                     ERROR_NONE);
    char open[8];
    assert_int_equal(database_ask(shop->url,
                                  "SELECT count(*) FROM pg_stat_activity"
                                  " WHERE datname = current_database() AND xact_start IS NOT NULL"
                                  "  AND pid <> pg_backend_pid()",
                                  open, sizeof open, &failure),
                     ERROR_NONE);
    assert_string_equal(open, "0");
}

static int open_cluster(void **state) {
    (void)state;
    if (migrated_open(&migrated, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return -1;
    }
    return 0;
}

static int close_cluster(void **state) {
    (void)state;
    migrated_close(&migrated);
    return 0;
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

int main(void) {
    const struct CMUnitTest tests[] = {
        HOLDS(sales_of_more_types_than_one_chunk_reads_come_in_order),
        HOLDS(logs_of_many_types_come_in_order_from_any_place_on),
        HOLDS(nothing_has_to_be_prepared_by_name),
        HOLDS(entries_from_before_ticketd_are_left_alone),
        HOLDS(an_adopted_table_may_hold_order_ids_as_uuids),
        HOLDS(a_read_outlives_its_connection),
        HOLDS(a_read_that_is_refused_says_so_and_leaves_nothing_open),
    };
    return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
