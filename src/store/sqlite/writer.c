#include "store/sqlite/writer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/log.h"
#include "store/sqlite/column.h"
#include "store/sqlite/wal_room.h"

static struct sqlite_writer *ours(struct store_writer *writer) {
    return (struct sqlite_writer *)writer;
}

/* SQLite rolls back by itself after most failures. A rollback that fails (it may have to read the
 * file) ends the transaction all the same; the next begin meets the trouble if it lasts. */
static void roll_back(struct connection *connection) {
    if (!sqlite3_get_autocommit(connection->database)) {
        (void)connection_run(connection, STATEMENT_rollback);
    }
}

static enum error load(struct store_writer *port, const struct keys *keys, struct world *world,
                       struct failure *failure) {
    struct sqlite_writer *writer = ours(port);
    struct connection *connection = writer->connection;
    int result = connection_run(connection, STATEMENT_begin);
    if (result == SQLITE_OK) {
        world->now = clock_now(writer->store->clock);
        result = load_world(connection, keys, world);
    }
    if (result == SQLITE_OK) {
        return ERROR_NONE;
    }
    enum error error = connection_failed(connection, result, "read from it", failure);
    roll_back(connection);
    return error;
}

/* Pages that the WAL has grown by since it had `pages`. SQLite begins it from its start again after
 * a whole checkpoint when no reader is in it. */
static int pages_since(const struct sqlite_writer *writer, int pages) {
    int now = writer->connection->wal_pages;
    return now < pages ? now : now - pages;
}

static void tell_of_held_wal(int pages) {
    char text[16];
    snprintf(text, sizeof text, "%d", pages);
    log_line(LOG_WARNING, "wal_grows", "pages", text, "why",
             "a reader of the file, perhaps another program, keeps an old snapshot", NULL);
}

/* With one writer nothing is added to the WAL while it is copied, so that a checkpoint is whole
 * unless a reader holds an older snapshot; then a later one gets the rest. A reader that never lets
 * go must not make every commit wait. */
static void checkpoint(struct sqlite_writer *writer) {
    int pages = writer->connection->wal_pages;
    bool waits =
        pages >= WAL_PAGES_MAX && pages_since(writer, writer->waited_pages) >= WAL_PAGES_BUSY;
    int mode = waits ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    int result = sqlite3_wal_checkpoint_v2(writer->connection->database, NULL, mode, NULL, NULL);
    writer->tried_pages = pages;
    if (waits) {
        writer->waited_pages = pages;
    }
    if (waits && (result & 0xff) == SQLITE_BUSY) {
        tell_of_held_wal(pages);
    } /* whatever else went wrong, the WAL keeps everything */
}

static enum error commit(struct connection *connection, struct failure *failure) {
    int result = connection_run(connection, STATEMENT_commit);
    if (result == SQLITE_OK) {
        return ERROR_NONE;
    }
    enum error error = result_error(result, true);
    if (error == ERROR_UNKNOWN) {
        failure_set(failure, error, "%s: whether the commit is durable is not known: %s",
                    connection->path, sqlite3_errstr(result));
    } else {
        (void)connection_failed(connection, result, "commit", failure);
    }
    return error;
}

static enum error persist(struct store_writer *port, struct world *world, struct failure *failure) {
    struct sqlite_writer *writer = ours(port);
    struct connection *connection = writer->connection;
    int result = write_world(connection, world);
    enum error error = result == SQLITE_OK
                           ? commit(connection, failure)
                           : connection_failed(connection, result, "write to it", failure);
    if (error != ERROR_NONE) {
        roll_back(connection);
        return error;
    }
    if (connection->wal_pages >= WAL_PAGES_BUSY &&
        pages_since(writer, writer->tried_pages) >= WAL_PAGES_IDLE) {
        checkpoint(writer);
    }
    return ERROR_NONE;
}

static void rollback(struct store_writer *port) {
    roll_back(ours(port)->connection);
}

/* Writes over what a failed commit may have left. */
static int write_settlement(struct connection *connection) {
    int result = connection_run(connection, STATEMENT_begin);
    if (result == SQLITE_OK) {
        result = connection_run(connection, STATEMENT_settle);
    }
    if (result == SQLITE_OK) {
        result = connection_run(connection, STATEMENT_commit);
    }
    if (result != SQLITE_OK) {
        roll_back(connection);
    }
    return result;
}

static int find_witness(struct connection *connection, const struct witness *witness, bool *found) {
    bool by_entry = witness->kind == WITNESS_ENTRY;
    int result;
    SCOPED_STATEMENT *statement = connection_statement(
        connection, by_entry ? STATEMENT_witness_entry : STATEMENT_witness_idempotency, &result);
    if (statement == NULL) {
        return result;
    }
    if (by_entry) {
        bind_uuid(statement, 1, &witness->ticket_type_id);
        bind_integer(statement, 2, witness->seq);
        bind_uuid(statement, 3, &witness->entry_id);
    } else {
        bind_bytes(statement, 1, witness->principal.bytes, sizeof witness->principal);
        bind_text(statement, 2, witness->key);
    }
    return statement_step(statement, found);
}

static enum error settle(struct store_writer *port, const struct witness *witness, bool *committed,
                         struct failure *failure) {
    struct sqlite_writer *writer = ours(port);
    struct connection *connection = writer->connection;
    roll_back(connection);
    int result = write_settlement(connection);
    /* Settings only: nobody waits for rows that were rolled back, and none can come back now. */
    bool found = false;
    bool has_witness = witness->kind == WITNESS_ENTRY || witness->kind == WITNESS_IDEMPOTENCY;
    if (result == SQLITE_OK && has_witness) {
        result = find_witness(connection, witness, &found);
    }
    if (result != SQLITE_OK) {
        (void)connection_failed(connection, result, "find out what was committed", failure);
        return ERROR_UNKNOWN;
    }
    *committed = found;
    return ERROR_NONE;
}

static bool idle(struct store_writer *port) {
    struct sqlite_writer *writer = ours(port);
    if (writer->connection->database == NULL) {
        return false;
    }
    if (pages_since(writer, writer->tried_pages) >= WAL_PAGES_IDLE) {
        checkpoint(writer);
        return true;
    }
    return wal_room_make(writer->connection->database, writer->connection->path);
}

static void close_writer(struct store_writer *port) {
    struct sqlite_writer *writer = ours(port);
    roll_back(writer->connection);
    writer->store->has_writer = false;
    free(writer);
}

static const struct store_writer_operations operations = {
    .close = close_writer,
    .load = load,
    .persist = persist,
    .rollback = rollback,
    .settle = settle,
    .idle = idle,
};

enum error sqlite_open_writer(struct store *store, struct store_writer **writer,
                              struct failure *failure) {
    struct sqlite_store *opened = (struct sqlite_store *)store;
    require(!opened->has_writer); /* one lane, one writer */
    if (opened->read_only) {
        return failure_set(failure, ERROR_PERMISSION, "%s: opened to be read only", opened->path);
    }
    struct sqlite_writer *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_UNAVAILABLE, "out of memory");
    }
    *made = (struct sqlite_writer){
        .port.operations = &operations,
        .store = opened,
        .connection = &opened->connection,
    };
    opened->has_writer = true;
    *writer = &made->port;
    return ERROR_NONE;
}
