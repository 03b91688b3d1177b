#include "routes/viewer.h"

#include <sodium.h>
#include <stdlib.h>

#include "store/reader.h"

enum {
    RETRY_FIRST_MS = 5000, /* to RETRY_FIRST_MS + RETRY_SPREAD_MS, so that not all come at once */
    RETRY_SPREAD_MS = 10000,
    /* More entries than these are a page of the log, not something to catch up on. */
    RESUME_ENTRIES_MAX = 500,
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
static bool send(struct viewer *viewer, struct viewing *viewing) {
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
        viewer->unsent = malloc(viewer->unsent_length);
        if (viewer->unsent == NULL) {
            return false;
        }
        memcpy(viewer->unsent, wire->bytes + taken, viewer->unsent_length);
    }
    return true;
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
        free(viewer->unsent);
        viewer->unsent = NULL;
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
        is_whole = send(viewer, viewing) && viewer->unsent == NULL;
    }
    free(viewer->unsent);
    viewer->unsent = NULL;
    for (size_t i = 0; i < viewer->seats_count; i++) {
        free(viewer->seats[i].logged);
    }
    http_stream_end(viewer->http, is_whole);
}

/* --- where it stands ------------------------------------------------------------------- */

static int64_t *logged_at(struct seat *seat, size_t place) {
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

static struct text place_of(struct viewer *viewer, bool of_newest, char buffer[LIVE_ID_SIZE]) {
    struct live_id id = {.with_log = viewer->with_log};
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            if (seat_shows(seat, topic)) {
                const int64_t *seq = viewer->with_log ? logged_at(seat, k) : NULL;
                live_id_add(&id, of_newest ? &topic->newest : &topic->shown, seat->sees_all,
                            seq == NULL ? 0 : *seq);
            }
        }
    }
    return live_id_write(&id, buffer);
}

/* --- the beginning ----------------------------------------------------------------------- */

static struct text snapshot_data(struct viewer *viewer, struct viewing *viewing) {
    struct json_writer json;
    struct instant as_of = INSTANT_NONE;
    for (size_t i = 0; i < viewer->seats_count; i++) {
        const struct hall *hall = viewer->seats[i].hall;
        for (size_t k = 0; k < hall->count; k++) {
            as_of = instant_later(as_of, hall->topics[k].newest.as_of);
        }
    }
    json_writer_init(&json, viewing->scratch);
    json_object_begin(&json);
    json_member_instant(&json, "as_of", instant_is_none(as_of) ? instant_now() : as_of);
    json_name(&json, "types");
    json_array_begin(&json);
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            if (seat_shows(seat, topic)) {
                live_counts(&json, &topic->newest, seat->sees_all);
            }
        }
    }
    json_array_end(&json);
    json_object_end(&json);
    return json_written(&json);
}

/* The whole state: nothing before it is missing. */
static bool add_snapshot(struct viewer *viewer, struct viewing *viewing) {
    char id[LIVE_ID_SIZE];
    for (size_t i = 0; i < viewer->seats_count && viewer->with_log; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            int64_t *seq = logged_at(seat, k);
            if (seq == NULL) {
                return false;
            }
            *seq = seat->hall->topics[k].newest.audit_seq;
        }
    }
    live_event(viewing->wire, place_of(viewer, true, id), "snapshot",
               snapshot_data(viewer, viewing));
    viewer->round = viewing->round;
    viewer->is_behind = viewer->must_reset = false;
    return true;
}

static bool start_over(struct viewer *viewer, struct viewing *viewing) {
    live_wire_reset(viewing->wire);
    live_event(viewing->wire, TEXT_NONE, "reset", TEXT("{}"));
    return add_snapshot(viewer, viewing) && send(viewer, viewing);
}

static void add_counts(struct viewing *viewing, struct text id, const struct counts_entry *entry,
                       bool sees_all) {
    struct json_writer json;
    json_writer_init(&json, viewing->scratch);
    live_counts(&json, entry, sees_all);
    live_event(viewing->wire, id, "counts", json_written(&json));
}

/* The entries between where it was and what is known now. False: too many, or they cannot be read.
 */
static bool add_missed_entries(struct seat *seat, size_t place, int64_t since,
                               struct viewing *viewing) {
    const struct topic *topic = &seat->hall->topics[place];
    int64_t until = topic->newest.audit_seq;
    int64_t *seq = logged_at(seat, place);
    if (seq == NULL || since > until || until - since > RESUME_ENTRIES_MAX) {
        return false;
    }
    *seq = since;
    if (since == until) {
        return true;
    }
    struct page page;
    struct failure failure;
    if (reader_entries(viewing->reader, topic->newest.ticket_type_id, since,
                       (size_t)(until - since), viewing->scratch, &page, &failure) != ERROR_NONE) {
        return false;
    }
    const struct audit_entry *entries = page.rows;
    for (size_t i = 0; i < page.count && entries[i].seq <= until; i++) {
        char id[LIVE_ID_SIZE];
        *seq = entries[i].seq;
        live_event(viewing->wire, place_of(seat->viewer, true, id), "audit",
                   live_entry(&entries[i], viewing->names, viewing->scratch));
    }
    return *seq == until;
}

