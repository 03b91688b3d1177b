/* hall.h - what is being watched of one event, and what of it is due to be shown?
 *
 * A hall exists while somebody watches the event. It holds what is known of each ticket type and
 * what was last shown of it: changes are shown at once, and at most once in SHOW_EVERY_US, the
 * newest for all that came in between. Pure but for memory: the feed (feed.h) brings the time, and
 * owns it. */
#pragma once

#include "routes/live/counts_board.h"
#include "routes/live/live_wire.h"

enum {
    SHOW_EVERY_US = 200 * 1000,
    HALL_TYPES_MAX = 1000, /* of one event; what goes beyond is not shown live */
};

struct seat; /* one stream's place in the hall (viewer.h) */

/* An entry of the log, written as JSON once for all who read it; of this round only. */
struct fresh_entry {
    int64_t seq;
    struct text json;
};

struct topic {
    struct counts_entry newest, shown;
    int64_t shown_us; /* monotonic */
    int64_t due_us;   /* when something runs out, so that it must be read again; or INT64_MAX */
    int64_t read_us;  /* when it was last read for that */
    uint64_t round, available_round; /* in which counts, or what is available, changed last */
    int64_t logged_seq;              /* of the last entry that was shown */
    const struct fresh_entry *fresh;
    size_t fresh_count;
    bool fresh_is_lost; /* there were more than can be shown, or they could not be read */
};

struct hall {
    struct uuid event_id;
    int64_t event_version;
    struct instant as_of; /* of what is known of the event itself */
    bool is_public;
    struct topic *topics; /* in the order in which they were met; they move when it grows */
    size_t count, capacity;
    uint64_t round, previous_round; /* the last two in which anything was shown */
    int64_t read_us;                /* when all of it was last read */
    bool is_stirred;                /* among those that have something to show */
    struct hall *next_stirred;
    struct seat *seats;
    size_t log_seats; /* of those, streams with the log */
    struct hall *next;
    struct live_wire wire[2]; /* what was sent to those who see all, and to the public … */
    uint64_t wire_round[2];   /* … in this round */
};

/* NULL: no memory. */
struct hall *hall_create(struct uuid event_id);
void hall_destroy(struct hall *hall);

/* NULL: not there. */
struct topic *hall_topic(const struct hall *hall, struct uuid ticket_type_id);

/* Takes over what is newer than what it knows. True: there may be something to show. */
bool hall_take(struct hall *hall, const struct counts_entry *entry, int64_t now_us);

/* Of the event itself. True: it was hidden or shown just now. */
bool hall_take_event(struct hall *hall, const struct counts_entry *entry);

/* Nobody has seen anything yet: what is known is where it begins. */
void hall_settle(struct hall *hall);

/* All that was hidden is to be shown again. */
void hall_show_again(struct hall *hall, uint64_t round);

/* Shows what is due at `now_us` in this round; true: something was. *next_us: when there is more
 * to show, else INT64_MAX. `chosen` (may be NULL) is told of each type whose turn it is. */
typedef void hall_shows(void *context, struct hall *hall, struct topic *topic);
bool hall_show(struct hall *hall, uint64_t round, int64_t now_us, int64_t *next_us,
               hall_shows *chosen, void *context);

/* May the public see it? */
static inline bool topic_is_public(const struct hall *hall, const struct topic *topic) {
    return hall->is_public && !topic->newest.is_archived;
}
