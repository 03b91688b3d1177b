/* csv.h - rows as RFC 4180 writes them, safe to open in a spreadsheet.
 *
 * A cell of text that begins with = + - @ or a tab gets an apostrophe in front: spreadsheets would
 * run it as a formula. What is absent is an empty cell. Grows inside an arena; `failed` once that
 * is spent. */
#pragma once

#include "base/arena.h"
#include "base/uuid.h"

struct csv_writer {
    struct arena *arena;
    char *bytes;
    size_t length, capacity;
    bool failed, in_row;
};

void csv_init(struct csv_writer *csv, struct arena *arena);

/* Text from someone else. */
void csv_text(struct csv_writer *csv, struct text value);
/* Our own characters, that need no quotes. */
void csv_plain(struct csv_writer *csv, struct text value);
void csv_integer(struct csv_writer *csv, int64_t value);
void csv_uuids(struct csv_writer *csv, const struct uuid *list, size_t count);

/* A column's name: `name`, or `group_name`. */
void csv_name(struct csv_writer *csv, const char *group, const char *name);

void csv_row_end(struct csv_writer *csv);
