/* target.h - an empty database that is filled with rows from elsewhere, all of them or none.
 *
 *     copy_target_open -> copy_target_tables, copy_target_begin -> (copy_target_fill,
 * copy_target_row, …, copy_target_filled), …
 *         -> copy_target_open_reader, copy_target_close_reader -> copy_target_keep ->
 * copy_target_close
 *
 * One transaction on one connection: whatever goes wrong before copy_target_keep(), and however
 * this process ends, the database is as it was. One thread. */
#pragma once

#include "base/failure.h"
#include "store/copy/table.h"
#include "store/reader.h"

struct copy_target;

/* ERROR_NOT_FOUND, ERROR_INVALID: it is not of this version's form; the sentence says what to run.
 */
MUST_USE enum error copy_target_open(const char *url, struct copy_target **target,
                                     struct failure *failure);
void copy_target_close(struct copy_target *target); /* accepts NULL */

/* What there is to be filled. A column of a type that ticketd does not write is ERROR_INVALID. */
MUST_USE enum error copy_target_tables(struct copy_target *target, struct copy_tables *tables,
                                       struct failure *failure);

/* Begins the transaction; nobody else makes an event until it ends. A table that is not empty is
 * ERROR_INVALID, and named. */
MUST_USE enum error copy_target_begin(struct copy_target *target, struct failure *failure);

/* The next rows are of these columns of that table. */
MUST_USE enum error copy_target_fill(struct copy_target *target, const struct copy_table *table,
                                     struct failure *failure);
/* A value that the column cannot hold is ERROR_INVALID: the failure names table, row and column. */
MUST_USE enum error copy_target_row(struct copy_target *target, const struct cell *cells,
                                    struct failure *failure);
/* No more rows of that table. Reads them back: they are what was sent, or it is ERROR_CORRUPT. */
MUST_USE enum error copy_target_filled(struct copy_target *target, struct failure *failure);

/* Reads what has been filled in, which nobody else sees yet. It has the connection until it is
 * closed. */
MUST_USE enum error copy_target_open_reader(struct copy_target *target,
                                            struct store_reader **reader, struct failure *failure);
void copy_target_close_reader(struct copy_target *target);

/* Commits. *analyzed: the planner knows the new rows, too; only their owner may tell it.
 * ERROR_UNKNOWN: the connection was lost meanwhile, and all of it may be there, or nothing. */
MUST_USE enum error copy_target_keep(struct copy_target *target, bool *analyzed,
                                     struct failure *failure);
