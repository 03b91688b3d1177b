#include "store/postgres/writer.h"

#include <stdlib.h>
#include <string.h>

#include "store/postgres/people.h"
#include "store/postgres/row.h"

/* Long enough for a slow disk under a full batch. What is not answered then is settled. */
enum { PERSIST_LIMIT_MS = 10000 };

struct writing {
    struct session *session;
    struct world *world;
    struct failure failure;
    enum error error; /* of putting the batch together */
};

/* --- sending ---------------------------------------------------------------- */

static struct parameters *parameters_of(struct writing *writing) {
    return session_parameters(writing->session);
}

static void send_rows(struct writing *writing, enum query query, int64_t rows) {
    if (rows > 0) {
        session_send(writing->session, query);
    }
}

/* An update's last parameter says how many rows it must find: it sees to that itself. */
static void update_rows(struct writing *writing, enum query query, int count_parameter,
                        int64_t rows) {
    if (rows > 0) {
        give_int8(parameters_of(writing), count_parameter, rows);
        session_send(writing->session, query);
    }
}

static void write_venues(struct writing *writing, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_venue *venue = writing->world->venues; venue != NULL;
         venue = venue->next) {
        if (venue->state == state) {
            put_venue(parameters_of(writing), &venue->row);
            rows++;
        }
    }
    if (state == ROW_NEW) {
        send_rows(writing, QUERY_insert_venues, rows);
    } else {
        update_rows(writing, QUERY_update_venues, VENUE_COLUMNS + 1, rows);
    }
}

static void write_events(struct writing *writing, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_event *event = writing->world->events; event != NULL;
         event = event->next) {
        if (event->state == state) {
            put_event(parameters_of(writing), &event->row);
            rows++;
        }
    }
    if (state == ROW_NEW) {
        send_rows(writing, QUERY_insert_events, rows);
    } else {
        update_rows(writing, QUERY_update_events, EVENT_COLUMNS + 1, rows);
    }
}

/* The types whose limit is new. */
static void limit_customers(struct writing *writing) {
    int64_t rows = 0;
    for (const struct world_type *type = writing->world->types; type != NULL; type = type->next) {
        bool has_limit = type->row.max_per_customer > 0;
        if (type->state == ROW_CHANGED && has_limit && !type->customers_loaded) {
            put_uuid(parameters_of(writing), 1, type->row.id);
            rows++;
        }
    }
    send_rows(writing, QUERY_limit_customers, rows);
}

static void write_types(struct writing *writing, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_type *type = writing->world->types; type != NULL; type = type->next) {
        if (type->state == state) {
            put_type(parameters_of(writing), &type->row);
            rows++;
        }
        if (type->state == state && state == ROW_CHANGED) {
            put_int8(parameters_of(writing), TYPE_COLUMNS + 1, type->loaded_seq);
        }
    }
    if (state == ROW_NEW) {
        send_rows(writing, QUERY_insert_types, rows);
    } else {
        update_rows(writing, QUERY_update_types, TYPE_COLUMNS + 2, rows);
    }
}

static void write_carts(struct writing *writing, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_cart *cart = writing->world->carts; cart != NULL; cart = cart->next) {
        if (cart->state == state) {
            put_cart(parameters_of(writing), &cart->row);
            rows++;
        }
        if (cart->state == state && state == ROW_CHANGED) {
            put_text(parameters_of(writing), CART_COLUMNS + 1,
                     reservation_status_name(cart->loaded_status));
        }
    }
    if (state == ROW_NEW) {
        send_rows(writing, QUERY_insert_carts, rows);
    } else {
        update_rows(writing, QUERY_update_carts, CART_COLUMNS + 2, rows);
    }
}

/* Where the ticket type limits its customers, a reservation counts for its user's. */
static void put_limited_user(struct parameters *parameters,
                             const struct world_reservation *reservation) {
    bool is_limited = reservation->type != NULL && reservation->type->row.max_per_customer > 0;
    put_uuid(parameters, RESERVATION_COLUMNS + 1,
             is_limited ? reservation->row.user_id : UUID_NONE);
}

static void insert_reservations(struct writing *writing) {
    int64_t rows = 0;
    for (const struct world_reservation *each = writing->world->reservations; each != NULL;
         each = each->next) {
        if (each->state == ROW_NEW) {
            put_reservation(parameters_of(writing), &each->row);
            put_limited_user(parameters_of(writing), each);
            rows++;
        }
    }
    send_rows(writing, QUERY_insert_reservations, rows);
}

static bool has_ended(const struct reservation *row) {
    return row->status == RESERVATION_RELEASED || row->status == RESERVATION_EXPIRED;
}

