#include "routes/live/counts_board.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    /* 65,536 entries of some 120 bytes are 8 MiB; a board that is full starts anew. */
    ENTRIES_MAX = 1 << 16,
    SLOTS_FIRST = 256,
};

struct slot {
    struct counts_entry entry; /* its type's id is none: the slot is free */
    int64_t good_us;           /* monotonic: when it was last known to be true */
    uint32_t place;            /* in `asked` */
};

struct counts_board {
    struct counts_board_options options;
    pthread_mutex_t lock;
    struct slot *slots; /* open addressing */
    size_t capacity, count;
    uint64_t generation;
    struct instant newest;          /* of all that was ever on it, or none */
    struct instant forgotten_until; /* it may have known of commits as late as this one; or none */
    struct recently asked;          /* on a board that follows */
};

static int64_t board_us(const struct counts_board *board) {
    return board->options.monotonic_us == NULL ? monotonic_us() : board->options.monotonic_us();
}

struct counts_board *counts_board_create(const struct counts_board_options *options) {
    struct counts_board *board = calloc(1, sizeof *board);
    struct slot *slots = calloc(SLOTS_FIRST, sizeof *slots);
    if (board == NULL || slots == NULL) {
        free(board);
        free(slots);
        return NULL;
    }
    pthread_mutex_init(&board->lock, NULL);
    board->options = *options;
    board->newest = board->forgotten_until = INSTANT_NONE;
    board->slots = slots;
    board->capacity = SLOTS_FIRST;
    return board;
}

void counts_board_destroy(struct counts_board *board) {
    if (board != NULL) {
        pthread_mutex_destroy(&board->lock);
        free(board->slots);
        free(board);
    }
}

static bool slot_is_free(const struct slot *slot) {
    return uuid_is_none(slot->entry.ticket_type_id);
}

/* Its slot, or the free one where it would be. */
static struct slot *slot_of(const struct counts_board *board, struct uuid id) {
    size_t at = uuid_hash(id) & (board->capacity - 1);
    while (!slot_is_free(&board->slots[at]) &&
           !uuid_equals(board->slots[at].entry.ticket_type_id, id)) {
        at = (at + 1) & (board->capacity - 1);
    }
    return &board->slots[at];
}

/* Everything will be read again. Readings under way are not taken, nor are commits that other lanes
 * have made before but not yet told of: nothing is left by which to see that they are old. */
static void forget_all(struct counts_board *board) {
    board->forgotten_until = board->newest;
    memset(board->slots, 0, board->capacity * sizeof *board->slots);
    board->count = 0;
    board->generation++;
}

/* Half of the slots stay free, so that a search ends soon. */
static void make_room(struct counts_board *board) {
    if (board->count * 2 < board->capacity) {
        return;
    }
    struct slot *slots = NULL;
    if (board->count < ENTRIES_MAX) {
        slots = calloc(board->capacity * 2, sizeof *slots);
    }
    if (slots == NULL) {
        forget_all(board);
        return;
    }
    struct slot *old = board->slots;
    size_t old_capacity = board->capacity;
    board->slots = slots;
    board->capacity *= 2;
    for (size_t i = 0; i < old_capacity; i++) {
        if (!slot_is_free(&old[i])) {
            *slot_of(board, old[i].entry.ticket_type_id) = old[i];
        }
    }
    free(old);
}

bool counts_entry_is_older(const struct counts_entry *entry, const struct counts_entry *than) {
    if (entry->audit_seq != than->audit_seq) {
        return entry->audit_seq < than->audit_seq;
    }
    if (entry->settings_version != than->settings_version) {
        return entry->settings_version < than->settings_version;
    }
    if (entry->event_version != than->event_version) {
        return entry->event_version < than->event_version;
    }
    return instant_before(entry->as_of, than->as_of);
}

static void saw(struct counts_board *board, struct instant at) {
    if (instant_is_none(board->newest) || instant_before(board->newest, at)) {
        board->newest = at;
    }
}

static void put(struct counts_board *board, const struct counts_entry *entry, int64_t good_us) {
    make_room(board);
    struct slot *slot = slot_of(board, entry->ticket_type_id);
    if (slot_is_free(slot)) {
        board->count++;
    } else if (counts_entry_is_older(entry, &slot->entry)) {
        return;
    }
    slot->entry = *entry;
    slot->good_us = good_us;
    saw(board, entry->as_of);
}

/* Beside other servers the clock is the database's: as far from as_of as time has passed here. */
static bool is_true_now(const struct counts_board *board, const struct slot *slot,
                        struct instant now, int64_t now_us) {
    if (board->options.follows) {
        int64_t passed_us = now_us - slot->good_us;
        if (passed_us > COUNTS_GOOD_MS * INT64_C(1000)) {
            return false;
        }
        now.us = slot->entry.as_of.us + passed_us;
    }
    return instant_is_none(slot->entry.next_expiry_at) ||
           instant_before(now, slot->entry.next_expiry_at);
}

bool counts_board_find(struct counts_board *board, struct uuid ticket_type_id, struct instant now,
                       struct counts_entry *entry) {
    int64_t now_us = board->options.follows ? board_us(board) : 0;
    pthread_mutex_lock(&board->lock);
    struct slot *slot = slot_of(board, ticket_type_id);
    bool is_there = !slot_is_free(slot);
    if (is_there && board->options.follows) {
        recently_note(&board->asked, ticket_type_id, now_us, &slot->place);
    }
    bool found = is_there && is_true_now(board, slot, now, now_us);
    if (found) {
        *entry = slot->entry;
    }
    pthread_mutex_unlock(&board->lock);
    return found;
}

