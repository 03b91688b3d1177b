#include "executor/answer.h"

#include "base/check.h"

struct outcome outcome_of_failure(enum command_kind kind, enum verdict verdict) {
    require(verdict_is_failure(verdict));
    return (struct outcome){
        .verdict = verdict, .kind = kind, .decided_at = INSTANT_NONE, .facts = FACTS_NONE};
}

void answer_failure(struct submission *submission, enum verdict verdict) {
    struct outcome outcome = outcome_of_failure(submission->command.kind, verdict);
    submission->on_done(submission, &outcome);
}
