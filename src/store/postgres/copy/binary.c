#include "store/postgres/copy/binary.h"

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "base/uuid.h"
#include "store/postgres/epoch.h"

enum { UUID_OID = 2950, UUID_BYTES = 16, CAPACITY_FIRST = 128 * 1024 };

static const uint8_t signature[] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', 0};

bool binary_type_of(uint32_t oid, enum binary_type *type) {
    static const struct {
        uint32_t oid;
        enum binary_type type;
    } types[] = {
        {16, BINARY_BOOL},       {17, BINARY_BYTES},   {20, BINARY_INT8},   {21, BINARY_INT2},
        {23, BINARY_INT4},       {25, BINARY_TEXT},    {1043, BINARY_TEXT}, {1184, BINARY_INSTANT},
        {UUID_OID, BINARY_UUID}, {2951, BINARY_UUIDS},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].oid == oid) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

void binary_finish(struct binary *binary) {
    free(binary->bytes);
    *binary = (struct binary){.bytes = NULL};
}

static void put(struct binary *binary, const void *bytes, size_t count) {
    if (binary->capacity - binary->length < count) {
        size_t capacity = binary->capacity == 0 ? CAPACITY_FIRST : binary->capacity;
        while (capacity - binary->length < count) {
            capacity *= 2;
        }
        uint8_t *more = realloc(binary->bytes, capacity);
        if (more == NULL) {
            binary->spent = true;
            return;
        }
        binary->bytes = more;
        binary->capacity = capacity;
    }
    if (count > 0) {
        memcpy(binary->bytes + binary->length, bytes, count);
        binary->length += count;
    }
}

/* The low `size` bytes, the highest first. */
static void put_integer(struct binary *binary, int64_t value, size_t size) {
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)((uint64_t)value >> (8 * (size - 1 - i)));
    }
    put(binary, bytes, size);
}

static void put_sized(struct binary *binary, const void *bytes, size_t count) {
    put_integer(binary, (int64_t)count, 4);
    put(binary, bytes, count);
}

static void put_number(struct binary *binary, int64_t value, size_t size) {
    put_integer(binary, (int64_t)size, 4);
    put_integer(binary, value, size);
}

void binary_begin(struct binary *binary) {
    put(binary, signature, sizeof signature);
    put_integer(binary, 0, 4); /* no flags */
    put_integer(binary, 0, 4); /* no extension */
}

void binary_end(struct binary *binary) {
    put_integer(binary, -1, 2);
}

void binary_row(struct binary *binary, size_t columns_count) {
    put_integer(binary, (int64_t)columns_count, 2);
}

/* --- values ----------------------------------------------------------------- */

static const char *put_between(struct binary *binary, const struct cell *cell, int64_t least,
                               int64_t most, size_t size) {
    if (cell->kind != CELL_INTEGER) {
        return "is not a whole number";
    }
    if (cell->integer < least || cell->integer > most) {
        return "is a number out of the range of its column";
    }
    put_number(binary, cell->integer, size);
    return NULL;
}

static const char *put_instant(struct binary *binary, const struct cell *cell) {
    if (cell->kind != CELL_INTEGER || cell->integer < 0 || cell->integer > INSTANT_MAX.us) {
        return "is not a time between the years 1970 and 9999";
    }
    put_number(binary, cell->integer - EPOCH_2000_US, 8);
    return NULL;
}

static const char *put_text(struct binary *binary, const struct cell *cell) {
    if (cell->kind != CELL_TEXT) {
        return "is not a text";
    }
    if (!text_is_utf8(cell->bytes)) {
        return "is not UTF-8, or has a NUL in it";
    }
    put_sized(binary, cell->bytes.bytes, cell->bytes.length);
    return NULL;
}

/* The text of one, too: where an adopted table has its order ids as uuids. */
static const char *put_uuid(struct binary *binary, const struct cell *cell) {
    struct uuid parsed;
    if (cell->kind == CELL_BLOB && cell->bytes.length == UUID_BYTES) {
        put_sized(binary, cell->bytes.bytes, UUID_BYTES);
    } else if (cell->kind == CELL_TEXT && uuid_parse(cell->bytes, &parsed)) {
        put_sized(binary, parsed.bytes, UUID_BYTES);
    } else {
        return "is not a UUID, and the column there holds nothing else";
    }
    return NULL;
}

/* An array of one dimension, counted from 1; without elements it has none. */
static const char *put_uuids(struct binary *binary, const struct cell *cell) {
    if (cell->kind != CELL_BLOB || cell->bytes.length % UUID_BYTES != 0) {
        return "is not a list of ids";
    }
    size_t count = cell->bytes.length / UUID_BYTES;
    put_integer(binary, (int64_t)(count == 0 ? 12 : 20 + count * (4 + UUID_BYTES)), 4);
    put_integer(binary, count == 0 ? 0 : 1, 4);
    put_integer(binary, 0, 4); /* no NULLs */
    put_integer(binary, UUID_OID, 4);
    if (count > 0) {
        put_integer(binary, (int64_t)count, 4);
        put_integer(binary, 1, 4);
    }
    for (size_t i = 0; i < count; i++) {
        put_sized(binary, cell->bytes.bytes + i * UUID_BYTES, UUID_BYTES);
    }
    return NULL;
}

static const char *put_bytes(struct binary *binary, const struct cell *cell) {
    if (cell->kind != CELL_BLOB) {
        return "is not a row of bytes";
    }
    put_sized(binary, cell->bytes.bytes, cell->bytes.length);
    return NULL;
}

const char *binary_cell(struct binary *binary, enum binary_type type, const struct cell *cell) {
    if (cell->kind == CELL_NULL) {
        put_integer(binary, -1, 4);
        return NULL;
    }
    switch (type) {
    case BINARY_BOOL:
        return put_between(binary, cell, 0, 1, 1);
    case BINARY_BYTES:
        return put_bytes(binary, cell);
    case BINARY_INT2:
        return put_between(binary, cell, INT16_MIN, INT16_MAX, 2);
    case BINARY_INT4:
        return put_between(binary, cell, INT32_MIN, INT32_MAX, 4);
    case BINARY_INT8:
        return put_between(binary, cell, INT64_MIN, INT64_MAX, 8);
    case BINARY_INSTANT:
        return put_instant(binary, cell);
    case BINARY_TEXT:
        return put_text(binary, cell);
    case BINARY_UUID:
        return put_uuid(binary, cell);
    case BINARY_UUIDS:
        return put_uuids(binary, cell);
    }
    return "is of a type that is not known";
}
