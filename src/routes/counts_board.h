/* counts_board.h - how many are there now? Answered beside the loop, without a read of the store.
 *
 * Holds, for the ticket types that were asked for or changed, what the last commit said. The lane
 * brings it up to date before the replies of that commit leave, so that everyone sees what they
 * were told. An entry is good until its next expiry and is then read again. Decisions never use it.
 * Any thread; a lock is held for a lookup or for one commit's types. */
#pragma once

#include "domain/world.h"
#include "store/reader.h"

struct counts_board;

struct counts_entry {
    struct uuid ticket_type_id, event_id;
    int32_t initial;
    struct counts counts;
    struct instant as_of;
    struct instant next_expiry_at; /* the counts are true before it; or none */
    int64_t audit_seq, settings_version;
    bool event_is_public, is_archived;
};

/* NULL: no memory. */
struct counts_board *counts_board_create(void);
void counts_board_destroy(struct counts_board *board);

/* False: not known, or no longer true at `now`. */
bool counts_board_find(struct counts_board *board, struct uuid ticket_type_id, struct instant now,
                       struct counts_entry *entry);

/* To be asked before a reading is taken from the store, and handed to counts_board_put(): settings
 * that a commit changed in between make the reading stale. */
uint64_t counts_board_generation(struct counts_board *board);
void counts_board_put(struct counts_board *board, const struct counts_entry *entry,
                      uint64_t generation);

struct counts_entry counts_entry_of(const struct type_reading *reading);

void counts_board_on_commit(struct counts_board *board, const struct world *world);
