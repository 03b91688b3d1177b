/* reading.h - do all houses read the same, row by row?
 *
 * Pages may end where each store likes: what is compared is the list. */
#pragma once

#include "house.h"
#include "script.h"

struct reading {
    struct house *houses;
    size_t count;
    uint64_t rows; /* compared so far */
    char *excerpt; /* where two of them part */
    size_t excerpt_size;
};

/* One list, asked in one of many ways, or one thing. False: they differ. */
bool reading_some(struct reading *reading, struct script *script);

/* The log of a ticket type and what it adds up to. */
bool reading_type(struct reading *reading, struct uuid type);

/* Every row that there is, each way there is to reach it, and verify of each house. */
bool reading_all(struct reading *reading, struct random *random);
