#include "base/json_writer.h"

#include <string.h>

enum { CAPACITY_FIRST = 1024 }; /* a reservation is about 500 bytes */

static const char hex_digits[] = "0123456789abcdef";

void json_writer_init(struct json_writer *json, struct arena *arena) {
    *json = (struct json_writer){.arena = arena};
}

/* Room for `count` more bytes, or false for good. */
static bool json_room(struct json_writer *json, size_t count) {
    if (json->failed) {
        return false;
    }
    if (count <= json->capacity - json->length) {
        return true;
    }
    size_t capacity = json->capacity == 0 ? CAPACITY_FIRST : json->capacity * 2;
    while (capacity - json->length < count) {
        capacity *= 2;
    }
    char *bytes = arena_take(json->arena, capacity);
    if (bytes == NULL) {
        json->failed = true;
        return false;
    }
    if (json->length > 0) {
        memcpy(bytes, json->bytes, json->length);
    }
    json->bytes = bytes;
    json->capacity = capacity;
    return true;
}

static void json_append(struct json_writer *json, const char *bytes, size_t count) {
    if (json_room(json, count)) {
        memcpy(json->bytes + json->length, bytes, count);
        json->length += count;
    }
}

static void json_separate(struct json_writer *json) {
    if (json->comma) {
        json_append(json, ",", 1);
    }
    json->comma = true;
}

static void json_open(struct json_writer *json, const char *bracket) {
    json_separate(json);
    json_append(json, bracket, 1);
    json->comma = false;
}

static void json_close(struct json_writer *json, const char *bracket) {
    json_append(json, bracket, 1);
    json->comma = true;
}

void json_object_begin(struct json_writer *json) {
    json_open(json, "{");
}
void json_object_end(struct json_writer *json) {
    json_close(json, "}");
}
void json_array_begin(struct json_writer *json) {
    json_open(json, "[");
}
void json_array_end(struct json_writer *json) {
    json_close(json, "]");
}

void json_name(struct json_writer *json, const char *name) {
    json_separate(json);
    json_append(json, "\"", 1);
    json_append(json, name, strlen(name));
    json_append(json, "\":", 2);
    json->comma = false;
}

static size_t escape(unsigned char c, char out[6]) {
    out[0] = '\\';
    switch (c) {
    case '"':
    case '\\':
        out[1] = (char)c;
        return 2;
    case '\n':
        out[1] = 'n';
        return 2;
    case '\r':
        out[1] = 'r';
        return 2;
    case '\t':
        out[1] = 't';
        return 2;
    default:
        memcpy(out, "\\u00", 4);
        out[4] = hex_digits[c >> 4];
        out[5] = hex_digits[c & 15];
        return 6;
    }
}

void json_text(struct json_writer *json, struct text value) {
    if (text_is_absent(value)) {
        json_nil(json);
        return;
    }
    json_separate(json);
    if (!json_room(json, value.length * 6 + 2)) { /* at worst every byte is escaped */
        return;
    }
    char *out = json->bytes + json->length;
    *out++ = '"';
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.bytes[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            *out++ = (char)c;
        } else {
            out += escape(c, out);
        }
    }
    *out++ = '"';
    json->length = (size_t)(out - json->bytes);
}

void json_int(struct json_writer *json, int64_t value) {
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0) {
        *--at = '-';
    }
    json_separate(json);
    json_append(json, at, (size_t)(digits + sizeof digits - at));
}

void json_bool(struct json_writer *json, bool value) {
    json_separate(json);
    json_append(json, value ? "true" : "false", value ? 4 : 5);
}

void json_nil(struct json_writer *json) {
    json_separate(json);
    json_append(json, "null", 4);
}

/* A value that needs no escapes. */
static void json_quoted(struct json_writer *json, const char *value, size_t length) {
    json_separate(json);
    json_append(json, "\"", 1);
    json_append(json, value, length);
    json_append(json, "\"", 1);
}

void json_uuid(struct json_writer *json, struct uuid value) {
    char buffer[UUID_TEXT_SIZE];
    if (uuid_is_none(value)) {
        json_nil(json);
    } else {
        json_quoted(json, uuid_format(value, buffer), UUID_TEXT_SIZE - 1);
    }
}

void json_instant(struct json_writer *json, struct instant value) {
    char buffer[INSTANT_TEXT_SIZE];
    if (instant_is_none(value)) {
        json_nil(json);
    } else {
        const char *formatted = instant_format(value, buffer);
        json_quoted(json, formatted, strlen(formatted));
    }
}

void json_hex(struct json_writer *json, const uint8_t *bytes, size_t count) {
    json_separate(json);
    if (!json_room(json, count * 2 + 2)) {
        return;
    }
    json->bytes[json->length++] = '"';
    for (size_t i = 0; i < count; i++) {
        json->bytes[json->length++] = hex_digits[bytes[i] >> 4];
        json->bytes[json->length++] = hex_digits[bytes[i] & 15];
    }
    json->bytes[json->length++] = '"';
}

void json_member_text(struct json_writer *json, const char *name, struct text value) {
    json_name(json, name);
    json_text(json, value);
}

void json_member_integer(struct json_writer *json, const char *name, int64_t value) {
    json_name(json, name);
    json_int(json, value);
}

void json_member_boolean(struct json_writer *json, const char *name, bool value) {
    json_name(json, name);
    json_bool(json, value);
}

void json_member_null(struct json_writer *json, const char *name) {
    json_name(json, name);
    json_nil(json);
}

void json_member_uuid(struct json_writer *json, const char *name, struct uuid value) {
    json_name(json, name);
    json_uuid(json, value);
}

void json_member_instant(struct json_writer *json, const char *name, struct instant value) {
    json_name(json, name);
    json_instant(json, value);
}

struct text json_written(const struct json_writer *json) {
    return json->failed ? TEXT_NONE : (struct text){json->bytes, json->length};
}
