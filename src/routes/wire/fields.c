#include "routes/wire/fields.h"

#include <stdio.h>

#include "base/check.h"

/* True where the value itself is to be written as a cell. */
static bool in_csv(struct fields *fields, const char *name) {
    if (fields->form == FIELDS_CSV_HEADER) {
        csv_name(fields->csv, fields->group, name);
    }
    return fields->form == FIELDS_CSV_ROW;
}

void field_text(struct fields *fields, const char *name, struct text value) {
    if (fields->form == FIELDS_JSON) {
        json_member_text(fields->json, name, value);
    } else if (in_csv(fields, name)) {
        csv_text(fields->csv, value);
    }
}

void field_integer(struct fields *fields, const char *name, int64_t value) {
    if (fields->form == FIELDS_JSON) {
        json_member_integer(fields->json, name, value);
    } else if (in_csv(fields, name)) {
        csv_integer(fields->csv, value);
    }
}

void field_null(struct fields *fields, const char *name) {
    field_text(fields, name, TEXT_NONE);
}

void field_boolean(struct fields *fields, const char *name, bool value) {
    if (fields->form == FIELDS_JSON) {
        json_member_boolean(fields->json, name, value);
    } else if (in_csv(fields, name)) {
        csv_plain(fields->csv, value ? TEXT("true") : TEXT("false"));
    }
}

void field_uuid(struct fields *fields, const char *name, struct uuid value) {
    if (fields->form == FIELDS_JSON) {
        json_member_uuid(fields->json, name, value);
    } else if (in_csv(fields, name)) {
        char buffer[UUID_TEXT_SIZE];
        csv_plain(fields->csv,
                  uuid_is_none(value) ? TEXT("") : text_of(uuid_format(value, buffer)));
    }
}

void field_instant(struct fields *fields, const char *name, struct instant value) {
    if (fields->form == FIELDS_JSON) {
        json_member_instant(fields->json, name, value);
    } else if (in_csv(fields, name)) {
        char buffer[INSTANT_TEXT_SIZE];
        csv_plain(fields->csv,
                  instant_is_none(value) ? TEXT("") : text_of(instant_format(value, buffer)));
    }
}

void field_hex(struct fields *fields, const char *name, const uint8_t *bytes, size_t count) {
    if (fields->form == FIELDS_JSON) {
        json_name(fields->json, name);
        json_hex(fields->json, bytes, count);
    } else if (in_csv(fields, name)) {
        char digits[2 * 64 + 1];
        require(count <= 64);
        for (size_t i = 0; i < count; i++) {
            snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
        }
        csv_plain(fields->csv, (struct text){digits, 2 * count});
    }
}

void field_currency(struct fields *fields, const char *name, struct currency value) {
    field_text(fields, name, (struct text){value.code, strnlen(value.code, sizeof value.code)});
}

void field_limit(struct fields *fields, const char *name, int64_t value) {
    if (value != 0) {
        field_integer(fields, name, value);
    } else {
        field_text(fields, name, TEXT_NONE);
    }
}

void field_uuids(struct fields *fields, const char *name, const struct uuid *list, size_t count) {
    if (count == 0) {
        field_text(fields, name, TEXT_NONE);
    } else if (fields->form == FIELDS_JSON) {
        json_name(fields->json, name);
        json_array_begin(fields->json);
        for (size_t i = 0; i < count; i++) {
            json_uuid(fields->json, list[i]);
        }
        json_array_end(fields->json);
    } else if (in_csv(fields, name)) {
        csv_uuids(fields->csv, list, count);
    }
}

void fields_group(struct fields *fields, const char *name) {
    require(fields->group == NULL);
    fields->group = name;
    if (fields->form == FIELDS_JSON) {
        json_name(fields->json, name);
        json_object_begin(fields->json);
    }
}

void fields_group_end(struct fields *fields) {
    fields->group = NULL;
    if (fields->form == FIELDS_JSON) {
        json_object_end(fields->json);
    }
}
