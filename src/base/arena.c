#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_MIN = 4 * 1024,    /* most requests fit one block of this size */
    BLOCK_MAX = 1024 * 1024, /* blocks double up to here */
    ALIGNMENT = 16,
};

struct arena_block {
    struct arena_block *next;
    size_t size; /* of the bytes behind this header */
};

static_assert(sizeof(struct arena_block) % ALIGNMENT == 0, "the first piece must be aligned");

void arena_init(struct arena *arena, size_t budget) {
    *arena = (struct arena){.budget = budget};
}

static void arena_use(struct arena *arena, struct arena_block *block) {
    arena->at = (char *)(block + 1);
    arena->end = arena->at + block->size;
}

static int arena_grow(struct arena *arena, size_t bytes) {
    size_t size = arena->blocks == NULL ? BLOCK_MIN : arena->blocks->size * 2;
    if (size > BLOCK_MAX) {
        size = BLOCK_MAX;
    }
    if (size < bytes) {
        size = bytes;
    }
    if (size > arena->budget - arena->used) {
        size = arena->budget - arena->used;
    }
    if (size < bytes) {
        return 0;
    }
    struct arena_block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        return 0;
    }
    *block = (struct arena_block){.next = arena->blocks, .size = size};
    arena->blocks = block;
    arena->used += size;
    arena_use(arena, block);
    return 1;
}

void *arena_take(struct arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX / 2) {
        return NULL;
    }
    bytes = bytes == 0 ? 1 : bytes; /* an empty array is a place, too: NULL means spent */
    bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (bytes > (size_t)(arena->end - arena->at) && !arena_grow(arena, bytes)) {
        return NULL;
    }
    void *piece = arena->at;
    arena->at += bytes;
    return memset(piece, 0, bytes);
}

void *arena_take_array(struct arena *arena, size_t count, size_t size) {
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : arena_take(arena, bytes);
}

struct text arena_copy(struct arena *arena, struct text text) {
    if (text_is_absent(text)) {
        return TEXT_NONE;
    }
    char *copy = arena_take(arena, text.length + 1);
    if (copy == NULL) {
        return TEXT_NONE;
    }
    memcpy(copy, text.bytes, text.length);
    return (struct text){copy, text.length};
}

struct text arena_printf(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *copy = length < 0 ? NULL : arena_take(arena, (size_t)length + 1);
    if (copy == NULL) {
        return TEXT_NONE;
    }
    va_start(arguments, format);
    vsnprintf(copy, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return (struct text){copy, (size_t)length};
}

static void arena_free_from(struct arena *arena, struct arena_block *block) {
    while (block != NULL) {
        struct arena_block *next = block->next;
        arena->used -= block->size;
        free(block);
        block = next;
    }
}

void arena_reset(struct arena *arena) {
    if (arena->blocks == NULL) {
        return;
    }
    /* The newest block is the largest: the next round will likely fit it. */
    arena_free_from(arena, arena->blocks->next);
    arena->blocks->next = NULL;
    arena_use(arena, arena->blocks);
}

void arena_finish(struct arena *arena) {
    arena_free_from(arena, arena->blocks);
    arena_init(arena, arena->budget);
}
