/* copying.h - a file with something in everything, and a new PostgreSQL database to carry it to.
 *
 * For each test its own: `file` and `database` of cli/fixture.h, and `target`. The cluster is that
 * of the whole program. */
#pragma once

#include "cli/fixture.h"
#include "support/migrated.h"

extern struct migrated migrated;
extern char target[DATABASE_URL_SIZE]; /* migrated, and empty */

int open_cluster(void **state);
int close_cluster(void **state);
int make_both(void **state);
int remove_both(void **state);

#define COPY_TEST(name) cmocka_unit_test_setup_teardown(name, make_both, remove_both)

/* Statements on the file. */
void in_file(const char *sql);
/* The first value on either side, as text. */
void ask_file(const char *sql, char *text, size_t size);
void ask_target(const char *sql, char *text, size_t size);
void in_target(const char *sql);

/* An event of 120 tickets, sold and reserved by a server, with keys; and a row at least in each
 * table. */
void fill_file(char event_id[NAME_SIZE], char type_id[NAME_SIZE]);

/* Not one row in any table that is copied. */
void assert_target_is_empty(void);

/* `ticketd copy` fails, says this, and leaves nothing behind. */
void assert_copy_fails(const char *says);
