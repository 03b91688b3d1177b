/* halls.h - all halls that somebody sits in, and what the store says of them.
 *
 * Owned by the feed's thread. A hall is read whole when the first viewer comes, after news of it is
 * taken in, so that nothing is missed in between; what runs out is read again at its second. */
#pragma once

#include "routes/live/hall.h"
#include "routes/live/live_inbox.h"

enum {
    HALLS_SLOTS = 1024,
    /* Beside other servers, whose new ticket types nobody tells of: each look reads a few of the
     * halls again, those first that were read longest ago. So of a dozen events that are watched
     * none is behind for longer than two fifths of a second, and of three thousand for five. */
    HALLS_LOOK_EVERY_US = 100 * 1000,
    HALL_READ_EVERY_US = 300 * 1000,
    HALLS_READ_AT_ONCE = 4,
    HALLS_LOOKS_FOR_ALL = 50,
};

struct halls {
    struct live_inbox *inbox;
    struct store_reader *reader; /* NULL: not opened yet */
    struct counts_board *board;  /* NULL: there are no other servers */
    const struct names *names;   /* of those who did something; may be NULL */
    struct hall *slots[HALLS_SLOTS];
    struct hall *stirred; /* those with something to show */
    struct arena fresh;   /* entries of the log, for one round */
    uint64_t round;
    int64_t look_us;   /* when to look for what other servers made; INT64_MAX: there are none */
    int64_t due_us;    /* when the first type runs out, or before */
    size_t reads_left; /* in this round */
    bool some_left;    /* since the inbox was told what to take */
};

void halls_init(struct halls *halls, struct live_inbox *inbox);
void halls_finish(struct halls *halls);

/* The event's hall, made and read if need be; NULL: it cannot be read. */
struct hall *halls_enter(struct halls *halls, struct uuid event_id, int64_t now_us);

/* Nobody sits in it any more. */
void halls_leave(struct halls *halls, struct hall *hall);

void halls_take(struct halls *halls, const struct live_arrivals *arrivals, int64_t now_us);

/* Reads again what has run out. */
void halls_read_due(struct halls *halls, int64_t now_us);

/* Chooses what is shown in this round; when there is more to show, else INT64_MAX. */
int64_t halls_show(struct halls *halls, int64_t now_us);

/* The round has been shown. */
void halls_showed(struct halls *halls);

/* Beside other servers: what they made of the events that are watched. */
void halls_look(struct halls *halls, int64_t now_us);

/* Once a second: says what is watched. */
void halls_keep(struct halls *halls);

/* One after the other: NULL at first, NULL after the last. None may leave meanwhile. */
struct hall *halls_next(const struct halls *halls, const struct hall *hall);
