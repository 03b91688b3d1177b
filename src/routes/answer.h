/* answer.h - what became of a command, as an HTTP reply.
 *
 * The one place where a verdict gets its status, code and words, and where the facts of a case
 * become members of a problem. Runs on the lane's thread. */
#pragma once

#include "routes/call.h"

/* For a verdict that is not granted. */
enum problem problem_of_verdict(enum verdict verdict);

/* The on_done of every call's submission: its owner is the call. */
void answer_outcome(struct submission *submission, const struct outcome *outcome);
