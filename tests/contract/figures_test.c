/* What reports add up: the same figures from every store, whatever the span is cut into. */
#include <stdlib.h>
#include <time.h>

#include "base/calendar.h"
#include "bench.h"
#include "groups.h"
#include "store/figures.h"

#define CENT INT64_C(100)

static struct instant from;
static struct uuid type;
static struct instant borders[4]; /* 0, 100, 200 and 300 seconds after `from` */

static struct instant after(int64_t seconds) {
    return instant_plus_seconds(from, seconds);
}

static void add_sale(struct bench *bench, unsigned number, int32_t quantity, int64_t seconds,
                     enum channel channel, const char *tender, unsigned seller) {
    struct reservation row = bench_reservation(bench, bench_id('e', 1), type, number);
    row.status = RESERVATION_COMPLETED;
    row.quantity = quantity;
    row.unit_price = 10 * CENT + number;
    row.channel = channel;
    row.tender = tender == NULL ? TEXT_NONE : text_of(tender);
    row.sold_by = seller == 0 ? UUID_NONE : bench_id('k', seller);
    row.completed_at = after(seconds);
    row.expires_at = INSTANT_NONE;
    bench_add_reservation(bench, &row);
}

static void add_entry(struct bench *bench, enum action action, int32_t quantity, int64_t seconds,
                      unsigned of_sale) {
    struct world_type *world_type = bench->world.types;
    int64_t seq = world_type->row.audit_seq + 1;
    struct audit_entry entry = bench_entry(&world_type->row, (unsigned)seq);
    entry.seq = seq;
    entry.action = action;
    entry.quantity = quantity;
    entry.previous = entry.now = world_type->row.counts;
    entry.now.total += action == ACTION_INCREASE   ? quantity
                       : action == ACTION_DECREASE ? -quantity
                                                   : 0;
    entry.created_at = after(seconds);
    entry.actor = (struct actor){ACTOR_KEY, bench_id('k', 9)};
    entry.channel = action == ACTION_REFUND ? CHANNEL_BOX_OFFICE : CHANNEL_NONE;
    entry.tender = action == ACTION_REFUND ? TEXT("card") : TEXT_NONE;
    entry.reservation_id = of_sale == 0 ? UUID_NONE : bench_id('r', of_sale);
    world_type->row.counts = entry.now;
    world_type->row.audit_seq = seq;
    world_type->row.last_entry_at = entry.created_at;
    world_type->state = ROW_CHANGED;
    bench_add_entry(bench, &entry);
}

/* Sales at 0, 99, 100, 250 and 300 seconds, refunds at 120 and 260, changes of the total. */
static void open_shop(struct bench *bench) {
    from = bench->now;
    type = bench_shop(bench);
    for (size_t i = 0; i < 4; i++) {
        borders[i] = after(100 * (int64_t)i);
    }
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    add_sale(bench, 1, 2, 0, CHANNEL_ONLINE, "card", 1);
    add_sale(bench, 2, 3, 99, CHANNEL_BOX_OFFICE, "cash", 2);
    add_sale(bench, 3, 4, 100, CHANNEL_ONLINE, NULL, 1);
    add_sale(bench, 4, 5, 250, CHANNEL_COMP, NULL, 0);
    add_sale(bench, 5, 6, 300, CHANNEL_ONLINE, "card", 1);
    struct reservation active = bench_reservation(bench, bench_id('e', 1), type, 6);
    bench_add_reservation(bench, &active);
    add_entry(bench, ACTION_INCREASE, 30, 10, 0);
    add_entry(bench, ACTION_RESERVE, 1, 20, 6);
    add_entry(bench, ACTION_REFUND, 1, 120, 2);
    add_entry(bench, ACTION_DECREASE, 7, 120, 0);
    add_entry(bench, ACTION_REFUND, 2, 260, 3);
    add_entry(bench, ACTION_INCREASE, 50, 300, 0);
    bench_commit(bench);
    bench->now = after(1000);
}

static struct figures begin(struct bench *bench, unsigned groups, bool of_totals) {
    struct figures figures = {.arena = &bench->read_arena,
                              .borders = borders,
                              .borders_count = 3,
                              .groups = groups,
                              .of_totals = of_totals,
                              .filter = {.tender = TEXT_NONE}};
    assert_true(figures_begin(&figures));
    return figures;
}

