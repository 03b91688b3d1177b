#include "routes/live/recently.h"

/* Its place, or the one that it gets: a new one, or that of the least lately asked for. */
static uint32_t place_of(struct recently *recently, struct uuid id) {
    uint32_t oldest = 0;
    for (uint32_t i = 0; i < recently->count; i++) {
        if (uuid_equals(recently->list[i].id, id)) {
            return i;
        }
        if (recently->list[i].asked_us < recently->list[oldest].asked_us) {
            oldest = i;
        }
    }
    return recently->count < RECENTLY_MAX ? (uint32_t)recently->count++ : oldest;
}

void recently_note(struct recently *recently, struct uuid id, int64_t now_us, uint32_t *place) {
    if (*place >= recently->count || !uuid_equals(recently->list[*place].id, id)) {
        *place = place_of(recently, id);
        recently->list[*place].id = id;
    }
    recently->list[*place].asked_us = now_us;
}

size_t recently_list(struct recently *recently, int64_t since_us, struct uuid ids[RECENTLY_MAX]) {
    size_t kept = 0;
    for (size_t i = 0; i < recently->count; i++) {
        if (recently->list[i].asked_us >= since_us) {
            recently->list[kept] = recently->list[i];
            ids[kept] = recently->list[kept].id;
            kept++;
        }
    }
    recently->count = kept;
    return kept;
}
