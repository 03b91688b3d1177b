/* session.h - one connection, asked many things at once and answered in order.
 *
 * A trip is one exchange of bytes: statements are sent one after the other without waiting
 * (libpq's pipeline mode), then their results are taken in the same order.
 *
 *     session_begin_trip -> session_send, … -> session_depart -> session_take, … -> session_arrive
 *
 * After the first error of a trip the rest of it is not carried out, and whatever is asked of the
 * session until session_arrive() fails in the same way: only the end need be looked at. One thread
 * at a time. Statements are prepared by name when they are first sent, unless the address forbids
 * it. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/postgres/address.h"
#include "store/postgres/parameters.h"
#include "store/postgres/query.h"

enum { STEPS_MAX = 64 }; /* statements of one trip */

struct session {
    const struct address *address;
    const struct queries *queries;
    PGconn *connection; /* NULL: none */
    struct parameters parameters;
    bool prepared[QUERIES_COUNT];

    /* The trip under way. */
    enum query steps[STEPS_MAX];
    bool is_preparation[STEPS_MAX];
    int sent, taken;
    PGresult *result; /* of the step taken last */
    int64_t deadline_us;
    enum error error;
    struct failure failure;

    bool lost;    /* the trip failed because nothing more was heard, not because of a refusal */
    bool blocked; /* the trip failed because a lock was not granted in time */
    bool broken;  /* the connection is of no more use, though it may still be open */
    int64_t next_attempt_us; /* to connect; monotonic */
    int backoff_ms;          /* 0: the last attempt succeeded */
    struct failure refusal;  /* of the last one that did not */

    bool in_transaction; /* the database has one of ours open, perhaps a failed one */
    bool warned;         /* a WARNING 01000 came: a synchronous standby was not waited for */
};

void session_init(struct session *session, const struct address *address,
                  const struct queries *queries);
void session_finish(struct session *session);

/* Connects where it is not connected. After an attempt that failed, those of the next moments fail
 * at once, with the same words: ever longer ones, up to 2 s. */
MUST_USE enum error session_connect(struct session *session, struct failure *failure);

/* Lets go of the connection without a word: what it had open is rolled back by the database. */
void session_drop(struct session *session);

/* A trip may take `limit_ms`; after that the connection is dropped. Connected before. */
void session_begin_trip(struct session *session, int limit_ms);

/* Where the next statement's parameters are put. */
struct parameters *session_parameters(struct session *session);

/* Sends a statement with the parameters given since the last one. */
void session_send(struct session *session, enum query query);

/* Nothing more is sent in this trip. */
void session_depart(struct session *session);

/* The next result, which must be that of `query`: good until the next one is taken. NULL: the trip
 * has failed. */
PGresult *session_take(struct session *session, enum query query);

/* The result taken last is the caller's now, who clears it. */
PGresult *session_keep(struct session *session);

/* As session_take, for a statement whose rows are not looked at. */
void session_pass(struct session *session, enum query query);

/* As session_take, of the next statement of that name: the rows of those before it are not looked
 * at. */
PGresult *session_pass_to(struct session *session, enum query query);

/* Ends the trip: what was not taken is thrown away. The trip's first error, with a sentence. The
 * connection is dropped where it can no longer be used. */
MUST_USE enum error session_arrive(struct session *session, struct failure *failure);

/* Ends an open transaction, without a trace. */
void session_rollback(struct session *session);
