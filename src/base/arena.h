/* arena.h - memory that is given back all at once, with a budget.
 *
 * One arena serves one request or one batch; a spent budget is an answer
 * (NULL), never a crash. Not thread-safe: one owner at a time. */
#pragma once

#include <stddef.h>

#include "base/text.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    char *at, *end;
    size_t used, budget;
};

/* Takes no memory yet. `budget` bounds the bytes taken from the system. */
void arena_init(struct arena *arena, size_t budget);

/* Zeroed and aligned for any type; NULL when the budget is spent. */
void *arena_take(struct arena *arena, size_t bytes) __attribute__((malloc, alloc_size(2)));

#define arena_new(arena, type)          ((type *)arena_take((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_take_array((arena), (count), sizeof(type)))

/* NULL as well when count * size overflows. */
void *arena_take_array(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, alloc_size(2, 3)));

/* A NUL-terminated copy; an absent text stays absent, a spent budget gives TEXT_NONE too. */
struct text arena_copy(struct arena *arena, struct text text);

struct text arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Everything taken so far becomes free; keeps one block for the next round. */
void arena_reset(struct arena *arena);

/* Gives all memory back. The arena may be used again. */
void arena_finish(struct arena *arena);
