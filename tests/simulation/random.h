/* random.h - numbers that are the same for the same seed on every machine (splitmix64). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *random) {
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = random->state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* 0 to limit - 1. */
static inline uint32_t random_below(struct random *random, uint32_t limit) {
    return (uint32_t)(((random_next(random) >> 32) * limit) >> 32);
}

/* low to high, both possible. */
static inline int32_t random_between(struct random *random, int32_t low, int32_t high) {
    return low + (int32_t)random_below(random, (uint32_t)(high - low + 1));
}

/* True `share` times in a thousand. */
static inline bool random_chance(struct random *random, uint32_t share) {
    return random_below(random, 1000) < share;
}
