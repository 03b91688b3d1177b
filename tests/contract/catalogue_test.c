/* Lists of what is set up: venues, events and ticket types, page by page. */
#include "bench.h"
#include "groups.h"

typedef enum error list_function(struct store_reader *, const struct list_query *, struct arena *,
                                 struct page *, struct failure *);

static void expect_ids(struct bench *bench, list_function *list, struct list_query query,
                       size_t row_size, const unsigned *numbers, size_t count, unsigned char kind) {
    struct uuid ids[16];
    for (size_t i = 0; i < count; i++) {
        ids[i] = bench_id(kind, numbers[i]);
    }
    for (size_t limit = 1; limit <= 16; limit += limit) { /* pages of every length */
        struct page page;
        query.limit = limit;
        query.after = (struct list_position){.set = false};
        size_t seen = 0;
        do {
            assert_int_equal(
                list(bench->reader, &query, &bench->read_arena, &page, &bench->failure), 0);
            for (size_t i = 0; i < page.count; i++) {
                assert_in_range(seen, 0, count - 1);
                assert_memory_equal((const char *)page.rows + i * row_size, &ids[seen++], 16);
            }
            query.after = page.next;
        } while (page.next.set);
        assert_int_equal(seen, count);
    }
}
#define EXPECT_IDS(list, query, type, kind, ...)                                                   \
    do {                                                                                           \
        static const unsigned numbers[] = {__VA_ARGS__};                                           \
        expect_ids(bench, list, query, sizeof(type), numbers, sizeof numbers / sizeof numbers[0],  \
                   kind);                                                                          \
    } while (0)

static void venues_come_by_name(void **state) {
    struct bench *bench = *state;
    static const struct {
        const char *name, *address;
        bool archived;
    } rows[] = {{"Zeltplatz", NULL, false},
                {"Alte Oper", "Opernplatz 1", false},
                {"Mill", "Old road", true},
                {"Alte Oper", NULL, false},
                {"Mill", NULL, false}};
    bench_begin(bench);
    bench_load(bench);
    for (unsigned i = 0; i < 5; i++) {
        struct venue venue = bench_venue(bench, i + 1);
        venue.name = text_of(rows[i].name);
        venue.address = text_of(rows[i].address);
        venue.archived_at = rows[i].archived ? bench->now : INSTANT_NONE;
        bench_add_venue(bench, &venue);
    }
    bench_commit(bench);
    struct list_query query = bench_query();
    EXPECT_IDS(reader_venues, query, struct venue, 'v', 2, 4, 3, 5, 1);
    query.filter.include_archived = false;
    EXPECT_IDS(reader_venues, query, struct venue, 'v', 2, 4, 5, 1);
    query.filter.q = TEXT("OPERNPLATZ");
    EXPECT_IDS(reader_venues, query, struct venue, 'v', 2);
}

static void events_come_by_their_start(void **state) {
    struct bench *bench = *state;
    static const struct {
        int64_t start, end; /* hours from now; end 0: none */
        bool published, archived;
        const char *name;
    } rows[] = {
        {-5, 0, true, false, "Matinee"},  {-5, 3, true, false, "Festival"},
        {2, 4, false, false, "Secret"},   {1, 0, true, true, "Cancelled"},
        {-9, -8, true, false, "Opening"}, {0, 0, true, false, "Right now"},
        {2, 3, true, false, "Gala"},
    };
    struct venue venue = bench_venue(bench, 1);
    bench_begin(bench);
    bench_load(bench);
    bench_add_venue(bench, &venue);
    for (unsigned i = 0; i < 7; i++) {
        struct event event = bench_event(bench, i + 1);
        event.name = text_of(rows[i].name);
        event.description = i == 4 ? TEXT("a gala, too") : TEXT_NONE;
        event.venue_id = i < 3 ? venue.id : UUID_NONE;
        event.start_date = instant_plus_seconds(bench->now, 3600 * rows[i].start);
        if (rows[i].end != 0) {
            event.end_date = instant_plus_seconds(bench->now, 3600 * rows[i].end);
        }
        event.published = rows[i].published;
        event.archived_at = rows[i].archived ? bench->now : INSTANT_NONE;
        bench_add_event(bench, &event);
    }
    bench_commit(bench);
    struct list_query query = bench_query();
    EXPECT_IDS(reader_events, query, struct event, 'e', 5, 1, 2, 6, 4, 3, 7);
    query.filter.when = WHEN_UPCOMING;
    EXPECT_IDS(reader_events, query, struct event, 'e', 2, 6, 4, 3, 7);
    query.filter.when = WHEN_PAST;
    EXPECT_IDS(reader_events, query, struct event, 'e', 1, 5);
    query = bench_query();
    query.filter.public_only = true;
    EXPECT_IDS(reader_events, query, struct event, 'e', 5, 1, 2, 6, 7);
    query = bench_query();
    query.filter.include_archived = false;
    EXPECT_IDS(reader_events, query, struct event, 'e', 5, 1, 2, 6, 3, 7);
    query.filter.venue_id = bench_id('v', 1);
    EXPECT_IDS(reader_events, query, struct event, 'e', 1, 2, 3);
    query = bench_query();
    query.filter.q = TEXT("gAlA");
    EXPECT_IDS(reader_events, query, struct event, 'e', 5, 7);
    query = bench_query();
    query.filter.from = bench->now;
    query.filter.to = instant_plus_seconds(bench->now, 7200);
    EXPECT_IDS(reader_events, query, struct event, 'e', 6, 4);
    const struct uuid scope[] = {bench_id('e', 3), bench_id('e', 1)};
    query = bench_query();
    query.filter.events = scope;
    query.filter.events_count = 2;
    EXPECT_IDS(reader_events, query, struct event, 'e', 1, 3);
}

static void types_come_by_id(void **state) {
    struct bench *bench = *state;
    struct event events[3];
    bench_begin(bench);
    bench_load(bench);
    for (unsigned i = 0; i < 3; i++) {
        events[i] = bench_event(bench, i + 1);
        events[i].published = i != 1;
        bench_add_event(bench, &events[i]);
    }
    for (unsigned i = 0; i < 6; i++) {
        struct ticket_type type = bench_type(bench, events[i % 3].id, i + 1);
        bench_add_type(bench, &type);
    }
    bench_commit(bench);
    struct list_query query = bench_query();
    EXPECT_IDS(reader_types, query, struct type_reading, 't', 1, 2, 3, 4, 5, 6);
    query.filter.event_id = events[0].id;
    EXPECT_IDS(reader_types, query, struct type_reading, 't', 1, 4);
    query = bench_query();
    query.filter.public_only = true;
    EXPECT_IDS(reader_types, query, struct type_reading, 't', 1, 3, 4, 6);
    const struct uuid scope[] = {events[1].id, events[2].id};
    query = bench_query();
    query.filter.events = scope;
    query.filter.events_count = 2;
    EXPECT_IDS(reader_types, query, struct type_reading, 't', 2, 3, 5, 6);
    query = bench_query();
    query.filter.q = TEXT("nothing like it");
    struct page page;
    assert_int_equal(
        reader_types(bench->reader, &query, &bench->read_arena, &page, &bench->failure), 0);
    assert_int_equal(page.count, 0);
    assert_false(page.next.set);
}

int catalogue_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(venues_come_by_name),
        BENCH_TEST(events_come_by_their_start),
        BENCH_TEST(types_come_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