typedef enum error reading(struct store_reader *reader, const struct figures_span *span,
                           struct arena *arena, struct figures *figures, struct instant *reached,
                           struct failure *failure);

/* In as many calls as the store takes for it, each of which gets further. */
static void add_all(struct bench *bench, reading *read, struct figures *figures,
                    struct figures_span span) {
    while (instant_before(span.from, span.to)) {
        struct instant reached = INSTANT_NONE;
        assert_int_equal(
            read(bench->reader, &span, &bench->read_arena, figures, &reached, &bench->failure), 0);
        assert_true(instant_before(span.from, reached));
        assert_false(instant_before(span.to, reached));
        span.from = reached;
    }
}

static void add(struct bench *bench, struct figures *figures, int64_t low, int64_t high) {
    struct figures_span span = {.ticket_type_id = type, .from = after(low), .to = after(high)};
    add_all(bench, reader_sold, figures, span);
    add_all(bench, reader_adjusted, figures, span);
}

static void assert_money(const struct figure *figure, size_t bucket, int64_t sold, int64_t gross,
                         int64_t refunded, int64_t refunds) {
    assert_int_equal(figure->bucket, bucket);
    assert_int_equal(figure->tickets_sold, sold);
    assert_int_equal(figure->gross, gross);
    assert_int_equal(figure->tickets_refunded, refunded);
    assert_int_equal(figure->refunds, refunds);
}

static void sales_and_refunds_fall_into_the_span_of_their_own_time(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    struct figures figures = begin(bench, 0, false);
    add(bench, &figures, 0, 300);
    figures_sort(&figures);
    assert_int_equal(figures.count, 3);
    assert_money(&figures.list[0], 0, 5, 2 * 1001 + 3 * 1002, 0, 0);
    assert_money(&figures.list[1], 1, 4, 4 * 1003, 1, 1002);
    assert_money(&figures.list[2], 2, 5, 5 * 1004, 2, 2 * 1003);
}

static void a_span_in_pieces_has_the_same_figures(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    struct figures whole = begin(bench, GROUP_CHANNEL | GROUP_OPERATOR, false);
    add(bench, &whole, 0, 300);
    struct figures pieces = begin(bench, GROUP_CHANNEL | GROUP_OPERATOR, false);
    static const int64_t cuts[] = {0, 1, 99, 100, 120, 121, 260, 300};
    for (size_t i = 0; i + 1 < sizeof cuts / sizeof cuts[0]; i++) {
        add(bench, &pieces, cuts[i], cuts[i + 1]);
    }
    figures_sort(&whole);
    figures_sort(&pieces);
    assert_int_equal(whole.count, pieces.count);
    for (size_t i = 0; i < whole.count; i++) {
        const struct figure *wanted = &whole.list[i];
        assert_money(&pieces.list[i], wanted->bucket, wanted->tickets_sold, wanted->gross,
                     wanted->tickets_refunded, wanted->refunds);
        assert_uuid(pieces.list[i].operator.id, wanted->operator.id);
        assert_int_equal(pieces.list[i].channel, wanted->channel);
    }
}

static void groups_are_told_apart_what_is_not_set_too(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    struct figures figures = begin(bench, GROUP_TENDER, false);
    figures.borders_count = 1;
    add(bench, &figures, 0, 301);
    figures_sort(&figures);
    assert_int_equal(figures.count, 3);
    assert_true(text_is_absent(figures.list[0].tender));
    assert_money(&figures.list[0], 0, 9, 4 * 1003 + 5 * 1004, 0, 0);
    assert_true(text_equals(figures.list[1].tender, TEXT("card")));
    assert_money(&figures.list[1], 0, 8, 2 * 1001 + 6 * 1005, 3, 1002 + 2 * 1003);
    assert_true(text_equals(figures.list[2].tender, TEXT("cash")));
    assert_money(&figures.list[2], 0, 3, 3 * 1002, 0, 0);
}

