/* live_id.h - how far has this stream come? As a short text that a client hands back to resume.
 *
 * Opaque to clients. For each ticket type it holds a name (of 32 bits, which among
 * LIVE_ID_TYPES_MAX types is as good as the id), a mark of what was last shown of it and, on a
 * stream with the log, the number of the last entry. The mark is made of what the client saw and of
 * nothing else, so that the public learns nothing by it. Pure. */
#pragma once

#include "base/text.h"
#include "routes/live/counts_board.h"

enum {
    LIVE_ID_TYPES_MAX = 64,
    /* Two bytes of head, 16 for each type, four characters for three bytes, NUL. */
    LIVE_ID_SIZE = (2 + 16 * LIVE_ID_TYPES_MAX + 2) / 3 * 4 + 1,
};

struct live_place {
    uint32_t type, mark;
    int64_t seq; /* with_log only, else 0 */
};

struct live_id {
    bool with_log;
    bool is_full; /* there were more types than fit: nothing can be resumed by it */
    size_t count;
    struct live_place places[LIVE_ID_TYPES_MAX];
};

/* Adds where the stream stands with one type. */
void live_id_add(struct live_id *id, const struct counts_entry *shown, bool sees_all, int64_t seq);

/* The text of it in `buffer`. */
struct text live_id_write(const struct live_id *id, char buffer[LIVE_ID_SIZE]);

/* False: it was not made by live_id_write(), or of too many types. */
bool live_id_read(struct text text, struct live_id *id);

/* NULL: the type is not in it. */
const struct live_place *live_id_find(const struct live_id *id, struct uuid ticket_type_id);

/* What the place would say of these counts. */
uint32_t live_mark(const struct counts_entry *shown, bool sees_all);
