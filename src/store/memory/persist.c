/* Writes what a batch has changed, whole or not at all. */
#include "base/check.h"
#include "domain/limits.h"
#include "store/memory/people.h"
#include "store/memory/rows.h"

/* --- may it be written? --- */

static bool types_are_as_loaded(const struct memory_store *store, const struct world *world) {
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        const struct memory_type *kept = memory_type(store, type->row.id);
        if (type->state == ROW_CHANGED &&
            (kept == NULL || kept->row.audit_seq != type->loaded_seq)) {
            return false;
        }
    }
    return true;
}

static bool reservations_are_as_loaded(const struct memory_store *store,
                                       const struct world *world) {
    for (const struct world_reservation *line = world->reservations; line != NULL;
         line = line->next) {
        const struct memory_reservation *kept =
            line->state == ROW_LOADED ? NULL : memory_reservation(store, line->row.id);
        if (line->state == ROW_CHANGED &&
            (kept == NULL || kept->row.status != line->loaded_status)) {
            return false;
        }
    }
    return true;
}

static bool shifts_are_as_loaded(const struct memory_store *store, const struct world *world) {
    for (const struct world_shift *shift = world->shifts; shift != NULL; shift = shift->next) {
        const struct memory_shift *kept = memory_shift(store, shift->row.id);
        if (shift->state == ROW_CHANGED &&
            (kept == NULL || !instant_is_none(kept->row.closed_at))) {
            return false;
        }
    }
    return true;
}

static bool has_twin(const struct memory_store *store, const struct world *world) {
    for (const struct world_idempotency *record = world->idempotency; record != NULL;
         record = record->next) {
        if (record->state == ROW_NEW &&
            memory_idempotency(store, record->principal, record->key) != NULL) {
            return true;
        }
    }
    return false;
}

/* A new row whose id is there already: what a database's primary key refuses. */
#define ANY_THERE_ALREADY(store, world, list, kind, find)                                          \
    for (const struct kind *row = (world)->list; row != NULL; row = row->next) {                   \
        if (row->state == ROW_NEW && find((store), row->row.id) != NULL) {                         \
            return true;                                                                           \
        }                                                                                          \
    }

static bool breaks_a_primary_key(const struct memory_store *store, const struct world *world) {
    ANY_THERE_ALREADY(store, world, venues, world_venue, memory_venue)
    ANY_THERE_ALREADY(store, world, events, world_event, memory_event)
    ANY_THERE_ALREADY(store, world, types, world_type, memory_type)
    ANY_THERE_ALREADY(store, world, carts, world_cart, memory_cart)
    ANY_THERE_ALREADY(store, world, reservations, world_reservation, memory_reservation)
    ANY_THERE_ALREADY(store, world, api_keys, world_api_key, memory_api_key)
    ANY_THERE_ALREADY(store, world, staff, world_staff, memory_staff)
    ANY_THERE_ALREADY(store, world, sessions, world_session, memory_session)
    ANY_THERE_ALREADY(store, world, shifts, world_shift, memory_shift)
    return false;
}

/* One that is open here, though another of the same operator is. */
static bool opens_a_second_shift(const struct memory_store *store, const struct world *world) {
    for (const struct world_shift *shift = world->shifts; shift != NULL; shift = shift->next) {
        const struct memory_shift *open = memory_open_shift(store, shift->row.operator.id);
        const struct world_shift *closed = open == NULL ? NULL : world_shift(world, open->row.id);
        if (shift->state == ROW_NEW && instant_is_none(shift->row.closed_at) && open != NULL &&
            (closed == NULL || instant_is_none(closed->row.closed_at))) {
            return true;
        }
    }
    return false;
}

static bool is_poisoned(const struct memory_store *store, const struct world *world) {
    struct uuid user = store->faults.poison_user;
    const struct world_reservation *line = uuid_is_none(user) ? NULL : world->reservations;
    while (line != NULL && (line->state == ROW_LOADED || !uuid_equals(line->row.user_id, user))) {
        line = line->next;
    }
    return line != NULL;
}

static enum error check(const struct memory_store *store, const struct world *world,
                        struct failure *failure) {
    if (!types_are_as_loaded(store, world) || !reservations_are_as_loaded(store, world) ||
        !shifts_are_as_loaded(store, world)) {
        return failure_set(failure, ERROR_RETRY, "a row is not as it was loaded");
    }
    if (has_twin(store, world)) {
        return failure_set(failure, ERROR_TWIN, "an idempotency key is there already");
    }
    if (breaks_a_primary_key(store, world) || opens_a_second_shift(store, world) ||
        is_poisoned(store, world)) {
        return failure_set(failure, ERROR_REJECTED, "a row breaks a constraint");
    }
    return ERROR_NONE;
}

/* --- write it --- */

