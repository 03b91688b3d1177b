/* postgres_store.h - many servers over one database. */
#pragma once

#include "store/store.h"

/* `url` as address.h has it. Looks at the schema and never changes it: `ticketd migrate` does. */
MUST_USE enum error postgres_store_open(const char *url, const struct store_options *options,
                                        struct store **store, struct failure *failure);
