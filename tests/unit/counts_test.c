#include "domain/counts.h"
#include "domain/limits.h"
#include "support/unit.h"

static void available_is_total_less_sold_less_reserved_R1(void **state) {
    (void)state;
    static const struct {
        struct counts counts;
        int64_t available;
        bool is_valid;
    } table[] = {
        {{0, 0, 0}, 0, true},
        {{10, 3, 4}, 3, true},
        {{10, 6, 4}, 0, true},
        {{10, 7, 4}, -1, false},
        {{-1, 0, 0}, -1, false},
        {{10, -1, 0}, 11, false},
        {{10, 0, -1}, 11, false},
        {{INT32_MAX, INT32_MAX, 0}, 0, true},
        {{INT32_MAX, INT32_MAX, INT32_MAX}, -(int64_t)INT32_MAX, false},
        {{INT32_MAX, INT32_MIN, INT32_MIN}, (int64_t)INT32_MAX * 3 + 2, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(counts_available(table[i].counts), table[i].available);
        assert_int_equal(counts_are_valid(table[i].counts), table[i].is_valid);
    }
}

static void a_change_is_applied_whole_or_not_at_all_R1(void **state) {
    (void)state;
    static const struct {
        struct counts before;
        struct counts_delta delta;
        bool applies;
        struct counts after;
    } table[] = {
        {{10, 2, 3}, {5, 0, 0}, true, {15, 2, 3}},
        {{10, 2, 3}, {-5, 0, 0}, true, {5, 2, 3}},
        {{10, 2, 3}, {-6, 0, 0}, false, {0}},
        {{10, 2, 3}, {0, 3, -3}, true, {10, 5, 0}},
        {{10, 2, 3}, {0, 3, -4}, false, {0}},
        {{10, 2, 3}, {0, 0, 5}, true, {10, 2, 8}},
        {{10, 2, 3}, {0, 0, 6}, false, {0}},
        {{10, 2, 3}, {-2, -2, 0}, true, {8, 0, 3}},
        {{10, 2, 3}, {-3, -3, 0}, false, {0}},
        {{INT32_MAX, 0, 0}, {1, 0, 0}, false, {0}},
        {{1, 0, 0}, {INT64_MAX, 0, 0}, false, {0}},
        {{1, 0, 0}, {INT64_C(1) << 32, 0, 0}, false, {0}},
        {{1, 0, 0}, {0, INT64_MIN, 0}, false, {0}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct counts after = {-7, -7, -7};
        struct counts expected = table[i].applies ? table[i].after : after;
        assert_int_equal(counts_apply(table[i].before, table[i].delta, &after), table[i].applies);
        assert_memory_equal(&after, &expected, sizeof after);
    }
}

static void an_amount_stays_exact_in_json_R16(void **state) {
    (void)state;
    static const struct {
        int64_t quantity, price, amount;
        bool fits;
    } table[] = {
        {3, 2500, 7500, true},         {0, 2500, 0, true},
        {COUNT_MAX, 0, 0, true},       {1, AMOUNT_MAX, AMOUNT_MAX, true},
        {1, AMOUNT_MAX + 1, 0, false}, {COUNT_MAX, PRICE_MAX, 0, false},
        {INT64_MAX, 2, 0, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t amount = -7;
        assert_int_equal(amount_of(table[i].quantity, table[i].price, &amount), table[i].fits);
        assert_int_equal(amount, table[i].fits ? table[i].amount : -7);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(available_is_total_less_sold_less_reserved_R1),
    cmocka_unit_test(a_change_is_applied_whole_or_not_at_all_R1),
    cmocka_unit_test(an_amount_stays_exact_in_json_R16),
};
UNIT_MAIN(tests)
