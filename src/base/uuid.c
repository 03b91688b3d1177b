#include "base/uuid.h"

#include <pthread.h>
#include <sodium.h>

#include "base/check.h"

enum { COUNTER_BITS = 26, BLOCK_MAX = 1 << 20 };
#define COUNTER_MAX ((UINT32_C(1) << COUNTER_BITS) - 1)

const char *uuid_format(struct uuid id, char buffer[UUID_TEXT_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    char *out = buffer;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *out++ = '-';
        }
        *out++ = digits[id.bytes[i] >> 4];
        *out++ = digits[id.bytes[i] & 15];
    }
    *out = '\0';
    return buffer;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

bool uuid_parse(struct text text, struct uuid *id) {
    if (text.length != UUID_TEXT_SIZE - 1) {
        return false;
    }
    struct uuid parsed;
    const char *at = text.bytes;
    for (int i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *at++ != '-') {
            return false;
        }
        int high = digit_value(at[0]);
        int low = digit_value(at[1]);
        if (high < 0 || low < 0) {
            return false;
        }
        parsed.bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    if (uuid_is_none(parsed)) {
        return false;
    }
    *id = parsed;
    return true;
}

static void put_counter(struct uuid *id, uint32_t counter) {
    id->bytes[6] = (uint8_t)(0x70 | counter >> 22);
    id->bytes[7] = (uint8_t)(counter >> 14);
    id->bytes[8] = (uint8_t)(0x80 | (counter >> 8 & 0x3F));
    id->bytes[9] = (uint8_t)counter;
}

static uint32_t get_counter(struct uuid id) {
    return (uint32_t)(id.bytes[6] & 0x0F) << 22 | (uint32_t)id.bytes[7] << 14 |
           (uint32_t)(id.bytes[8] & 0x3F) << 8 | id.bytes[9];
}

/* Random bytes are fetched in bulk: a system call for each id would cost more than the
 * rest of a reservation's ids together. */
static struct {
    pthread_mutex_t lock;
    int64_t ms;
    uint32_t counter;
    size_t random_left;
    uint8_t random[768];
} source = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void source_random(uint8_t *out, size_t count) {
    if (source.random_left < count) {
        randombytes_buf(source.random, sizeof source.random);
        source.random_left = sizeof source.random;
    }
    source.random_left -= count;
    memcpy(out, source.random + source.random_left, count);
}

/* Leaves the counter's first half free, so that a millisecond has room for 33 million ids. */
static uint32_t fresh_counter(void) {
    uint8_t bytes[4];
    source_random(bytes, sizeof bytes);
    uint32_t counter;
    memcpy(&counter, bytes, sizeof counter);
    return counter & (COUNTER_MAX >> 1);
}

struct uuid uuid_block(struct instant now, uint32_t count) {
    require(count >= 1 && count <= BLOCK_MAX);
    struct uuid id;
    pthread_mutex_lock(&source.lock);
    int64_t ms = now.us / 1000;
    if (ms > source.ms || source.ms - ms > 10000) { /* a clock set back starts anew */
        source.ms = ms;
        source.counter = fresh_counter();
    } else if (source.counter + count > COUNTER_MAX) {
        source.ms++;
        source.counter = fresh_counter();
    }
    ms = source.ms;
    uint32_t counter = source.counter;
    source.counter += count;
    source_random(id.bytes + 10, 6);
    pthread_mutex_unlock(&source.lock);
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(ms >> (8 * (5 - i)));
    }
    put_counter(&id, counter);
    return id;
}

struct uuid uuid_nth(struct uuid first, uint32_t n) {
    uint32_t counter = get_counter(first) + n;
    require(counter <= COUNTER_MAX);
    put_counter(&first, counter);
    return first;
}

uint16_t uuid_lane_of_event(struct uuid event_id) {
    /* Without the last two bytes, which in an id of our own are this hash itself. */
    uint8_t hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, event_id.bytes, 14, NULL, 0);
    return (uint16_t)(hash[0] << 8 | hash[1]);
}

struct uuid uuid_in_lane(struct uuid id, uint16_t lane) {
    id.bytes[14] = (uint8_t)(lane >> 8);
    id.bytes[15] = (uint8_t)lane;
    return id;
}
