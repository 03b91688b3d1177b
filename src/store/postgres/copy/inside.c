#include "store/postgres/copy/inside.h"

#include "store/postgres/reader.h"

enum error inside_open(struct inside *inside, const struct postgres_store *store,
                       PGconn *connection, struct failure *failure) {
    static char begin[] = "SAVEPOINT reading", end[] = "RELEASE SAVEPOINT reading";
    *inside = (struct inside){.store = *store};
    inside->store.queries.texts[QUERY_snapshot] = begin;
    inside->store.queries.texts[QUERY_end_snapshot] = end;
    enum error error = postgres_open_reader(&inside->store.port, &inside->reader, failure);
    if (error == ERROR_NONE) {
        postgres_reader(inside->reader)->session.connection = connection;
    }
    if (error == ERROR_NONE &&
        (PQsetnonblocking(connection, 1) != 0 || PQenterPipelineMode(connection) != 1)) {
        error = failure_set(failure, ERROR_UNAVAILABLE, "no memory to read what was copied");
    }
    return error;
}

PGconn *inside_close(struct inside *inside) {
    struct session *session = &postgres_reader(inside->reader)->session;
    PGconn *connection = session->connection;
    session->connection = NULL; /* so that it stays open */
    store_reader_close(inside->reader);
    if (connection != NULL) {
        /* One that can do neither fails in whatever is asked of it next. */
        (void)PQexitPipelineMode(connection);
        (void)PQsetnonblocking(connection, 0);
    }
    return connection;
}
