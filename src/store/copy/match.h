/* match.h - does each table and column of one database have its place in the other?
 *
 * Found out before anything is copied: what has no place would be lost, and what nobody writes
 * would be empty. */
#pragma once

#include "base/failure.h"
#include "store/copy/table.h"

/* Takes out of `source` what it keeps for itself, and insists that the rest is what `target` has:
 * ERROR_INVALID names the first table or column that only one of them has. */
MUST_USE enum error copy_match(struct copy_tables *source, const struct copy_tables *target,
                               struct failure *failure);

/* NULL: there is none. */
const struct copy_table *copy_table_named(const struct copy_tables *tables, const char *name);
