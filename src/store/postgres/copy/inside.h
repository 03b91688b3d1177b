/* inside.h - a reader of what a transaction has written and nobody else sees yet.
 *
 * The one reader there is, on a connection whose transaction is open: its snapshots are savepoints
 * of it. A snapshot that fails ends the transaction, as an error of its own would. */
#pragma once

#include "store/postgres/opened.h"
#include "store/reader.h"

struct inside {
    struct postgres_store store; /* that of the connection, but for two queries */
    struct store_reader *reader;
};

/* The connection is the reader's until inside_close(). `inside` stays where it is. */
MUST_USE enum error inside_open(struct inside *inside, const struct postgres_store *store,
                                PGconn *connection, struct failure *failure);

/* Gives the connection back; NULL where it was lost. After an inside_open() that failed, too. */
PGconn *inside_close(struct inside *inside);
