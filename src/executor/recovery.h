/* recovery.h - a batch came to nothing: who hears what, and who goes in again?
 *
 *     the world changed, or a twin came first   again, at most BATCH_RETRIES_MAX times
 *     the store rejects it, its arena is spent  the halves apart, until the culprit is alone
 *     the fate of its commit stays unknown      everyone hears just that
 *     the store is away, full, damaged          everyone hears so at once: nothing spins
 */
#pragma once

#include "executor/batch.h"

/* Answers each command of the batch, or puts it back at the head of the line. */
void batch_recover(struct batch *batch, enum error error);
