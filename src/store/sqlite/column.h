/* column.h - values into statements and out of rows.
 *
 * What comes from the file is input: each value is checked when it is read. A
 * bad one leaves a harmless value and a sentence in `fault` (the first one
 * stays); the row is read to its end and the caller decides what to do with it. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"

/* Parameters count from 1. Values are not copied: they must outlive the step. None and absent
 * become NULL. */
void bind_uuid(sqlite3_stmt *statement, int parameter, const struct uuid *id);
void bind_text(sqlite3_stmt *statement, int parameter, struct text text);
void bind_instant(sqlite3_stmt *statement, int parameter, struct instant at);
void bind_bytes(sqlite3_stmt *statement, int parameter, const void *bytes, size_t count);

static inline void bind_integer(sqlite3_stmt *statement, int parameter, int64_t value) {
    sqlite3_bind_int64(statement, parameter, value);
}

/* NULL for zero: limits that are not set. */
void bind_limit(sqlite3_stmt *statement, int parameter, int64_t value);

struct columns {
    sqlite3_stmt *statement;
    struct arena *arena; /* texts are copied into it; NULL: they live until the next step */
    bool spent;          /* the arena is */
    const char *fault;   /* NULL: all well so far */
};

/* Columns count from 0. `or_none`: NULL is allowed. */
struct uuid column_uuid(struct columns *columns, int column);
struct uuid column_uuid_or_none(struct columns *columns, int column);
struct text column_text(struct columns *columns, int column);
struct text column_text_or_none(struct columns *columns, int column);
struct text column_blob(struct columns *columns, int column);
struct instant column_instant(struct columns *columns, int column);
struct instant column_instant_or_none(struct columns *columns, int column);
int64_t column_integer(struct columns *columns, int column, int64_t min, int64_t max);
void column_bytes(struct columns *columns, int column, uint8_t *bytes, size_t count);

/* Remembers the first fault. */
void columns_blame(struct columns *columns, const char *fault);
