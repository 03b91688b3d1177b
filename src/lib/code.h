/* code.h - the one place where what happened inside becomes a public code. */
#pragma once

#include "base/failure.h"
#include "domain/outcome.h"
#include "ticketd/ticketd.h"

enum ticketd_code code_of_verdict(enum verdict verdict);
enum ticketd_code code_of_error(enum error error);

/* Fills `problem` (may be NULL) with the code alone: its sentence, and no fact. */
void problem_fill(struct ticketd_problem *problem, enum ticketd_code code);

/* As well with the facts of the case. Returns the code. */
enum ticketd_code problem_of_outcome(struct ticketd_problem *problem,
                                     const struct outcome *outcome);

/* With the sentence of the failure, where it has one. Returns the code. */
enum ticketd_code problem_of_failure(struct ticketd_problem *problem,
                                     const struct failure *failure);
