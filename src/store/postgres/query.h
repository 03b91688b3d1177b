/* query.h - every SQL query by name; the text of NAME is in sql/NAME.sql.
 *
 * In the texts, {type t} stands for the columns of a ticket type in the order in which row.h reads
 * them, each behind the alias `t`: an adopted table has columns of the shop's own among them, which
 * are not asked for. {order_id} and {log_order_id} are the types of the column in
 * ticket_reservations and in inventory_audit_log: an adopted one keeps its own. */
#pragma once

#include "base/failure.h"
#include "store/postgres/migration.h"

/* In the order of the alphabet. */
#define QUERIES(X)                                                                                 \
    X(begin)                                                                                       \
    X(cart_customers_have)                                                                         \
    X(cart_lines)                                                                                  \
    X(carts)                                                                                       \
    X(commit)                                                                                      \
    X(customers_have)                                                                              \
    X(end_reservations)                                                                            \
    X(events_have_history)                                                                         \
    X(events_of_types)                                                                             \
    X(guard)                                                                                       \
    X(idempotency)                                                                                 \
    X(insert_api_keys)                                                                             \
    X(insert_carts)                                                                                \
    X(insert_entries)                                                                              \
    X(insert_events)                                                                               \
    X(insert_idempotency)                                                                          \
    X(insert_reservations)                                                                         \
    X(insert_types)                                                                                \
    X(insert_venues)                                                                               \
    X(limit_customers)                                                                             \
    X(lock_api_keys)                                                                               \
    X(lock_events)                                                                                 \
    X(lock_types)                                                                                  \
    X(lock_types_of_events)                                                                        \
    X(lock_venues)                                                                                 \
    X(now)                                                                                         \
    X(probe_idempotency)                                                                           \
    X(prune_idempotency)                                                                           \
    X(reservations_by_id)                                                                          \
    X(rollback)                                                                                    \
    X(type_states)                                                                                 \
    X(types_expired)                                                                               \
    X(update_api_keys)                                                                             \
    X(update_carts)                                                                                \
    X(update_events)                                                                               \
    X(update_reservations)                                                                         \
    X(update_types)                                                                                \
    X(update_venues)                                                                               \
    X(witness_entry)

#define QUERY_MEMBER(name) QUERY_##name,
enum query { QUERIES(QUERY_MEMBER) QUERIES_COUNT };
#undef QUERY_MEMBER

/* "lock_types": what it is prepared as. */
const char *query_name(enum query query);

/* The texts as the database takes them. */
struct queries {
    char *texts[QUERIES_COUNT];
};

MUST_USE enum error queries_make(struct queries *queries, const struct schema_facts *facts,
                                 struct failure *failure);
void queries_finish(struct queries *queries);