struct counts_moment counts_board_moment(struct counts_board *board) {
    struct counts_moment moment = {.us = board_us(board)};
    pthread_mutex_lock(&board->lock);
    moment.generation = board->generation;
    pthread_mutex_unlock(&board->lock);
    return moment;
}

struct counts_entry counts_entry_of(const struct type_reading *reading) {
    return (struct counts_entry){
        .ticket_type_id = reading->row.id,
        .event_id = reading->row.event_id,
        .initial = reading->row.initial,
        .counts = reading->row.counts,
        .as_of = reading->as_of,
        .next_expiry_at = reading->next_expiry_at,
        .audit_seq = reading->row.audit_seq,
        .settings_version = reading->row.settings_version,
        .event_version = reading->event_version,
        .event_is_public = reading->event_is_public,
        .is_archived = !instant_is_none(reading->row.archived_at),
    };
}

void counts_board_put(struct counts_board *board, const struct counts_entry *entry,
                      struct counts_moment before) {
    pthread_mutex_lock(&board->lock);
    if (before.generation == board->generation) {
        put(board, entry, before.us);
    }
    pthread_mutex_unlock(&board->lock);
    if (board->options.on_reading != NULL) {
        board->options.on_reading(board->options.context, entry);
    }
}

/* --- commits ---------------------------------------------------------------- */

static bool settings_changed(const struct counts_board *board, const struct world *world) {
    for (const struct world_event *event = world->events; event != NULL; event = event->next) {
        if (event->state == ROW_CHANGED) {
            return true;
        }
    }
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        const struct slot *slot = slot_of(board, type->row.id);
        if (type->state == ROW_CHANGED && !slot_is_free(slot) &&
            slot->entry.settings_version != type->row.settings_version) {
            return true;
        }
    }
    return false;
}

struct counts_entry counts_entry_committed(const struct world_type *type, struct instant now) {
    const struct event *event = &type->event->row;
    struct type_reading reading = {
        .row = type->row,
        .as_of = now,
        /* What is due but not yet written still counts as reserved: true for no time at all. */
        .next_expiry_at = type->more_expired ? now : type->next_expiry_at,
        .event_is_public = event->published && instant_is_none(event->archived_at),
        .event_version = event->version,
    };
    return counts_entry_of(&reading);
}

void counts_board_on_commit(struct counts_board *board, const struct world *world) {
    int64_t now_us = board_us(board);
    pthread_mutex_lock(&board->lock);
    bool is_late = !instant_is_none(board->forgotten_until) &&
                   !instant_before(board->forgotten_until, world->now);
    if (settings_changed(board, world)) {
        saw(board, world->now);
        forget_all(board);
    }
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        bool is_known = !slot_is_free(slot_of(board, type->row.id));
        if (type->state != ROW_LOADED && type->event != NULL && type->fault == NULL &&
            (is_known || !is_late)) {
            struct counts_entry entry = counts_entry_committed(type, world->now);
            put(board, &entry, now_us);
        }
    }
    pthread_mutex_unlock(&board->lock);
}

/* --- following -------------------------------------------------------------- */

void counts_board_watch(struct counts_board *board, struct uuid ticket_type_id) {
    int64_t now_us = board_us(board);
    uint32_t place = UINT32_MAX;
    pthread_mutex_lock(&board->lock);
    struct slot *slot = slot_of(board, ticket_type_id);
    recently_note(&board->asked, ticket_type_id, now_us,
                  slot_is_free(slot) ? &place : &slot->place);
    pthread_mutex_unlock(&board->lock);
}

size_t counts_board_followed(struct counts_board *board, struct uuid ids[RECENTLY_MAX]) {
    int64_t since_us = board_us(board) - COUNTS_ASKED_LATELY_MS * INT64_C(1000);
    pthread_mutex_lock(&board->lock);
    size_t count = recently_list(&board->asked, since_us, ids);
    pthread_mutex_unlock(&board->lock);
    return count;
}

/* A shop that makes its events itself publishes them without a word about the version. */
static bool is_behind(const struct counts_entry *entry, const struct type_head *head) {
    bool is_hidden_or_shown = entry->event_version == head->event_version &&
                              entry->event_is_public != head->event_is_public;
    return is_hidden_or_shown || entry->audit_seq < head->audit_seq ||
           entry->settings_version < head->settings_version ||
           entry->event_version < head->event_version;
}

bool counts_board_confirm(struct counts_board *board, const struct type_head *head,
                          struct instant as_of, struct counts_moment before) {
    pthread_mutex_lock(&board->lock);
    struct slot *slot = slot_of(board, head->id);
    struct counts_entry *entry = &slot->entry;
    bool is_good =
        !slot_is_free(slot) && !is_behind(entry, head) &&
        (instant_is_none(entry->next_expiry_at) || instant_before(as_of, entry->next_expiry_at));
    /* What a commit of our own said since then is better than this. */
    if (is_good && entry->audit_seq == head->audit_seq && slot->good_us < before.us) {
        slot->good_us = before.us;
        entry->as_of = instant_before(entry->as_of, as_of) ? as_of : entry->as_of;
    }
    pthread_mutex_unlock(&board->lock);
    return is_good;
}

void counts_board_drop(struct counts_board *board, struct uuid ticket_type_id) {
    pthread_mutex_lock(&board->lock);
    struct slot *slot = slot_of(board, ticket_type_id);
    if (!slot_is_free(slot)) {
        slot->good_us = INT64_MIN / 2; /* longer ago than any entry is good */
    }
    pthread_mutex_unlock(&board->lock);
}
