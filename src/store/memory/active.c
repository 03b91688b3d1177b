/* The active reservations of a type as a heap: the first to expire on top, ties by id, so that the
 * expiries of a batch are the same on each run. */
#include "store/memory/rows.h"

static bool expires_first(const struct memory_reservation *a, const struct memory_reservation *b) {
    if (a->row.expires_at.us != b->row.expires_at.us) {
        return a->row.expires_at.us < b->row.expires_at.us;
    }
    return uuid_compare(a->row.id, b->row.id) < 0;
}

static struct memory_reservation *at(const struct memory_rows *heap, size_t place) {
    return heap->list[place - 1];
}

static void put(struct memory_rows *heap, size_t place, struct memory_reservation *reservation) {
    heap->list[place - 1] = reservation;
    reservation->place = place;
}

static void rise(struct memory_rows *heap, struct memory_reservation *reservation) {
    size_t place = reservation->place;
    while (place > 1 && expires_first(reservation, at(heap, place / 2))) {
        put(heap, place, at(heap, place / 2));
        place /= 2;
    }
    put(heap, place, reservation);
}

static void sink(struct memory_rows *heap, struct memory_reservation *reservation) {
    size_t place = reservation->place;
    for (size_t child = place * 2; child <= heap->count; child = place * 2) {
        if (child < heap->count && expires_first(at(heap, child + 1), at(heap, child))) {
            child++;
        }
        if (!expires_first(at(heap, child), reservation)) {
            break;
        }
        put(heap, place, at(heap, child));
        place = child;
    }
    put(heap, place, reservation);
}

static void settle(struct memory_rows *heap, struct memory_reservation *reservation) {
    rise(heap, reservation);
    sink(heap, reservation);
}

static void take_out(struct memory_rows *heap, struct memory_reservation *reservation) {
    struct memory_reservation *last = at(heap, heap->count);
    size_t place = reservation->place;
    heap->count--;
    reservation->place = 0;
    if (last != reservation) {
        put(heap, place, last);
        settle(heap, last);
    }
}

void memory_active_update(struct memory_store *store, struct memory_reservation *reservation) {
    struct memory_rows *heap = &reservation->type->active;
    bool is_active = reservation->row.status == RESERVATION_ACTIVE;
    if (is_active && reservation->place == 0) {
        memory_rows_push(store, heap, reservation);
        reservation->place = heap->count;
    }
    if (is_active) {
        settle(heap, reservation);
    } else if (reservation->place != 0) {
        take_out(heap, reservation);
    }
}

struct memory_due memory_type_due(const struct memory_type *type, struct instant now,
                                  void (*visit)(void *context, struct memory_reservation *),
                                  void *context) {
    /* Below a reservation that is not due, none is: only those that are, and their children, are
     * looked at. A path down the heap is at most 64 long; each step leaves one sibling behind. */
    size_t todo[2 * 64];
    size_t todo_count = 0;
    const struct memory_rows *heap = &type->active;
    struct memory_due due = {.next_expiry_at = INSTANT_NONE};
    if (heap->count > 0) {
        todo[todo_count++] = 1;
    }
    while (todo_count > 0) {
        size_t place = todo[--todo_count];
        struct memory_reservation *reservation = at(heap, place);
        struct instant expires_at = reservation->row.expires_at;
        if (instant_before(now, expires_at)) {
            if (instant_is_none(due.next_expiry_at) ||
                instant_before(expires_at, due.next_expiry_at)) {
                due.next_expiry_at = expires_at;
            }
            continue;
        }
        due.count++;
        due.quantity += reservation->row.quantity;
        if (visit != NULL) {
            visit(context, reservation);
        }
        for (size_t child = place * 2; child <= place * 2 + 1 && child <= heap->count; child++) {
            todo[todo_count++] = child;
        }
    }
    return due;
}
