/* shop.h - a database as a shop on Supabase has it before ticketd comes: sql/ makes it.
 *
 * In a cluster of its own, since roles belong to a cluster. Every test takes a
 * copy of the database, changes what it is about, and migrates it. */
#pragma once

#include <stdbool.h>

#include "store/migrate.h"
#include "store/postgres/migration.h"
#include "support/cluster.h"
#include "support/unit.h"

struct shop {
    struct cluster *cluster;
    char template[64];
};

/* cmocka's group set-up and tear-down: *state is the shop. */
int shop_open(void **state);
int shop_close(void **state);

/* A copy, with `change` made by the shop (NULL: none). The URL is that of the role `shop`. */
void shop_database(struct shop *shop, const char *change, char url[DATABASE_URL_SIZE]);
/* An empty one, prepared by share/postgres/roles.sql for ticketd_owner; its URL. */
void shop_empty_database(struct shop *shop, char url[DATABASE_URL_SIZE]);
void shop_drop(struct shop *shop, const char *url);

/* The same database for another role. */
const char *url_as(const char *url, const char *role, char other[DATABASE_URL_SIZE]);

/* As the URL's role; fails the test unless it works. */
void run_sql(const char *url, const char *sql);
/* Fails the test unless the first value of the answer is `expected`. */
void assert_answer(const char *url, const char *sql, const char *expected);
/* The SQLSTATE of a refusal; "00000" where there was none. In a transaction that is rolled back. */
const char *sqlstate_of(const char *url, const char *role, const char *sql);

/* What migrate prints, for the caller to free. */
char *migrate_prints(const char *url, const struct migrate_options *options,
                     struct migrate_result *result);
/* Migrates, which must work. */
void migrate(const char *url);

/* All that pg_dump tells of a database: for the caller to free. Skips the test where pg_dump is
 * older than the server. */
char *dump_of(const char *url, const char *arguments);

/* As store_open() looks at it. `facts` may be NULL. */
enum error check_as(const char *url, const char *role, struct schema_facts *facts,
                    struct failure *failure);
