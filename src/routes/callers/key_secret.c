#include "routes/callers/key_secret.h"

#include <assert.h>
#include <sodium.h>

static const char prefix[] = "tkd_";
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static_assert(KEY_HASH_SIZE == crypto_generichash_BYTES, "a hash is BLAKE2b-256");

enum { PREFIX_LENGTH = sizeof prefix - 1, ID_DIGITS = 32, ALPHABET_LENGTH = sizeof alphabet - 1 };

static void hash_secret(struct text secret, uint8_t hash[KEY_HASH_SIZE]) {
    crypto_generichash(hash, KEY_HASH_SIZE, (const unsigned char *)secret.bytes, secret.length,
                       NULL, 0);
}

void key_secret_make(struct uuid id, char text[KEY_SECRET_TEXT_SIZE], uint8_t hash[KEY_HASH_SIZE]) {
    char *at = text;
    memcpy(at, prefix, PREFIX_LENGTH);
    at += PREFIX_LENGTH;
    sodium_bin2hex(at, ID_DIGITS + 1, id.bytes, sizeof id.bytes);
    at += ID_DIGITS;
    *at++ = '_';
    for (int i = 0; i < KEY_SECRET_CHARACTERS; i++) {
        at[i] = alphabet[randombytes_uniform(ALPHABET_LENGTH)];
    }
    at[KEY_SECRET_CHARACTERS] = '\0';
    hash_secret((struct text){at, KEY_SECRET_CHARACTERS}, hash);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_id(const char *digits, struct uuid *id) {
    for (size_t i = 0; i < sizeof id->bytes; i++) {
        int high = hex_digit(digits[2 * i]), low = hex_digit(digits[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        id->bytes[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

bool key_secret_parse(struct text key, struct uuid *id, uint8_t hash[KEY_HASH_SIZE]) {
    enum { HEAD = PREFIX_LENGTH + ID_DIGITS + 1 };
    if (key.bytes == NULL || key.length < HEAD + KEY_SECRET_CHARACTERS ||
        key.length > HEAD + KEY_SECRET_CHARACTERS_MAX ||
        memcmp(key.bytes, prefix, PREFIX_LENGTH) != 0 || key.bytes[HEAD - 1] != '_') {
        return false;
    }
    struct text secret = {key.bytes + HEAD, key.length - HEAD};
    for (size_t i = 0; i < secret.length; i++) {
        if (memchr(alphabet, secret.bytes[i], ALPHABET_LENGTH) == NULL) {
            return false;
        }
    }
    struct uuid found;
    if (!parse_id(key.bytes + PREFIX_LENGTH, &found)) {
        return false;
    }
    *id = found;
    hash_secret(secret, hash);
    return true;
}

bool key_secret_equals(const uint8_t a[KEY_HASH_SIZE], const uint8_t b[KEY_HASH_SIZE]) {
    return sodium_memcmp(a, b, KEY_HASH_SIZE) == 0;
}
