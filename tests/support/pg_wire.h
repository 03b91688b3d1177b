/* pg_wire.h - PostgreSQL's protocol, version 3: whole messages, and the few that matter. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg_message {
    char kind;
    const uint8_t *body;
    size_t body_length;
    size_t size; /* of all of it */
};

/* False: it is not whole yet. */
bool pg_message_read(const uint8_t *bytes, size_t length, struct pg_message *message);

/* What a client begins with has no kind. False: it is not whole yet. */
bool pg_start_size(const uint8_t *bytes, size_t length, size_t *size);
bool pg_start_wants_encryption(const uint8_t *start);

/* Of a Parse: its statement has no name; it is a COMMIT. */
bool pg_message_is_unnamed(const struct pg_message *message);
bool pg_message_parses_commit(const struct pg_message *message);

/* A Bind of the statement `commit`, or of the one without a name where that is a COMMIT. */
bool pg_message_binds_commit(const struct pg_message *message, bool unnamed_commits);

/* A Query. */
bool pg_message_queries_commit(const struct pg_message *message);

/* The database has committed. */
bool pg_message_completes_commit(const struct pg_message *message);

/* Of a ReadyForQuery: a transaction is open, and has not failed. */
bool pg_message_is_in_transaction(const struct pg_message *message);
