#include <stdio.h>

#include "lib/code.h"
#include "lib/plain.h"

void problem_fill(struct ticketd_problem *problem, enum ticketd_code code) {
    if (problem == NULL) {
        return;
    }
    *problem = (struct ticketd_problem){
        .code = code,
        .requested = -1,
        .available = -1,
        .reserved = -1,
        .sold = -1,
        .total = -1,
        .shortfall = -1,
        .limit = -1,
        .customer_has = -1,
        .sold_remaining = -1,
    };
    snprintf(problem->detail, sizeof problem->detail, "%s", ticketd_sentence(code));
}

static int64_t number_of(int64_t fact) {
    return fact == FACT_NONE ? -1 : fact;
}

static void facts_fill(struct ticketd_problem *problem, const struct facts *facts) {
    problem->ticket_type_id = plain_id(facts->ticket_type_id);
    problem->event_id = plain_id(facts->event_id);
    problem->reservation_id = plain_id(facts->reservation_id);
    problem->cart_id = plain_id(facts->cart_id);
    PLAIN_TEXT(problem->order_id, facts->order_id);
    problem->requested = number_of(facts->requested);
    problem->available = number_of(facts->available);
    problem->reserved = number_of(facts->reserved);
    problem->sold = number_of(facts->sold);
    problem->total = number_of(facts->total);
    problem->shortfall = number_of(facts->shortfall);
    problem->limit = number_of(facts->limit);
    problem->customer_has = number_of(facts->customer_has);
    problem->sold_remaining = number_of(facts->sold_remaining);
    problem->next_expiry_at = plain_time(facts->next_expiry_at);
    problem->at = plain_time(facts->at);
}

/* JSON pointers begin with a slash, members of a struct do not. */
static struct text field_of(struct text pointer) {
    return pointer.length > 0 && pointer.bytes[0] == '/'
               ? (struct text){pointer.bytes + 1, pointer.length - 1}
               : pointer;
}

enum ticketd_code problem_of_outcome(struct ticketd_problem *problem,
                                     const struct outcome *outcome) {
    enum ticketd_code code = code_of_verdict(outcome->verdict);
    problem_fill(problem, code);
    if (problem != NULL && code != TICKETD_OK) {
        facts_fill(problem, &outcome->facts);
        PLAIN_TEXT(problem->field, field_of(outcome->facts.pointer));
        if (!text_is_absent(outcome->facts.detail)) {
            PLAIN_TEXT(problem->detail, outcome->facts.detail);
        }
    }
    return code;
}

enum ticketd_code problem_of_failure(struct ticketd_problem *problem,
                                     const struct failure *failure) {
    enum ticketd_code code = code_of_error(failure->error);
    problem_fill(problem, code);
    if (problem != NULL && failure->sentence[0] != '\0') {
        PLAIN_TEXT(problem->detail, text_of(failure->sentence));
    }
    return code;
}
