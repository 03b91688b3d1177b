#include "store/postgres/parameters.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "store/postgres/epoch.h"

/* The head of an array: dimensions, whether it has NULLs, its elements' type, their number, the
 * subscript of the first one. */
enum { HEAD_BYTES = 5 * 4, FIRST_CAPACITY = 256 };

void parameters_init(struct parameters *parameters) {
    memset(parameters, 0, sizeof *parameters);
}

void parameters_finish(struct parameters *parameters) {
    for (int i = 0; i < PARAMETERS_MAX; i++) {
        free(parameters->list[i].bytes);
    }
    parameters_init(parameters);
}

void parameters_clear(struct parameters *parameters) {
    for (int i = 0; i < parameters->count; i++) {
        struct parameter *parameter = &parameters->list[i];
        *parameter = (struct parameter){.bytes = parameter->bytes, .capacity = parameter->capacity};
    }
    parameters->count = 0;
    parameters->spent = false;
}

/* Room for `size` more bytes; NULL where memory is spent. */
static unsigned char *grow(struct parameters *parameters, struct parameter *parameter,
                           size_t size) {
    if (parameter->capacity - parameter->size < size) {
        size_t capacity = parameter->capacity == 0 ? FIRST_CAPACITY : parameter->capacity;
        while (capacity - parameter->size < size) {
            capacity *= 2;
        }
        unsigned char *bytes = realloc(parameter->bytes, capacity);
        if (bytes == NULL) {
            parameters->spent = true;
            return NULL;
        }
        parameter->bytes = bytes;
        parameter->capacity = capacity;
    }
    unsigned char *at = parameter->bytes + parameter->size;
    parameter->size += size;
    return at;
}

static void append(struct parameters *parameters, struct parameter *parameter, const void *bytes,
                   size_t size) {
    unsigned char *at = grow(parameters, parameter, size);
    if (at != NULL && size > 0) {
        memcpy(at, bytes, size);
    }
}

static void append_int32(struct parameters *parameters, struct parameter *parameter,
                         int32_t value) {
    uint32_t big = htobe32((uint32_t)value);
    append(parameters, parameter, &big, sizeof big);
}

static struct parameter *parameter_at(struct parameters *parameters, int number) {
    require(number >= 1 && number <= PARAMETERS_MAX);
    if (number > parameters->count) {
        parameters->count = number;
    }
    return &parameters->list[number - 1];
}

/* Where the next element of the array goes, its head already there. */
static struct parameter *array_at(struct parameters *parameters, int number, enum type_oid type) {
    struct parameter *parameter = parameter_at(parameters, number);
    if (!parameter->is_array) {
        parameter->is_array = true;
        parameter->type = type;
        (void)grow(parameters, parameter, HEAD_BYTES);
    }
    require(parameter->type == type);
    return parameter;
}

static void give(struct parameters *parameters, int number, const void *bytes, size_t size) {
    struct parameter *parameter = parameter_at(parameters, number);
    parameter->is_null = bytes == NULL;
    if (bytes != NULL) {
        append(parameters, parameter, bytes, size);
    }
}

static void put(struct parameters *parameters, int number, enum type_oid type, const void *bytes,
                size_t size) {
    struct parameter *parameter = array_at(parameters, number, type);
    parameter->elements++;
    if (bytes == NULL) {
        parameter->has_null = true;
        append_int32(parameters, parameter, -1);
    } else {
        append_int32(parameters, parameter, (int32_t)size);
        append(parameters, parameter, bytes, size);
    }
}

void give_uuid(struct parameters *parameters, int parameter, struct uuid id) {
    give(parameters, parameter, uuid_is_none(id) ? NULL : id.bytes, sizeof id.bytes);
}

void give_principal(struct parameters *parameters, int parameter, struct uuid id) {
    give(parameters, parameter, id.bytes, sizeof id.bytes);
}

void give_text(struct parameters *parameters, int parameter, struct text text) {
    give(parameters, parameter, text.bytes, text.length);
}

