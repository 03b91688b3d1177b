#include "routes/counts_board.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    /* 65,536 entries of some 120 bytes are 8 MiB; a board that is full starts anew. */
    ENTRIES_MAX = 1 << 16,
    SLOTS_FIRST = 256,
};

struct counts_board {
    pthread_mutex_t lock;
    struct counts_entry *slots; /* open addressing; an id of none is a free slot */
    size_t capacity, count;
    uint64_t generation;
};

struct counts_board *counts_board_create(void) {
    struct counts_board *board = calloc(1, sizeof *board);
    struct counts_entry *slots = calloc(SLOTS_FIRST, sizeof *slots);
    if (board == NULL || slots == NULL) {
        free(board);
        free(slots);
        return NULL;
    }
    pthread_mutex_init(&board->lock, NULL);
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

/* Its slot, or the free one where it would be. */
static struct counts_entry *slot_of(const struct counts_board *board, struct uuid id) {
    size_t at = uuid_hash(id) & (board->capacity - 1);
    while (!uuid_is_none(board->slots[at].ticket_type_id) &&
           !uuid_equals(board->slots[at].ticket_type_id, id)) {
        at = (at + 1) & (board->capacity - 1);
    }
    return &board->slots[at];
}

/* Everything will be read again; readings under way are not taken. */
static void forget_all(struct counts_board *board) {
    memset(board->slots, 0, board->capacity * sizeof *board->slots);
    board->count = 0;
    board->generation++;
}

/* Half of the slots stay free, so that a search ends soon. */
static void make_room(struct counts_board *board) {
    if (board->count * 2 < board->capacity) {
        return;
    }
    struct counts_entry *slots = NULL;
    if (board->count < ENTRIES_MAX) {
        slots = calloc(board->capacity * 2, sizeof *slots);
    }
    if (slots == NULL) {
        forget_all(board);
        return;
    }
    struct counts_board old = *board;
    board->slots = slots;
    board->capacity *= 2;
    for (size_t i = 0; i < old.capacity; i++) {
        if (!uuid_is_none(old.slots[i].ticket_type_id)) {
            *slot_of(board, old.slots[i].ticket_type_id) = old.slots[i];
        }
    }
    free(old.slots);
}

/* A commit and a reading of it may arrive in either order, and an older reading after both. */
static bool is_older(const struct counts_entry *entry, const struct counts_entry *than) {
    if (entry->audit_seq != than->audit_seq) {
        return entry->audit_seq < than->audit_seq;
    }
    if (entry->settings_version != than->settings_version) {
        return entry->settings_version < than->settings_version;
    }
    return instant_before(entry->as_of, than->as_of);
}

static void put(struct counts_board *board, const struct counts_entry *entry) {
    make_room(board);
    struct counts_entry *slot = slot_of(board, entry->ticket_type_id);
    if (uuid_is_none(slot->ticket_type_id)) {
        board->count++;
    } else if (is_older(entry, slot)) {
        return;
    }
    *slot = *entry;
}

bool counts_board_find(struct counts_board *board, struct uuid ticket_type_id, struct instant now,
                       struct counts_entry *entry) {
    pthread_mutex_lock(&board->lock);
    const struct counts_entry *slot = slot_of(board, ticket_type_id);
    bool found = !uuid_is_none(slot->ticket_type_id) && (instant_is_none(slot->next_expiry_at) ||
                                                         instant_before(now, slot->next_expiry_at));
    if (found) {
        *entry = *slot;
    }
    pthread_mutex_unlock(&board->lock);
    return found;
}

uint64_t counts_board_generation(struct counts_board *board) {
    pthread_mutex_lock(&board->lock);
    uint64_t generation = board->generation;
    pthread_mutex_unlock(&board->lock);
    return generation;
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
        .event_is_public = reading->event_is_public,
        .is_archived = !instant_is_none(reading->row.archived_at),
    };
}

void counts_board_put(struct counts_board *board, const struct counts_entry *entry,
                      uint64_t generation) {
    pthread_mutex_lock(&board->lock);
    if (generation == board->generation) {
        put(board, entry);
    }
    pthread_mutex_unlock(&board->lock);
}

/* --- commits ---------------------------------------------------------------- */

static bool settings_changed(const struct counts_board *board, const struct world *world) {
    for (const struct world_event *event = world->events; event != NULL; event = event->next) {
        if (event->state == ROW_CHANGED) {
            return true;
        }
    }
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        const struct counts_entry *slot = slot_of(board, type->row.id);
        if (type->state == ROW_CHANGED && !uuid_is_none(slot->ticket_type_id) &&
            slot->settings_version != type->row.settings_version) {
            return true;
        }
    }
    return false;
}

static void take_over(struct counts_board *board, const struct world_type *type,
                      struct instant now) {
    const struct event *event = &type->event->row;
    struct type_reading reading = {
        .row = type->row,
        .as_of = now,
        /* What is due but not yet written still counts as reserved: true for no time at all. */
        .next_expiry_at = type->more_expired ? now : type->next_expiry_at,
        .event_is_public = event->published && instant_is_none(event->archived_at),
    };
    struct counts_entry entry = counts_entry_of(&reading);
    put(board, &entry);
}

void counts_board_on_commit(struct counts_board *board, const struct world *world) {
    pthread_mutex_lock(&board->lock);
    if (settings_changed(board, world)) {
        forget_all(board);
    }
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        if (type->state != ROW_LOADED && type->event != NULL && type->fault == NULL) {
            take_over(board, type, world->now);
        }
    }
    pthread_mutex_unlock(&board->lock);
}