static void a_filter_takes_sales_and_refunds_alike(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    struct figures figures = begin(bench, GROUP_OPERATOR, false);
    figures.filter.at_box_office = true;
    add(bench, &figures, 0, 300);
    int64_t sold = 0, refunded = 0;
    for (size_t i = 0; i < figures.count; i++) {
        sold += figures.list[i].tickets_sold;
        refunded += figures.list[i].tickets_refunded;
    }
    assert_int_equal(sold, 3 + 5);
    assert_int_equal(refunded, 1 + 2);
    figures = begin(bench, 0, false);
    figures.filter.operator_id = bench_id('k', 9);
    add(bench, &figures, 0, 300);
    assert_int_equal(figures.count, 2); /* who refunded sold nothing */
}

static void changes_of_the_total_are_added_up_by_time(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    struct figures figures = begin(bench, GROUP_TYPE, true);
    add(bench, &figures, 0, 300);
    figures_sort(&figures);
    assert_int_equal(figures.count, 2);
    assert_uuid(figures.list[0].ticket_type_id, type);
    assert_int_equal(figures.list[0].increased, 30);
    assert_int_equal(figures.list[0].decreased, 0);
    assert_int_equal(figures.list[1].bucket, 1);
    assert_int_equal(figures.list[1].decreased, 7);
}

static void histories_at_many_instants_are_those_at_each(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    enum { COUNT = 7 };
    static const int64_t seconds[COUNT] = {-5, 0, 10, 119, 120, 299, 900};
    struct instant ats[COUNT];
    struct history histories[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        ats[i] = after(seconds[i]);
    }
    assert_int_equal(reader_histories(bench->reader, type, ats, COUNT, &bench->read_arena,
                                      histories, &bench->failure),
                     0);
    for (size_t i = 0; i < COUNT; i++) {
        struct history one;
        assert_int_equal(
            reader_history(bench->reader, type, ats[i], &bench->read_arena, &one, &bench->failure),
            0);
        assert_int_equal(histories[i].known, one.known);
        assert_int_equal(histories[i].seq, one.seq);
        assert_int_equal(histories[i].counts.total, one.counts.total);
        assert_int_equal(histories[i].counts.reserved, one.counts.reserved);
    }
    assert_false(histories[0].known);
    assert_int_equal(histories[4].seq, 4);
    assert_int_equal(reader_histories(bench->reader, bench_id('t', 77), ats, COUNT,
                                      &bench->read_arena, histories, &bench->failure),
                     ERROR_NOT_FOUND);
}

/* --- where the clocks are changed ---------------------------------------------------------- */

enum { SALES_A_CHANGE = 40, WINDOW_SECONDS = 3 * 86400, WINDOW_BORDERS_MAX = 100 };

static const struct {
    const char *zone, *about; /* its clocks are changed a day or two later */
} changes[] = {
    {"America/Sao_Paulo", "2018-11-02T12:00:00Z"},   /* at midnight, to 1 o'clock */
    {"Asia/Beirut", "2025-03-28T12:00:00Z"},         /* likewise */
    {"Australia/Lord_Howe", "2025-04-04T00:00:00Z"}, /* back by half an hour */
    {"Europe/Berlin", "2025-10-24T12:00:00Z"},       /* 2 o'clock comes twice */
    {"America/New_York", "2025-10-31T16:00:00Z"},
};

struct sold {
    int64_t at; /* seconds since 1970 */
    int32_t quantity, price, refunded;
};

/* By libc, minute by minute, down to where the hour or the day begins by its clock; a change of the
 * clocks begins an hour, too. */
static int64_t begins(int64_t at, int64_t low, enum interval interval) {
    struct tm now, before;
    at -= at % 60;
    while (at > low) {
        time_t seconds = (time_t)at;
        time_t earlier = seconds - 60;
        localtime_r(&seconds, &now);
        localtime_r(&earlier, &before);
        if (interval == INTERVAL_DAY ? now.tm_mday != before.tm_mday
                                     : now.tm_min == 0 || now.tm_gmtoff != before.tm_gmtoff) {
            return at;
        }
        at -= 60;
    }
    return low;
}

static void assert_bucket(const struct figure *figure, const struct instant *border,
                          const struct sold *sales, int64_t low, enum interval interval) {
    int64_t sold = 0, gross = 0, refunded = 0, refunds = 0;
    for (size_t i = 0; i < SALES_A_CHANGE; i++) {
        if (begins(sales[i].at, low, interval) * 1000000 == border->us) {
            sold += sales[i].quantity;
            gross += (int64_t)sales[i].quantity * sales[i].price;
            refunded += sales[i].refunded;
            refunds += (int64_t)sales[i].refunded * sales[i].price;
        }
    }
    assert_money(figure, figure->bucket, sold, gross, refunded, refunds);
}

