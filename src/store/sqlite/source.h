/* source.h - what is in a file, table by table and row by row, for who carries it elsewhere.
 *
 * One snapshot from its opening to its close. Knows no table by name: it reads what the schema
 * says. One thread. */
#pragma once

#include "base/failure.h"
#include "store/copy/table.h"
#include "store/store.h"

struct copy_source;

/* `store` is a file that is open to be written: its lock keeps everybody else from writing. It
 * outlives the source. */
MUST_USE enum error copy_source_open(struct store *store, struct copy_source **source,
                                     struct failure *failure);
void copy_source_close(struct copy_source *source); /* accepts NULL */

/* All tables in the order in which they were made, so that what is referred to comes first, with
 * the number of their rows. */
MUST_USE enum error copy_source_tables(struct copy_source *source, struct copy_tables *tables,
                                       struct failure *failure);

/* Begins to read these columns of the table, in the order of its primary key. */
MUST_USE enum error copy_source_select(struct copy_source *source, const struct copy_table *table,
                                       struct failure *failure);

/* The next row, as many cells as there are columns; *there false: it was the last. */
MUST_USE enum error copy_source_next(struct copy_source *source,
                                     struct cell cells[COPY_COLUMNS_MAX], bool *there,
                                     struct failure *failure);
