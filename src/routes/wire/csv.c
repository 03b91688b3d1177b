#include "routes/wire/csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CAPACITY_FIRST = 16 * 1024 };

void csv_init(struct csv_writer *csv, struct arena *arena) {
    *csv = (struct csv_writer){.arena = arena};
}

static void append(struct csv_writer *csv, const char *bytes, size_t count) {
    while (!csv->failed && count > csv->capacity - csv->length) {
        size_t capacity = csv->capacity == 0 ? CAPACITY_FIRST : csv->capacity * 2;
        char *grown = arena_take(csv->arena, capacity);
        csv->failed = grown == NULL;
        if (grown != NULL && csv->length > 0) {
            memcpy(grown, csv->bytes, csv->length);
        }
        csv->bytes = grown;
        csv->capacity = capacity;
    }
    if (!csv->failed && count > 0) {
        memcpy(csv->bytes + csv->length, bytes, count);
        csv->length += count;
    }
}

static void begin_cell(struct csv_writer *csv) {
    if (csv->in_row) {
        append(csv, ",", 1);
    }
    csv->in_row = true;
}

void csv_plain(struct csv_writer *csv, struct text value) {
    begin_cell(csv);
    append(csv, value.bytes, value.length);
}

static bool needs_quotes(struct text value) {
    for (size_t i = 0; i < value.length; i++) {
        char c = value.bytes[i];
        if (c == '"' || c == ',' || c == '\r' || c == '\n') {
            return true;
        }
    }
    return false;
}

void csv_text(struct csv_writer *csv, struct text value) {
    begin_cell(csv);
    bool quotes = needs_quotes(value);
    if (quotes) {
        append(csv, "\"", 1);
    }
    if (value.length > 0 && memchr("=+-@\t", value.bytes[0], 5) != NULL) {
        append(csv, "'", 1);
    }
    size_t from = 0;
    for (size_t i = 0; quotes && i < value.length; i++) {
        if (value.bytes[i] == '"') { /* doubled: once with what was before, once with the rest */
            append(csv, value.bytes + from, i + 1 - from);
            from = i;
        }
    }
    append(csv, value.length == 0 ? "" : value.bytes + from, value.length - from);
    if (quotes) {
        append(csv, "\"", 1);
    }
}

void csv_integer(struct csv_writer *csv, int64_t value) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, value);
    csv_plain(csv, (struct text){digits, (size_t)length});
}

void csv_uuids(struct csv_writer *csv, const struct uuid *list, size_t count) {
    begin_cell(csv);
    for (size_t i = 0; i < count; i++) {
        char buffer[UUID_TEXT_SIZE];
        append(csv, " ", i > 0);
        append(csv, uuid_format(list[i], buffer), UUID_TEXT_SIZE - 1);
    }
}

void csv_name(struct csv_writer *csv, const char *group, const char *name) {
    begin_cell(csv);
    if (group != NULL) {
        append(csv, group, strlen(group));
        append(csv, "_", 1);
    }
    append(csv, name, strlen(name));
}

void csv_row_end(struct csv_writer *csv) {
    append(csv, "\r\n", 2);
    csv->in_row = false;
}
