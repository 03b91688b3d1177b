/* uuid.h - the ids of everything.
 *
 * ticketd makes version 7 (RFC 9562) and accepts any version. Those of rows
 * that belong to an event end in 16 bits hashed from the event's id, so that an
 * id alone names its lane:
 *
 *     48 bits  milliseconds since 1970
 *      4 bits  version
 *     26 bits  counter, random at the start of each millisecond   (2 bits variant between)
 *     32 bits  random
 *     16 bits  hash of the event's id, or random
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/instant.h"
#include "base/text.h"

struct uuid {
    uint8_t bytes[16];
};

enum { UUID_TEXT_SIZE = 37 };

#define UUID_NONE ((struct uuid){{0}})

static inline bool uuid_equals(struct uuid a, struct uuid b) {
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static inline bool uuid_is_none(struct uuid id) {
    return uuid_equals(id, UUID_NONE);
}

static inline int uuid_compare(struct uuid a, struct uuid b) {
    return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

/* Spreads well even over ids made in one millisecond. Not for adversaries' keys alone:
 * tables that use it are bounded. */
static inline uint64_t uuid_hash(struct uuid id) {
    uint64_t high, low;
    memcpy(&high, id.bytes, 8);
    memcpy(&low, id.bytes + 8, 8);
    uint64_t mixed = (high ^ (low * UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xbf58476d1ce4e5b9);
    return mixed ^ (mixed >> 29);
}

/* 36 lower-case characters and NUL. Returns `buffer`. */
const char *uuid_format(struct uuid id, char buffer[UUID_TEXT_SIZE]);

/* The canonical 36 characters, either case; the nil uuid is refused. */
bool uuid_parse(struct text text, struct uuid *id);

/* `count` (at most 2^20) fresh ids in a row: the first one; the others by uuid_nth().
 * Thread-safe. */
struct uuid uuid_block(struct instant now, uint32_t count);

/* The nth id of a block: its counter moved on by n. */
struct uuid uuid_nth(struct uuid first, uint32_t n);

/* The 16 bits by which everything that belongs to an event ends. */
uint16_t uuid_lane_of_event(struct uuid event_id);

/* `id` with its last 16 bits set to the lane. */
struct uuid uuid_in_lane(struct uuid id, uint16_t lane);
