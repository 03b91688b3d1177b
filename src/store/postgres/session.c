#include "store/postgres/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/instant.h"
#include "store/postgres/state.h"

enum {
    ROLLBACK_LIMIT_MS = 2000,
    BACKOFF_MIN_MS = 100,
    BACKOFF_MAX_MS = 2000,
};

void session_init(struct session *session, const struct address *address,
                  const struct queries *queries) {
    *session = (struct session){.address = address, .queries = queries};
    parameters_init(&session->parameters);
}

void session_finish(struct session *session) {
    session_drop(session);
    parameters_finish(&session->parameters);
}

static void forget_result(struct session *session) {
    PQclear(session->result);
    session->result = NULL;
}

void session_drop(struct session *session) {
    forget_result(session);
    PQfinish(session->connection);
    session->connection = NULL;
    session->in_transaction = false;
    memset(session->prepared, 0, sizeof session->prepared);
}

/* The only warning that matters: a wait for a synchronous standby was cut short. A trigger of the
 * shop's may warn by the same letters, but does so before the COMMIT is taken. */
static void hear(void *context, const PGresult *notice) {
    struct session *session = context;
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    bool is_commit = session->taken > 0 && session->steps[session->taken - 1] == QUERY_commit;
    session->warned |= is_commit && state != NULL && strcmp(state, "01000") == 0;
}

/* An attempt may take seconds, and whoever waits for it could have been told at once. */
static void back_off(struct session *session) {
    session->backoff_ms = session->backoff_ms == 0 ? BACKOFF_MIN_MS : 2 * session->backoff_ms;
    if (session->backoff_ms > BACKOFF_MAX_MS) {
        session->backoff_ms = BACKOFF_MAX_MS;
    }
    session->next_attempt_us = monotonic_us() + INT64_C(1000) * session->backoff_ms;
}

enum error session_connect(struct session *session, struct failure *failure) {
    if (session->connection != NULL) {
        return ERROR_NONE;
    }
    if (session->backoff_ms != 0 && monotonic_us() < session->next_attempt_us) {
        return failure_set(failure, session->refusal.error, "%s", session->refusal.sentence);
    }
    enum error error = address_connect(session->address, &session->connection, &session->refusal);
    if (error != ERROR_NONE) {
        back_off(session);
        return failure_set(failure, error, "%s", session->refusal.sentence);
    }
    session->backoff_ms = 0;
    PQsetNoticeReceiver(session->connection, hear, session);
    if (PQsetnonblocking(session->connection, 1) != 0 ||
        PQenterPipelineMode(session->connection) != 1) {
        session_drop(session);
        return failure_set(failure, ERROR_UNAVAILABLE, "no memory for a database connection");
    }
    return ERROR_NONE;
}

/* --- errors ----------------------------------------------------------------- */

/* The first one of the trip stays. */
static void fail(struct session *session, enum error error, const char *sentence) {
    if (session->error == ERROR_NONE) {
        session->error = failure_set(&session->failure, error, "%s", sentence);
    }
}

/* Nothing more will be heard. */
static void lose(struct session *session, const char *sentence) {
    session->lost |= session->error == ERROR_NONE;
    fail(session, ERROR_RETRY, sentence);
    session_drop(session);
}

static void lose_connection(struct session *session) {
    char sentence[200];
    const char *why = PQerrorMessage(session->connection);
    snprintf(sentence, sizeof sentence, "the database connection was lost: %.*s",
             (int)strcspn(why, "\n"), why);
    lose(session, sentence);
}

static void fail_by_result(struct session *session, const PGresult *result, enum query query) {
    if (session->error != ERROR_NONE) {
        return; /* what follows an error is not carried out, and says only that */
    }
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *why = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    enum error error = query == QUERY_commit ? state_error_of_commit(state) : state_error(state);
    session->broken |= state_ends_connection(state);
    session->blocked |= state_is_blocked(state);
    char sentence[200];
    if (error == ERROR_INVALID) {
        snprintf(sentence, sizeof sentence,
                 "a pooler stands before the database: add prepare=off to its address (%s)", state);
    } else {
        snprintf(sentence, sizeof sentence, "the database says at %s: %.120s (%s)",
                 query_name(query), why == NULL ? "nothing" : why, state == NULL ? "-----" : state);
    }
    fail(session, error, sentence);
}

/* --- bytes ------------------------------------------------------------------ */

/* Waits until the socket can be used. False: time is up, or it broke. */
static bool wait_for_socket(struct session *session, short events) {
    int64_t left_us = session->deadline_us - monotonic_us();
    struct pollfd socket = {.fd = PQsocket(session->connection), .events = events};
    int ready = left_us <= 0 ? 0 : poll(&socket, 1, (int)(left_us / 1000) + 1);
    if (ready > 0 || (ready < 0 && errno == EINTR)) {
        return true;
    }
    lose(session, "the database did not answer in time");
    return false;
}

/* Reads while it writes: the database may not take more before its answers are taken. */
static void flush(struct session *session) {
    int left;
    while (session->connection != NULL && (left = PQflush(session->connection)) != 0) {
        if (left < 0 || (wait_for_socket(session, POLLIN | POLLOUT) &&
                         PQconsumeInput(session->connection) == 0)) {
            lose_connection(session);
        }
    }
}

/* NULL: the end of a statement's results, or the connection is lost. */
static PGresult *next_result(struct session *session) {
    while (session->connection != NULL && PQisBusy(session->connection) == 1) {
        if (wait_for_socket(session, POLLIN) && PQconsumeInput(session->connection) == 0) {
            lose_connection(session);
        }
    }
    return session->connection == NULL ? NULL : PQgetResult(session->connection);
}

