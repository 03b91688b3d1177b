/* writer.h - the life of a batch in the file: load, then persist or rollback.
 *
 * A COMMIT whose sync failed may have left whole frames in the WAL that a crash
 * would bring to life, though SQLite has rolled them back in memory. settle()
 * therefore commits a tiny row of our own: it lands where those frames are, and
 * each frame's checksum covers the ones before, so that the old ones are void.
 * Once that is durable, what the file says about the batch is final. */
#pragma once

#include "store/sqlite/opened.h"

enum {
    WAL_PAGES_IDLE = 1000,  /* checkpoint when nothing waits: 4 MiB to copy */
    WAL_PAGES_BUSY = 64000, /* and under load only here: 250 MiB, each costs tens of ms */
};

struct sqlite_writer {
    struct store_writer port;
    struct sqlite_store *store;
    struct connection *connection;
    int checkpoint_at; /* pages in the WAL at which persist checkpoints next */
};

/* load.c: reads what `keys` name, and what follows from it, inside the open transaction. */
int load_world(struct connection *connection, const struct keys *keys, struct world *world);

/* persist.c: writes what changed, inside the open transaction. */
int write_world(struct connection *connection, struct world *world);
