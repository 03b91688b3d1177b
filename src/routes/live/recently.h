/* recently.h - which ids were asked for lately? A bounded list: the least lately asked for make
 * room. Its owner locks. */
#pragma once

#include "base/uuid.h"

enum { RECENTLY_MAX = 1024 };

struct recently {
    struct {
        struct uuid id;
        int64_t asked_us;
    } list[RECENTLY_MAX];
    size_t count;
};

/* `place` is the caller's memory of where it was last; it may be wrong. */
void recently_note(struct recently *recently, struct uuid id, int64_t now_us, uint32_t *place);

/* Those asked for since then into `ids`; how many. Forgets the others. */
size_t recently_list(struct recently *recently, int64_t since_us, struct uuid ids[RECENTLY_MAX]);
