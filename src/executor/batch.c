#include "executor/batch.h"

#include "domain/decide.h"
#include "executor/answer.h"
#include "executor/recovery.h"

static bool batch_take_memory(struct batch *batch, struct keys *keys) {
    struct arena *arena = &batch->lane->arena;
    arena_reset(arena);
    world_init(&batch->world, arena);
    keys_init(keys, arena);
    batch->outcomes = arena_array(arena, struct outcome, batch->count);
    batch->waits = arena_array(arena, bool, batch->count);
    bool enough = batch->outcomes != NULL && batch->waits != NULL;
    for (size_t i = 0; enough && i < batch->count; i++) {
        enough = keys_add(keys, &batch->list[i]->command);
    }
    return enough;
}

static enum error batch_load(struct batch *batch) {
    struct lane *lane = batch->lane;
    struct keys keys;
    if (!batch_take_memory(batch, &keys)) {
        return failure_set(&batch->failure, ERROR_MEMORY, "the batch's memory is spent");
    }
    keys_seal(&keys);
    batch->world.batch_ids =
        lane->options.sources.ids(lane->options.sources.context, BATCH_IDS_MAX);
    return store_load(lane->options.writer, &keys, &batch->world, &batch->failure);
}

/* False: the arena is spent. */
static bool batch_decide_one(struct batch *batch, size_t i) {
    const struct command *command = &batch->list[i]->command;
    if (!decide_must_wait(&batch->world, command)) {
        return decide(&batch->world, command, &batch->outcomes[i]);
    }
    if (lane_has_waited_too_long(batch->lane, batch->list[i])) {
        batch->outcomes[i] = outcome_of_failure(command->kind, VERDICT_BUSY);
    } else {
        batch->waits[i] = true;
    }
    return true;
}

static enum error batch_decide(struct batch *batch) {
    bool enough = decide_begin(&batch->world);
    for (size_t i = 0; enough && i < batch->count; i++) {
        enough = batch_decide_one(batch, i);
    }
    if (!enough) {
        store_rollback(batch->lane->options.writer);
        return failure_set(&batch->failure, ERROR_MEMORY, "the batch's memory is spent");
    }
    return ERROR_NONE;
}

/* What to make of a COMMIT that may or may not have happened: done, to be run again, or unknown
 * for good. */
static enum error batch_settle(struct batch *batch) {
    struct witness witness = world_witness(&batch->world);
    bool is_there = false;
    tally_add(&batch->lane->tally.unknown_commits, 1);
    enum error error =
        store_settle(batch->lane->options.writer, &witness, &is_there, &batch->failure);
    if (error == ERROR_NONE && is_there) {
        return ERROR_NONE;
    }
    /* Without a row to look for, "not found" says nothing. */
    if (error != ERROR_NONE || witness.kind == WITNESS_OTHER) {
        return ERROR_UNKNOWN;
    }
    return failure_set(&batch->failure, ERROR_RETRY, "the commit did not happen");
}

/* Nothing is to be written. A refusal promises nothing; who is told "yes" once more is told of what
 * was there before. */
static enum error batch_end_unchanged(struct batch *batch) {
    bool is_promised = false;
    for (size_t i = 0; i < batch->count; i++) {
        is_promised |= !batch->waits[i] && batch->outcomes[i].verdict == VERDICT_GRANTED;
    }
    if (is_promised) {
        return store_vouch(batch->lane->options.writer, &batch->failure);
    }
    store_rollback(batch->lane->options.writer);
    return ERROR_NONE;
}

static enum error batch_persist(struct batch *batch) {
    struct lane *lane = batch->lane;
    if (!world_has_changes(&batch->world)) {
        return batch_end_unchanged(batch);
    }
    int64_t began_us = lane_monotonic_us(lane);
    enum error error = store_persist(lane->options.writer, &batch->world, &batch->failure);
    if (error == ERROR_UNKNOWN) {
        error = batch_settle(batch);
    }
    if (error == ERROR_NONE) {
        batch->committed = true;
        tally_commit(&lane->tally, batch->count, lane_monotonic_us(lane) - began_us);
    }
    return error;
}

static void tally_outcome(struct tally *tally, enum verdict verdict) {
    tally_add(&tally->commands, 1);
    if (verdict_is_failure(verdict)) {
        tally_add(&tally->failures, 1);
    } else if (verdict != VERDICT_GRANTED) {
        tally_add(&tally->refusals, 1);
    }
}

static void tally_world(struct tally *tally, const struct world *world) {
    uint64_t expiries = 0;
    for (const struct world_entry *entry = world->entries; entry != NULL; entry = entry->next) {
        expiries += !instant_is_none(entry->row.effective_at);
    }
    tally_add(&tally->expiries, expiries);
}

static void batch_reply(struct batch *batch) {
    struct lane *lane = batch->lane;
    struct queue again;
    queue_init(&again);
    tally_world(&lane->tally, &batch->world);
    outage_end(&lane->outage, lane_monotonic_us(lane));
    if (lane->options.quarantine != NULL) {
        quarantine_follow(lane->options.quarantine, &batch->world, lane_monotonic_us(lane));
    }
    if (batch->committed && lane->options.on_commit != NULL) {
        lane->options.on_commit(lane->options.context, &batch->world);
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct submission *submission = batch->list[i];
        struct outcome *outcome = &batch->outcomes[i];
        if (batch->waits[i]) {
            queue_push(&again, submission);
            continue;
        }
        if (submission->command.kind == COMMAND_PRUNE) {
            outcome->released = batch->world.pruned; /* which only persist could count */
        }
        tally_outcome(&lane->tally, outcome->verdict);
        submission->on_done(submission, outcome);
    }
    lane_put_back(lane, &again);
    lane_grow_batches(lane);
}

void lane_run_batch(struct lane *lane, struct submission **list, size_t count) {
    struct batch batch = {.lane = lane, .list = list, .count = count};
    enum error error = batch_load(&batch);
    if (error == ERROR_NONE) {
        error = batch_decide(&batch);
    }
    if (error == ERROR_NONE) {
        error = batch_persist(&batch);
    }
    if (error == ERROR_NONE) {
        batch_reply(&batch);
    } else {
        batch_recover(&batch, error);
    }
}
