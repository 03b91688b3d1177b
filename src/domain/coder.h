/* coder.h - values as bytes and back, by one description.
 *
 * A coder either writes fields or reads them, and each function here does both: it writes *value,
 * or fills it. What comes after memory is spent or bytes turned out damaged does nothing. */
#pragma once

#include "base/arena.h"
#include "base/instant.h"
#include "base/uuid.h"
#include "domain/counts.h"
#include "domain/event.h"

struct coder {
    struct arena *arena;
    char *out; /* writing */
    size_t length, capacity;
    const char *in, *in_end; /* reading */
    bool writing, spent, damaged;
};

void code_bytes(struct coder *coder, void *bytes, size_t count);
void code_unsigned(struct coder *coder, uint64_t *value);

/* Small numbers of either sign stay small. */
void code_integer(struct coder *coder, int64_t *value);
void code_int32(struct coder *coder, int32_t *value);
void code_boolean(struct coder *coder, bool *value);

/* Of an enum whose greatest value is `last`. */
unsigned code_choice(struct coder *coder, unsigned choice, unsigned last);

/* Of an enum that begins with 1. */
unsigned code_kind(struct coder *coder, unsigned kind, unsigned last);

void code_uuid(struct coder *coder, struct uuid *value);
void code_instant(struct coder *coder, struct instant *value);
void code_text(struct coder *coder, struct text *value); /* read: into the arena */
void code_counts(struct coder *coder, struct counts *counts);
void code_currency(struct coder *coder, struct currency *currency);

/* How many rows follow, and room for them when reading. A row takes more than one byte, so no
 * honest count passes the bytes that are left. */
size_t code_count(struct coder *coder, size_t count);