static void update_reservations(struct writing *writing) {
    int64_t rows = 0;
    for (const struct world_reservation *each = writing->world->reservations; each != NULL;
         each = each->next) {
        if (each->state == ROW_CHANGED && !has_ended(&each->row)) {
            put_reservation(parameters_of(writing), &each->row);
            put_limited_user(parameters_of(writing), each);
            put_text(parameters_of(writing), RESERVATION_COLUMNS + 2,
                     reservation_status_name(each->loaded_status));
            rows++;
        }
    }
    update_rows(writing, QUERY_update_reservations, RESERVATION_COLUMNS + 3, rows);
}

static void end_reservations(struct writing *writing) {
    struct parameters *parameters = parameters_of(writing);
    int64_t rows = 0;
    for (const struct world_reservation *each = writing->world->reservations; each != NULL;
         each = each->next) {
        if (each->state == ROW_CHANGED && has_ended(&each->row)) {
            put_uuid(parameters, 1, each->row.id);
            put_int4(parameters, 2, each->row.quantity);
            put_instant(parameters, 3, each->row.expires_at);
            put_text(parameters, 4, reservation_status_name(each->row.status));
            put_instant(parameters, 5, each->row.updated_at);
            put_text(parameters, 6, reservation_status_name(each->loaded_status));
            rows++;
        }
    }
    update_rows(writing, QUERY_end_reservations, 7, rows);
}

static void insert_entries(struct writing *writing) {
    int64_t rows = 0;
    for (const struct world_entry *entry = writing->world->entries; entry != NULL;
         entry = entry->next) {
        put_entry(parameters_of(writing), &entry->row);
        rows++;
    }
    send_rows(writing, QUERY_insert_entries, rows);
}

static void write_api_keys(struct writing *writing, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_api_key *key = writing->world->api_keys; key != NULL; key = key->next) {
        if (key->state == state) {
            put_api_key(parameters_of(writing), &key->row);
            rows++;
        }
    }
    if (state == ROW_NEW) {
        send_rows(writing, QUERY_insert_api_keys, rows);
    } else {
        update_rows(writing, QUERY_update_api_keys, API_KEY_COLUMNS + 1, rows);
    }
}

static void write_shifts(struct writing *writing, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_shift *shift = writing->world->shifts; shift != NULL;
         shift = shift->next) {
        if (shift->state == state) {
            put_shift(parameters_of(writing), &shift->row);
            rows++;
        }
    }
    if (state == ROW_NEW) {
        send_rows(writing, QUERY_insert_shifts, rows);
    } else {
        update_rows(writing, QUERY_close_shifts, SHIFT_COLUMNS + 1, rows);
    }
}

static void put_shift_totals(struct writing *writing) {
    int64_t rows = 0;
    for (const struct world_shift *shift = writing->world->shifts; shift != NULL;
         shift = shift->next) {
        for (const struct world_shift_total *total = shift->totals; total != NULL;
             total = total->next) {
            if (total->state != ROW_LOADED) {
                put_shift_total(parameters_of(writing), shift->row.id, &total->row);
                rows++;
            }
        }
    }
    send_rows(writing, QUERY_put_shift_totals, rows);
}

static int compare_keys(const void *a, const void *b) {
    const struct world_idempotency *left = *(const struct world_idempotency *const *)a;
    const struct world_idempotency *right = *(const struct world_idempotency *const *)b;
    int order = uuid_compare(left->principal, right->principal);
    if (order != 0) {
        return order;
    }
    size_t shorter = left->key.length < right->key.length ? left->key.length : right->key.length;
    order = memcmp(left->key.bytes, right->key.bytes, shorter);
    return order != 0
               ? order
               : (left->key.length > right->key.length) - (left->key.length < right->key.length);
}

/* Last of all, and sorted: a twin on another server is waited for, and two servers must not wait
 * for each other. */
static void insert_idempotency(struct writing *writing) {
    struct world *world = writing->world;
    size_t count = 0;
    for (const struct world_idempotency *each = world->idempotency; each != NULL;
         each = each->next) {
        count += each->state == ROW_NEW;
    }
    if (count == 0) {
        return;
    }
    const struct world_idempotency **sorted =
        arena_array(world->arena, const struct world_idempotency *, count);
    if (sorted == NULL) {
        writing->error =
            failure_set(&writing->failure, ERROR_MEMORY, "the batch's memory is spent");
        return;
    }
    size_t filled = 0;
    for (const struct world_idempotency *each = world->idempotency; each != NULL;
         each = each->next) {
        if (each->state == ROW_NEW) {
            sorted[filled++] = each;
        }
    }
    qsort(sorted, count, sizeof *sorted, compare_keys);
    for (size_t i = 0; i < count; i++) {
        put_principal(parameters_of(writing), 1, sorted[i]->principal);
        put_text(parameters_of(writing), 2, sorted[i]->key);
        put_bytes(parameters_of(writing), 3, sorted[i]->fingerprint, FINGERPRINT_SIZE);
        put_bytes(parameters_of(writing), 4, sorted[i]->outcome.bytes, sorted[i]->outcome.length);
    }
    session_send(writing->session, QUERY_insert_idempotency);
}

