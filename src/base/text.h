/* text.h - a piece of text and its length; it does not own its bytes.
 *
 * `bytes` is NULL for "absent" (SQL NULL, JSON null), which is not the same as
 * the empty text. Bytes are UTF-8 once they have passed text_is_utf8(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
    const char *bytes;
    size_t length;
};

#define TEXT(literal) ((struct text){"" literal, sizeof literal - 1})
#define TEXT_NONE     ((struct text){NULL, 0})

static inline struct text text_of(const char *string) {
    return string == NULL ? TEXT_NONE : (struct text){string, strlen(string)};
}

static inline bool text_is_absent(struct text text) {
    return text.bytes == NULL;
}

/* Absent equals absent only. */
static inline bool text_equals(struct text a, struct text b) {
    if (a.bytes == NULL || b.bytes == NULL) {
        return a.bytes == b.bytes;
    }
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/* ASCII letters of either case are the same: for header names and media types. */
bool text_equals_ignoring_case(struct text a, struct text b);

bool text_starts_with(struct text text, struct text prefix);

/* Without the white space (ASCII) at both ends. */
struct text text_trimmed(struct text text);

/* Well-formed UTF-8 (no overlong forms, no surrogates) without NUL. */
bool text_is_utf8(struct text text);

/* Code points of a well-formed UTF-8 text. */
size_t text_characters(struct text text);
