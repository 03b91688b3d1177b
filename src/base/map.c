#include "base/map.h"

enum { CAPACITY_FIRST = 16 };

static void insert(struct map_slot *slots, size_t capacity, uint64_t hash, void *value) {
    size_t at = hash & (capacity - 1);
    while (slots[at].value != NULL) {
        at = (at + 1) & (capacity - 1);
    }
    slots[at] = (struct map_slot){hash, value};
}

static bool grow(struct map *map, struct arena *arena) {
    size_t capacity = map->capacity == 0 ? CAPACITY_FIRST : map->capacity * 2;
    struct map_slot *slots = arena_array(arena, struct map_slot, capacity);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].value != NULL) {
            insert(slots, capacity, map->slots[i].hash, map->slots[i].value);
        }
    }
    map->slots = slots;
    map->capacity = capacity;
    return true;
}

bool map_put(struct map *map, struct arena *arena, uint64_t hash, void *value) {
    /* At most two thirds full, so that a search for what is not there ends soon. */
    if (map->count * 3 >= map->capacity * 2 && !grow(map, arena)) {
        return false;
    }
    insert(map->slots, map->capacity, hash, value);
    map->count++;
    return true;
}

void *map_next(const struct map *map, uint64_t hash, size_t *at) {
    if (map->capacity == 0) {
        return NULL;
    }
    /* *at counts the slots already passed from the hash's own place. */
    for (; *at < map->capacity;) {
        const struct map_slot *slot = &map->slots[(hash + *at) & (map->capacity - 1)];
        if (slot->value == NULL) {
            return NULL;
        }
        ++*at;
        if (slot->hash == hash) {
            return slot->value;
        }
    }
    return NULL;
}
