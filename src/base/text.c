#include "base/text.h"

#include <stdint.h>

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool text_equals_ignoring_case(struct text a, struct text b) {
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        if (lower(a.bytes[i]) != lower(b.bytes[i])) {
            return false;
        }
    }
    return true;
}

bool text_starts_with(struct text text, struct text prefix) {
    return text.length >= prefix.length && memcmp(text.bytes, prefix.bytes, prefix.length) == 0;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text text_trimmed(struct text text) {
    while (text.length > 0 && is_space(text.bytes[0])) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && is_space(text.bytes[text.length - 1])) {
        text.length--;
    }
    return text;
}

/* Length of the well-formed sequence at `at` (of `left` bytes), 0 if there is none.
 * Bounds of the second byte follow table 3-7 of the Unicode standard. */
static size_t sequence_length(const uint8_t *at, size_t left) {
    uint8_t first = at[0];
    if (first < 0x80) {
        return first == 0 ? 0 : 1;
    }
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || length > left) {
        return 0;
    }
    uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

bool text_is_utf8(struct text text) {
    const uint8_t *at = (const uint8_t *)text.bytes;
    for (size_t i = 0; i < text.length;) {
        size_t length = sequence_length(at + i, text.length - i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

size_t text_characters(struct text text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
    }
    return count;
}
