#include "store/postgres/cell.h"

#include <endian.h>
#include <string.h>

#include "store/postgres/epoch.h"
#include "store/postgres/parameters.h"

void cells_blame(struct cells *cells, const char *fault) {
    if (cells->fault == NULL) {
        cells->fault = fault;
    }
}

bool cell_is_null(const struct cells *cells, int column) {
    return PQgetisnull(cells->result, cells->row, column) == 1;
}

static const char *bytes_of(const struct cells *cells, int column) {
    return PQgetvalue(cells->result, cells->row, column);
}

static size_t length_of(const struct cells *cells, int column) {
    return (size_t)PQgetlength(cells->result, cells->row, column);
}

static enum type_oid type_of(const struct cells *cells, int column) {
    return (enum type_oid)PQftype(cells->result, column);
}

struct uuid cell_uuid_or_none(struct cells *cells, int column) {
    struct uuid id = UUID_NONE;
    if (cell_is_null(cells, column)) {
        return id;
    }
    if (type_of(cells, column) != OID_UUID || length_of(cells, column) != sizeof id.bytes) {
        cells_blame(cells, "an id is not a uuid");
        return id;
    }
    memcpy(id.bytes, bytes_of(cells, column), sizeof id.bytes);
    return id;
}

struct uuid cell_uuid(struct cells *cells, int column) {
    struct uuid id = cell_uuid_or_none(cells, column);
    if (uuid_is_none(id)) {
        cells_blame(cells, "an id is missing");
    }
    return id;
}

static struct text keep(struct cells *cells, struct text text) {
    if (cells->arena == NULL || text_is_absent(text)) {
        return text;
    }
    struct text copy = arena_copy(cells->arena, text);
    cells->spent |= text_is_absent(copy);
    return copy;
}

struct text cell_word(struct cells *cells, int column) {
    if (cell_is_null(cells, column)) {
        return TEXT_NONE;
    }
    switch ((unsigned)type_of(cells, column)) {
    case OID_UUID:
        return text_of(uuid_format(cell_uuid(cells, column), cells->uuid_text));
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
        return (struct text){bytes_of(cells, column), length_of(cells, column)};
    default:
        cells_blame(cells, "a text is of another type");
        return TEXT("");
    }
}

struct text cell_text_or_none(struct cells *cells, int column) {
    struct text word = cell_word(cells, column);
    if (!text_is_absent(word) && !text_is_utf8(word)) {
        cells_blame(cells, "a text is not UTF-8");
        word = TEXT("");
    }
    return keep(cells, word);
}

struct text cell_text(struct cells *cells, int column) {
    struct text text = cell_text_or_none(cells, column);
    if (text_is_absent(text)) {
        cells_blame(cells, "a text is missing");
        return TEXT("");
    }
    return text;
}

struct text cell_blob(struct cells *cells, int column) {
    if (cell_is_null(cells, column) || type_of(cells, column) != OID_BYTEA) {
        cells_blame(cells, "bytes are missing");
        return TEXT("");
    }
    return keep(cells, (struct text){bytes_of(cells, column), length_of(cells, column)});
}

struct instant cell_instant_or_none(struct cells *cells, int column) {
    if (cell_is_null(cells, column)) {
        return INSTANT_NONE;
    }
    uint64_t big;
    if (type_of(cells, column) != OID_TIMESTAMPTZ || length_of(cells, column) != sizeof big) {
        cells_blame(cells, "a time is of another type");
        return INSTANT_NONE;
    }
    memcpy(&big, bytes_of(cells, column), sizeof big);
    int64_t us = (int64_t)be64toh(big); /* "infinity" is INT64_MAX */
    if (us > INSTANT_MAX.us - EPOCH_2000_US || us < -EPOCH_2000_US) {
        cells_blame(cells, "a time is outside of the years 1970 to 9999");
        return INSTANT_NONE;
    }
    return (struct instant){us + EPOCH_2000_US};
}

struct instant cell_instant(struct cells *cells, int column) {
    struct instant at = cell_instant_or_none(cells, column);
    if (instant_is_none(at)) {
        cells_blame(cells, "a time is missing");
        return (struct instant){0};
    }
    return at;
}

static bool read_integer(const struct cells *cells, int column, int64_t *value) {
    const char *bytes = bytes_of(cells, column);
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch ((unsigned)type_of(cells, column)) {
    case OID_INT2:
        memcpy(&two, bytes, sizeof two);
        *value = (int16_t)be16toh(two);
        return true;
    case OID_INT4:
        memcpy(&four, bytes, sizeof four);
        *value = (int32_t)be32toh(four);
        return true;
    case OID_INT8:
        memcpy(&eight, bytes, sizeof eight);
        *value = (int64_t)be64toh(eight);
        return true;
    default:
        return false;
    }
}

int64_t cell_integer(struct cells *cells, int column, int64_t min, int64_t max) {
    int64_t value = 0;
    if (cell_is_null(cells, column) || !read_integer(cells, column, &value)) {
        cells_blame(cells, "a number is missing");
        return min;
    }
    if (value < min || value > max) {
        cells_blame(cells, "a number is out of its bounds");
        return min;
    }
    return value;
}

bool cell_bool(struct cells *cells, int column) {
    if (cell_is_null(cells, column) || type_of(cells, column) != OID_BOOL) {
        cells_blame(cells, "a yes or no is missing");
        return false;
    }
    return *bytes_of(cells, column) != 0;
}

void cell_bytes(struct cells *cells, int column, uint8_t *bytes, size_t count) {
    memset(bytes, 0, count);
    if (cell_is_null(cells, column) || type_of(cells, column) != OID_BYTEA ||
        length_of(cells, column) != count) {
        cells_blame(cells, "bytes are not as many as they should be");
        return;
    }
    memcpy(bytes, bytes_of(cells, column), count);
}

/* An array in binary: its head (dimensions, has NULLs, type, number, first subscript), then each
 * element after its length. */
const struct uuid *cell_uuids(struct cells *cells, int column, size_t *count) {
    enum { HEAD = 20, NUMBER_AT = 12, ELEMENT = 4 + sizeof(struct uuid) };
    *count = 0;
    size_t length = length_of(cells, column);
    if (cell_is_null(cells, column) || type_of(cells, column) != OID_UUID_ARRAY) {
        cells_blame(cells, "a list of ids is missing");
        return NULL;
    }
    if (length < HEAD) { /* no dimension: it is empty */
        return NULL;
    }
    const char *bytes = bytes_of(cells, column);
    uint32_t number;
    memcpy(&number, bytes + NUMBER_AT, sizeof number);
    size_t elements = be32toh(number);
    if (length != HEAD + elements * ELEMENT) { /* a NULL in it, or more than one dimension */
        cells_blame(cells, "a list of ids has a gap");
        return NULL;
    }
    struct uuid *ids =
        cells->arena == NULL ? NULL : arena_array(cells->arena, struct uuid, elements);
    if (ids == NULL) {
        cells->spent = cells->arena != NULL;
        return NULL;
    }
    for (size_t i = 0; i < elements; i++) {
        memcpy(ids[i].bytes, bytes + HEAD + i * ELEMENT + 4, sizeof ids[i].bytes);
    }
    *count = elements;
    return ids;
}
