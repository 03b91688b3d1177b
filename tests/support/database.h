/* database.h - databases of a PostgreSQL cluster, for tests: made from a template, dropped, asked.
 *
 * Every call is a connection of its own. A database is named by its URL; those
 * that are made here differ from the maintenance URL in nothing but the name. */
#pragma once

#include <stddef.h>

#include "base/failure.h"

enum { DATABASE_URL_SIZE = 256 };

/* The maintenance URL that `with_postgres` gives to what runs below it; NULL: there is none. */
const char *database_maintenance_url(void);

/* The URL with another database in it: "postgres://u@h:1/postgres?x=y" ->
 * "postgres://u@h:1/NAME?x=y".
 */
void database_url(const char *url, const char *name, char result[DATABASE_URL_SIZE]);

/* Makes a database with a name of its own: `template` names the one it copies, to which nobody may
 * be connected; NULL: an empty one. Its URL goes into `url`. */
MUST_USE enum error database_create(const char *maintenance_url, const char *template,
                                    char url[DATABASE_URL_SIZE], struct failure *failure);

/* Disconnects whoever is there, and drops it. */
MUST_USE enum error database_drop(const char *maintenance_url, const char *url,
                                  struct failure *failure);

/* The name in a URL, for `template`. */
const char *database_name(const char *url, char name[64]);

/* Runs one or more statements, as one transaction where they are no transactions themselves. */
MUST_USE enum error database_execute(const char *url, const char *sql, struct failure *failure);

/* The first column of the first row as text; "" for NULL. ERROR_NOT_FOUND: there is no row. */
MUST_USE enum error database_ask(const char *url, const char *sql, char *text, size_t size,
                                 struct failure *failure);
