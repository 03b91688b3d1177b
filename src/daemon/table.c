#include "daemon/table.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"

void table_init(struct table *table, struct arena *arena, const char *const *titles) {
    *table = (struct table){.arena = arena, .titles = titles};
    while (titles[table->columns] != NULL) {
        table->columns++;
    }
    require(table->columns <= TABLE_COLUMNS_MAX);
}

void table_add(struct table *table, const char *const *cells) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity == 0 ? 16 : table->capacity * 2;
        const char ***rows = arena_array(table->arena, const char **, capacity);
        if (rows == NULL) {
            table->failed = true;
            return;
        }
        for (size_t i = 0; i < table->count; i++) {
            rows[i] = table->rows[i];
        }
        table->rows = rows;
        table->capacity = capacity;
    }
    const char **row = arena_array(table->arena, const char *, table->columns);
    if (row == NULL) {
        table->failed = true;
        return;
    }
    for (size_t i = 0; i < table->columns; i++) {
        row[i] = cells[i] == NULL ? "" : cells[i];
    }
    table->rows[table->count++] = row;
}

static size_t width_of(const char *cell) {
    struct text text = text_of(cell);
    return text_is_utf8(text) ? text_characters(text) : text.length;
}

static void print_cell(FILE *out, const char *cell, size_t width, bool right, bool last) {
    int padding = (int)(width - width_of(cell));
    if (right) {
        fprintf(out, "%*s%s", padding, "", cell);
    } else {
        fprintf(out, "%s%*s", cell, last ? 0 : padding, "");
    }
    fputs(last ? "\n" : "  ", out);
}

void table_print(const struct table *table, FILE *out) {
    size_t widths[TABLE_COLUMNS_MAX];
    for (size_t c = 0; c < table->columns; c++) {
        widths[c] = width_of(table->titles[c]) - (table->titles[c][0] == '>');
        for (size_t r = 0; r < table->count; r++) {
            size_t width = width_of(table->rows[r][c]);
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    for (size_t c = 0; c < table->columns; c++) {
        bool right = table->titles[c][0] == '>';
        print_cell(out, table->titles[c] + right, widths[c], right, c + 1 == table->columns);
    }
    for (size_t r = 0; r < table->count; r++) {
        for (size_t c = 0; c < table->columns; c++) {
            print_cell(out, table->rows[r][c], widths[c], table->titles[c][0] == '>',
                       c + 1 == table->columns);
        }
    }
    if (table->failed) {
        fputs("(and more than memory holds)\n", out);
    }
}
