/* Which reservation is the next to end? A heap for each type; what has moved or ended is noticed
 * when it comes to the top. */
#include "truth.h"

/* Doubles an array in the trial's arena. */
void *truth_grown(struct truth *truth, void *list, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) {
        return list;
    }
    size_t larger = *capacity == 0 ? 64 : *capacity * 2;
    void *copy = arena_take_array(truth->arena, larger, size);
    if (count > 0) {
        memcpy(copy, list, count * size);
    }
    *capacity = larger;
    return copy;
}

void deadline_push(struct truth *truth, struct truth_type *type,
                   struct truth_reservation *reservation) {
    type->deadlines = truth_grown(truth, type->deadlines, type->deadlines_count,
                                  &type->deadlines_capacity, sizeof *type->deadlines);
    size_t at = type->deadlines_count++;
    struct deadline added = {reservation->expires_at, reservation};
    while (at > 0 && added.at.us < type->deadlines[(at - 1) / 2].at.us) {
        type->deadlines[at] = type->deadlines[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    type->deadlines[at] = added;
}

static void deadline_pop(struct truth_type *type) {
    struct deadline last = type->deadlines[--type->deadlines_count];
    size_t at = 0;
    for (size_t child = 1; child < type->deadlines_count; child = 2 * at + 1) {
        if (child + 1 < type->deadlines_count &&
            type->deadlines[child + 1].at.us < type->deadlines[child].at.us) {
            child++;
        }
        if (last.at.us <= type->deadlines[child].at.us) {
            break;
        }
        type->deadlines[at] = type->deadlines[child];
        at = child;
    }
    if (type->deadlines_count > 0) {
        type->deadlines[at] = last;
    }
}

const struct deadline *deadline_first(struct truth *truth, struct truth_type *type) {
    while (type->deadlines_count > 0) {
        const struct deadline *first = &type->deadlines[0];
        struct truth_reservation *reservation = first->reservation;
        if (reservation->active > 0 && reservation->expires_at.us == first->at.us) {
            return first;
        }
        bool was_extended = reservation->active > 0 && reservation->expires_at.us > first->at.us;
        deadline_pop(type);
        if (was_extended) {
            deadline_push(truth, type, reservation);
        }
    }
    return NULL;
}
