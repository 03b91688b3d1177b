/* Shifts: kept with what they have counted, found by id and by operator, and listed. */
#include <pthread.h>

#include "bench.h"
#include "groups.h"

static const struct uuid none = {{0}};

/* Number 10 is the first shift of operator 1, 21 the second of operator 2. */
static struct shift shift_of(struct bench *bench, unsigned number) {
    return (struct shift){
        .id = bench_id('s', number),
        .operator= {ACTOR_STAFF, bench_id('o', number / 10)},
        .terminal = TEXT("Door"),
        .currency = {"EUR"},
        .opening_cash = 5000,
        .opened_at = instant_plus_seconds(bench->now, number),
        .closed_at = INSTANT_NONE,
    };
}

static void add_shift(struct bench *bench, const struct shift *row) {
    struct world_shift *shift = world_add_shift(&bench->world, row);
    assert_non_null(shift);
    shift->state = ROW_NEW;
}

static void add_total(struct bench *bench, struct uuid id, const char *tender, int64_t gross) {
    struct shift_total row = {.tender = text_of(tender),
                              .sales = 1,
                              .tickets_sold = 2,
                              .tickets_refunded = 1,
                              .gross = gross,
                              .refunds = 100};
    struct world_shift_total *total =
        world_add_shift_total(&bench->world, world_shift(&bench->world, id), &row);
    assert_non_null(total);
    total->state = ROW_NEW;
}

static void load_keys(struct bench *bench, struct uuid id, struct uuid operator_id) {
    bench_begin(bench);
    if (!uuid_is_none(id)) {
        bench_key(bench, &bench->keys.shifts, id);
    }
    if (!uuid_is_none(operator_id)) {
        bench_key(bench, &bench->keys.operators, operator_id);
    }
    bench_load(bench);
}

static void open_shift(struct bench *bench, unsigned number) {
    struct shift row = shift_of(bench, number);
    bench_begin(bench);
    bench_load(bench);
    add_shift(bench, &row);
    bench_commit(bench);
}

static void close_loaded(struct bench *bench, struct uuid id) {
    struct world_shift *shift = world_shift(&bench->world, id);
    assert_non_null(shift);
    shift->row.closed_at = bench->now;
    shift->row.expected_cash = -1;
    shift->row.counted_cash = 0;
    shift->row.note = TEXT("evening");
    shift->state = ROW_CHANGED;
}

static void a_shift_and_what_it_has_counted_come_back(void **state) {
    struct bench *bench = *state;
    struct shift row = shift_of(bench, 10);
    bench_begin(bench);
    bench_load(bench);
    add_shift(bench, &row);
    add_total(bench, row.id, "cash", 7500);
    add_total(bench, row.id, NULL, 0);
    bench_commit(bench);
    bench_reopen(bench);

    load_keys(bench, none, row.operator.id);
    struct world_shift *shift = world_open_shift(&bench->world, row.operator.id);
    assert_non_null(shift);
    assert_int_equal(shift->state, ROW_LOADED);
    assert_null(shift->fault);
    assert_int_equal(shift->row.operator.kind, ACTOR_STAFF);
    assert_text(shift->row.terminal, "Door");
    assert_string_equal(shift->row.currency.code, "EUR");
    assert_int_equal(shift->row.opening_cash, 5000);
    assert_int_equal(shift->row.opened_at.us, row.opened_at.us);
    assert_true(instant_is_none(shift->row.closed_at));
    assert_true(text_is_absent(shift->row.note));
    assert_int_equal(shift->totals_count, 2);
    assert_true(text_is_absent(shift->totals->row.tender));
    assert_int_equal(shift->totals->state, ROW_LOADED);
    assert_text(shift->totals->next->row.tender, "cash");
    assert_int_equal(shift->totals->next->row.gross, 7500);

    shift->totals->next->row.gross = 10000;
    shift->totals->next->state = ROW_CHANGED;
    add_total(bench, row.id, "card", 1);
    close_loaded(bench, row.id);
    bench_commit(bench);
    load_keys(bench, none, row.operator.id); /* it is open no more */
    assert_null(bench->world.shifts);
    store_rollback(bench->writer);
    load_keys(bench, row.id, none);
    shift = world_shift(&bench->world, row.id);
    assert_int_equal(shift->row.expected_cash, -1);
    assert_int_equal(shift->row.counted_cash, 0);
    assert_text(shift->row.note, "evening");
    assert_int_equal(shift->row.closed_at.us, bench->now.us);
    assert_int_equal(shift->totals_count, 3);
    assert_text(shift->totals->next->row.tender, "card");
    assert_int_equal(shift->totals->next->next->row.gross, 10000);
    store_rollback(bench->writer);
}

