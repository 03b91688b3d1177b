/* copy.h - copies of what a durable store holds, to be tampered with behind its back.
 *
 * SQL is the same for all, but for some words in braces (copy.c). */
#pragma once

#include "bench.h"

enum { COPY_SQL_SIZE = 2048, COPY_ID_SIZE = 48 };

/* Of a store that nobody has open. */
void copy_make(struct bench *bench, char url[BENCH_URL_SIZE]);
void copy_remove(struct bench *bench, const char *url);

/* Runs statements, each followed by ";" but the last; each changes exactly one row. Constraints on
 * single rows do not hold them up. */
void copy_change(const char *url, const char *sql);

/* An id as the store's SQL writes it. */
const char *copy_id(const char *url, struct uuid id, char text[COPY_ID_SIZE]);
