#include "store/postgres/postgres_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/postgres/opened.h"

enum {
    SERVER_VERSION_MIN = 130000,
    WRITERS_MAX = 64, /* each is a connection of the database */
};

static void close_store(struct store *port) {
    struct postgres_store *store = (struct postgres_store *)port;
    queries_finish(&store->queries);
    address_finish(&store->address);
    free(store);
}

static const struct store_operations operations = {
    .close = close_store,
    .open_writer = postgres_open_writer,
    .open_reader = postgres_open_reader,
};

/* Somebody turned off what every answer rests on. A cluster of a test may; the log says so. */
static void warn_of_fsync(PGconn *connection) {
    PGresult *result = PQexec(connection, "SHOW fsync");
    if (PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), "off") == 0) {
        log_line(LOG_WARNING, "database_not_durable", "why",
                 "the database runs with fsync=off: a crash of its machine loses what was sold",
                 NULL);
    }
    PQclear(result);
}

static enum error look_around(struct postgres_store *store, struct failure *failure) {
    PGconn *connection;
    enum error error = address_connect(&store->address, &connection, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    int version = PQserverVersion(connection);
    if (version < SERVER_VERSION_MIN) {
        error = failure_set(failure, ERROR_INVALID,
                            "the database is PostgreSQL %d; ticketd needs 13 or newer",
                            version / 10000);
    } else {
        error = postgres_schema_check(connection, &store->facts, failure);
    }
    if (error == ERROR_NONE) {
        warn_of_fsync(connection);
    }
    PQfinish(connection);
    return error;
}

enum error postgres_store_open(const char *url, const struct store_options *options,
                               struct store **store, struct failure *failure) {
    struct postgres_store *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a store");
    }
    opened->port =
        (struct store){.operations = &operations, .writers_max = WRITERS_MAX, .is_shared = true};
    opened->clock = options->clock;
    opened->read_only = options->read_only;
    enum error error = address_parse(url, &opened->address, failure);
    if (error == ERROR_NONE) {
        error = look_around(opened, failure);
    }
    if (error == ERROR_NONE) {
        error = queries_make(&opened->queries, &opened->facts, failure);
    }
    if (error != ERROR_NONE) {
        close_store(&opened->port);
        return error;
    }
    *store = &opened->port;
    return ERROR_NONE;
}