/* --- a trip ----------------------------------------------------------------- */

void session_begin_trip(struct session *session, int limit_ms) {
    require(session->connection != NULL);
    session->sent = 0;
    session->taken = 0;
    session->error = ERROR_NONE;
    session->lost = false;
    session->broken = false;
    session->blocked = false;
    session->warned = false;
    session->deadline_us = monotonic_us() + (int64_t)limit_ms * 1000;
    parameters_clear(&session->parameters);
}

struct parameters *session_parameters(struct session *session) {
    return &session->parameters;
}

static void add_step(struct session *session, enum query query, bool is_preparation) {
    require(session->sent < STEPS_MAX);
    session->steps[session->sent] = query;
    session->is_preparation[session->sent++] = is_preparation;
}

static bool send_preparation(struct session *session, enum query query) {
    if (!session->address->prepares || session->prepared[query]) {
        return true;
    }
    if (PQsendPrepare(session->connection, query_name(query), session->queries->texts[query], 0,
                      NULL) != 1) {
        return false;
    }
    session->prepared[query] = true;
    add_step(session, query, true);
    return true;
}

static bool send_statement(struct session *session, enum query query) {
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    int count = session->parameters.count;
    parameters_list(&session->parameters, values, lengths, formats);
    return session->address->prepares
               ? PQsendQueryPrepared(session->connection, query_name(query), count, values, lengths,
                                     formats, 1) == 1
               : PQsendQueryParams(session->connection, session->queries->texts[query], count, NULL,
                                   values, lengths, formats, 1) == 1;
}

void session_send(struct session *session, enum query query) {
    if (session->error != ERROR_NONE) {
        return;
    }
    if (session->parameters.spent) {
        fail(session, ERROR_MEMORY, "no memory for a statement's parameters");
    } else if (send_preparation(session, query) && send_statement(session, query)) {
        add_step(session, query, false);
        session->in_transaction |= query == QUERY_begin || query == QUERY_snapshot;
    } else {
        lose_connection(session);
    }
    parameters_clear(&session->parameters);
}

void session_depart(struct session *session) {
    if (session->connection == NULL) {
        return;
    }
    /* Sent even after a failure, so that the results of what was sent come to an end. */
    if (PQpipelineSync(session->connection) != 1) {
        lose_connection(session);
    }
    flush(session);
}

/* What came for a step, its NULL behind it read too. */
static PGresult *take_step(struct session *session) {
    PGresult *result = next_result(session);
    for (PGresult *more = result == NULL ? NULL : next_result(session); more != NULL;
         more = next_result(session)) {
        PQclear(result);
        result = more;
    }
    if (result == NULL && session->connection != NULL) {
        lose(session, "the database's answers are out of step");
    }
    return result;
}

static bool is_good(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* False: it is an error. */
static bool look_at(struct session *session, const PGresult *result, int step) {
    enum query query = session->steps[step];
    if (is_good(result)) {
        return true;
    }
    session->prepared[query] = session->prepared[query] && !session->is_preparation[step];
    fail_by_result(session, result, query);
    return false;
}

/* The next statement's result, and which it was; what was prepared for it is passed. */
static PGresult *take_next(struct session *session, enum query *step) {
    while (session->error == ERROR_NONE) {
        require(session->taken < session->sent);
        int taken = session->taken++;
        forget_result(session); /* the next one may not come */
        session->result = take_step(session);
        if (session->result == NULL || !look_at(session, session->result, taken)) {
            break;
        }
        if (!session->is_preparation[taken]) {
            *step = session->steps[taken];
            return session->result;
        }
    }
    return NULL;
}

PGresult *session_take(struct session *session, enum query query) {
    enum query step;
    PGresult *result = take_next(session, &step);
    require(result == NULL || step == query);
    return result;
}

PGresult *session_pass_to(struct session *session, enum query query) {
    enum query step;
    PGresult *result;
    do {
        result = take_next(session, &step);
    } while (result != NULL && step != query);
    return result;
}

PGresult *session_keep(struct session *session) {
    PGresult *result = session->result;
    session->result = NULL;
    return result;
}

void session_pass(struct session *session, enum query query) {
    (void)session_take(session, query);
}

/* Everything up to the end of the pipeline. An error that nobody took counts, too; and what was to
 * be prepared and was not is to be prepared again. */
static void drain(struct session *session) {
    bool ended = false;
    while (session->connection != NULL && !ended) {
        PGresult *result = next_result(session);
        ended = PQresultStatus(result) == PGRES_PIPELINE_SYNC ||
                (result == NULL && PQstatus(session->connection) != CONNECTION_OK);
        if (result != NULL && !ended && session->taken < session->sent) {
            look_at(session, result, session->taken++);
        }
        PQclear(result);
    }
}

enum error session_arrive(struct session *session, struct failure *failure) {
    forget_result(session);
    drain(session);
    if (session->connection != NULL &&
        (session->broken || PQstatus(session->connection) != CONNECTION_OK)) {
        session_drop(session);
    }
    if (session->error != ERROR_NONE && failure != NULL) {
        *failure = session->failure;
    }
    return session->error;
}

void session_rollback(struct session *session) {
    if (session->connection == NULL || !session->in_transaction) {
        return;
    }
    struct failure ignored;
    session_begin_trip(session, ROLLBACK_LIMIT_MS);
    session_send(session, QUERY_rollback);
    session_depart(session);
    session_pass(session, QUERY_rollback);
    session->in_transaction = false;
    if (session_arrive(session, &ignored) != ERROR_NONE) {
        session_drop(session);
    }
}
