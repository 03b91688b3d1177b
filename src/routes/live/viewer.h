/* viewer.h - one stream: what does it see, how far has it come, does its client keep up?
 *
 * A viewer lives in the arena of its request and sits in the halls of the events that it watches.
 * All of it belongs to the feed's thread from feed_join() on, but for `told`. What a slow client
 * cannot take now is not kept for it: when it has room again it gets the newest counts; a stream
 * with the log gets `reset` and a snapshot. */
#pragma once

#include "http/request.h"
#include "routes/live/hall.h"
#include "routes/live/live_id.h"
#include "routes/live/live_wire.h"

enum {
    VIEWER_EVENTS_MAX = 20,
    VIEWER_TYPES_MAX = LIVE_ID_TYPES_MAX, /* that may be named one by one */
    /* What may wait in a stream that has not been taken by the network: a snapshot may be more. */
    VIEWER_WAITING_MAX = 4 * 1024,
    /* Of all together: snapshots that are slowly read; beyond it they are cut off. */
    VIEWERS_UNSENT_MAX = 32 * 1024 * 1024,
};

struct feed;
struct key_record;
struct viewer;

struct seat {
    struct viewer *viewer;
    struct uuid event_id;
    struct hall *hall; /* NULL: not seated */
    bool sees_all;     /* else what the public may see */
    bool is_whole;     /* every type of the event; else only those that the viewer names */
    int64_t *logged;   /* by the topics' places: the last entry that was sent; with the log only */
    size_t logged_count;
    struct seat *next, **link; /* in the hall */
};

struct viewer {
    struct http_request *http;
    struct feed *feed;
    struct seat *seats;
    size_t seats_count;
    const struct uuid *types;
    size_t types_count;
    bool with_log;
    struct text after;            /* the id to resume from; or absent */
    const struct key_record *key; /* whose stream it is; NULL: not a key's */
    struct uuid session_id;       /* of a member of staff, as of this version of them; or none */
    int64_t staff_version;
    uint16_t bucket; /* under which streams of one client are counted */

    /* The feed's. */
    uint64_t round; /* the last one it has seen whole */
    bool is_seated, is_behind, must_reset, is_doomed, says_bye;
    int64_t written_us;
    char *unsent; /* the rest of a snapshot that did not fit */
    size_t unsent_length, unsent_from;
    struct viewer *next, *previous, *next_doomed;

    /* What the loop says, under the feed's lock. */
    struct {
        bool has_joined, is_listed, left, stops, over;
        struct viewer *next;
    } told;
};

/* What viewers need to write; one for the feed. */
struct viewing {
    struct live_wire *wire;
    struct arena *scratch;
    struct store_reader *reader;
    const struct names *names;
    uint64_t round, events;
    size_t *unsent; /* bytes of all viewers that did not fit */
    int64_t now_us;
};

bool seat_shows(const struct seat *seat, const struct topic *topic);

/* Some event of it may still be seen. */
bool viewer_sees_anything(const struct viewer *viewer);

/* The beginning: what has changed since `after`, or a snapshot. False: the client has gone. */
bool viewer_begin(struct viewer *viewer, struct viewing *viewing);

/* What was shown since it last looked. False: the client has gone. */
bool viewer_show(struct viewer *viewer, struct viewing *viewing);

/* A comment, if nothing else is on its way. */
bool viewer_ping(struct viewer *viewer, struct viewing *viewing);

/* Sends the rest of what did not fit. */
bool viewer_go_on(struct viewer *viewer, struct viewing *viewing);

/* `bye`, where it fits, and the end. Afterwards the viewer must not be touched. */
void viewer_end(struct viewer *viewer, struct viewing *viewing, bool says_bye);
