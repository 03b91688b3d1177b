/* binary.h - a row as PostgreSQL's COPY … (FORMAT binary) takes it.
 *
 * Values are turned into what the target's column holds: an adopted table keeps its own types. What
 * comes from the source is input: a value that cannot be what the column wants is told, with why.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/copy/table.h"

enum binary_type {
    BINARY_BOOL,
    BINARY_BYTES,
    BINARY_INT2,
    BINARY_INT4,
    BINARY_INT8,
    BINARY_INSTANT,
    BINARY_TEXT,
    BINARY_UUID,
    BINARY_UUIDS,
};

/* Of a type's OID. False: it is one that ticketd does not write. */
bool binary_type_of(uint32_t oid, enum binary_type *type);

/* Rows one behind the other, as they are sent. */
struct binary {
    uint8_t *bytes;
    size_t length, capacity;
    bool spent; /* there was no memory */
};

void binary_finish(struct binary *binary);

/* What every stream begins and ends with. */
void binary_begin(struct binary *binary);
void binary_end(struct binary *binary);
enum { BINARY_HEAD_SIZE = 19, BINARY_END_SIZE = 2 };

/* A row has this many values; they follow by binary_cell(). */
void binary_row(struct binary *binary, size_t columns_count);

/* NULL, or what is wrong with the value. */
const char *binary_cell(struct binary *binary, enum binary_type type, const struct cell *cell);
