/* digest.h - are these the same rows, in whatever order?
 *
 * The sum of a 128-bit keyed hash of each row: against accidents, not against adversaries. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct digest {
    uint64_t sum[2];
    int64_t rows;
};

/* `row` as COPY's binary format has it, without the stream's head and end. */
void digest_add(struct digest *digest, const void *row, size_t length);
bool digest_equals(const struct digest *a, const struct digest *b);
