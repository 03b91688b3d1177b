#include "routes/live/viewer.h"

#include <sodium.h>
#include <stdlib.h>

#include "routes/live/viewer_parts.h"

enum {
    RETRY_FIRST_MS = 5000, /* to RETRY_FIRST_MS + RETRY_SPREAD_MS, so that not all come at once */
    RETRY_SPREAD_MS = 10000,
};

bool seat_shows(const struct seat *seat, const struct topic *topic) {
    const struct viewer *viewer = seat->viewer;
    if (!seat->sees_all && !topic_is_public(seat->hall, topic)) {
        return false;
    }
    bool is_named = seat->is_whole;
    for (size_t i = 0; i < viewer->types_count && !is_named; i++) {
        is_named = uuid_equals(viewer->types[i], topic->newest.ticket_type_id);
    }
    return is_named;
}

bool viewer_sees_anything(const struct viewer *viewer) {
    for (size_t i = 0; i < viewer->seats_count; i++) {
        if (viewer->seats[i].sees_all || viewer->seats[i].hall->is_public) {
            return true;
        }
    }
    return false;
}

/* --- sending -------------------------------------------------------------------------- */

/* How much of it went; the client has gone: false. */
static bool write_some(struct viewer *viewer, struct text bytes, size_t *taken) {
    *taken = 0;
    while (*taken < bytes.length) {
        size_t length = bytes.length - *taken;
        length = length < HTTP_STREAM_CHUNK_MAX ? length : HTTP_STREAM_CHUNK_MAX;
        enum http_stream_write written =
            http_stream_write(viewer->http, (struct text){bytes.bytes + *taken, length});
        if (written != HTTP_STREAM_TAKEN) {
            return written == HTTP_STREAM_FULL;
        }
        *taken += length;
    }
    return true;
}

static bool has_room(const struct viewer *viewer) {
    return viewer->unsent == NULL && http_stream_waiting(viewer->http) <= VIEWER_WAITING_MAX;
}

/* What the wire holds; there is room. */
bool viewer_send(struct viewer *viewer, struct viewing *viewing) {
    struct live_wire *wire = viewing->wire;
    size_t taken;
    if (wire->failed || !write_some(viewer, (struct text){wire->bytes, wire->length}, &taken)) {
        return false;
    }
    viewer->written_us = viewing->now_us;
    viewing->events += wire->events;
    if (taken < wire->length) {
        viewer->unsent_length = wire->length - taken;
        viewer->unsent_from = 0;
        bool is_too_much = *viewing->unsent + viewer->unsent_length > VIEWERS_UNSENT_MAX;
        viewer->unsent = is_too_much ? NULL : malloc(viewer->unsent_length);
        if (viewer->unsent == NULL) {
            return false;
        }
        *viewing->unsent += viewer->unsent_length;
        memcpy(viewer->unsent, wire->bytes + taken, viewer->unsent_length);
    }
    return true;
}

static void forget_unsent(struct viewer *viewer, struct viewing *viewing) {
    if (viewer->unsent != NULL) {
        *viewing->unsent -= viewer->unsent_length;
        free(viewer->unsent);
        viewer->unsent = NULL;
    }
}

bool viewer_go_on(struct viewer *viewer, struct viewing *viewing) {
    if (viewer->unsent != NULL) {
        struct text rest = {viewer->unsent + viewer->unsent_from,
                            viewer->unsent_length - viewer->unsent_from};
        size_t taken;
        if (!write_some(viewer, rest, &taken)) {
            return false;
        }
        viewer->unsent_from += taken;
        if (viewer->unsent_from < viewer->unsent_length) {
            return true;
        }
        forget_unsent(viewer, viewing);
    }
    return !viewer->is_behind || viewer_show(viewer, viewing);
}

bool viewer_ping(struct viewer *viewer, struct viewing *viewing) {
    size_t taken;
    viewer->written_us = viewing->now_us;
    return !has_room(viewer) || write_some(viewer, live_ping, &taken);
}

void viewer_end(struct viewer *viewer, struct viewing *viewing, bool says_bye) {
    bool is_whole = viewer->unsent == NULL;
    if (says_bye && is_whole) {
        live_wire_reset(viewing->wire);
        live_bye(viewing->wire, RETRY_FIRST_MS + randombytes_uniform(RETRY_SPREAD_MS));
        is_whole = viewer_send(viewer, viewing) && viewer->unsent == NULL;
    }
    forget_unsent(viewer, viewing);
    for (size_t i = 0; i < viewer->seats_count; i++) {
        free(viewer->seats[i].logged);
    }
    http_stream_end(viewer->http, is_whole);
}

/* --- where it stands ------------------------------------------------------------------- */

