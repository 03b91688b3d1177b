#include "http/chunks.h"

enum {
    DIGITS_MAX = 8,         /* what 32 bits hold */
    BALLAST_MAX = 4 * 1024, /* nobody needs more, and a drip of it must end */
};

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Text of extensions and trailers: no control characters but the tab. */
static bool is_plain(char c) {
    unsigned char byte = (unsigned char)c;
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

static enum chunks_state expect(char c, char wanted, enum chunks_state next) {
    return c == wanted ? next : CHUNKS_BROKEN;
}

static enum chunks_state read_over(struct chunks *chunks, char c, enum chunks_state after_cr) {
    if (c == '\r') {
        return after_cr;
    }
    return is_plain(c) && ++chunks->ballast <= BALLAST_MAX ? chunks->state : CHUNKS_BROKEN;
}

static enum chunks_state size_step(struct chunks *chunks, char c) {
    int digit = hex_digit(c);
    if (digit >= 0) {
        chunks->left = chunks->left << 4 | (uint32_t)digit;
        return ++chunks->digits <= DIGITS_MAX ? CHUNKS_SIZE : CHUNKS_BROKEN;
    }
    if (chunks->digits == 0) {
        return CHUNKS_BROKEN;
    }
    return c == ';' ? CHUNKS_EXTENSION : expect(c, '\r', CHUNKS_SIZE_LF);
}

/* One byte of what stands around the data. */
static enum chunks_state step(struct chunks *chunks, char c) {
    switch (chunks->state) {
    case CHUNKS_SIZE:
        return size_step(chunks, c);
    case CHUNKS_EXTENSION:
        return read_over(chunks, c, CHUNKS_SIZE_LF);
    case CHUNKS_SIZE_LF:
        chunks->digits = 0;
        return expect(c, '\n', chunks->left > 0 ? CHUNKS_DATA : CHUNKS_TRAILER_START);
    case CHUNKS_DATA_CR:
        return expect(c, '\r', CHUNKS_DATA_LF);
    case CHUNKS_DATA_LF:
        return expect(c, '\n', CHUNKS_SIZE);
    case CHUNKS_TRAILER_START:
        if (c == '\r') {
            return CHUNKS_LAST_LF;
        }
        /* A line that starts with white space would go on the one before: obsolete folding. */
        return c == ' ' || c == '\t'                             ? CHUNKS_BROKEN
               : is_plain(c) && ++chunks->ballast <= BALLAST_MAX ? CHUNKS_TRAILER
                                                                 : CHUNKS_BROKEN;
    case CHUNKS_TRAILER:
        return read_over(chunks, c, CHUNKS_TRAILER_LF);
    case CHUNKS_TRAILER_LF:
        return expect(c, '\n', CHUNKS_TRAILER_START);
    case CHUNKS_LAST_LF:
        return expect(c, '\n', CHUNKS_DONE);
    case CHUNKS_DATA:
    case CHUNKS_DONE:
    case CHUNKS_BROKEN:
        break;
    }
    return CHUNKS_BROKEN;
}

size_t chunks_feed(struct chunks *chunks, const char *bytes, size_t length, struct text *data) {
    size_t at = 0;
    *data = TEXT("");
    while (at < length && chunks->state != CHUNKS_DONE && chunks->state != CHUNKS_BROKEN) {
        if (chunks->state != CHUNKS_DATA) {
            chunks->state = step(chunks, bytes[at++]);
            continue;
        }
        size_t piece = length - at < chunks->left ? length - at : chunks->left;
        *data = (struct text){bytes + at, piece};
        chunks->left -= (uint32_t)piece;
        chunks->state = chunks->left == 0 ? CHUNKS_DATA_CR : CHUNKS_DATA;
        return at + piece;
    }
    return at;
}
