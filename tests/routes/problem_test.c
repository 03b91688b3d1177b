/* The table of problems against the contract, and every verdict against the table. */
#include <jansson.h>

#include "routes/answer.h"
#include "routes/detail.h"
#include "support/unit.h"

extern const unsigned char openapi_json_bytes[];
extern const size_t openapi_json_bytes_size;

static void every_problem_of_the_contract_has_its_row_and_the_other_way_round(void **state) {
    (void)state;
    json_t *contract =
        json_loadb((const char *)openapi_json_bytes, openapi_json_bytes_size, 0, NULL);
    json_t *codes = json_object_get(contract, "x-problem-codes");
    assert_non_null(codes);
    assert_int_equal(json_object_size(codes), PROBLEMS_COUNT);
    const char *code;
    json_t *row;
    json_object_foreach(codes, code, row) {
        enum problem problem;
        if (!problem_find(text_of(code), &problem)) {
            fail_msg("%s has no row", code);
        }
        const struct problem_kind *kind = problem_kind(problem);
        assert_int_equal(kind->status, json_integer_value(json_object_get(row, "status")));
        assert_string_equal(kind->title, json_string_value(json_object_get(row, "title")));
        assert_true(kind->meaning[0] != '\0' && kind->remedy[0] != '\0');
    }
    json_decref(contract);
}

static void only_what_may_pass_by_itself_asks_to_be_tried_again(void **state) {
    (void)state;
    for (unsigned i = 0; i < PROBLEMS_COUNT; i++) {
        const struct problem_kind *kind = problem_kind((enum problem)i);
        assert_int_equal(kind->retry_after > 0, kind->status == 503 || kind->status == 429);
    }
}

static void every_verdict_but_granted_has_a_problem(void **state) {
    (void)state;
    for (enum verdict verdict = VERDICT_GRANTED + 1; verdict <= VERDICT_INTERNAL_ERROR; verdict++) {
        const struct problem_kind *kind = problem_kind(problem_of_verdict(verdict));
        assert_int_not_equal(problem_of_verdict(verdict), PROBLEM_BAD_REQUEST); /* an empty row */
        bool is_failure = verdict_is_failure(verdict);
        if (verdict == VERDICT_TOO_LARGE) {
            assert_int_equal(kind->status, 413);
        } else if (is_failure != (kind->status >= 500)) {
            fail_msg("%s is answered %d", kind->code, kind->status);
        }
    }
}

static void a_refusal_is_said_with_its_numbers(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 4096);
    struct outcome outcome = {.verdict = VERDICT_INSUFFICIENT_INVENTORY, .facts = FACTS_NONE};
    outcome.facts.name = TEXT("VIP balcony");
    outcome.facts.requested = 4;
    outcome.facts.available = 2;
    assert_text(detail_of(&outcome, &arena), "2 of 4 VIP balcony tickets are available.");
    outcome.facts.name = TEXT_NONE;
    assert_text(detail_of(&outcome, &arena), "2 of 4 tickets are available.");
    outcome.verdict = VERDICT_LIMIT_PER_ORDER;
    outcome.facts.limit = 1;
    assert_text(detail_of(&outcome, &arena), "One order may have at most 1 ticket.");
    outcome = (struct outcome){.verdict = VERDICT_SALES_CLOSED, .facts = FACTS_NONE};
    outcome.facts.name = TEXT("Stalls");
    outcome.facts.at = (struct instant){INT64_C(1795345200000000)};
    assert_text(detail_of(&outcome, &arena),
                "Stalls tickets go on sale at 2026-11-22T11:00:00.000Z.");
    outcome.decided_at = outcome.facts.at;
    assert_text(detail_of(&outcome, &arena),
                "Stalls tickets were on sale until 2026-11-22T11:00:00.000Z.");
    outcome.facts.detail = TEXT("As the decision says.");
    assert_text(detail_of(&outcome, &arena), "As the decision says.");
    outcome = (struct outcome){.verdict = VERDICT_BUSY, .facts = FACTS_NONE};
    assert_null(detail_of(&outcome, &arena).bytes);
    arena_finish(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_problem_of_the_contract_has_its_row_and_the_other_way_round),
    cmocka_unit_test(only_what_may_pass_by_itself_asks_to_be_tried_again),
    cmocka_unit_test(every_verdict_but_granted_has_a_problem),
    cmocka_unit_test(a_refusal_is_said_with_its_numbers),
};
UNIT_MAIN(tests)