static void an_operator_cannot_have_two_open(void **state) {
    struct bench *bench = *state;
    open_shift(bench, 10);
    struct shift second = shift_of(bench, 11);
    bench_begin(bench); /* without asking for the first */
    bench_load(bench);
    add_shift(bench, &second);
    assert_int_not_equal(bench_persist(bench), ERROR_NONE);
    load_keys(bench, second.id, second.operator.id);
    assert_null(world_shift(&bench->world, second.id));
    close_loaded(bench, bench_id('s', 10));
    add_shift(bench, &second); /* in one batch */
    bench_commit(bench);
    load_keys(bench, none, second.operator.id);
    assert_non_null(world_shift(&bench->world, second.id));
    store_rollback(bench->writer);
}

static void what_was_closed_meanwhile_is_not_closed_again(void **state) {
    struct bench *bench = *state;
    open_shift(bench, 10);
    for (int i = 0; i < 2; i++) {
        load_keys(bench, bench_id('s', 10), none);
        close_loaded(bench, bench_id('s', 10));
        assert_int_equal(bench_persist(bench), i == 0 ? ERROR_NONE : ERROR_RETRY);
    }
}

/* --- lists ------------------------------------------------------------------------ */

static void expect(struct bench *bench, struct list_query query, const unsigned *numbers,
                   size_t count) {
    for (size_t limit = 1; limit <= 8; limit += limit) {
        struct page page;
        query.limit = limit;
        query.after = (struct list_position){.set = false};
        size_t seen = 0;
        do {
            assert_int_equal(
                reader_shifts(bench->reader, &query, &bench->read_arena, &page, &bench->failure),
                ERROR_NONE);
            const struct shift_reading *rows = page.rows;
            for (size_t i = 0; i < page.count; i++) {
                assert_in_range(seen, 0, count - 1);
                assert_uuid(rows[i].row.id, bench_id('s', numbers[seen++]));
            }
            query.after = page.next;
        } while (page.next.set);
        assert_int_equal(seen, count);
    }
}
#define EXPECT(query, ...)                                                                         \
    do {                                                                                           \
        static const unsigned numbers[] = {__VA_ARGS__};                                           \
        expect(bench, query, numbers, sizeof numbers / sizeof numbers[0]);                         \
    } while (0)

static void shifts_come_newest_first_with_their_totals(void **state) {
    struct bench *bench = *state;
    static const unsigned made[] = {10, 11, 20, 30};
    for (size_t i = 0; i < 4; i++) {
        struct shift row = shift_of(bench, made[i]);
        bool is_closed = made[i] == 10 || made[i] == 20;
        row.closed_at = is_closed ? bench->now : INSTANT_NONE;
        row.counted_cash = is_closed ? 4711 : 0;
        bench_begin(bench);
        bench_load(bench);
        add_shift(bench, &row);
        add_total(bench, row.id, "cash", made[i]);
        if (made[i] == 11) {
            add_total(bench, row.id, NULL, 0);
        }
        bench_commit(bench);
    }
    struct list_query query = bench_query();
    EXPECT(query, 30, 20, 11, 10);
    query.filter.shifts = SHIFTS_OPEN;
    EXPECT(query, 30, 11);
    query.filter.own_actor = bench_id('o', 1);
    EXPECT(query, 11);
    query.filter.shifts = SHIFTS_CLOSED;
    EXPECT(query, 10);
    query = bench_query();
    query.filter.actor = (struct actor){ACTOR_KEY, bench_id('o', 2)}; /* ids are of one kind each */
    EXPECT(query, 20);
    query = bench_query();
    query.filter.from = instant_plus_seconds(bench->now, 11);
    query.filter.to = instant_plus_seconds(bench->now, 30);
    EXPECT(query, 20, 11);
    query = bench_query();
    query.filter.actor = ACTOR_NONE;
    expect(bench, query, NULL, 0);
}

