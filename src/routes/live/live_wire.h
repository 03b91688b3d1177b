/* live_wire.h - how do live counts look on the wire? Server-sent events, as the contract has them.
 */
#pragma once

#include "base/json_writer.h"
#include "routes/callers/names.h"
#include "routes/live/counts_board.h"

/* Events in a row, in a buffer that grows; `failed` once there was no memory for it. */
struct live_wire {
    char *bytes;
    size_t length, capacity, events;
    bool failed;
};

void live_wire_finish(struct live_wire *wire);

/* Empty, with the buffer kept. */
void live_wire_reset(struct live_wire *wire);

/* One event. `id` absent: what was the last id stays. */
void live_event(struct live_wire *wire, struct text id, const char *name, struct text data);

/* "retry" and the last event of a stream: come back after this many milliseconds. */
void live_bye(struct live_wire *wire, unsigned retry_ms);

/* A comment, by which both sides see that the other one is there. */
extern const struct text live_ping;

/* The data of `counts`: all there is to know of the type, or what the public may. */
void live_counts(struct json_writer *json, const struct counts_entry *entry, bool sees_all);

/* The data of `audit`. */
struct text live_entry(const struct audit_entry *entry, const struct names *names,
                       struct arena *arena);
