/* key_ring.h - which keys are there? In memory, so that knowing a caller costs no read.
 *
 * Found from any thread without a lock; changed under one, by the executor's lanes after commits of
 * key commands, and by the follower for what other servers did. A record is never moved or freed
 * before the ring, and never changes but for its revocation and its last use: there is no command
 * that does more. */
#pragma once

#include <stdatomic.h>

#include "base/failure.h"
#include "domain/world.h"
#include "store/store.h"

struct executor;
struct store_reader;
struct key_ring;

struct key_record {
    struct uuid id;
    struct text name;
    enum role role;
    const struct uuid *events;
    size_t events_count;
    uint8_t secret_hash[KEY_HASH_SIZE];
    struct instant expires_at;        /* or none */
    atomic_int_fast64_t revoked_at;   /* microseconds; INT64_MIN: it is not */
    atomic_int_fast64_t last_used_at; /* as last submitted to the executor */
};

/* Reads all keys of the store. */
MUST_USE enum error key_ring_open(struct store *store, struct key_ring **ring,
                                  struct failure *failure);

/* Accepts NULL. */
void key_ring_close(struct key_ring *ring);

/* NULL: there is none with this id. */
const struct key_record *key_ring_find(const struct key_ring *ring, struct uuid id);

bool key_record_is_revoked(const struct key_record *key);

/* Notes that the key was used, at most once a minute, as a command of its own. */
void key_ring_touch(struct key_ring *ring, struct executor *executor, const struct key_record *key,
                    struct instant now);

/* Takes over what a commit changed. */
void key_ring_on_commit(struct key_ring *ring, const struct world *world);

/* Reads all keys anew: those that another server made, revoked or saw in use. */
MUST_USE enum error key_ring_refresh(struct key_ring *ring, struct store_reader *reader,
                                     struct failure *failure);