static struct text keep(struct memory_store *store, struct text text, struct text before) {
    if (text.bytes == before.bytes && text.length == before.length) {
        return before;
    }
    if (text.bytes == store->kept_from.bytes && text.length == store->kept_from.length) {
        return store->kept;
    }
    struct text kept = arena_copy(&store->arena, text);
    ensure(text_is_absent(text) == text_is_absent(kept));
    store->kept_from = text;
    store->kept = kept;
    return kept;
}

static void write_venue(struct memory_store *store, const struct world_venue *venue) {
    struct memory_venue *kept = venue->state == ROW_NEW ? memory_add_venue(store, venue->row.id)
                                                        : memory_venue(store, venue->row.id);
    struct venue before = kept->row;
    kept->row = venue->row;
    kept->row.name = keep(store, venue->row.name, before.name);
    kept->row.address = keep(store, venue->row.address, before.address);
    kept->row.time_zone = keep(store, venue->row.time_zone, before.time_zone);
}

static void write_event(struct memory_store *store, const struct world_event *event) {
    struct memory_event *kept = event->state == ROW_NEW ? memory_add_event(store, event->row.id)
                                                        : memory_event(store, event->row.id);
    struct event before = kept->row;
    kept->row = event->row;
    kept->row.name = keep(store, event->row.name, before.name);
    kept->row.description = keep(store, event->row.description, before.description);
    kept->row.image_url = keep(store, event->row.image_url, before.image_url);
    kept->row.time_zone = keep(store, event->row.time_zone, before.time_zone);
}

static void write_type(struct memory_store *store, const struct world_type *type) {
    struct memory_type *kept = memory_type(store, type->row.id);
    if (type->state == ROW_NEW) {
        kept = memory_add_type(store, type->row.id);
        kept->event = memory_event(store, type->row.event_id);
        ensure(kept->event != NULL);
        kept->next_of_event = kept->event->types;
        kept->event->types = kept;
    }
    struct ticket_type before = kept->row;
    kept->row = type->row;
    kept->row.name = keep(store, type->row.name, before.name);
    kept->row.description = keep(store, type->row.description, before.description);
}

static void write_cart(struct memory_store *store, const struct world_cart *cart) {
    struct memory_cart *kept = cart->state == ROW_NEW ? memory_add_cart(store, cart->row.id)
                                                      : memory_cart(store, cart->row.id);
    struct cart before = kept->row;
    kept->row = cart->row;
    kept->row.order_id = keep(store, cart->row.order_id, before.order_id);
    kept->row.tender = keep(store, cart->row.tender, before.tender);
}

static int64_t held(const struct reservation *row) {
    switch (row->status) {
    case RESERVATION_ACTIVE:
        return row->quantity;
    case RESERVATION_COMPLETED:
        return (int64_t)row->quantity - row->refunded_quantity;
    case RESERVATION_RELEASED:
    case RESERVATION_EXPIRED:
        return 0;
    }
    return 0;
}

static void count_customer(struct memory_store *store, const struct reservation *row,
                           int64_t delta) {
    if (uuid_is_none(row->user_id) || delta == 0) {
        return;
    }
    struct memory_customer *customer = memory_customer(store, row->ticket_type_id, row->user_id);
    if (customer == NULL) {
        customer = memory_add_customer(store, row->ticket_type_id, row->user_id);
    }
    customer->quantity += delta;
}

static struct memory_reservation *new_reservation(struct memory_store *store,
                                                  const struct reservation *row) {
    struct memory_reservation *made = memory_add_reservation(store, row->id);
    made->type = memory_type(store, row->ticket_type_id);
    ensure(made->type != NULL);
    made->next_of_type = made->type->reservations;
    made->type->reservations = made;
    if (!uuid_is_none(row->cart_id)) {
        struct memory_cart *cart = memory_cart(store, row->cart_id);
        ensure(cart != NULL);
        made->next_in_cart = cart->lines;
        cart->lines = made;
    }
    return made;
}

static void write_reservation(struct memory_store *store, const struct world_reservation *line) {
    bool is_new = line->state == ROW_NEW;
    struct memory_reservation *kept =
        is_new ? new_reservation(store, &line->row) : memory_reservation(store, line->row.id);
    struct reservation before = kept->row;
    kept->row = line->row;
    kept->row.order_id = keep(store, line->row.order_id, before.order_id);
    kept->row.tender = keep(store, line->row.tender, before.tender);
    count_customer(store, &kept->row, held(&kept->row) - (is_new ? 0 : held(&before)));
    memory_active_update(store, kept);
}

static void write_entry(struct memory_store *store, const struct audit_entry *entry) {
    struct memory_type *type = memory_type(store, entry->ticket_type_id);
    struct audit_entry *kept = memory_take(store, sizeof *kept);
    *kept = *entry;
    kept->order_id = keep(store, entry->order_id, TEXT_NONE);
    kept->tender = keep(store, entry->tender, TEXT_NONE);
    kept->reason = keep(store, entry->reason, TEXT_NONE);
    memory_rows_push(store, &type->entries, kept);
}

