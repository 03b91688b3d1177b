#include "store/sqlite/sqlite_store.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "store/sqlite/migration.h"
#include "store/sqlite/opened.h"

enum { EMPTY_WAL_MS = 5000 }; /* our own readers let go within a second */

/* As it was: nothing is copied from the WAL, nothing removed. */
static void discard(struct sqlite_store *opened) {
    connection_close(&opened->connection);
    lock_release(&opened->lock);
    free(opened->path);
    free(opened);
}

static void close_store(struct store *store) {
    struct sqlite_store *opened = (struct sqlite_store *)store;
    require(!opened->has_writer);
    sqlite3 *database = opened->connection.database;
    if (database != NULL && !opened->read_only) {
        /* So that the next start finds nothing to recover. It may fail: then it recovers. */
        (void)sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    }
    discard(opened);
}

static const struct store_operations operations = {
    .close = close_store,
    .open_writer = sqlite_open_writer,
    .open_reader = sqlite_open_reader,
};

/* SQLite names the WAL after the file: under two names, one file gets two, and is ruined. */
static enum error check_found(const char *path, const struct stat *file, bool read_only,
                              struct failure *failure) {
    if (!S_ISREG(file->st_mode)) {
        return failure_set(failure, ERROR_INVALID, "%s: not a file", path);
    }
    if (file->st_nlink > 1 && !read_only) {
        return failure_set(failure, ERROR_INVALID,
                           "%s: has a second name, a hard link, and writing under both would ruin "
                           "it; remove the one it was not served under",
                           path);
    }
    return ERROR_NONE;
}

/* Says beforehand, in words, what SQLite would call "unable to open database file". */
static enum error check_file(const char *path, const struct store_options *options,
                             struct failure *failure) {
    struct stat file;
    if (stat(path, &file) == 0) {
        return check_found(path, &file, options->read_only, failure);
    }
    if (errno == ENOENT && !options->read_only && !options->no_create) {
        return ERROR_NONE;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        return failure_set(failure, ERROR_NOT_FOUND, "%s: no such file", path);
    }
    return failure_set(failure, errno == EACCES ? ERROR_PERMISSION : ERROR_UNAVAILABLE, "%s: %s",
                       path, strerror(errno));
}

/* What an earlier process left in the WAL may be in the page cache alone: if a sync failed, the
 * kernel has forgotten that those pages were never written. Copied into the file and synced, it is
 * on the disk whatever became of the WAL, which then begins anew. */
static enum error empty_wal(struct connection *connection, struct failure *failure) {
    sqlite3_busy_timeout(connection->database, EMPTY_WAL_MS);
    int result = sqlite3_wal_checkpoint_v2(connection->database, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                           NULL, NULL);
    sqlite3_busy_timeout(connection->database, CONNECTION_BUSY_MS);
    if ((result & 0xff) == SQLITE_BUSY) {
        return failure_set(failure, ERROR_UNAVAILABLE,
                           "%s: another process reads from it without end; stop that one first",
                           connection->path);
    }
    return result == SQLITE_OK ? ERROR_NONE
                               : connection_failed(connection, result, "recover it", failure);
}

static enum error open_to_write(struct sqlite_store *store, const struct store_options *options,
                                struct failure *failure) {
    enum error error = lock_take(&store->lock, store->path, failure);
    if (error == ERROR_NONE) {
        error = connection_open(&store->connection, store->path, CONNECTION_WRITER,
                                !options->no_create, failure);
    }
    int version = 0;
    if (error == ERROR_NONE) {
        error = migration_look(&store->connection, &version, failure);
    }
    if (error == ERROR_NONE) {
        error = connection_make_durable(&store->connection, options->is_draft, failure);
    }
    if (error == ERROR_NONE) {
        error = empty_wal(&store->connection, failure);
    }
    if (error == ERROR_NONE) {
        error = migration_run(&store->connection, version, store->clock, failure);
    }
    return error;
}

/* Checks the form once; each reader opens its own connection. */
static enum error open_to_read(struct sqlite_store *store, struct failure *failure) {
    enum error error =
        connection_open(&store->connection, store->path, CONNECTION_READER, false, failure);
    return error == ERROR_NONE ? migration_check(&store->connection, failure) : error;
}

enum error sqlite_store_open(const char *path, const struct store_options *options,
                             struct store **store, struct failure *failure) {
    /* SQLite need not count its own memory, under a lock at each allocation. Too late: no harm. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sodium_init() < 0 || sqlite3_threadsafe() == 0) {
        return failure_set(failure, ERROR_UNAVAILABLE,
                           "libsodium or SQLite cannot be used by threads on this machine");
    }
    enum error error = check_file(path, options, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    struct sqlite_store *opened = calloc(1, sizeof *opened);
    if (opened == NULL || (opened->path = strdup(path)) == NULL) {
        free(opened);
        return failure_set(failure, ERROR_UNAVAILABLE, "out of memory");
    }
    opened->port.operations = &operations;
    opened->port.writers_max = 1;
    opened->clock = options->clock.now == NULL ? clock_system() : options->clock;
    opened->read_only = options->read_only;
    opened->lock.descriptor = -1;
    error =
        opened->read_only ? open_to_read(opened, failure) : open_to_write(opened, options, failure);
    if (error != ERROR_NONE) {
        discard(opened);
        return error;
    }
    *store = &opened->port;
    return ERROR_NONE;
}
