/* query.h - every SQL query by name; the text of NAME is in sql/NAME.sql.
 *
 * In the texts, {type t} stands for the columns of a ticket type in the order in which row.h reads
 * them, each behind the alias `t`: an adopted table has columns of the shop's own among them, which
 * are not asked for. {order_id} and {log_order_id} are the types of the column in
 * ticket_reservations and in inventory_audit_log: an adopted one keeps its own. {NAME_part} is the
 * text of sql/NAME_part.sql, which several queries have in common.
 *
 * Rows come as arrays, one for each column, unnested beside each other in a SELECT list: as
 * functions in FROM each would be kept in a store of its own, which cost a batch up to a third of
 * its time. */
#pragma once

#include "base/failure.h"
#include "store/postgres/migration.h"

/* In the order of the alphabet. */
#define QUERIES(X)                                                                                 \
    X(adjusted)                                                                                    \
    X(api_keys)                                                                                    \
    X(begin)                                                                                       \
    X(cart)                                                                                        \
    X(cart_customers_have)                                                                         \
    X(cart_lines)                                                                                  \
    X(carts)                                                                                       \
    X(close_shifts)                                                                                \
    X(commit)                                                                                      \
    X(customers_have)                                                                              \
    X(delete_staff_roles)                                                                          \
    X(due_types)                                                                                   \
    X(end_reservations)                                                                            \
    X(end_snapshot)                                                                                \
    X(end_stalled)                                                                                 \
    X(entries)                                                                                     \
    X(entries_of)                                                                                  \
    X(event)                                                                                       \
    X(event_types)                                                                                 \
    X(event_types_count)                                                                           \
    X(events)                                                                                      \
    X(events_have_history)                                                                         \
    X(events_of_named_types)                                                                       \
    X(events_of_types)                                                                             \
    X(events_past)                                                                                 \
    X(guard)                                                                                       \
    X(guard_reader)                                                                                \
    X(history)                                                                                     \
    X(idempotency)                                                                                 \
    X(insert_api_keys)                                                                             \
    X(insert_carts)                                                                                \
    X(insert_entries)                                                                              \
    X(insert_events)                                                                               \
    X(insert_idempotency)                                                                          \
    X(insert_reservations)                                                                         \
    X(insert_sessions)                                                                             \
    X(insert_shifts)                                                                               \
    X(insert_staff)                                                                                \
    X(insert_staff_roles)                                                                          \
    X(insert_types)                                                                                \
    X(insert_venues)                                                                               \
    X(inventory)                                                                                   \
    X(limit_customers)                                                                             \
    X(lock_api_keys)                                                                               \
    X(lock_events)                                                                                 \
    X(lock_named_types)                                                                            \
    X(lock_shifts)                                                                                 \
    X(lock_staff)                                                                                  \
    X(lock_types)                                                                                  \
    X(lock_types_of_events)                                                                        \
    X(lock_venues)                                                                                 \
    X(log_by_time)                                                                                 \
    X(log_has_older)                                                                               \
    X(log_of_cart)                                                                                 \
    X(log_of_order)                                                                                \
    X(log_of_reservation)                                                                          \
    X(log_of_types)                                                                                \
    X(log_of_types_rare)                                                                           \
    X(log_places)                                                                                  \
    X(named_type_states)                                                                           \
    X(named_types_expired)                                                                         \
    X(now)                                                                                         \
    X(probe_idempotency)                                                                           \
    X(prune_idempotency)                                                                           \
    X(prune_sessions)                                                                              \
    X(put_shift_totals)                                                                            \
    X(reservation)                                                                                 \
    X(reservation_below)                                                                           \
    X(reservations)                                                                                \
    X(reservations_active)                                                                         \
    X(reservations_by_id)                                                                          \
    X(reservations_of_cart)                                                                        \
    X(reservations_of_order)                                                                       \
    X(rollback)                                                                                    \
    X(sale_below)                                                                                  \
    X(sale_streams)                                                                                \
    X(sale_streams_of_events)                                                                      \
    X(sales_of_cart)                                                                               \
    X(sales_of_order)                                                                              \
    X(sales_of_types)                                                                              \
    X(sessions)                                                                                    \
    X(sessions_of_staff)                                                                           \
    X(shift_sums)                                                                                  \
    X(shifts)                                                                                      \
    X(shifts_open)                                                                                 \
    X(snapshot)                                                                                    \
    X(sold)                                                                                        \
    X(staff)                                                                                       \
    X(staff_locked)                                                                                \
    X(totals_of_shifts)                                                                            \
    X(type_heads)                                                                                  \
    X(type_reading)                                                                                \
    X(type_states)                                                                                 \
    X(type_streams)                                                                                \
    X(type_streams_of_events)                                                                      \
    X(type_sums)                                                                                   \
    X(types)                                                                                       \
    X(types_expired)                                                                               \
    X(update_api_keys)                                                                             \
    X(update_carts)                                                                                \
    X(update_events)                                                                               \
    X(update_reservations)                                                                         \
    X(update_sessions)                                                                             \
    X(update_staff)                                                                                \
    X(update_types)                                                                                \
    X(update_venues)                                                                               \
    X(venue)                                                                                       \
    X(venues)                                                                                      \
    X(witness_entry)                                                                               \
    X(witness_idempotency)

#define QUERY_PARTS(X)                                                                             \
    X(entry_filter_part)                                                                           \
    X(line_filter_part)                                                                            \
    X(newest_sale_part)                                                                            \
    X(seq_at_part)                                                                                 \
    X(staff_part)                                                                                  \
    X(touched_types_part)                                                                          \
    X(type_reading_part)                                                                           \
    X(type_state_part)

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