static void one_shift_is_read_by_its_id_or_its_operator(void **state) {
    struct bench *bench = *state;
    struct shift row = shift_of(bench, 10);
    open_shift(bench, 10);
    load_keys(bench, row.id, none);
    add_total(bench, row.id, "cash", 7500);
    bench_commit(bench);
    struct shift_reading read;
    assert_int_equal(
        reader_shift(bench->reader, row.id, &bench->read_arena, &read, &bench->failure),
        ERROR_NONE);
    assert_int_equal(read.totals_count, 1);
    assert_int_equal(shift_expected_cash(&read), 5000 + 7500 - 100);
    assert_int_equal(reader_open_shift(bench->reader, row.operator.id, &bench->read_arena, &read,
                                       &bench->failure),
                     ERROR_NONE);
    assert_uuid(read.row.id, row.id);
    assert_int_equal(
        reader_shift(bench->reader, bench_id('s', 77), &bench->read_arena, &read, &bench->failure),
        ERROR_NOT_FOUND);
    assert_int_equal(reader_open_shift(bench->reader, bench_id('o', 7), &bench->read_arena, &read,
                                       &bench->failure),
                     ERROR_NOT_FOUND);
}

/* --- beside another server --------------------------------------------------------- */

/* The other server's load, which waits for the shift. */
struct other {
    struct store_writer *writer;
    struct arena arena;
    struct keys keys;
    struct world world;
    enum error error;
    struct failure failure;
};

static void *other_loads(void *context) {
    struct other *other = context;
    other->error = store_load(other->writer, &other->keys, &other->world, &other->failure);
    return NULL;
}

/* What it finds, once ours is committed: it could not have looked before. */
static void other_meets(struct bench *bench, struct uuid operator_id, struct other *other) {
    pthread_t thread;
    *other = (struct other){.error = ERROR_NONE};
    arena_init(&other->arena, 1 << 20);
    keys_init(&other->keys, &other->arena);
    world_init(&other->world, &other->arena);
    assert_int_equal(store_open_writer(bench->store, &other->writer, &bench->failure), ERROR_NONE);
    other_loads(other); /* connects: without a lock it would be first */
    assert_int_equal(other->error, ERROR_NONE);
    store_rollback(other->writer);
    world_init(&other->world, &other->arena);
    other->keys.operators = (struct id_set){&operator_id, 1, 1};
    assert_int_equal(pthread_create(&thread, NULL, other_loads, other), 0);
    bench_commit(bench);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(other->error, ERROR_NONE);
    store_rollback(other->writer);
    store_writer_close(other->writer);
}

static void a_sale_on_another_server_is_counted_before_the_close_or_not_at_all(void **state) {
    struct bench *bench = *state;
    if (!bench_is_shared()) { /* one writer at a time: nobody can come between */
        return;
    }
    struct shift row = shift_of(bench, 10);
    struct other other;
    open_shift(bench, 10);
    load_keys(bench, none, row.operator.id); /* here a sale, there the close */
    add_total(bench, row.id, "cash", 7500);
    other_meets(bench, row.operator.id, &other);
    const struct world_shift *shift = world_open_shift(&other.world, row.operator.id);
    assert_non_null(shift);
    assert_int_equal(shift->totals_count, 1);
    assert_int_equal(shift->totals->row.gross, 7500);
    arena_finish(&other.arena);

    load_keys(bench, row.id, none); /* here the close, there a sale */
    close_loaded(bench, row.id);
    other_meets(bench, row.operator.id, &other);
    assert_null(world_open_shift(&other.world, row.operator.id));
    arena_finish(&other.arena);
}

static const struct CMUnitTest tests[] = {
    BENCH_TEST(a_shift_and_what_it_has_counted_come_back),
    BENCH_TEST(an_operator_cannot_have_two_open),
    BENCH_TEST(what_was_closed_meanwhile_is_not_closed_again),
    BENCH_TEST(shifts_come_newest_first_with_their_totals),
    BENCH_TEST(one_shift_is_read_by_its_id_or_its_operator),
    BENCH_TEST(a_sale_on_another_server_is_counted_before_the_close_or_not_at_all),
};

int shift_tests(void) {
    return cmocka_run_group_tests(tests, NULL, NULL);
}
