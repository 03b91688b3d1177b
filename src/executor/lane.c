#include "executor/lane.h"

#include "executor/batch.h"

void lane_init(struct lane *lane, const struct lane_options *options) {
    *lane = (struct lane){.options = *options, .commands_max = BATCH_COMMANDS_MAX};
    inbox_init(&lane->inbox, options->inbox_max);
    outage_init(&lane->outage);
    queue_init(&lane->waiting);
    arena_init(&lane->arena, options->batch_arena_bytes == 0 ? BATCH_ARENA_BYTES_DEFAULT
                                                             : options->batch_arena_bytes);
}

void lane_finish(struct lane *lane) {
    store_writer_close(lane->options.writer);
    inbox_finish(&lane->inbox);
    outage_finish(&lane->outage);
    arena_finish(&lane->arena);
}

int64_t lane_monotonic_us(const struct lane *lane) {
    return lane->options.sources.monotonic_us(lane->options.sources.context);
}

bool lane_has_waited_too_long(const struct lane *lane, const struct submission *submission) {
    return lane_monotonic_us(lane) - submission->submitted_us > WAIT_MAX_US;
}

enum inbox_answer lane_submit(struct lane *lane, struct submission *submission, bool internal) {
    submission->submitted_us = lane_monotonic_us(lane);
    submission->command.ids = UUID_NONE;
    return inbox_put(&lane->inbox, submission, internal);
}

void lane_put_back(struct lane *lane, struct queue *again) {
    inbox_came_back(&lane->inbox, again->count);
    queue_prepend(&lane->waiting, again);
}

void lane_grow_batches(struct lane *lane) {
    lane->retries = 0;
    lane->commands_max *= 2;
    if (lane->commands_max > BATCH_COMMANDS_MAX) {
        lane->commands_max = BATCH_COMMANDS_MAX;
    }
}

/* From the head of the line, as many as one transaction may carry: one at least. */
static size_t lane_take(struct lane *lane) {
    size_t count = 0;
    uint32_t rows = 0;
    while (lane->waiting.first != NULL && count < lane->commands_max) {
        rows += command_rows_max(&lane->waiting.first->command);
        if (count > 0 && rows > BATCH_ROWS_MAX) {
            break;
        }
        lane->taken[count++] = queue_pop(&lane->waiting);
    }
    inbox_left(&lane->inbox, count);
    return count;
}

/* Each command gets its ids before its first run and keeps them: run again, it makes the same
 * rows, so that a row that is there already is found. */
static void lane_give_ids(struct lane *lane, size_t count) {
    const struct lane_sources *sources = &lane->options.sources;
    uint32_t needed = 0;
    for (size_t i = 0; i < count; i++) {
        struct command *command = &lane->taken[i]->command;
        needed += uuid_is_none(command->ids) ? command_ids_max(command) : 0;
    }
    if (needed == 0) {
        return;
    }
    struct uuid first = sources->ids(sources->context, needed);
    uint32_t used = 0;
    for (size_t i = 0; i < count; i++) {
        struct command *command = &lane->taken[i]->command;
        if (uuid_is_none(command->ids)) {
            command->ids = uuid_nth(first, used);
            used += command_ids_max(command);
        }
    }
}

bool lane_run_once(struct lane *lane) {
    inbox_take(&lane->inbox, &lane->waiting);
    size_t count = lane_take(lane);
    if (count == 0) {
        return false;
    }
    lane_give_ids(lane, count);
    lane_run_batch(lane, lane->taken, count);
    return true;
}

void lane_probe(struct lane *lane) {
    struct keys keys;
    struct world world;
    struct failure failure;
    arena_reset(&lane->arena);
    keys_init(&keys, &lane->arena);
    world_init(&world, &lane->arena);
    keys_seal(&keys);
    if (store_load(lane->options.writer, &keys, &world, &failure) == ERROR_NONE) {
        store_rollback(lane->options.writer);
        outage_end(&lane->outage, lane_monotonic_us(lane));
    } else {
        outage_note(&lane->outage, &failure, lane_monotonic_us(lane));
    }
}
