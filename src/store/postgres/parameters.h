/* parameters.h - the values of one statement, as PostgreSQL takes them in binary.
 *
 * A parameter is one value, or an array with one element for each row of a batch. Values are
 * copied; the memory is kept for the next statement. Parameters count from 1, as $1 does. None and
 * absent become NULL. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"

enum { PARAMETERS_MAX = 32 };

/* PostgreSQL's own numbers for its types: they never change. */
enum type_oid {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
    OID_UUID_ARRAY = 2951,
};

struct parameter {
    unsigned char *bytes;
    size_t size, capacity;
    int32_t elements;
    enum type_oid type; /* of an array: of its elements */
    bool is_array, is_null, has_null;
};

struct parameters {
    struct parameter list[PARAMETERS_MAX];
    int count;
    bool spent; /* no memory: the statement must not be sent */
};

void parameters_init(struct parameters *parameters);
void parameters_finish(struct parameters *parameters);

/* Before the values of the next statement. */
void parameters_clear(struct parameters *parameters);

/* One value. */
void give_uuid(struct parameters *parameters, int parameter, struct uuid id);
void give_principal(struct parameters *parameters, int parameter, struct uuid id);
void give_text(struct parameters *parameters, int parameter, struct text text);
void give_instant(struct parameters *parameters, int parameter, struct instant at);
void give_int8(struct parameters *parameters, int parameter, int64_t value);
void give_int4(struct parameters *parameters, int parameter, int32_t value);

/* All of them as one uuid[], empty where there are none. */
void give_uuids(struct parameters *parameters, int parameter, const struct uuid *ids, size_t count);

/* One more element of an array. */
void put_uuid(struct parameters *parameters, int parameter, struct uuid id);
/* Who brought an idempotency key: nobody in particular is the nil uuid, not NULL. */
void put_principal(struct parameters *parameters, int parameter, struct uuid id);
void put_text(struct parameters *parameters, int parameter, struct text text);
void put_instant(struct parameters *parameters, int parameter, struct instant at);
void put_int8(struct parameters *parameters, int parameter, int64_t value);
void put_int4(struct parameters *parameters, int parameter, int32_t value);
void put_bool(struct parameters *parameters, int parameter, bool value);
void put_bytes(struct parameters *parameters, int parameter, const void *bytes, size_t count);
/* A limit that is not set (0) is NULL. */
void put_limit(struct parameters *parameters, int parameter, int32_t value);

/* For PQsendQueryParams and its kin: fills arrays of PARAMETERS_MAX; good until the next change. */
void parameters_list(struct parameters *parameters, const char **values, int *lengths,
                     int *formats);