/* Where each type stood comes first, so that the id of each entry is whole. */
static bool take_places(struct viewer *viewer, const struct live_id *from) {
    for (size_t i = 0; i < viewer->seats_count && viewer->with_log; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct live_place *place =
                live_id_find(from, seat->hall->topics[k].newest.ticket_type_id);
            int64_t *seq = logged_at(seat, k);
            if (seq == NULL) {
                return false;
            }
            *seq = place == NULL ? 0 : place->seq;
        }
    }
    return true;
}

static void add_missed_counts(struct viewer *viewer, const struct live_id *from,
                              struct viewing *viewing) {
    const struct seat *last_seat = NULL;
    const struct topic *last = NULL;
    for (size_t i = 0; i < viewer->seats_count; i++) {
        const struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            const struct live_place *place = live_id_find(from, topic->newest.ticket_type_id);
            if (!seat_shows(seat, topic) ||
                (place != NULL && place->mark == live_mark(&topic->newest, seat->sees_all))) {
                continue;
            }
            if (last != NULL) {
                add_counts(viewing, TEXT_NONE, &last->newest, last_seat->sees_all);
            }
            last = topic;
            last_seat = seat;
        }
    }
    if (last != NULL) {
        char id[LIVE_ID_SIZE];
        add_counts(viewing, place_of(viewer, true, id), &last->newest, last_seat->sees_all);
    }
}

/* False: it cannot be told what the client missed. */
static bool resume(struct viewer *viewer, const struct live_id *from, struct viewing *viewing) {
    if (from->with_log != viewer->with_log || !take_places(viewer, from)) {
        return false;
    }
    add_missed_counts(viewer, from, viewing);
    for (size_t i = 0; i < viewer->seats_count && viewer->with_log; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            if (seat_shows(seat, &seat->hall->topics[k]) &&
                !add_missed_entries(seat, k, *logged_at(seat, k), viewing)) {
                return false;
            }
        }
    }
    viewer->round = viewing->round;
    return true;
}

bool viewer_begin(struct viewer *viewer, struct viewing *viewing) {
    struct live_id from;
    live_wire_reset(viewing->wire);
    if (text_is_absent(viewer->after)) {
        return add_snapshot(viewer, viewing) && send(viewer, viewing);
    }
    if (live_id_read(viewer->after, &from) && resume(viewer, &from, viewing)) {
        return viewing->wire->length == 0 ? viewer_ping(viewer, viewing) : send(viewer, viewing);
    }
    return start_over(viewer, viewing);
}

/* --- changes ------------------------------------------------------------------------------ */

static void add_fresh_entries(struct viewer *viewer, struct viewing *viewing) {
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            int64_t *seq =
                topic->fresh_count > 0 && seat_shows(seat, topic) ? logged_at(seat, k) : NULL;
            for (size_t j = 0; seq != NULL && j < topic->fresh_count; j++) {
                char id[LIVE_ID_SIZE];
                if (topic->fresh[j].seq > *seq) {
                    *seq = topic->fresh[j].seq;
                    live_event(viewing->wire, place_of(viewer, false, id), "audit",
                               topic->fresh[j].json);
                }
            }
        }
    }
}

/* The id is said with the last one: what comes before it is whole, and may come again. Entries come
 * after the counts, for their ids say that these have been seen. */
static void add_changed_counts(struct viewer *viewer, struct viewing *viewing) {
    const struct seat *last_seat = NULL;
    const struct topic *last = NULL;
    for (size_t i = 0; i < viewer->seats_count; i++) {
        const struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            uint64_t round = seat->sees_all ? topic->round : topic->available_round;
            if (round <= viewer->round || !seat_shows(seat, topic)) {
                continue;
            }
            if (last != NULL) {
                add_counts(viewing, TEXT_NONE, &last->shown, last_seat->sees_all);
            }
            last = topic;
            last_seat = seat;
        }
    }
    if (last != NULL) {
        char id[LIVE_ID_SIZE];
        add_counts(viewing, place_of(viewer, false, id), &last->shown, last_seat->sees_all);
    }
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
    bool sent = wire->length == 0 || send(viewer, &shared);
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
        return start_over(viewer, viewing);
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
        sent = viewing->wire->length == 0 || send(viewer, viewing);
    }
    viewer->round = viewing->round;
    viewer->is_behind = false;
    return sent;
}