static bool prunes(const struct world *world) {
    return !instant_is_none(world->prune_before);
}

static void send_all(struct writing *writing) {
    write_venues(writing, ROW_NEW);
    write_venues(writing, ROW_CHANGED);
    write_events(writing, ROW_NEW);
    write_events(writing, ROW_CHANGED);
    write_types(writing, ROW_NEW);
    limit_customers(writing);
    write_types(writing, ROW_CHANGED);
    write_shifts(writing, ROW_CHANGED); /* first: an operator has one open at any moment */
    write_shifts(writing, ROW_NEW);
    put_shift_totals(writing);
    write_carts(writing, ROW_NEW);
    write_carts(writing, ROW_CHANGED);
    insert_reservations(writing);
    update_reservations(writing);
    end_reservations(writing);
    insert_entries(writing);
    write_api_keys(writing, ROW_NEW);
    write_api_keys(writing, ROW_CHANGED);
    people_write(writing->session, writing->world);
    if (prunes(writing->world)) {
        give_instant(parameters_of(writing), 1, writing->world->prune_before);
        session_send(writing->session, QUERY_prune_idempotency);
        give_instant(parameters_of(writing), 1, writing->world->prune_before);
        session_send(writing->session, QUERY_prune_sessions);
    }
    insert_idempotency(writing);
    if (writing->error == ERROR_NONE) {
        session_send(writing->session, QUERY_commit);
    }
}

/* --- taking ----------------------------------------------------------------- */

static void take_pruned(struct writing *writing) {
    PGresult *result = session_pass_to(writing->session, QUERY_prune_idempotency);
    if (result != NULL) {
        writing->world->pruned = strtoll(PQcmdTuples(result), NULL, 10);
    }
}

/* COMMIT of a failed transaction is a success, too: its tag is ROLLBACK. */
static bool take_commit(struct writing *writing) {
    PGresult *result = session_pass_to(writing->session, QUERY_commit);
    if (result == NULL) {
        return false;
    }
    writing->session->in_transaction = false;
    return strcmp(PQcmdStatus(result), "COMMIT") == 0;
}

static enum error judge(struct postgres_writer *writer, enum error error, bool is_committed,
                        struct failure *failure) {
    struct session *session = &writer->session;
    if (error != ERROR_NONE) {
        /* Nobody said no: the COMMIT may have arrived. */
        return session->lost
                   ? failure_set(failure, ERROR_UNKNOWN, "the connection was lost while committing")
                   : error;
    }
    if (!is_committed) {
        return failure_set(failure, ERROR_RETRY, "the database rolled back instead of committing");
    }
    if (session->warned) {
        writer->commit_warned = true;
        return failure_set(failure, ERROR_UNKNOWN,
                           "the database did not wait for its synchronous standby");
    }
    return ERROR_NONE;
}

enum error postgres_vouch(struct postgres_writer *writer, struct failure *failure) {
    struct session *session = &writer->session;
    struct writing writing = {.session = session};
    writer->commit_warned = false;
    session_begin_trip(session, PERSIST_LIMIT_MS);
    session_send(session, QUERY_commit);
    session_depart(session);
    bool is_committed = take_commit(&writing);
    return judge(writer, session_arrive(session, failure), is_committed, failure);
}

enum error postgres_persist(struct postgres_writer *writer, struct world *world,
                            struct failure *failure) {
    struct session *session = &writer->session;
    struct writing writing = {.session = session, .world = world};
    writer->commit_warned = false;
    session_begin_trip(session, PERSIST_LIMIT_MS);
    send_all(&writing);
    session_depart(session);
    bool is_committed = false;
    if (writing.error == ERROR_NONE) {
        if (prunes(world)) {
            take_pruned(&writing);
        }
        is_committed = take_commit(&writing);
    }
    enum error error = session_arrive(session, failure);
    if (writing.error != ERROR_NONE) {
        *failure = writing.failure;
        return writing.error;
    }
    return judge(writer, error, is_committed, failure);
}
