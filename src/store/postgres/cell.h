/* cell.h - values out of the rows of a result.
 *
 * What comes from the database is input: each value is checked when it is read. A bad one leaves a
 * harmless value and a sentence in `fault` (the first one stays); the row is read to its end and
 * the caller decides what to do with it. Integers and texts are read by the type they have in the
 * table: an adopted one keeps its own. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"

struct cells {
    const PGresult *result;
    int row;
    struct arena *arena; /* texts are copied into it; NULL: they live as long as the result, and a
                          * uuid that is read as a text until the next one */
    bool spent;          /* the arena is */
    const char *fault;   /* NULL: all well so far */
    char uuid_text[UUID_TEXT_SIZE];
};

/* Columns count from 0. `or_none`: NULL is allowed. */
bool cell_is_null(const struct cells *cells, int column);
struct uuid cell_uuid(struct cells *cells, int column);
struct uuid cell_uuid_or_none(struct cells *cells, int column);
struct text cell_text(struct cells *cells, int column);
struct text cell_text_or_none(struct cells *cells, int column);
struct text cell_word(struct cells *cells, int column); /* only looked at: never copied */
struct text cell_blob(struct cells *cells, int column);
struct instant cell_instant(struct cells *cells, int column);
struct instant cell_instant_or_none(struct cells *cells, int column);
int64_t cell_integer(struct cells *cells, int column, int64_t min, int64_t max);
bool cell_bool(struct cells *cells, int column);
void cell_bytes(struct cells *cells, int column, uint8_t *bytes, size_t count);
/* A uuid[]; NULL with *count 0 where it is empty. */
const struct uuid *cell_uuids(struct cells *cells, int column, size_t *count);

/* Remembers the first fault. */
void cells_blame(struct cells *cells, const char *fault);
