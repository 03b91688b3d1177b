#include "store/postgres/writer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SETTLE_TRIP_MS = 4000,
    /* Longer than the database lets a transaction idle whose server has stopped (guard.sql). */
    SETTLE_US = 8 * 1000 * 1000,
    SETTLE_PAUSE_MS = 100,
    END_STALLED_MS = 2000,
};

static struct postgres_writer *ours(struct store_writer *writer) {
    return (struct postgres_writer *)writer;
}

/* Whoever waited in vain for a lock looks after those that may never give it back. */
static void give_up_transaction(struct session *session) {
    struct failure ignored;
    bool was_blocked = session->blocked;
    session_rollback(session);
    if (was_blocked && session->connection != NULL) {
        session_begin_trip(session, END_STALLED_MS);
        session_send(session, QUERY_end_stalled);
        session_depart(session);
        session_pass(session, QUERY_end_stalled);
        (void)!session_arrive(session, &ignored);
    }
}

static enum error load(struct store_writer *port, const struct keys *keys, struct world *world,
                       struct failure *failure) {
    struct postgres_writer *writer = ours(port);
    enum error error = session_connect(&writer->session, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    error = postgres_load(writer, keys, world, failure);
    if (error != ERROR_NONE) {
        give_up_transaction(&writer->session);
    }
    return error;
}

static enum error persist(struct store_writer *port, struct world *world, struct failure *failure) {
    struct postgres_writer *writer = ours(port);
    enum error error = postgres_persist(writer, world, failure);
    if (error != ERROR_NONE) {
        give_up_transaction(&writer->session);
    }
    return error;
}

static enum error vouch(struct store_writer *port, struct failure *failure) {
    struct postgres_writer *writer = ours(port);
    enum error error = postgres_vouch(writer, failure);
    if (error != ERROR_NONE) {
        give_up_transaction(&writer->session);
    }
    return error;
}

static void rollback(struct store_writer *port) {
    session_rollback(&ours(port)->session);
}

/* --- a COMMIT of unknown fate ------------------------------------------------- */

/* First the lock, which waits for the old transaction to end; only then, in a statement of its own,
 * a look: without the wait the row may appear a moment later. A ticket type that was made by that
 * transaction is not there to be locked; its event is. */
static enum error look_for_entry(struct session *session, const struct witness *witness,
                                 bool *found, struct failure *failure) {
    session_begin_trip(session, SETTLE_TRIP_MS);
    session_send(session, QUERY_begin);
    session_send(session, QUERY_guard);
    struct parameters *parameters = session_parameters(session);
    give_uuids(parameters, 1, &witness->ticket_type_id, 1);
    give_uuids(parameters, 2, NULL, 0);
    give_uuids(parameters, 3, NULL, 0);
    session_send(session, QUERY_lock_types);
    give_uuids(parameters, 1, &witness->event_id, 1);
    session_send(session, QUERY_lock_events);
    give_uuid(parameters, 1, witness->ticket_type_id);
    give_int8(parameters, 2, witness->seq);
    give_uuid(parameters, 3, witness->entry_id);
    session_send(session, QUERY_witness_entry);
    session_depart(session);
    PGresult *result = session_pass_to(session, QUERY_witness_entry);
    *found = result != NULL && PQntuples(result) > 0;
    return session_arrive(session, failure);
}

/* A batch that locked no type: to write its key again waits for the old transaction, too. What is
 * there then may be a twin's that another server ran meanwhile. */
static enum error look_for_key(struct session *session, const struct witness *witness, bool *found,
                               struct failure *failure) {
    session_begin_trip(session, SETTLE_TRIP_MS);
    session_send(session, QUERY_begin);
    session_send(session, QUERY_guard);
    struct parameters *parameters = session_parameters(session);
    give_principal(parameters, 1, witness->principal);
    give_text(parameters, 2, witness->key);
    session_send(session, QUERY_probe_idempotency);
    give_principal(parameters, 1, witness->principal);
    give_text(parameters, 2, witness->key);
    give_text(parameters, 3, witness->outcome);
    session_send(session, QUERY_witness_idempotency);
    session_depart(session);
    PGresult *result = session_pass_to(session, QUERY_witness_idempotency);
    *found = result != NULL && PQntuples(result) == 1 && *PQgetvalue(result, 0, 0) != 0;
    return session_arrive(session, failure);
}

/* What is found is answered, so that it must last as if it had been heard of at once. */
static enum error look(struct postgres_writer *writer, const struct witness *witness, bool *found,
                       struct failure *failure) {
    struct session *session = &writer->session;
    enum error error = session_connect(session, failure);
    if (error == ERROR_NONE) {
        error = witness->kind == WITNESS_ENTRY ? look_for_entry(session, witness, found, failure)
                                               : look_for_key(session, witness, found, failure);
        if (error == ERROR_NONE && *found) {
            error = postgres_vouch(writer, failure);
        }
        give_up_transaction(session);
    }
    return error;
}

static void pause(void) {
    struct timespec time = {.tv_nsec = SETTLE_PAUSE_MS * 1000L * 1000};
    nanosleep(&time, NULL);
}

static enum error settle(struct store_writer *port, const struct witness *witness, bool *committed,
                         struct failure *failure) {
    struct postgres_writer *writer = ours(port);
    bool can_tell = !writer->commit_warned &&
                    (witness->kind == WITNESS_ENTRY || witness->kind == WITNESS_IDEMPOTENCY);
    int64_t until_us = monotonic_us() + SETTLE_US;
    while (can_tell) {
        if (look(writer, witness, committed, failure) == ERROR_NONE) {
            return ERROR_NONE;
        }
        can_tell = monotonic_us() < until_us;
        if (can_tell) {
            pause();
        }
    }
    return ERROR_UNKNOWN;
}

static bool idle(struct store_writer *port) {
    (void)port; /* the database tidies up by itself */
    return false;
}

static void close_writer(struct store_writer *port) {
    struct postgres_writer *writer = ours(port);
    session_rollback(&writer->session);
    session_finish(&writer->session);
    free(writer);
}

static const struct store_writer_operations operations = {
    .close = close_writer,
    .load = load,
    .persist = persist,
    .rollback = rollback,
    .vouch = vouch,
    .settle = settle,
    .idle = idle,
};

enum error postgres_open_writer(struct store *port, struct store_writer **writer,
                                struct failure *failure) {
    struct postgres_store *store = (struct postgres_store *)port;
    if (store->read_only) {
        return failure_set(failure, ERROR_PERMISSION, "the database is open for reading only");
    }
    struct postgres_writer *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a writer");
    }
    *made = (struct postgres_writer){.port.operations = &operations, .store = store};
    session_init(&made->session, &store->address, &store->queries);
    *writer = &made->port;
    return ERROR_NONE;
}
