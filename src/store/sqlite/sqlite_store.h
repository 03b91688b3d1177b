/* sqlite_store.h - the default store: one file, one writing process. */
#pragma once

#include "store/store.h"

/* `path` is the file's; it is copied. See store_open() for the errors. */
MUST_USE enum error sqlite_store_open(const char *path, const struct store_options *options,
                                      struct store **store, struct failure *failure);
