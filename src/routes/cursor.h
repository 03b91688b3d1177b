/* cursor.h - where the next page begins, as an opaque text.
 *
 * base64url of a version, the hash of the filters it goes with, and the order key of the last row.
 * It grants nothing: a page is filtered anew, whatever its cursor says. */
#pragma once

#include "base/arena.h"
#include "store/reader.h"

struct cursor {
    uint64_t filter_hash;
    struct list_position position;
    struct instant anchor; /* an instant that all pages share, or none */
};

/* TEXT_NONE when the arena is spent. */
struct text cursor_write(const struct cursor *cursor, struct arena *arena);

/* False for what cursor_write() did not make, or made for other filters. */
bool cursor_read(struct text text, uint64_t filter_hash, struct cursor *cursor);
