/* chunks.h - what does a body in chunks hold? (RFC 9112, section 7.1)
 *
 * Strict, for whoever stands between the client and us must see the same end: CRLF and nothing
 * else ends a line, a size is 1 to 8 hexadecimal digits. Extensions and trailers are read over,
 * and few. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum chunks_state {
    CHUNKS_SIZE,
    CHUNKS_EXTENSION,
    CHUNKS_SIZE_LF,
    CHUNKS_DATA,
    CHUNKS_DATA_CR,
    CHUNKS_DATA_LF,
    CHUNKS_TRAILER_START,
    CHUNKS_TRAILER,
    CHUNKS_TRAILER_LF,
    CHUNKS_LAST_LF,
    CHUNKS_DONE,
    CHUNKS_BROKEN,
};

struct chunks {
    enum chunks_state state;
    uint32_t left;    /* of the chunk, or its size while that is read */
    unsigned digits;  /* of the size */
    unsigned ballast; /* bytes of extensions and trailers so far */
};

/* Takes bytes up to the end of one piece of data, or all; returns how many. The piece, part of
 * `bytes`, is put into *data (empty if none). Ends in CHUNKS_DONE or CHUNKS_BROKEN. */
size_t chunks_feed(struct chunks *chunks, const char *bytes, size_t length, struct text *data);
