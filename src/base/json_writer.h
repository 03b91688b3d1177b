/* json_writer.h - the one way to write JSON: appended, escaped, never parsed again.
 *
 * The writer grows inside an arena. Once the arena is spent it says so
 * (`failed`) and appends nothing more; the caller checks once, at the end.
 * Commas are put by the writer. No name is one of jansson's: a program that has both would
 * call ours from inside that library. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"

struct json_writer {
    struct arena *arena;
    char *bytes;
    size_t length, capacity;
    bool failed, comma;
};

void json_writer_init(struct json_writer *json, struct arena *arena);

void json_object_begin(struct json_writer *json);
void json_object_end(struct json_writer *json);
void json_array_begin(struct json_writer *json);
void json_array_end(struct json_writer *json);

/* A member's name; its value comes next. `name` is ours: ASCII without escapes. */
void json_name(struct json_writer *json, const char *name);

void json_text(struct json_writer *json, struct text value); /* absent: null */
void json_int(struct json_writer *json, int64_t value);
void json_bool(struct json_writer *json, bool value);
void json_nil(struct json_writer *json);
void json_uuid(struct json_writer *json, struct uuid value);       /* none: null */
void json_instant(struct json_writer *json, struct instant value); /* none: null */
void json_hex(struct json_writer *json, const uint8_t *bytes, size_t count);

/* Name and value at once. */
void json_member_text(struct json_writer *json, const char *name, struct text value);
void json_member_integer(struct json_writer *json, const char *name, int64_t value);
void json_member_boolean(struct json_writer *json, const char *name, bool value);
void json_member_null(struct json_writer *json, const char *name);
void json_member_uuid(struct json_writer *json, const char *name, struct uuid value);
void json_member_instant(struct json_writer *json, const char *name, struct instant value);

/* What was written; TEXT_NONE if the arena was spent on the way. */
struct text json_written(const struct json_writer *json);
