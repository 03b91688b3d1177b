/* map.h - finds pointers by a hash; the caller compares.
 *
 *     for (size_t at = 0; (row = map_next(&map, hash, &at)) != NULL;)
 *         if (is_it(row)) return row;
 *
 * Open addressing inside an arena. Nothing is ever removed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct map_slot {
    uint64_t hash;
    void *value;
};

struct map {
    struct map_slot *slots;
    size_t count, capacity; /* capacity: 0 or a power of two */
};

/* False when the arena is spent. */
bool map_put(struct map *map, struct arena *arena, uint64_t hash, void *value);

/* The next value with this hash; *at is 0 for the first call. NULL: no more. */
void *map_next(const struct map *map, uint64_t hash, size_t *at);
