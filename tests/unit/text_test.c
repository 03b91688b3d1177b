#include "base/text.h"
#include "support/unit.h"

static void absent_is_not_the_empty_text(void **state) {
    (void)state;
    assert_false(text_equals(TEXT_NONE, TEXT("")));
    assert_false(text_equals(TEXT(""), TEXT_NONE));
    assert_true(text_equals(TEXT_NONE, TEXT_NONE));
    assert_true(text_equals(TEXT(""), TEXT("")));
    assert_true(text_is_absent(text_of(NULL)));
    assert_false(text_equals(TEXT("ab"), TEXT("abc")));
    assert_false(text_equals(TEXT("abd"), TEXT("abc")));
}

static void header_names_are_the_same_in_either_case(void **state) {
    (void)state;
    assert_true(text_equals_ignoring_case(TEXT("Content-Type"), TEXT("content-TYPE")));
    assert_false(text_equals_ignoring_case(TEXT("content-type"), TEXT("content_type")));
    /* '@' and '`' differ by the same bit as letters of either case, and are no letters. */
    assert_false(text_equals_ignoring_case(TEXT("@"), TEXT("`")));
    assert_false(text_equals_ignoring_case(TEXT("["), TEXT("{")));
}

static void a_text_starts_with_its_prefix(void **state) {
    (void)state;
    assert_true(text_starts_with(TEXT("tkd_abc"), TEXT("tkd_")));
    assert_true(text_starts_with(TEXT("tkd_"), TEXT("tkd_")));
    assert_false(text_starts_with(TEXT("tkd"), TEXT("tkd_")));
    assert_true(text_starts_with(TEXT("x"), TEXT("")));
}

static void trimming_takes_white_space_at_both_ends_only(void **state) {
    (void)state;
    assert_text(text_trimmed(TEXT("  two words\t\r\n")), "two words");
    assert_text(text_trimmed(TEXT("plain")), "plain");
    assert_text(text_trimmed(TEXT(" \f\v\n")), "");
    assert_text(text_trimmed(TEXT("")), "");
}

static void utf8_is_accepted_exactly_where_it_is_well_formed(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        bool is_utf8;
    } table[] = {
        {"", true},
        {"Zo\xC3\xAB", true},
        {"\xE2\x82\xAC", true},
        {"\xF0\x9F\x8E\xAB", true},
        {"\xEF\xBF\xBF", true},
        {"\xF4\x8F\xBF\xBF", true},
        {"\xC0\x80", false},         /* overlong NUL */
        {"\xC1\xBF", false},         /* overlong */
        {"\xE0\x9F\xBF", false},     /* overlong */
        {"\xF0\x8F\xBF\xBF", false}, /* overlong */
        {"\xED\xA0\x80", false},     /* surrogate */
        {"\xF4\x90\x80\x80", false}, /* past U+10FFFF */
        {"\xF5\x80\x80\x80", false},
        {"\x80", false},
        {"\xE2\x82", false}, /* cut off */
        {"\xC3", false},
        {"\xE2\x82x", false},
        {"\xFF", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(text_is_utf8(text_of(table[i].bytes)), table[i].is_utf8);
    }
    assert_false(text_is_utf8(TEXT("a\0b")));
}

static void a_character_counts_once_however_many_bytes_it_has(void **state) {
    (void)state;
    assert_int_equal(text_characters(TEXT("")), 0);
    assert_int_equal(text_characters(TEXT("abc")), 3);
    assert_int_equal(text_characters(TEXT("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xAB")), 3);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(absent_is_not_the_empty_text),
    cmocka_unit_test(header_names_are_the_same_in_either_case),
    cmocka_unit_test(a_text_starts_with_its_prefix),
    cmocka_unit_test(trimming_takes_white_space_at_both_ends_only),
    cmocka_unit_test(utf8_is_accepted_exactly_where_it_is_well_formed),
    cmocka_unit_test(a_character_counts_once_however_many_bytes_it_has),
};
UNIT_MAIN(tests)