static void write_idempotency(struct memory_store *store, const struct world_idempotency *record,
                              struct instant now) {
    struct memory_idempotency *kept =
        memory_add_idempotency(store, record->principal, keep(store, record->key, TEXT_NONE));
    kept->outcome = keep(store, record->outcome, TEXT_NONE);
    kept->created_at = now;
    memcpy(kept->fingerprint, record->fingerprint, FINGERPRINT_SIZE);
}

static void write_api_key(struct memory_store *store, const struct world_api_key *key) {
    struct memory_api_key *kept = key->state == ROW_NEW ? memory_add_api_key(store, key->row.id)
                                                        : memory_api_key(store, key->row.id);
    struct api_key before = kept->row;
    kept->row = key->row;
    kept->row.name = keep(store, key->row.name, before.name);
    if (key->row.events_count > 0 && key->row.events != before.events) {
        struct uuid *events = memory_take(store, key->row.events_count * sizeof *events);
        memcpy(events, key->row.events, key->row.events_count * sizeof *events);
        kept->row.events = events;
    }
}

static void write_shift(struct memory_store *store, const struct world_shift *shift) {
    struct memory_shift *kept = shift->state == ROW_NEW ? memory_add_shift(store, shift->row.id)
                                                        : memory_shift(store, shift->row.id);
    struct shift before = kept->row;
    kept->row = shift->row;
    kept->row.terminal = keep(store, shift->row.terminal, before.terminal);
    kept->row.note = keep(store, shift->row.note, before.note);
}

/* In the world's order. What is new among them moves the others on. */
static void write_totals(struct memory_store *store, const struct world_shift *shift) {
    struct memory_shift *kept = memory_shift(store, shift->row.id);
    size_t at = 0;
    for (const struct world_shift_total *total = shift->totals; total != NULL;
         total = total->next, at++) {
        struct text tender = total->row.tender;
        kept->totals[at] = total->row;
        kept->totals[at].tender = total->state == ROW_NEW ? keep(store, tender, TEXT_NONE) : tender;
    }
    kept->totals_count = at;
}

#define WRITE_CHANGED(store, world, list, kind, write)                                             \
    for (const struct kind *row = (world)->list; row != NULL; row = row->next) {                   \
        if (row->state != ROW_LOADED) {                                                            \
            write((store), row);                                                                   \
        }                                                                                          \
    }

static int64_t prune(struct memory_store *store, struct instant before) {
    int64_t pruned = 0;
    while (store->oldest_key != NULL && pruned < PRUNE_ROWS_MAX &&
           instant_before(store->oldest_key->created_at, before)) {
        store->oldest_key->forgotten = true;
        store->oldest_key = store->oldest_key->next;
        pruned++;
    }
    if (store->oldest_key == NULL) {
        store->newest_key = &store->oldest_key;
    }
    return pruned;
}

static void write(struct memory_store *store, struct world *world) {
    /* The pointers of the last batch may by now be those of other texts. */
    store->kept_from = store->kept = TEXT_NONE;
    WRITE_CHANGED(store, world, venues, world_venue, write_venue)
    WRITE_CHANGED(store, world, events, world_event, write_event)
    WRITE_CHANGED(store, world, types, world_type, write_type)
    WRITE_CHANGED(store, world, carts, world_cart, write_cart)
    WRITE_CHANGED(store, world, reservations, world_reservation, write_reservation)
    WRITE_CHANGED(store, world, api_keys, world_api_key, write_api_key)
    memory_write_people(store, world);
    WRITE_CHANGED(store, world, shifts, world_shift, write_shift)
    for (const struct world_shift *shift = world->shifts; shift != NULL; shift = shift->next) {
        write_totals(store, shift);
    }
    for (const struct world_entry *entry = world->entries; entry != NULL; entry = entry->next) {
        write_entry(store, &entry->row);
    }
    for (const struct world_idempotency *record = world->idempotency; record != NULL;
         record = record->next) {
        if (record->state == ROW_NEW) {
            write_idempotency(store, record, world->now);
        }
    }
    if (!instant_is_none(world->prune_before)) {
        world->pruned = prune(store, world->prune_before);
        memory_prune_sessions(store, world->prune_before);
    }
}

enum error memory_persist(struct store_writer *writer, struct world *world,
                          struct failure *failure) {
    struct memory_writer *self = (struct memory_writer *)writer;
    struct memory_store *store = self->store;
    pthread_mutex_lock(&store->lock);
    enum error fault = store->faults.is_away ? ERROR_UNAVAILABLE : store->faults.persist;
    bool applies = fault == ERROR_NONE || (fault == ERROR_UNKNOWN && store->faults.persist_applies);
    store->faults.persist = ERROR_NONE;
    enum error error = applies ? check(store, world, failure) : ERROR_NONE;
    if (error == ERROR_NONE && applies) {
        write(store, world);
    }
    pthread_mutex_unlock(&store->lock);
    memory_end(self);
    if (error == ERROR_NONE && fault != ERROR_NONE) {
        error = failure_set(failure, fault, "a fault was asked for");
    }
    return error;
}
