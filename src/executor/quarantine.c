#include "executor/quarantine.h"

#include "base/log.h"

void quarantine_init(struct quarantine *quarantine) {
    pthread_mutex_init(&quarantine->lock, NULL);
    atomic_init(&quarantine->count, 0);
}

void quarantine_finish(struct quarantine *quarantine) {
    pthread_mutex_destroy(&quarantine->lock);
}

static size_t find(const struct quarantine *quarantine, struct uuid id) {
    size_t count = quarantine_count(quarantine);
    size_t at = 0;
    while (at < count && !uuid_equals(quarantine->list[at].id, id)) {
        at++;
    }
    return at;
}

static void take_in(struct quarantine *quarantine, const struct world_type *type, int64_t now_us) {
    size_t count = quarantine_count(quarantine);
    size_t at = find(quarantine, type->row.id);
    if (at == QUARANTINE_MAX) {
        return;
    }
    quarantine->list[at].id = type->row.id;
    quarantine->list[at].seen_us = now_us;
    if (at < count) {
        return;
    }
    atomic_store_explicit(&quarantine->count, count + 1, memory_order_relaxed);
    char id[UUID_TEXT_SIZE];
    log_line(LOG_ERROR, "ticket_type_quarantined", "ticket_type_id", uuid_format(type->row.id, id),
             "reason", type->fault, NULL);
}

static void let_go(struct quarantine *quarantine, struct uuid type_id, int64_t now_us) {
    size_t count = quarantine_count(quarantine);
    size_t at = find(quarantine, type_id);
    if (at == count ||
        now_us - quarantine->list[at].seen_us < QUARANTINE_SECONDS * INT64_C(1000000)) {
        return;
    }
    quarantine->list[at] = quarantine->list[count - 1];
    atomic_store_explicit(&quarantine->count, count - 1, memory_order_relaxed);
    char id[UUID_TEXT_SIZE];
    log_line(LOG_INFO, "ticket_type_sound_again", "ticket_type_id", uuid_format(type_id, id), NULL);
}

void quarantine_follow(struct quarantine *quarantine, const struct world *world, int64_t now_us) {
    bool is_empty = quarantine_count(quarantine) == 0;
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        if (type->fault == NULL && is_empty) {
            continue; /* nearly always: no lock is taken */
        }
        pthread_mutex_lock(&quarantine->lock);
        if (type->fault != NULL) {
            take_in(quarantine, type, now_us);
        } else {
            let_go(quarantine, type->row.id, now_us);
        }
        pthread_mutex_unlock(&quarantine->lock);
    }
}

size_t quarantine_count(const struct quarantine *quarantine) {
    return atomic_load_explicit(&quarantine->count, memory_order_relaxed);
}

size_t quarantine_list(struct quarantine *quarantine, struct uuid *list, size_t max) {
    pthread_mutex_lock(&quarantine->lock);
    size_t count = quarantine_count(quarantine);
    count = count < max ? count : max;
    for (size_t i = 0; i < count; i++) {
        list[i] = quarantine->list[i].id;
    }
    pthread_mutex_unlock(&quarantine->lock);
    return count;
}
