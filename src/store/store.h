/* store.h - the port: where rows are kept, whatever keeps them.
 *
 * A store is opened once per process. A lane has one writer and is its only
 * user; each reading thread has one reader (reader.h). Which backend it is, is
 * told by the URL: `sqlite:FILE`, `postgres://…`, `postgresql://…`, `postgres:KEYWORD=VALUE …`,
 * `memory:`. Nothing outside store/ knows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/failure.h"
#include "base/instant.h"
#include "domain/keys.h"
#include "domain/world.h"

struct store;
struct store_writer;
struct store_reader;

struct store_options {
    struct clock clock; /* of each batch and reading; zero: the system's, or the database's own */
    bool read_only;     /* beside a running server: no lock, no writer */
    bool no_create;     /* a file that is not there is an error */
    bool is_draft; /* until it is closed, a file's commits may be lost with the machine's power,
                      whole ones; for what can be made again */
};

struct store_operations {
    void (*close)(struct store *store);
    enum error (*open_writer)(struct store *store, struct store_writer **writer,
                              struct failure *failure);
    enum error (*open_reader)(struct store *store, struct store_reader **reader,
                              struct failure *failure);
};

/* Each backend's struct begins with this one. */
struct store {
    const struct store_operations *operations;
    unsigned writers_max; /* that may be open at a time: 1, or as many as there are lanes */
    bool is_shared;       /* other processes may write to the same database meanwhile */
};

/* The writer's life of a batch: load, then persist or rollback, then load again. */
struct store_writer_operations {
    void (*close)(struct store_writer *writer);
    enum error (*load)(struct store_writer *writer, const struct keys *keys, struct world *world,
                       struct failure *failure);
    enum error (*persist)(struct store_writer *writer, struct world *world,
                          struct failure *failure);
    void (*rollback)(struct store_writer *writer);
    enum error (*vouch)(struct store_writer *writer, struct failure *failure); /* or NULL */
    enum error (*settle)(struct store_writer *writer, const struct witness *witness,
                         bool *committed, struct failure *failure);
    bool (*idle)(struct store_writer *writer);
};

struct store_writer {
    const struct store_writer_operations *operations;
};

/* It names a database of a server, which other processes may share. */
bool store_url_is_of_server(const char *url);

enum { STORE_URL_SHOWN_SIZE = 256 };

/* The URL as it may be shown to whoever reads a log: without its password. Returns `shown`. */
const char *store_url_shown(const char *url, char shown[STORE_URL_SHOWN_SIZE]);

/* Opens, locks and, where the file is new, makes the schema; an older schema is migrated. The
 * schema of a server's database is only looked at.
 * ERROR_LOCKED names the process that holds it, ERROR_NEWER, ERROR_CORRUPT, ERROR_PERMISSION
 * and ERROR_INVALID (the URL) say what to do. */
MUST_USE enum error store_open(const char *url, const struct store_options *options,
                               struct store **store, struct failure *failure);

/* Accepts NULL. Writers and readers are closed before. */
void store_close(struct store *store);

MUST_USE enum error store_open_writer(struct store *store, struct store_writer **writer,
                                      struct failure *failure);
void store_writer_close(struct store_writer *writer);

/* Begins a transaction, reads `keys` and what follows from them (keys.h) into the world, with
 * world->now; of each ticket type: its event, the newest log entry's seq and hash, the reservations
 * already expired (at most EXPIRED_PER_BATCH_MAX, oldest first; `more_expired` tells of others) and
 * the next expiry after now; of a pair of customers, where the type limits them, what they have.
 * Without keys it asks the database all the same: is it there? A database that is away is
 * ERROR_UNAVAILABLE, at once while it is being waited for. On an error nothing stays open. */
MUST_USE enum error store_load(struct store_writer *writer, const struct keys *keys,
                               struct world *world, struct failure *failure);

/* Writes what changed in the world and commits. ERROR_NONE: it is durable. ERROR_UNKNOWN: settle.
 * Any other: nothing was done. */
MUST_USE enum error store_persist(struct store_writer *writer, struct world *world,
                                  struct failure *failure);

/* Ends the transaction of a load without a trace. */
void store_rollback(struct store_writer *writer);

/* As store_rollback, where somebody is to be told of what was read as if it had been written now:
 * ERROR_NONE, it is just as durable. A row may be there before the standby that it must outlive its
 * server with has it. ERROR_UNKNOWN: nobody knows whether it will last. */
MUST_USE enum error store_vouch(struct store_writer *writer, struct failure *failure);

/* After ERROR_UNKNOWN: *committed says for good whether the batch that wrote the witness is there.
 * ERROR_UNKNOWN: it still cannot be known. */
MUST_USE enum error store_settle(struct store_writer *writer, const struct witness *witness,
                                 bool *committed, struct failure *failure);

/* Nothing is waiting: the store may do a few milliseconds of its housekeeping, after a rush a
 * checkpoint. True: it would do more. */
bool store_idle(struct store_writer *writer);
