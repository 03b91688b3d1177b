#include "executor/recovery.h"

#include <stdio.h>

#include "base/log.h"
#include "executor/answer.h"

enum { COMPLAINT_EVERY_US = 1000 * 1000 }; /* a dead store would fill the disk with log lines */

static void complain(struct batch *batch, enum error error, const char *event) {
    struct lane *lane = batch->lane;
    int64_t now_us = lane_monotonic_us(lane);
    if (lane->complained_us != 0 && now_us - lane->complained_us < COMPLAINT_EVERY_US) {
        return;
    }
    lane->complained_us = now_us;
    char commands[24];
    snprintf(commands, sizeof commands, "%zu", batch->count);
    log_line(LOG_ERROR, event, "error", error_name(error), "reason", batch->failure.sentence,
             "commands", commands, NULL);
}

static void answer_all(struct batch *batch, enum verdict verdict) {
    struct tally *tally = &batch->lane->tally;
    for (size_t i = 0; i < batch->count; i++) {
        tally_add(&tally->commands, 1);
        tally_add(&tally->failures, 1);
        answer_failure(batch->list[i], verdict);
    }
    lane_grow_batches(batch->lane);
}

static void put_all_back(struct batch *batch) {
    struct queue again;
    queue_init(&again);
    for (size_t i = 0; i < batch->count; i++) {
        queue_push(&again, batch->list[i]);
    }
    lane_put_back(batch->lane, &again);
}

/* The next batch takes half as many; a lone command is answered instead. */
static void split(struct batch *batch, enum error error, enum verdict verdict_alone) {
    struct lane *lane = batch->lane;
    lane->retries = 0;
    if (batch->count == 1) {
        complain(batch, error, "command_failed");
        answer_all(batch, verdict_alone);
        return;
    }
    tally_add(&lane->tally.splits, 1);
    lane->commands_max = batch->count / 2;
    put_all_back(batch);
}

static void retry(struct batch *batch, enum error error) {
    struct lane *lane = batch->lane;
    if (lane->retries < BATCH_RETRIES_MAX) {
        lane->retries++;
        tally_add(&lane->tally.retries, 1);
        put_all_back(batch);
        return;
    }
    /* Ever smaller batches of a store that is always behind would keep people waiting for
     * minutes. */
    if (lane_has_waited_too_long(lane, batch->list[0])) {
        complain(batch, error, "batch_failed");
        answer_all(batch, VERDICT_STORE_UNAVAILABLE);
        return;
    }
    /* Nobody else's key or row, then: the database refuses what is decided here, however often. */
    split(batch, error, error == ERROR_TWIN ? VERDICT_INTERNAL_ERROR : VERDICT_STORE_UNAVAILABLE);
}

void batch_recover(struct batch *batch, enum error error) {
    switch (error) {
    case ERROR_RETRY:
    case ERROR_TWIN:
        retry(batch, error);
        return;
    case ERROR_REJECTED:
        split(batch, error, VERDICT_INTERNAL_ERROR);
        return;
    case ERROR_MEMORY:
        split(batch, error, VERDICT_TOO_LARGE);
        return;
    case ERROR_UNKNOWN:
        outage_note(&batch->lane->outage, &batch->failure, lane_monotonic_us(batch->lane));
        complain(batch, error, "commit_unknown");
        answer_all(batch, VERDICT_OUTCOME_UNKNOWN);
        return;
    case ERROR_NONE:
    case ERROR_INVALID:
    case ERROR_NOT_FOUND:
    case ERROR_UNAVAILABLE:
    case ERROR_FULL:
    case ERROR_LOCKED:
    case ERROR_CORRUPT:
    case ERROR_NEWER:
    case ERROR_PERMISSION:
        outage_note(&batch->lane->outage, &batch->failure, lane_monotonic_us(batch->lane));
        complain(batch, error, "batch_failed");
        answer_all(batch, VERDICT_STORE_UNAVAILABLE);
        return;
    }
}
