/* writer.h - the life of a batch in the file: load, then persist or rollback.
 *
 * A COMMIT whose sync failed may have left whole frames in the WAL that a crash
 * would bring to life, though SQLite has rolled them back in memory. settle()
 * therefore commits a tiny row of our own: it lands where those frames are, and
 * each frame's checksum covers the ones before, so that the old ones are void.
 * Once that is durable, what the file says about the batch is final. It never
 * opens the file anew for that: a new connection would take the frames for
 * committed, though the disk has not got them and no later sync writes them. */
#pragma once

#include "store/sqlite/opened.h"

enum {
    WAL_PAGES_IDLE = 1000,  /* checkpoint when nothing waits: 4 MiB to copy */
    WAL_PAGES_BUSY = 64000, /* and under load only here: 250 MiB, each costs tens of ms */
    WAL_PAGES_MAX = 256000, /* beyond it readers are waited for, so that the WAL begins anew; in
                             * vain, it grows by as much as is busy before that is tried again */
};

struct sqlite_writer {
    struct store_writer port;
    struct sqlite_store *store;
    struct connection *connection;
    int tried_pages;  /* of the WAL at the last checkpoint, whatever came of it */
    int waited_pages; /* at the last one that waited for readers */
};

/* load.c: reads what `keys` name, and what follows from it, inside the open transaction. */
int load_world(struct connection *connection, const struct keys *keys, struct world *world);

/* shifts.c: the same two for shifts and what they have counted. */
int load_shifts(struct connection *connection, const struct keys *keys, struct world *world);
int write_shifts(struct connection *connection, const struct world *world);

/* persist.c: writes what changed, inside the open transaction. */
int write_world(struct connection *connection, struct world *world);
