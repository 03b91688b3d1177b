/* migrating.h - one migrate under way: its connection, its transaction, its plan.
 *
 * Private to postgres/migration.c and postgres/adoption/. Everything is asked one
 * after the other, in text: this happens once in the life of a database. */
#pragma once

#include "store/postgres/adoption/plan.h"
#include "store/postgres/migration.h"

struct migrating {
    PGconn *connection;
    const struct migrate_options *options;
    struct failure *failure;
    struct plan plan;
    const char *schema;  /* where the founding tables are, or will be */
    const char *made;    /* "{venues,events}": those that this migrate makes, as an array's text */
    bool undone_by_twin; /* another migrate was faster: look again */
    char title[256];     /* of the plan; empty: there is none to be told */
};

/* Runs one or more statements without parameters; rows are not looked at. */
MUST_USE enum error migrating_run(struct migrating *migrating, const char *sql);

/* The end of a COPY: its result, as migrating_run has it. */
MUST_USE enum error migrating_end(struct migrating *migrating);

struct question {
    const char *sql;
    const char *parameters[3]; /* in text; NULL: no more */
};

/* *answer is for the caller to clear; NULL on an error. */
MUST_USE enum error migrating_ask(struct migrating *migrating, const struct question *question,
                                  PGresult **answer);

/* A text of catalog/ with the schema's quoted name for {schema}. NULL: the arena is spent. */
const char *migrating_text(struct migrating *migrating, const unsigned char *text);

/* Asks a text of catalog/ that answers with (kind, what, sql) and puts the rows where they belong:
 * `step` into the part, `note`, `blocker`; `rows` asks for rows that stand in the way, `probe` a
 * question whose answer stands there. `parameter` is $2, or NULL. */
MUST_USE enum error migrating_plan(struct migrating *migrating, enum plan_part part,
                                   const unsigned char *text, const char *parameter);

/* ERROR_MEMORY where the plan is not whole. */
MUST_USE enum error migrating_whole(const struct migrating *migrating);