static void assert_window(struct bench *bench, const char *name, const struct sold *sales,
                          int64_t low, enum interval interval) {
    struct instant laid[WINDOW_BORDERS_MAX];
    struct time_zone *zone = time_zone_open(text_of(name));
    assert_non_null(zone);
    struct figures_span span = {
        .ticket_type_id = type, .from = {low * 1000000}, .to = {(low + WINDOW_SECONDS) * 1000000}};
    struct figures figures = begin(bench, 0, false);
    figures.borders = laid;
    figures.borders_count =
        calendar_borders(zone, interval, span.from, span.to, laid, WINDOW_BORDERS_MAX);
    time_zone_close(zone);
    assert_true(figures.borders_count <= WINDOW_BORDERS_MAX);
    add_all(bench, reader_sold, &figures, span);
    add_all(bench, reader_adjusted, &figures, span);
    int64_t tickets = 0;
    for (size_t i = 0; i < figures.count; i++) {
        assert_bucket(&figures.list[i], &laid[figures.list[i].bucket], sales, low, interval);
        tickets += figures.list[i].tickets_sold;
    }
    for (size_t i = 0; i < SALES_A_CHANGE; i++) {
        tickets -= sales[i].quantity;
    }
    assert_int_equal(tickets, 0);
}

/* At random moments, oldest first; some cost nothing, some are taken back in part at once. */
static void sell_about(struct bench *bench, struct sold *sales, int64_t low, unsigned number) {
    for (unsigned i = 0; i < SALES_A_CHANGE; i++) {
        struct sold sale = {.at = low + (i * (int64_t)WINDOW_SECONDS + rand() % WINDOW_SECONDS) /
                                            SALES_A_CHANGE,
                            .quantity = 1 + rand() % 5,
                            .price = rand() % 4 == 0 ? 0 : rand() % 10000};
        sale.refunded = rand() % 3 == 0 ? 1 + rand() % sale.quantity : 0;
        struct reservation row = bench_reservation(bench, bench_id('e', 1), type, number + i);
        row.status = RESERVATION_COMPLETED;
        row.quantity = sale.quantity;
        row.refunded_quantity = sale.refunded;
        row.unit_price = sale.price;
        row.completed_at = (struct instant){sale.at * 1000000};
        row.expires_at = INSTANT_NONE;
        bench_add_reservation(bench, &row);
        if (sale.refunded > 0) {
            add_entry(bench, ACTION_REFUND, sale.refunded, sale.at - from.us / 1000000, number + i);
        }
        sales[i] = sale;
    }
}

static void where_clocks_are_changed_each_sale_is_in_one_bucket_by_the_clock(void **state) {
    struct bench *bench = *state;
    static struct sold sales[sizeof changes / sizeof *changes][SALES_A_CHANGE];
    int64_t lows[sizeof changes / sizeof *changes];
    from = (struct instant){0};
    type = bench_shop(bench);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct instant about;
        assert_true(instant_parse(text_of(changes[i].about), &about));
        lows[i] = about.us / 1000000;
        sell_about(bench, sales[i], lows[i], 1 + (unsigned)i * SALES_A_CHANGE);
    }
    bench_commit(bench);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        setenv("TZ", changes[i].zone, 1);
        tzset();
        assert_window(bench, changes[i].zone, sales[i], lows[i], INTERVAL_HOUR);
        assert_window(bench, changes[i].zone, sales[i], lows[i], INTERVAL_DAY);
    }
    unsetenv("TZ");
    tzset();
}

int figures_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(sales_and_refunds_fall_into_the_span_of_their_own_time),
        BENCH_TEST(a_span_in_pieces_has_the_same_figures),
        BENCH_TEST(groups_are_told_apart_what_is_not_set_too),
        BENCH_TEST(a_filter_takes_sales_and_refunds_alike),
        BENCH_TEST(changes_of_the_total_are_added_up_by_time),
        BENCH_TEST(histories_at_many_instants_are_those_at_each),
        BENCH_TEST(where_clocks_are_changed_each_sale_is_in_one_bucket_by_the_clock),
    };
    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
