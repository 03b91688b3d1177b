/* plan.h - what will be done to a database, why, and what stands in its way.
 *
 * A person reads it before it is carried out: each step has its reason and its
 * SQL. Steps are carried out part by part, in this order. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

enum plan_part {
    PART_SCHEMA, /* made before the rest is planned: new objects disturb nobody */
    PART_COLUMNS,
    PART_PAUSE,
    PART_ROWS,
    PART_RESUME,
    PART_FOREIGN_KEYS,
    PART_CONSTRAINTS,
    PART_INDEXES,
    PART_OPENINGS, /* written by opening.c: their lines are for reading */
    PART_RIGHTS,
    PARTS_COUNT,
};

struct plan_line {
    const char *what; /* why, or what */
    const char *sql;  /* NULL: none */
    struct plan_line *next;
};

struct plan_list {
    struct plan_line *first, **end;
    size_t count;
};

struct plan {
    struct arena arena;
    struct plan_list parts[PARTS_COUNT];
    struct plan_list blockers;    /* each must be gone before anything is done */
    struct plan_list differences; /* blockers, unless they are accepted */
    struct plan_list notes;
    bool spent; /* the arena is: the plan is not whole */
};

void plan_init(struct plan *plan);
void plan_finish(struct plan *plan);

/* Copies both texts; `sql` may be NULL. */
void plan_add(struct plan *plan, struct plan_list *list, const char *what, const char *sql);

/* Of the parts, not counting those that are only read. */
size_t plan_steps(const struct plan *plan);

struct plan_view {
    const char *title;
    bool with_sql;
    bool accepts_differences;
};

void plan_print(const struct plan *plan, const struct plan_view *view, FILE *out);
