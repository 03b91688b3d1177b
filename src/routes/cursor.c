#include "routes/cursor.h"

#include <sodium.h>
#include <string.h>

enum {
    VERSION = 1,
    BYTES = 1 + 8 + 8 + 16 + 8 + 8,
    TEXT_SIZE = sodium_base64_ENCODED_LEN(BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
};

static unsigned char *put(unsigned char *at, uint64_t value) {
    for (int i = 0; i < 8; i++) {
        at[i] = (unsigned char)(value >> (8 * i));
    }
    return at + 8;
}

static const unsigned char *get(const unsigned char *at, uint64_t *value) {
    *value = 0;
    for (int i = 0; i < 8; i++) {
        *value |= (uint64_t)at[i] << (8 * i);
    }
    return at + 8;
}

struct text cursor_write(const struct cursor *cursor, struct arena *arena) {
    unsigned char bytes[BYTES] = {VERSION};
    unsigned char *at = put(bytes + 1, cursor->filter_hash);
    at = put(at, (uint64_t)cursor->position.at.us);
    memcpy(at, cursor->position.id.bytes, 16);
    at = put(at + 16, (uint64_t)cursor->position.seq);
    put(at, (uint64_t)cursor->anchor.us);
    char *text = arena_take(arena, TEXT_SIZE);
    if (text == NULL) {
        return TEXT_NONE;
    }
    sodium_bin2base64(text, TEXT_SIZE, bytes, BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct text){text, TEXT_SIZE - 1};
}

bool cursor_read(struct text text, uint64_t filter_hash, struct cursor *cursor) {
    unsigned char bytes[BYTES];
    size_t length;
    if (text.length != TEXT_SIZE - 1 ||
        sodium_base642bin(bytes, sizeof bytes, text.bytes, text.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != BYTES || bytes[0] != VERSION) {
        return false;
    }
    struct cursor found = {.position.set = true};
    uint64_t us, seq, anchor;
    const unsigned char *at = get(bytes + 1, &found.filter_hash);
    at = get(at, &us);
    memcpy(found.position.id.bytes, at, 16);
    at = get(at + 16, &seq);
    get(at, &anchor);
    if (found.filter_hash != filter_hash || (int64_t)seq < 0) {
        return false;
    }
    found.position.at.us = (int64_t)us;
    found.position.seq = (int64_t)seq;
    found.anchor.us = (int64_t)anchor;
    *cursor = found;
    return true;
}
