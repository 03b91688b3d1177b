#include "domain/coder.h"

#include <limits.h>

enum { BYTES_FIRST = 512 }; /* a reservation's outcome is about 200 bytes */

static bool room(struct coder *coder, size_t count) {
    if (coder->spent || count <= coder->capacity - coder->length) {
        return !coder->spent;
    }
    size_t capacity = coder->capacity == 0 ? BYTES_FIRST : coder->capacity * 2;
    while (capacity - coder->length < count) {
        capacity *= 2;
    }
    char *bytes = arena_take(coder->arena, capacity);
    if (bytes == NULL) {
        coder->spent = true;
        return false;
    }
    if (coder->length > 0) {
        memcpy(bytes, coder->out, coder->length);
    }
    coder->out = bytes;
    coder->capacity = capacity;
    return true;
}

void code_bytes(struct coder *coder, void *bytes, size_t count) {
    if (coder->writing) {
        if (room(coder, count)) {
            memcpy(coder->out + coder->length, bytes, count);
            coder->length += count;
        }
    } else if (coder->damaged || count > (size_t)(coder->in_end - coder->in)) {
        coder->damaged = true;
    } else {
        memcpy(bytes, coder->in, count);
        coder->in += count;
    }
}

/* Seven bits a byte, low first, the top bit says that more follow. */
void code_unsigned(struct coder *coder, uint64_t *value) {
    uint8_t byte;
    if (coder->writing) {
        uint64_t left = *value;
        do {
            byte = (uint8_t)(left & 0x7F);
            left >>= 7;
            byte |= left != 0 ? 0x80 : 0;
            code_bytes(coder, &byte, 1);
        } while (left != 0);
        return;
    }
    uint64_t read = 0;
    for (unsigned shift = 0; shift < 64 && !coder->damaged; shift += 7) {
        byte = 0;
        code_bytes(coder, &byte, 1);
        read |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            *value = read;
            return;
        }
    }
    coder->damaged = true;
}

void code_integer(struct coder *coder, int64_t *value) {
    uint64_t folded = ((uint64_t)*value << 1) ^ (uint64_t)(*value >> 63);
    code_unsigned(coder, &folded);
    if (!coder->writing && !coder->damaged) {
        *value = (int64_t)(folded >> 1) ^ -(int64_t)(folded & 1);
    }
}

void code_int32(struct coder *coder, int32_t *value) {
    int64_t wide = *value;
    code_integer(coder, &wide);
    if (wide < INT32_MIN || wide > INT32_MAX) {
        coder->damaged = true;
    } else {
        *value = (int32_t)wide;
    }
}

unsigned code_choice(struct coder *coder, unsigned choice, unsigned last) {
    uint64_t wide = choice;
    code_unsigned(coder, &wide);
    if (wide > last) {
        coder->damaged = true;
        return 0;
    }
    return (unsigned)wide;
}

unsigned code_kind(struct coder *coder, unsigned kind, unsigned last) {
    unsigned coded = code_choice(coder, kind, last);
    coder->damaged |= coded == 0;
    return coded;
}

void code_boolean(struct coder *coder, bool *value) {
    *value = code_choice(coder, *value, 1) != 0;
}

void code_uuid(struct coder *coder, struct uuid *value) {
    bool present = coder->writing && !uuid_is_none(*value);
    code_boolean(coder, &present);
    if (present) {
        code_bytes(coder, value->bytes, sizeof value->bytes);
    }
}

void code_instant(struct coder *coder, struct instant *value) {
    bool present = coder->writing && !instant_is_none(*value);
    code_boolean(coder, &present);
    if (present) {
        code_integer(coder, &value->us);
    } else if (!coder->writing) {
        *value = INSTANT_NONE;
    }
}

void code_text(struct coder *coder, struct text *value) {
    uint64_t length = text_is_absent(*value) ? 0 : value->length + 1;
    code_unsigned(coder, &length);
    if (length == 0 || coder->damaged || coder->spent) {
        return;
    }
    length--;
    if (coder->writing) {
        code_bytes(coder, (char *)(uintptr_t)value->bytes, length);
        return;
    }
    if (length > (size_t)(coder->in_end - coder->in)) {
        coder->damaged = true;
        return;
    }
    *value = arena_copy(coder->arena, (struct text){coder->in, length});
    coder->spent |= text_is_absent(*value);
    coder->in += length;
}

void code_counts(struct coder *coder, struct counts *counts) {
    code_int32(coder, &counts->total);
    code_int32(coder, &counts->sold);
    code_int32(coder, &counts->reserved);
}

void code_currency(struct coder *coder, struct currency *currency) {
    code_bytes(coder, currency->code, 3);
}

size_t code_count(struct coder *coder, size_t count) {
    uint64_t wide = count;
    code_unsigned(coder, &wide);
    if (!coder->writing && wide > (size_t)(coder->in_end - coder->in)) {
        coder->damaged = true;
    }
    return coder->damaged || coder->spent ? 0 : (size_t)wide;
}
