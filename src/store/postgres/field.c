#include "store/postgres/field.h"

#include <endian.h>
#include <string.h>

#include "store/postgres/epoch.h"
#include "store/postgres/parameters.h"

void fields_blame(struct fields *fields, const char *fault) {
    if (fields->fault == NULL) {
        fields->fault = fault;
    }
}

bool field_is_null(const struct fields *fields, int field) {
    return PQgetisnull(fields->result, fields->row, field) == 1;
}

static const char *bytes_of(const struct fields *fields, int field) {
    return PQgetvalue(fields->result, fields->row, field);
}

static size_t length_of(const struct fields *fields, int field) {
    return (size_t)PQgetlength(fields->result, fields->row, field);
}

static enum type_oid type_of(const struct fields *fields, int field) {
    return (enum type_oid)PQftype(fields->result, field);
}

struct uuid field_uuid_or_none(struct fields *fields, int field) {
    struct uuid id = UUID_NONE;
    if (field_is_null(fields, field)) {
        return id;
    }
    if (type_of(fields, field) != OID_UUID || length_of(fields, field) != sizeof id.bytes) {
        fields_blame(fields, "an id is not a uuid");
        return id;
    }
    memcpy(id.bytes, bytes_of(fields, field), sizeof id.bytes);
    return id;
}

struct uuid field_uuid(struct fields *fields, int field) {
    struct uuid id = field_uuid_or_none(fields, field);
    if (uuid_is_none(id)) {
        fields_blame(fields, "an id is missing");
    }
    return id;
}

static struct text keep(struct fields *fields, struct text text) {
    if (fields->arena == NULL || text_is_absent(text)) {
        return text;
    }
    struct text copy = arena_copy(fields->arena, text);
    fields->spent |= text_is_absent(copy);
    return copy;
}

struct text field_word(struct fields *fields, int field) {
    if (field_is_null(fields, field)) {
        return TEXT_NONE;
    }
    switch ((unsigned)type_of(fields, field)) {
    case OID_UUID:
        return text_of(uuid_format(field_uuid(fields, field), fields->uuid_text));
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
        return (struct text){bytes_of(fields, field), length_of(fields, field)};
    default:
        fields_blame(fields, "a text is of another type");
        return TEXT("");
    }
}

struct text field_text_or_none(struct fields *fields, int field) {
    struct text word = field_word(fields, field);
    if (!text_is_absent(word) && !text_is_utf8(word)) {
        fields_blame(fields, "a text is not UTF-8");
        word = TEXT("");
    }
    return keep(fields, word);
}

struct text field_text(struct fields *fields, int field) {
    struct text text = field_text_or_none(fields, field);
    if (text_is_absent(text)) {
        fields_blame(fields, "a text is missing");
        return TEXT("");
    }
    return text;
}

struct text field_blob(struct fields *fields, int field) {
    if (field_is_null(fields, field) || type_of(fields, field) != OID_BYTEA) {
        fields_blame(fields, "bytes are missing");
        return TEXT("");
    }
    return keep(fields, (struct text){bytes_of(fields, field), length_of(fields, field)});
}

struct instant field_instant_or_none(struct fields *fields, int field) {
    if (field_is_null(fields, field)) {
        return INSTANT_NONE;
    }
    uint64_t big;
    if (type_of(fields, field) != OID_TIMESTAMPTZ || length_of(fields, field) != sizeof big) {
        fields_blame(fields, "a time is of another type");
        return INSTANT_NONE;
    }
    memcpy(&big, bytes_of(fields, field), sizeof big);
    int64_t us = (int64_t)be64toh(big); /* "infinity" is INT64_MAX */
    if (us > INSTANT_MAX.us - EPOCH_2000_US || us < -EPOCH_2000_US) {
        fields_blame(fields, "a time is outside of the years 1970 to 9999");
        return INSTANT_NONE;
    }
    return (struct instant){us + EPOCH_2000_US};
}

struct instant field_instant(struct fields *fields, int field) {
    struct instant at = field_instant_or_none(fields, field);
    if (instant_is_none(at)) {
        fields_blame(fields, "a time is missing");
        return (struct instant){0};
    }
    return at;
}

static bool read_integer(const struct fields *fields, int field, int64_t *value) {
    const char *bytes = bytes_of(fields, field);
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch ((unsigned)type_of(fields, field)) {
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

int64_t field_integer(struct fields *fields, int field, int64_t min, int64_t max) {
    int64_t value = 0;
    if (field_is_null(fields, field) || !read_integer(fields, field, &value)) {
        fields_blame(fields, "a number is missing");
        return min;
    }
    if (value < min || value > max) {
        fields_blame(fields, "a number is out of its bounds");
        return min;
    }
    return value;
}

bool field_bool(struct fields *fields, int field) {
    if (field_is_null(fields, field) || type_of(fields, field) != OID_BOOL) {
        fields_blame(fields, "a yes or no is missing");
        return false;
    }
    return *bytes_of(fields, field) != 0;
}

void field_bytes(struct fields *fields, int field, uint8_t *bytes, size_t count) {
    memset(bytes, 0, count);
    if (field_is_null(fields, field) || type_of(fields, field) != OID_BYTEA ||
        length_of(fields, field) != count) {
        fields_blame(fields, "bytes are not as many as they should be");
        return;
    }
    memcpy(bytes, bytes_of(fields, field), count);
}

/* An array in binary: its head (dimensions, has NULLs, type, number, first subscript), then each
 * element after its length. */
const struct uuid *field_uuids(struct fields *fields, int field, size_t *count) {
    enum { HEAD = 20, NUMBER_AT = 12, ELEMENT = 4 + sizeof(struct uuid) };
    *count = 0;
    size_t length = length_of(fields, field);
    if (field_is_null(fields, field) || type_of(fields, field) != OID_UUID_ARRAY) {
        fields_blame(fields, "a list of ids is missing");
        return NULL;
    }
    if (length < HEAD) { /* no dimension: it is empty */
        return NULL;
    }
    const char *bytes = bytes_of(fields, field);
    uint32_t number;
    memcpy(&number, bytes + NUMBER_AT, sizeof number);
    size_t elements = be32toh(number);
    if (length != HEAD + elements * ELEMENT) { /* a NULL in it, or more than one dimension */
        fields_blame(fields, "a list of ids has a gap");
        return NULL;
    }
    struct uuid *ids =
        fields->arena == NULL ? NULL : arena_array(fields->arena, struct uuid, elements);
    if (ids == NULL) {
        fields->spent = fields->arena != NULL;
        return NULL;
    }
    for (size_t i = 0; i < elements; i++) {
        memcpy(ids[i].bytes, bytes + HEAD + i * ELEMENT + 4, sizeof ids[i].bytes);
    }
    *count = elements;
    return ids;
}