/* Also of "no instant", where it means nothing and is not used. */
static uint64_t since_2000(struct instant at) {
    return htobe64((uint64_t)at.us - (uint64_t)EPOCH_2000_US);
}

void give_instant(struct parameters *parameters, int parameter, struct instant at) {
    uint64_t big = since_2000(at);
    give(parameters, parameter, instant_is_none(at) ? NULL : &big, sizeof big);
}

void give_int8(struct parameters *parameters, int parameter, int64_t value) {
    uint64_t big = htobe64((uint64_t)value);
    give(parameters, parameter, &big, sizeof big);
}

void give_int4(struct parameters *parameters, int parameter, int32_t value) {
    uint32_t big = htobe32((uint32_t)value);
    give(parameters, parameter, &big, sizeof big);
}

void give_uuids(struct parameters *parameters, int parameter, const struct uuid *ids,
                size_t count) {
    (void)array_at(parameters, parameter, OID_UUID);
    for (size_t i = 0; i < count; i++) {
        put(parameters, parameter, OID_UUID, ids[i].bytes, sizeof ids[i].bytes);
    }
}

void put_uuid(struct parameters *parameters, int parameter, struct uuid id) {
    put(parameters, parameter, OID_UUID, uuid_is_none(id) ? NULL : id.bytes, sizeof id.bytes);
}

void put_principal(struct parameters *parameters, int parameter, struct uuid id) {
    put(parameters, parameter, OID_UUID, id.bytes, sizeof id.bytes);
}

void put_text(struct parameters *parameters, int parameter, struct text text) {
    put(parameters, parameter, OID_TEXT, text.bytes, text.length);
}

void put_instant(struct parameters *parameters, int parameter, struct instant at) {
    uint64_t big = since_2000(at);
    put(parameters, parameter, OID_TIMESTAMPTZ, instant_is_none(at) ? NULL : &big, sizeof big);
}

void put_int8(struct parameters *parameters, int parameter, int64_t value) {
    uint64_t big = htobe64((uint64_t)value);
    put(parameters, parameter, OID_INT8, &big, sizeof big);
}

void put_int4(struct parameters *parameters, int parameter, int32_t value) {
    uint32_t big = htobe32((uint32_t)value);
    put(parameters, parameter, OID_INT4, &big, sizeof big);
}

void put_bool(struct parameters *parameters, int parameter, bool value) {
    unsigned char byte = value ? 1 : 0;
    put(parameters, parameter, OID_BOOL, &byte, sizeof byte);
}

void put_bytes(struct parameters *parameters, int parameter, const void *bytes, size_t count) {
    put(parameters, parameter, OID_BYTEA, bytes, count);
}

void put_limit(struct parameters *parameters, int parameter, int32_t value) {
    uint32_t big = htobe32((uint32_t)value);
    put(parameters, parameter, OID_INT4, value == 0 ? NULL : &big, sizeof big);
}

/* The head is written last, when the number of elements is known. */
static void write_head(struct parameter *parameter) {
    uint32_t head[] = {
        htobe32(parameter->elements == 0 ? 0 : 1),
        htobe32(parameter->has_null ? 1 : 0),
        htobe32((uint32_t)parameter->type),
        htobe32((uint32_t)parameter->elements),
        htobe32(1),
    };
    /* An array of no elements has no dimension to tell of. */
    size_t size = parameter->elements == 0 ? 3 * sizeof head[0] : sizeof head;
    memcpy(parameter->bytes, head, size);
    if (parameter->elements == 0) {
        parameter->size = size;
    }
}

void parameters_list(struct parameters *parameters, const char **values, int *lengths,
                     int *formats) {
    require(!parameters->spent);
    for (int i = 0; i < parameters->count; i++) {
        struct parameter *parameter = &parameters->list[i];
        if (parameter->is_array) {
            write_head(parameter);
        }
        /* An empty text has no bytes of its own, and is no NULL. */
        const char *bytes = parameter->size == 0 ? "" : (const char *)parameter->bytes;
        values[i] = parameter->is_null ? NULL : bytes;
        lengths[i] = (int)parameter->size;
        formats[i] = 1;
    }
}
