/* table.h - rows of text under each other, aligned, for people. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

enum { TABLE_COLUMNS_MAX = 12 };

struct table {
    struct arena *arena;
    const char *const *titles; /* a title that begins with '>' puts its column to the right */
    size_t columns;
    const char ***rows;
    size_t count, capacity;
    bool failed; /* the arena was spent: rows are missing, and it says so */
};

/* `titles` ends with NULL and outlives the table. */
void table_init(struct table *table, struct arena *arena, const char *const *titles);

/* One cell per column, NULL for an empty one. The texts must outlive the table. */
void table_add(struct table *table, const char *const *cells);

void table_print(const struct table *table, FILE *out);
