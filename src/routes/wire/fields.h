/* fields.h - the members of a row, said once, written as JSON or as CSV.
 *
 * A row is described by one function that names its fields in order. As JSON the fields become
 * members; as CSV they become the header row or a row of cells, where a group `counts` with a
 * member `sold` is the column counts_sold. */
#pragma once

#include "base/json_writer.h"
#include "domain/event.h"
#include "routes/wire/csv.h"

enum fields_form { FIELDS_JSON, FIELDS_CSV_HEADER, FIELDS_CSV_ROW };

struct fields {
    enum fields_form form;
    struct json_writer *json;
    struct csv_writer *csv;
    const char *group; /* that is open, or NULL */
};

void field_text(struct fields *fields, const char *name, struct text value);
void field_integer(struct fields *fields, const char *name, int64_t value);
void field_boolean(struct fields *fields, const char *name, bool value);
void field_uuid(struct fields *fields, const char *name, struct uuid value);
void field_instant(struct fields *fields, const char *name, struct instant value);
void field_hex(struct fields *fields, const char *name, const uint8_t *bytes, size_t count);
void field_currency(struct fields *fields, const char *name, struct currency value);

void field_null(struct fields *fields, const char *name);

/* A number for which 0 means none: null. */
void field_limit(struct fields *fields, const char *name, int64_t value);

/* null for none; in a cell, ids between spaces. */
void field_uuids(struct fields *fields, const char *name, const struct uuid *list, size_t count);

/* Fields of an object within the row. One level. */
void fields_group(struct fields *fields, const char *name);
void fields_group_end(struct fields *fields);
