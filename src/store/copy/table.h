/* table.h - a table, its columns and its rows, whichever database they are in.
 *
 * Both sides of a copy describe their tables by these structs; neither knows the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum {
    COPY_NAME_SIZE = 64,   /* PostgreSQL's own limit, with the NUL */
    COPY_TABLES_MAX = 64,  /* ticketd has sixteen */
    COPY_COLUMNS_MAX = 64, /* its widest has 25; a shop's may have some of its own */
};

struct copy_column {
    char name[COPY_NAME_SIZE];
    bool is_key; /* rows are named by it where one is wrong */
};

struct copy_table {
    char name[COPY_NAME_SIZE];
    struct copy_column columns[COPY_COLUMNS_MAX];
    size_t columns_count;
    int64_t rows; /* where they were counted */
};

struct copy_tables {
    struct copy_table list[COPY_TABLES_MAX];
    size_t count;
};

enum cell_kind { CELL_NULL, CELL_INTEGER, CELL_TEXT, CELL_BLOB, CELL_OTHER };

/* One value as the source has it; `bytes` live until the next row. */
struct cell {
    enum cell_kind kind;
    int64_t integer;
    struct text bytes;
};
