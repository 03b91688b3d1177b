/* key_secret.h - an API key as its holder knows it: `tkd_<id>_<secret>`.
 *
 *     id       the key's uuid as 32 hex digits: which row to compare with
 *     secret   43 letters and digits, 256 bits
 *
 * Letters, digits and underscores only, so that it survives shells, headers and
 * a double click. Only the hash of the secret is ever stored: a secret of 256
 * random bits needs no slow hash. Pure, but for the random source of making. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/uuid.h"
#include "domain/api_key.h"

enum {
    KEY_SECRET_CHARACTERS = 43,      /* 62^43 > 2^256 */
    KEY_SECRET_CHARACTERS_MAX = 128, /* what is looked at, so that nobody has megabytes hashed */
    KEY_SECRET_TEXT_SIZE = 4 + 32 + 1 + KEY_SECRET_CHARACTERS + 1,
};

/* Makes a fresh secret for the key `id`: the whole key, NUL-terminated, and the hash to store. */
void key_secret_make(struct uuid id, char text[KEY_SECRET_TEXT_SIZE], uint8_t hash[KEY_HASH_SIZE]);

/* The id to look up and the hash to compare, in constant time, with the stored one; false, with
 * both untouched, where `key` cannot be one. */
bool key_secret_parse(struct text key, struct uuid *id, uint8_t hash[KEY_HASH_SIZE]);

/* Compares in constant time. */
bool key_secret_equals(const uint8_t a[KEY_HASH_SIZE], const uint8_t b[KEY_HASH_SIZE]);
