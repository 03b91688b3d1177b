/* counts_board.h - how many are there now? Answered beside the loop, without a read of the store.
 *
 * Holds, for the ticket types that were asked for or changed, what the last commit said. A lane
 * brings it up to date before the replies of its commit leave, so that everyone sees what they were
 * told. An entry is good until its next expiry and is then read again. Decisions never use it.
 *
 * A board that follows stands beside a database to which other servers write. There an entry is
 * good for COUNTS_GOOD_MS after it was last known to be true: the follower (follower.h) asks five
 * times a second about the types that were asked for lately, and what it could not ask about is
 * read from the store, or is not to be had. Time there is the database's.
 * Any thread; a lock is held for a lookup or for one commit's types. */
#pragma once

#include "domain/world.h"
#include "routes/live/recently.h"
#include "store/reader.h"

enum {
    /* Two polls and a half: a poll that is late on a busy machine turns nobody to the store. */
    COUNTS_GOOD_MS = 500,
    /* What is asked for more seldom is better read when it is. */
    COUNTS_ASKED_LATELY_MS = 10 * 1000,
};

struct counts_board;

struct counts_entry;

struct counts_board_options {
    bool follows;                  /* other servers write to the same database */
    int64_t (*monotonic_us)(void); /* NULL: the system's */
    /* Told of every reading that is put on the board; NULL: nobody is. */
    void (*on_reading)(void *context, const struct counts_entry *entry);
    void *context;
};

struct counts_entry {
    struct uuid ticket_type_id, event_id;
    int32_t initial;
    struct counts counts;
    struct instant as_of;
    struct instant next_expiry_at; /* the counts are true before it; or none */
    int64_t audit_seq, settings_version, event_version;
    bool event_is_public, is_archived;
};

/* NULL: no memory. */
struct counts_board *counts_board_create(const struct counts_board_options *options);
void counts_board_destroy(struct counts_board *board);

/* False: not known, or no longer true at `now`; a board that follows reckons now by itself. */
bool counts_board_find(struct counts_board *board, struct uuid ticket_type_id, struct instant now,
                       struct counts_entry *entry);

/* To be asked before a reading is taken from the store, and handed to counts_board_put(): settings
 * that a commit changed in between make the reading stale, and it is true as of then at the
 * latest. */
struct counts_moment {
    uint64_t generation;
    int64_t us; /* monotonic */
};
struct counts_moment counts_board_moment(struct counts_board *board);
void counts_board_put(struct counts_board *board, const struct counts_entry *entry,
                      struct counts_moment before);

struct counts_entry counts_entry_of(const struct type_reading *reading);

/* As a commit at `now` left it; the type's event is known. */
struct counts_entry counts_entry_committed(const struct world_type *type, struct instant now);

/* A commit and a reading of it may arrive in either order, and an older reading after both. */
bool counts_entry_is_older(const struct counts_entry *entry, const struct counts_entry *than);

void counts_board_on_commit(struct counts_board *board, const struct world *world);

/* --- for the follower --- */

/* As if it had been asked for: somebody watches it. */
void counts_board_watch(struct counts_board *board, struct uuid ticket_type_id);

/* The types that were asked for lately into `ids`; how many. */
size_t counts_board_followed(struct counts_board *board, struct uuid ids[RECENTLY_MAX]);

/* The store said so at `as_of`, having been asked at the moment `before`. False: the board is
 * behind, the type has to be read again. */
bool counts_board_confirm(struct counts_board *board, const struct type_head *head,
                          struct instant as_of, struct counts_moment before);

/* It is behind and will not be read now: by whoever asks for it next. */
void counts_board_drop(struct counts_board *board, struct uuid ticket_type_id);