int64_t *seat_logged(struct seat *seat, size_t place) {
    if (place >= seat->logged_count) {
        int64_t *larger = realloc(seat->logged, seat->hall->capacity * sizeof *larger);
        if (larger == NULL) {
            return NULL;
        }
        memset(larger + seat->logged_count, 0,
               (seat->hall->capacity - seat->logged_count) * sizeof *larger);
        seat->logged = larger;
        seat->logged_count = seat->hall->capacity;
    }
    return &seat->logged[place];
}

struct text viewer_place(struct viewer *viewer, bool of_newest, char buffer[LIVE_ID_SIZE]) {
    struct live_id id = {.with_log = viewer->with_log};
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            if (seat_shows(seat, topic)) {
                const int64_t *seq = viewer->with_log ? seat_logged(seat, k) : NULL;
                live_id_add(&id, of_newest ? &topic->newest : &topic->shown, seat->sees_all,
                            seq == NULL ? 0 : *seq);
            }
        }
    }
    return live_id_write(&id, buffer);
}

static void add_counts(struct viewing *viewing, struct text id, const struct counts_entry *entry,
                       bool sees_all) {
    struct json_writer json;
    json_writer_init(&json, viewing->scratch);
    live_counts(&json, entry, sees_all);
    live_event(viewing->wire, id, "counts", json_written(&json));
}

/* --- changes ------------------------------------------------------------------------------ */

static void add_fresh_entries(struct viewer *viewer, struct viewing *viewing) {
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            int64_t *seq =
                topic->fresh_count > 0 && seat_shows(seat, topic) ? seat_logged(seat, k) : NULL;
            for (size_t j = 0; seq != NULL && j < topic->fresh_count; j++) {
                char id[LIVE_ID_SIZE];
                if (topic->fresh[j].seq > *seq) {
                    *seq = topic->fresh[j].seq;
                    live_event(viewing->wire, viewer_place(viewer, false, id), "audit",
                               topic->fresh[j].json);
                }
            }
        }
    }
}

void viewer_hold_counts(struct viewing *viewing, struct held_counts *held,
                        const struct counts_entry *entry, bool sees_all) {
    if (held->entry != NULL) {
        add_counts(viewing, TEXT_NONE, held->entry, held->sees_all);
    }
    *held = (struct held_counts){entry, sees_all};
}

void viewer_end_counts(struct viewer *viewer, struct viewing *viewing,
                       const struct held_counts *held, bool of_newest) {
    char id[LIVE_ID_SIZE];
    if (held->entry != NULL) {
        add_counts(viewing, viewer_place(viewer, of_newest, id), held->entry, held->sees_all);
    }
}

/* Entries come after the counts, for their ids say that these have been seen. */
static void add_changed_counts(struct viewer *viewer, struct viewing *viewing) {
    struct held_counts held = {NULL, false};
    for (size_t i = 0; i < viewer->seats_count; i++) {
        const struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            uint64_t round = seat->sees_all ? topic->round : topic->available_round;
            if (round > viewer->round && seat_shows(seat, topic)) {
                viewer_hold_counts(viewing, &held, &topic->shown, seat->sees_all);
            }
        }
    }
    viewer_end_counts(viewer, viewing, &held, false);
}

/* Those who watch one whole event and have seen all so far are shown the same bytes. */
static bool shares_bytes(const struct viewer *viewer) {
    return viewer->seats_count == 1 && viewer->seats[0].is_whole && !viewer->with_log &&
           viewer->round >= viewer->seats[0].hall->previous_round;
}

static bool send_shared(struct viewer *viewer, struct viewing *viewing) {
    struct hall *hall = viewer->seats[0].hall;
    struct live_wire *wire = &hall->wire[viewer->seats[0].sees_all ? 0 : 1];
    struct viewing shared = *viewing;
    shared.wire = wire;
    if (hall->wire_round[viewer->seats[0].sees_all ? 0 : 1] != hall->round) {
        live_wire_reset(wire);
        add_changed_counts(viewer, &shared);
        hall->wire_round[viewer->seats[0].sees_all ? 0 : 1] = hall->round;
    }
    bool sent = wire->length == 0 || viewer_send(viewer, &shared);
    viewing->events = shared.events;
    return sent;
}

bool viewer_show(struct viewer *viewer, struct viewing *viewing) {
    if (!has_room(viewer)) {
        viewer->is_behind = true;
        viewer->must_reset = viewer->with_log;
        return true;
    }
    if (viewer->must_reset) {
        return viewer_start_over(viewer, viewing);
    }
    bool sent;
    if (shares_bytes(viewer)) {
        sent = send_shared(viewer, viewing);
    } else {
        live_wire_reset(viewing->wire);
        add_changed_counts(viewer, viewing);
        if (viewer->with_log) {
            add_fresh_entries(viewer, viewing);
        }
        sent = viewing->wire->length == 0 || viewer_send(viewer, viewing);
    }
    viewer->round = viewing->round;
    viewer->is_behind = false;
    return sent;
}
