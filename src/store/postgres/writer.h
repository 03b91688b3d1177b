/* writer.h - one lane's connection and its batches. Private to store/postgres/. */
#pragma once

#include "domain/keys.h"
#include "domain/world.h"
#include "store/postgres/opened.h"
#include "store/postgres/session.h"

struct postgres_writer {
    struct store_writer port;
    struct postgres_store *store;
    struct session session;
    bool
        commit_warned; /* the last COMMIT was not waited for by a standby: none can tell its fate */
};

/* One trip: begins the transaction, locks, reads. On an error the caller rolls back. */
enum error postgres_load(struct postgres_writer *writer, const struct keys *keys,
                         struct world *world, struct failure *failure);

/* One trip: commits what has only read and locked. That waits for a synchronous standby as a write
 * does, and so for all that was read. On an error the caller rolls back. */
enum error postgres_vouch(struct postgres_writer *writer, struct failure *failure);

/* One trip: writes what changed and commits. On an error the caller rolls back. */
enum error postgres_persist(struct postgres_writer *writer, struct world *world,
                            struct failure *failure);
