#include "store/sqlite/column.h"

#include <string.h>

void bind_uuid(sqlite3_stmt *statement, int parameter, const struct uuid *id) {
    if (uuid_is_none(*id)) {
        sqlite3_bind_null(statement, parameter);
    } else {
        sqlite3_bind_blob(statement, parameter, id->bytes, sizeof id->bytes, SQLITE_STATIC);
    }
}

void bind_text(sqlite3_stmt *statement, int parameter, struct text text) {
    if (text_is_absent(text)) {
        sqlite3_bind_null(statement, parameter);
    } else {
        sqlite3_bind_text64(statement, parameter, text.bytes, text.length, SQLITE_STATIC,
                            SQLITE_UTF8);
    }
}

void bind_instant(sqlite3_stmt *statement, int parameter, struct instant at) {
    if (instant_is_none(at)) {
        sqlite3_bind_null(statement, parameter);
    } else {
        sqlite3_bind_int64(statement, parameter, at.us);
    }
}

void bind_bytes(sqlite3_stmt *statement, int parameter, const void *bytes, size_t count) {
    /* A NULL pointer would bind NULL; no bytes are not NULL. */
    sqlite3_bind_blob64(statement, parameter, count == 0 ? "" : bytes, count, SQLITE_STATIC);
}

void bind_limit(sqlite3_stmt *statement, int parameter, int64_t value) {
    if (value == 0) {
        sqlite3_bind_null(statement, parameter);
    } else {
        sqlite3_bind_int64(statement, parameter, value);
    }
}

void columns_blame(struct columns *columns, const char *fault) {
    if (columns->fault == NULL) {
        columns->fault = fault;
    }
}

void column_bytes(struct columns *columns, int column, uint8_t *bytes, size_t count) {
    if (sqlite3_column_type(columns->statement, column) != SQLITE_BLOB ||
        (size_t)sqlite3_column_bytes(columns->statement, column) != count) {
        columns_blame(columns, "an id or a hash has the wrong length");
        memset(bytes, 0, count);
        return;
    }
    memcpy(bytes, sqlite3_column_blob(columns->statement, column), count);
}

struct uuid column_uuid(struct columns *columns, int column) {
    struct uuid id;
    column_bytes(columns, column, id.bytes, sizeof id.bytes);
    if (uuid_is_none(id)) {
        columns_blame(columns, "an id is missing");
    }
    return id;
}

static bool is_null(struct columns *columns, int column) {
    return sqlite3_column_type(columns->statement, column) == SQLITE_NULL;
}

struct uuid column_uuid_or_none(struct columns *columns, int column) {
    return is_null(columns, column) ? UUID_NONE : column_uuid(columns, column);
}

static struct text copied(struct columns *columns, struct text text) {
    if (columns->arena == NULL) {
        return text;
    }
    struct text copy = arena_copy(columns->arena, text);
    columns->spent |= text_is_absent(copy);
    return copy;
}

struct text column_text(struct columns *columns, int column) {
    if (sqlite3_column_type(columns->statement, column) != SQLITE_TEXT) {
        columns_blame(columns, "a text is missing");
        return TEXT("");
    }
    struct text text = {(const char *)sqlite3_column_text(columns->statement, column),
                        (size_t)sqlite3_column_bytes(columns->statement, column)};
    if (!text_is_utf8(text)) {
        columns_blame(columns, "a text is not UTF-8");
        return TEXT("");
    }
    return copied(columns, text);
}

struct text column_text_or_none(struct columns *columns, int column) {
    return is_null(columns, column) ? TEXT_NONE : column_text(columns, column);
}

struct text column_blob(struct columns *columns, int column) {
    if (sqlite3_column_type(columns->statement, column) != SQLITE_BLOB) {
        columns_blame(columns, "bytes are missing");
        return TEXT("");
    }
    const char *bytes = sqlite3_column_blob(columns->statement, column);
    size_t length = (size_t)sqlite3_column_bytes(columns->statement, column);
    return length == 0 ? TEXT("") : copied(columns, (struct text){bytes, length});
}

int64_t column_integer(struct columns *columns, int column, int64_t min, int64_t max) {
    int64_t value = sqlite3_column_int64(columns->statement, column);
    if (value < min || value > max || is_null(columns, column)) {
        columns_blame(columns, "a number is out of its range");
        return min;
    }
    return value;
}

struct instant column_instant(struct columns *columns, int column) {
    return (struct instant){column_integer(columns, column, 0, INSTANT_MAX.us)};
}

struct instant column_instant_or_none(struct columns *columns, int column) {
    return is_null(columns, column) ? INSTANT_NONE : column_instant(columns, column);
}
