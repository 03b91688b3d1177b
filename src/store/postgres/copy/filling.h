/* filling.h - what the parts of a target share. Private to store/postgres/copy/. */
#pragma once

#include <libpq-fe.h>

#include "store/postgres/copy/binary.h"
#include "store/postgres/copy/digest.h"
#include "store/postgres/copy/inside.h"
#include "store/postgres/copy/target.h"

enum { QUALIFIED_SIZE = 2 * (2 * COPY_NAME_SIZE + 2) + 1 }; /* each letter may be a quote */

/* What is known of the table with the same number in `tables`. */
struct place {
    char qualified[QUALIFIED_SIZE];
    enum binary_type types[COPY_COLUMNS_MAX];
};

struct copy_target {
    struct store *store;
    PGconn *connection;
    struct copy_tables tables;
    struct place places[COPY_TABLES_MAX];
    struct inside inside;
    bool warned; /* a WARNING 01000 came */

    /* The table that is being filled. */
    const struct copy_table *table;
    const struct place *place;
    enum binary_type types[COPY_COLUMNS_MAX]; /* in the order in which the columns are sent */
    struct binary binary;
    struct digest sent;
};

/* Why the database does not do it: its own words, or that it was lost. */
enum error target_refused(struct copy_target *target, const PGresult *result, const char *doing,
                          struct failure *failure);
