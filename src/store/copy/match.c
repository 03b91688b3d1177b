#include "store/copy/match.h"

#include <string.h>

/* What a file has for its own purposes: no column means the whole table. */
static const struct {
    const char *table, *column;
} own[] = {
    {"schema_migrations", NULL},    /* the other side has migrations of its own */
    {"store_settlements", NULL},    /* settles commits to a disk */
    {"idempotency_keys", "number"}, /* the order of arrival, which created_at tells there */
};

static bool is_own(const char *table, const char *column) {
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        bool is_column = own[i].column != NULL;
        if (strcmp(own[i].table, table) == 0 && is_column == (column != NULL) &&
            (!is_column || strcmp(own[i].column, column) == 0)) {
            return true;
        }
    }
    return false;
}

static void take_out_columns(struct copy_table *table) {
    size_t kept = 0;
    for (size_t i = 0; i < table->columns_count; i++) {
        if (!is_own(table->name, table->columns[i].name)) {
            table->columns[kept++] = table->columns[i];
        }
    }
    table->columns_count = kept;
}

static void take_out_tables(struct copy_tables *tables) {
    size_t kept = 0;
    for (size_t i = 0; i < tables->count; i++) {
        if (!is_own(tables->list[i].name, NULL)) {
            tables->list[kept] = tables->list[i];
            take_out_columns(&tables->list[kept++]);
        }
    }
    tables->count = kept;
}

const struct copy_table *copy_table_named(const struct copy_tables *tables, const char *name) {
    for (size_t i = 0; i < tables->count; i++) {
        if (strcmp(tables->list[i].name, name) == 0) {
            return &tables->list[i];
        }
    }
    return NULL;
}

static bool has_column(const struct copy_table *table, const char *name) {
    for (size_t i = 0; i < table->columns_count; i++) {
        if (strcmp(table->columns[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Everything of `from` is in `to`. */
static enum error contains(const struct copy_tables *from, const struct copy_tables *to,
                           const char *from_name, const char *to_name, struct failure *failure) {
    for (size_t i = 0; i < from->count; i++) {
        const struct copy_table *table = &from->list[i];
        const struct copy_table *there = copy_table_named(to, table->name);
        if (there == NULL) {
            return failure_set(failure, ERROR_INVALID,
                               "%s has a table %s and %s has none: nothing was copied", from_name,
                               table->name, to_name);
        }
        for (size_t j = 0; j < table->columns_count; j++) {
            if (!has_column(there, table->columns[j].name)) {
                return failure_set(failure, ERROR_INVALID,
                                   "%s has a column %s.%s and %s has none: nothing was copied",
                                   from_name, table->name, table->columns[j].name, to_name);
            }
        }
    }
    return ERROR_NONE;
}

enum error copy_match(struct copy_tables *source, const struct copy_tables *target,
                      struct failure *failure) {
    take_out_tables(source);
    enum error error = contains(source, target, "the source", "the target", failure);
    return error == ERROR_NONE ? contains(target, source, "the target", "the source", failure)
                               : error;
}
