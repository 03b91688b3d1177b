#include "routes/live/hall.h"

#include <stdlib.h>

/* Instants are whole milliseconds, and the clock that decides is read after ours. */
enum { SLACK_US = 2000 };

struct hall *hall_create(struct uuid event_id) {
    struct hall *hall = calloc(1, sizeof *hall);
    if (hall != NULL) {
        hall->event_id = event_id;
        hall->as_of = INSTANT_NONE;
    }
    return hall;
}

void hall_destroy(struct hall *hall) {
    if (hall != NULL) {
        live_wire_finish(&hall->wire[0]);
        live_wire_finish(&hall->wire[1]);
        free(hall->topics);
        free(hall);
    }
}

struct topic *hall_topic(const struct hall *hall, struct uuid ticket_type_id) {
    for (size_t i = 0; i < hall->count; i++) {
        if (uuid_equals(hall->topics[i].newest.ticket_type_id, ticket_type_id)) {
            return &hall->topics[i];
        }
    }
    return NULL;
}

static struct topic *add_topic(struct hall *hall, const struct counts_entry *entry) {
    if (hall->count == hall->capacity) {
        size_t capacity = hall->capacity == 0 ? 4 : 2 * hall->capacity;
        struct topic *larger =
            hall->count >= HALL_TYPES_MAX ? NULL : realloc(hall->topics, capacity * sizeof *larger);
        if (larger == NULL) {
            return NULL;
        }
        hall->topics = larger;
        hall->capacity = capacity;
    }
    struct topic *topic = &hall->topics[hall->count++];
    /* Never shown: no counts are like these. */
    *topic = (struct topic){.newest = *entry, .shown.counts.total = -1, .shown_us = INT64_MIN / 2};
    return topic;
}

bool hall_take_event(struct hall *hall, const struct counts_entry *entry) {
    bool is_older = entry->event_version < hall->event_version ||
                    (entry->event_version == hall->event_version && !instant_is_none(hall->as_of) &&
                     instant_before(entry->as_of, hall->as_of));
    if (is_older) {
        return false;
    }
    bool turns = hall->is_public != entry->event_is_public;
    hall->event_version = entry->event_version;
    hall->as_of = entry->as_of;
    hall->is_public = entry->event_is_public;
    return turns;
}

bool hall_take(struct hall *hall, const struct counts_entry *entry, int64_t now_us) {
    struct topic *topic = hall_topic(hall, entry->ticket_type_id);
    if (topic == NULL) {
        topic = add_topic(hall, entry);
        if (topic == NULL) {
            return false;
        }
    } else if (counts_entry_is_older(entry, &topic->newest)) {
        return false;
    }
    topic->newest = *entry;
    topic->due_us = INT64_MAX;
    if (!instant_is_none(entry->next_expiry_at)) {
        int64_t left_us = entry->next_expiry_at.us - entry->as_of.us;
        topic->due_us = now_us + (left_us > 0 ? left_us : 0) + SLACK_US;
    }
    return true;
}

void hall_settle(struct hall *hall) {
    for (size_t i = 0; i < hall->count; i++) {
        hall->topics[i].shown = hall->topics[i].newest;
        hall->topics[i].logged_seq = hall->topics[i].newest.audit_seq;
    }
}

void hall_show_again(struct hall *hall, uint64_t round) {
    for (size_t i = 0; i < hall->count; i++) {
        hall->topics[i].available_round = round;
    }
    if (hall->round != round) {
        hall->previous_round = hall->round;
        hall->round = round;
    }
}

static bool counts_differ(const struct topic *topic) {
    const struct counts *a = &topic->newest.counts, *b = &topic->shown.counts;
    return a->total != b->total || a->sold != b->sold || a->reserved != b->reserved;
}

/* A type that is archived leaves the public's sight, or comes back: what is available of it counts
 * as changed. */
static bool available_differs(const struct topic *topic) {
    return counts_available(topic->newest.counts) != counts_available(topic->shown.counts) ||
           topic->newest.is_archived != topic->shown.is_archived;
}

bool hall_show(struct hall *hall, uint64_t round, int64_t now_us, int64_t *next_us,
               hall_shows *chosen, void *context) {
    bool showed = false;
    *next_us = INT64_MAX;
    for (size_t i = 0; i < hall->count; i++) {
        struct topic *topic = &hall->topics[i];
        bool counts_are_new = counts_differ(topic);
        bool available_is_new = available_differs(topic);
        if (!counts_are_new && !available_is_new &&
            topic->newest.audit_seq == topic->shown.audit_seq) {
            continue;
        }
        if (now_us - topic->shown_us < SHOW_EVERY_US) {
            int64_t due_us = topic->shown_us + SHOW_EVERY_US;
            *next_us = due_us < *next_us ? due_us : *next_us;
            continue;
        }
        topic->round = counts_are_new ? round : topic->round;
        topic->available_round = available_is_new ? round : topic->available_round;
        topic->shown = topic->newest;
        topic->shown_us = now_us;
        showed = true;
        if (chosen != NULL) {
            chosen(context, hall, topic);
        }
    }
    if (showed && hall->round != round) {
        hall->previous_round = hall->round;
        hall->round = round;
    }
    return showed;
}
