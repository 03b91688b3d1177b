/* Codes, ids and versions: what needs no database. */
#include <ctype.h>

#include "shop.h"

static bool is_known(enum ticketd_code code) {
    return (code >= TICKETD_OK && code <= TICKETD_SHIFT_CLOSED) ||
           (code >= TICKETD_BUSY && code <= TICKETD_NO_DATABASE);
}

static void every_code_has_a_name_and_a_sentence_of_its_own(void **state) {
    (void)state;
    const char *unknown = ticketd_sentence((enum ticketd_code)9999);
    for (int a = -3; a <= TICKETD_NO_DATABASE + 3; a++) {
        enum ticketd_code code = (enum ticketd_code)a;
        const char *sentence = ticketd_sentence(code);
        assert_non_null(sentence);
        if (!is_known(code)) {
            assert_string_equal(sentence, unknown);
            continue;
        }
        assert_true(isupper((unsigned char)sentence[0]));
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
        for (int b = 0; b < a; b++) {
            if (is_known((enum ticketd_code)b)) {
                assert_string_not_equal(sentence, ticketd_sentence((enum ticketd_code)b));
                assert_string_not_equal(ticketd_code_name(code),
                                        ticketd_code_name((enum ticketd_code)b));
            }
        }
    }
}

static void refusals_are_told_from_failures(void **state) {
    (void)state;
    assert_false(ticketd_is_refusal(TICKETD_OK));
    assert_true(ticketd_is_refusal(TICKETD_NOT_FOUND));
    assert_true(ticketd_is_refusal(TICKETD_SHIFT_CLOSED));
    assert_false(ticketd_is_refusal(TICKETD_BUSY));
    assert_false(ticketd_is_refusal((enum ticketd_code)50));
    assert_false(ticketd_is_refusal((enum ticketd_code) - 1));
}

static void names_are_those_of_the_http_api(void **state) {
    (void)state;
    assert_string_equal(ticketd_code_name(TICKETD_INSUFFICIENT_INVENTORY),
                        "insufficient_inventory");
    assert_string_equal(ticketd_code_name(TICKETD_INVALID), "validation_failed");
    assert_string_equal(ticketd_code_name(TICKETD_OUTCOME_UNKNOWN), "outcome_unknown");
}

static void ids_are_read_and_written_as_text(void **state) {
    (void)state;
    struct ticketd_id id, again = {{0}};
    char text[TICKETD_ID_SIZE];
    assert_true(ticketd_id_is_none(again));
    id = ticketd_id_make();
    assert_false(ticketd_id_is_none(id));
    assert_true(ticketd_id_parse(ticketd_id_format(id, text), &again));
    assert_true(ticketd_id_equals(id, again));
    assert_int_equal(text[14], '7');
    assert_false(ticketd_id_parse("00000000-0000-0000-0000-000000000000", &again));
    assert_false(ticketd_id_parse("no", &again));
    assert_false(ticketd_id_parse(NULL, &again));
    assert_false(ticketd_id_equals(id, ticketd_id_make()));
    assert_true(strlen(ticketd_version()) >= 5);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_code_has_a_name_and_a_sentence_of_its_own),
    cmocka_unit_test(refusals_are_told_from_failures),
    cmocka_unit_test(names_are_those_of_the_http_api),
    cmocka_unit_test(ids_are_read_and_written_as_text),
};

SHOP_MAIN(tests)
