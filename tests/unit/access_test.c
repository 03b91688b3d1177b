/* Who may do what, cell by cell, as the table of docs reads: one letter for each role in the order
 * nobody, viewer, checkout, box_office, event_manager, admin. */
#include "domain/access.h"
#include "support/unit.h"

static char letter_of(enum reach reach) {
    switch (reach) {
    case REACH_NOTHING:
        return '.';
    case REACH_PUBLIC:
        return 'p';
    case REACH_OWN:
        return 'o';
    case REACH_ALL:
        return 'A';
    }
    return '?';
}

static void each_role_reaches_what_the_table_says(void **state) {
    (void)state;
    static const struct {
        enum right right;
        const char *reaches;
    } table[] = {
        {RIGHT_NONE, "AAAAAA"},
        {RIGHT_PUBLIC_READ, "pApAAA"},
        {RIGHT_RESERVE, "..AAAA"},
        {RIGHT_COMPLETE, "..AAAA"},
        {RIGHT_SELL, "...AAA"},
        {RIGHT_REFUND, "..AoAA"},
        {RIGHT_ADJUST, "....AA"},
        {RIGHT_PEOPLE, ".....A"},
        {RIGHT_READ, ".AAoAA"},
        {RIGHT_READ_COUNTS, ".A.AAA"},
        {RIGHT_READ_LOG, ".A.oAA"},
        {RIGHT_READ_HISTORY, ".A..AA"},
        {RIGHT_RELEASE_EXPIRED, "..AAAA"},
    };
    assert_int_equal(sizeof table / sizeof *table, RIGHT_RELEASE_EXPIRED + 1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(table[i].right, i);
        for (enum role role = ROLE_NOBODY; role <= ROLE_ADMIN; role++) {
            if (letter_of(access_reach(role, table[i].right)) != table[i].reaches[role]) {
                fail_msg("right %zu, role %s", i, role_name(role).bytes);
            }
        }
    }
}

static void the_public_is_who_has_no_credentials_and_the_shop_R15(void **state) {
    (void)state;
    for (enum role role = ROLE_NOBODY; role <= ROLE_ADMIN; role++) {
        struct caller caller = {.role = role};
        assert_int_equal(caller_is_public(&caller), role == ROLE_NOBODY || role == ROLE_CHECKOUT);
    }
}

static void a_caller_reaches_its_events_and_without_a_list_all(void **state) {
    (void)state;
    struct uuid events[] = {{{1}}, {{2}}};
    struct caller caller = {.role = ROLE_ADMIN, .events = events, .events_count = 2};
    assert_true(caller_reaches_event(&caller, (struct uuid){{2}}));
    assert_false(caller_reaches_event(&caller, (struct uuid){{3}}));
    caller.events_count = 0;
    assert_true(caller_reaches_event(&caller, (struct uuid){{3}}));
}

static void role_names_are_read_again_but_nobody_is_no_name(void **state) {
    (void)state;
    for (enum role role = ROLE_VIEWER; role <= ROLE_ADMIN; role++) {
        enum role read = ROLE_NOBODY;
        assert_true(role_parse(role_name(role), &read));
        assert_int_equal(read, role);
    }
    enum role role = ROLE_VIEWER;
    assert_false(role_parse(TEXT("nobody"), &role));
    assert_false(role_parse(TEXT("Admin"), &role));
    assert_false(role_parse(TEXT_NONE, &role));
    assert_int_equal(role, ROLE_VIEWER);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_role_reaches_what_the_table_says),
    cmocka_unit_test(the_public_is_who_has_no_credentials_and_the_shop_R15),
    cmocka_unit_test(a_caller_reaches_its_events_and_without_a_list_all),
    cmocka_unit_test(role_names_are_read_again_but_nobody_is_no_name),
};
UNIT_MAIN(tests)
