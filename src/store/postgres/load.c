#include "store/postgres/loading.h"
#include "store/postgres/people.h"

#include "domain/limits.h"

/* Above the 3 s that a lock is waited for. */
enum { LOAD_LIMIT_MS = 6000 };

static void give_set(struct parameters *parameters, int parameter, const struct id_set *set) {
    give_uuids(parameters, parameter, set->list, set->count);
}

/* What touches ticket types in a batch: $1, $2 and $3 of every query about them. */
static void give_touched(struct loading *loading) {
    struct parameters *parameters = session_parameters(loading->session);
    give_set(parameters, 1, &loading->keys->types);
    give_set(parameters, 2, &loading->keys->reservations);
    give_set(parameters, 3, &loading->keys->carts);
}

static const struct type_queries queries_of_touched = {QUERY_lock_types, QUERY_events_of_types,
                                                       QUERY_type_states, QUERY_types_expired, 3};
static const struct type_queries queries_of_named = {
    QUERY_lock_named_types, QUERY_events_of_named_types, QUERY_named_type_states,
    QUERY_named_types_expired, 1};

const struct type_queries *loading_type_queries(const struct keys *keys) {
    return keys->reservations.count + keys->carts.count > 0 ? &queries_of_touched
                                                            : &queries_of_named;
}

static void give_types(struct loading *loading) {
    if (loading_type_queries(loading->keys)->parameters > 1) {
        give_touched(loading);
    } else {
        give_set(session_parameters(loading->session), 1, &loading->keys->types);
    }
}

static void give_events(struct loading *loading, int parameter) {
    struct parameters *parameters = session_parameters(loading->session);
    give_set(parameters, parameter, &loading->keys->events);
    give_set(parameters, parameter, &loading->keys->currency_events);
}

static void send_set(struct loading *loading, enum query query, const struct id_set *set) {
    if (set->count > 0) {
        give_set(session_parameters(loading->session), 1, set);
        session_send(loading->session, query);
    }
}

static void send_shifts(struct loading *loading, enum query query) {
    give_set(session_parameters(loading->session), 1, &loading->keys->shifts);
    give_set(session_parameters(loading->session), 2, &loading->keys->operators);
    session_send(loading->session, query);
}

/* Always in this order: types, events, venues, keys, shifts; each by id. Whoever locks waits for
 * nobody who waits for him. */
static void send_locks(struct loading *loading) {
    const struct keys *keys = loading->keys;
    if (loading_has_events(keys)) {
        give_touched(loading);
        give_events(loading, 4);
        session_send(loading->session, QUERY_lock_types_of_events);
        give_events(loading, 1);
        session_send(loading->session, QUERY_lock_events);
        give_events(loading, 1);
        session_send(loading->session, QUERY_event_types_count);
    } else if (loading_has_types(keys)) {
        give_types(loading);
        session_send(loading->session, loading_type_queries(keys)->lock);
    }
    send_set(loading, QUERY_lock_venues, &keys->venues);
    send_set(loading, QUERY_lock_api_keys, &keys->api_keys);
    people_lock(loading->session, keys);
    if (loading_has_shifts(keys)) {
        send_shifts(loading, QUERY_lock_shifts);
    }
}

static void send_type_queries(struct loading *loading) {
    if (!loading_has_types(loading->keys)) {
        return;
    }
    give_types(loading);
    session_send(loading->session, loading_type_queries(loading->keys)->events);
    give_types(loading);
    session_send(loading->session, loading_type_queries(loading->keys)->states);
}

/* One more than are taken, to know that there are more. */
static void send_expired(struct loading *loading) {
    if (loading_has_types(loading->keys)) {
        const struct type_queries *queries = loading_type_queries(loading->keys);
        give_types(loading);
        give_int8(session_parameters(loading->session), queries->parameters + 1,
                  EXPIRED_PER_BATCH_MAX + 1);
        session_send(loading->session, queries->expired);
    }
}

static void send_pairs(struct loading *loading) {
    const struct keys *keys = loading->keys;
    struct parameters *parameters = session_parameters(loading->session);
    for (size_t i = 0; i < keys->idempotency_count; i++) {
        put_principal(parameters, 1, keys->idempotency[i].principal);
        put_text(parameters, 2, keys->idempotency[i].key);
    }
    if (keys->idempotency_count > 0) {
        session_send(loading->session, QUERY_idempotency);
    }
    for (size_t i = 0; i < keys->customers_count; i++) {
        put_uuid(parameters, 1, keys->customers[i].ticket_type_id);
        put_uuid(parameters, 2, keys->customers[i].user_id);
    }
    if (keys->customers_count > 0) {
        session_send(loading->session, QUERY_customers_have);
    }
    for (size_t i = 0; i < keys->cart_customers_count; i++) {
        put_uuid(parameters, 1, keys->cart_customers[i].ticket_type_id);
        put_uuid(parameters, 2, keys->cart_customers[i].cart_id);
    }
    if (keys->cart_customers_count > 0) {
        session_send(loading->session, QUERY_cart_customers_have);
    }
}

static void send_all(struct loading *loading) {
    struct session *session = loading->session;
    session_send(session, QUERY_begin);
    session_send(session, QUERY_guard);
    send_locks(loading);
    give_instant(session_parameters(session), 1, postgres_given_time(loading->writer->store));
    session_send(session, QUERY_now);
    people_ask(session, loading->keys);
    send_type_queries(loading);
    if (loading->keys->currency_events.count > 0) {
        send_set(loading, QUERY_events_have_history, &loading->keys->currency_events);
    }
    if (loading_has_shifts(loading->keys)) {
        send_shifts(loading, QUERY_totals_of_shifts);
    }
    send_set(loading, QUERY_carts, &loading->keys->carts);
    send_set(loading, QUERY_cart_lines, &loading->keys->carts);
    send_set(loading, QUERY_reservations_by_id, &loading->keys->reservations);
    send_expired(loading);
    send_pairs(loading);
}

enum error postgres_load(struct postgres_writer *writer, const struct keys *keys,
                         struct world *world, struct failure *failure) {
    struct loading loading = {
        .writer = writer, .session = &writer->session, .keys = keys, .world = world};
    loading.found_end = &loading.found;
    world->order_ids_are_uuids = writer->store->facts.reservation_order_id_is_uuid ||
                                 writer->store->facts.log_order_id_is_uuid;
    world->venues_managed_elsewhere = writer->store->facts.venues_managed_elsewhere;
    world->events_managed_elsewhere = writer->store->facts.events_managed_elsewhere;
    world->types_managed_elsewhere = writer->store->facts.types_managed_elsewhere;
    session_begin_trip(loading.session, LOAD_LIMIT_MS);
    send_all(&loading);
    session_depart(loading.session);
    load_take_all(&loading);
    enum error error = session_arrive(loading.session, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    if (loading.spent) {
        return failure_set(failure, ERROR_MEMORY, "the batch's memory is spent");
    }
    if (loading.changed) {
        return failure_set(failure, ERROR_RETRY,
                           "a cart or an event was changed while its lock was waited for");
    }
    return ERROR_NONE;
}
