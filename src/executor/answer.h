/* answer.h - what is said when the world says no: no rows, no facts. */
#pragma once

#include "executor/executor.h"

/* `verdict` is one of those for which verdict_is_failure() holds. */
struct outcome outcome_of_failure(enum command_kind kind, enum verdict verdict);

/* The submission's one and only answer. */
void answer_failure(struct submission *submission, enum verdict verdict);
