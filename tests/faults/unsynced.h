/* unsynced.h - the writes to one file that no sync has carried to the disk. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fault_vfs.h"

struct unsynced;

/* The record of a file, by its path; made when it is first asked for. */
struct unsynced *unsynced_of(const char *path);
void unsynced_forget_all(void);

/* Before the bytes are written: what they replace is kept. */
void unsynced_write(struct unsynced *file, int64_t offset, const void *bytes, int count);

/* A sync came back: with success what was written before is safe, and with it what it overwrote;
 * else it stays lost, whatever later syncs say. */
void unsynced_sync(struct unsynced *file, bool success);

/* Truncation and deletion are taken as done at once. */
void unsynced_truncate(struct unsynced *file, int64_t size);

/* `file` becomes a copy of `from` with all that is not synced. */
void unsynced_inherit(struct unsynced *file, const struct unsynced *from);

void unsynced_cut(const struct unsynced *file, const char *to, enum cut cut, uint64_t seed);
