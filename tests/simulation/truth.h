/* truth.h - what must be true, worked out from the log alone by arithmetic of its own.
 *
 * It follows each committed entry, checks it against all that came before, and
 * keeps for every reservation what it holds. It shares no code with the domain
 * but the struct of an entry and, where asked to, the hash. */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "domain/audit_entry.h"
#include "domain/world.h"
#include "drawers.h"
#include "finding.h"
#include "store/reader.h"

enum { TRUTH_TYPES_MAX = 8 };

struct truth_type;

/* What the log says of one reservation. */
struct truth_reservation {
    struct uuid id, user_id, cart_id;
    struct truth_type *type;
    struct currency currency;
    int64_t unit_price;
    int32_t active, sold, refunded; /* tickets; sold includes those refunded */
    bool was_released, was_expired;
    struct instant expires_at;
    struct truth_reservation *next_of_type;
};

/* What one request has done, as far as its ring slot remembers. */
struct truth_effect {
    uint64_t request; /* 0: nothing yet */
    uint64_t commit;  /* in which it was done */
    uint32_t entries_count;
};

struct deadline {
    struct instant at;
    struct truth_reservation *reservation;
};

/* An entry of the batch under way, until the answer that belongs to it is seen. */
struct pending_entry {
    uint64_t request; /* 0: the system's */
    struct counts now;
};

struct truth_type {
    struct uuid id, event_id;
    struct counts counts;
    int32_t max_per_customer;
    int64_t seq;
    struct chain_hash head;
    struct instant last_entry_at;
    struct truth_reservation *reservations;
    struct deadline *deadlines; /* heap, the next one first; stale ones are dropped when seen */
    size_t deadlines_count, deadlines_capacity;

    /* The counts as the answers so far imply them, and the entries still to be answered. */
    struct counts answered;
    struct pending_entry *pending;
    size_t pending_count, pending_capacity, pending_seen;
    bool touched; /* something was decided about it in this batch */
};

enum { TRUTH_EFFECTS = 4096 };

struct truth {
    struct finding *finding;
    struct arena *arena;  /* lives as long as the trial */
    struct arena scratch; /* of one reading */
    struct store_reader *reader;
    bool verify_hashes;
    struct truth_type types[TRUTH_TYPES_MAX];
    size_t types_count;
    struct map reservations;
    struct drawers drawers;
    struct truth_effect effects[TRUTH_EFFECTS];
    uint64_t commit; /* grows by one with each batch */
    uint64_t entries, trace;
};

void truth_init(struct truth *truth, struct arena *arena, struct finding *finding);
void truth_finish(struct truth *truth);

/* A ticket type that was just made; its opening entry is followed. */
void truth_add_type(struct truth *truth, struct uuid id, int32_t max_per_customer);

struct truth_type *truth_type(struct truth *truth, struct uuid id);
struct truth_reservation *truth_reservation(const struct truth *truth, struct uuid id);

/* Reads and checks what the log has more than is known (R10, R11, I1, I3, I5). How many. */
size_t truth_follow(struct truth *truth, struct truth_type *type);

/* A granted answer: the pending entries of its request come next, and move `answered` on. The
 * request had `count` entries to show for it, in all its types. */
bool truth_answered(struct truth *truth, uint64_t request, size_t count);

/* The batch is over: nothing that was touched holds what has expired by `now` (I7); with `complete`
 * each entry had its answer. */
void truth_end_batch(struct truth *truth, struct instant now, bool complete);

/* Rows and sums in the store against the log (I2, I3). */
void truth_compare(struct truth *truth);

/* What a user holds of a type, as the log says. */
int64_t truth_held(const struct truth_type *type, struct uuid user_id);

/* Entries name their request by their actor; those of operators by their reason. */
struct uuid actor_of_request(uint64_t request, bool is_public);
uint64_t request_of_actor(struct uuid actor);

/* --- for the files of truth alone --- */

/* `list` with room for one more; it doubles in the trial's arena. */
void *truth_grown(struct truth *truth, void *list, size_t count, size_t *capacity, size_t size);

void deadline_push(struct truth *truth, struct truth_type *type,
                   struct truth_reservation *reservation);

/* The first that still holds tickets until the time that was noted; NULL: there is none. */
const struct deadline *deadline_first(struct truth *truth, struct truth_type *type);

static inline bool counts_are_same(struct counts a, struct counts b) {
    return a.total == b.total && a.sold == b.sold && a.reserved == b.reserved;
}
