/* migrated.h - PostgreSQL databases of ticketd's form: cheap ones, each the copy of one migrated.
 *
 * In the cluster of $TICKETD_TEST_POSTGRES, or else in one of its own. */
#pragma once

#include "support/cluster.h"

struct migrated {
    struct cluster *cluster; /* NULL: the one that was there */
    char maintenance[DATABASE_URL_SIZE], template[DATABASE_URL_SIZE];
};

MUST_USE enum error migrated_open(struct migrated *migrated, struct failure *failure);

/* Drops the template, or all with the cluster. Accepts a zeroed one. */
void migrated_close(struct migrated *migrated);

/* A fresh database; nobody else has it. database_drop() with migrated->maintenance removes it. */
MUST_USE enum error migrated_database(const struct migrated *migrated, char url[DATABASE_URL_SIZE],
                                      struct failure *failure);
