/* field.h - values out of the rows of a result.
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

struct fields {
    const PGresult *result;
    int row;
    struct arena *arena; /* texts are copied into it; NULL: they live as long as the result, and a
                          * uuid that is read as a text until the next one */
    bool spent;          /* the arena is */
    const char *fault;   /* NULL: all well so far */
    char uuid_text[UUID_TEXT_SIZE];
};

/* Fields count from 0. `or_none`: NULL is allowed. */
bool field_is_null(const struct fields *fields, int field);
struct uuid field_uuid(struct fields *fields, int field);
struct uuid field_uuid_or_none(struct fields *fields, int field);
struct text field_text(struct fields *fields, int field);
struct text field_text_or_none(struct fields *fields, int field);
struct text field_word(struct fields *fields, int field); /* only looked at: never copied */
struct text field_blob(struct fields *fields, int field);
struct instant field_instant(struct fields *fields, int field);
struct instant field_instant_or_none(struct fields *fields, int field);
int64_t field_integer(struct fields *fields, int field, int64_t min, int64_t max);
bool field_bool(struct fields *fields, int field);
void field_bytes(struct fields *fields, int field, uint8_t *bytes, size_t count);
/* A uuid[]; NULL with *count 0 where it is empty. */
const struct uuid *field_uuids(struct fields *fields, int field, size_t *count);

/* Remembers the first fault. */
void fields_blame(struct fields *fields, const char *fault);
