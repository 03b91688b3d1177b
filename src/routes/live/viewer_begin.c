/* How a stream begins: with all there is, or with what was missed since an id. */
#include "routes/live/viewer_parts.h"
#include "store/reader.h"

/* More entries than these are a page of the log, not something to catch up on. */
enum { RESUME_ENTRIES_MAX = 500 };

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
            int64_t *seq = seat_logged(seat, k);
            if (seq == NULL) {
                return false;
            }
            *seq = seat->hall->topics[k].newest.audit_seq;
        }
    }
    live_event(viewing->wire, viewer_place(viewer, true, id), "snapshot",
               snapshot_data(viewer, viewing));
    viewer->round = viewing->round;
    viewer->is_behind = viewer->must_reset = false;
    return true;
}

bool viewer_start_over(struct viewer *viewer, struct viewing *viewing) {
    live_wire_reset(viewing->wire);
    live_event(viewing->wire, TEXT_NONE, "reset", TEXT("{}"));
    return add_snapshot(viewer, viewing) && viewer_send(viewer, viewing);
}

/* The entries between where it was and what is known now. False: too many, or they cannot be read.
 */
static bool add_missed_entries(struct seat *seat, size_t place, int64_t since,
                               struct viewing *viewing) {
    const struct topic *topic = &seat->hall->topics[place];
    int64_t until = topic->newest.audit_seq;
    int64_t *seq = seat_logged(seat, place);
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
        live_event(viewing->wire, viewer_place(seat->viewer, true, id), "audit",
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
            int64_t *seq = seat_logged(seat, k);
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
    struct held_counts held = {NULL, false};
    for (size_t i = 0; i < viewer->seats_count; i++) {
        const struct seat *seat = &viewer->seats[i];
        for (size_t k = 0; k < seat->hall->count; k++) {
            const struct topic *topic = &seat->hall->topics[k];
            const struct live_place *place = live_id_find(from, topic->newest.ticket_type_id);
            bool was_shown =
                place != NULL && place->mark == live_mark(&topic->newest, seat->sees_all);
            if (!was_shown && seat_shows(seat, topic)) {
                viewer_hold_counts(viewing, &held, &topic->newest, seat->sees_all);
            }
        }
    }
    viewer_end_counts(viewer, viewing, &held, true);
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
                !add_missed_entries(seat, k, *seat_logged(seat, k), viewing)) {
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
        return add_snapshot(viewer, viewing) && viewer_send(viewer, viewing);
    }
    if (live_id_read(viewer->after, &from) && resume(viewer, &from, viewing)) {
        return viewing->wire->length == 0 ? viewer_ping(viewer, viewing)
                                          : viewer_send(viewer, viewing);
    }
    return viewer_start_over(viewer, viewing);
}
