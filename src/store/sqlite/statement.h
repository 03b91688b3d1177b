/* statement.h - every SQL statement by name; the text of NAME is in sql/NAME.sql. */
#pragma once

#include <stddef.h>

#define STATEMENTS(X)                                                                              \
    X(adjusted)                                                                                    \
    X(api_key)                                                                                     \
    X(api_keys)                                                                                    \
    X(api_keys_count)                                                                              \
    X(begin)                                                                                       \
    X(cart)                                                                                        \
    X(cart_lines)                                                                                  \
    X(close_shift)                                                                                 \
    X(commit)                                                                                      \
    X(customer_has)                                                                                \
    X(delete_staff_roles)                                                                          \
    X(end_reservation)                                                                             \
    X(entries)                                                                                     \
    X(event)                                                                                       \
    X(event_has_history)                                                                           \
    X(event_types)                                                                                 \
    X(events)                                                                                      \
    X(events_past)                                                                                 \
    X(idempotency)                                                                                 \
    X(insert_api_key)                                                                              \
    X(insert_cart)                                                                                 \
    X(insert_entry)                                                                                \
    X(insert_event)                                                                                \
    X(insert_idempotency)                                                                          \
    X(insert_reservation)                                                                          \
    X(insert_session)                                                                              \
    X(insert_shift)                                                                                \
    X(insert_staff)                                                                                \
    X(insert_staff_role)                                                                           \
    X(insert_type)                                                                                 \
    X(insert_venue)                                                                                \
    X(inventory)                                                                                   \
    X(inventory_count)                                                                             \
    X(limit_customers)                                                                             \
    X(log_from_seq)                                                                                \
    X(log_of_cart)                                                                                 \
    X(log_of_order)                                                                                \
    X(log_of_reservation)                                                                          \
    X(log_of_type)                                                                                 \
    X(log_of_type_rare)                                                                            \
    X(open_shift)                                                                                  \
    X(prune_idempotency)                                                                           \
    X(prune_sessions)                                                                              \
    X(put_shift_total)                                                                             \
    X(reservation)                                                                                 \
    X(reservations)                                                                                \
    X(reservations_active)                                                                         \
    X(reservations_of_cart)                                                                        \
    X(reservations_of_order)                                                                       \
    X(rollback)                                                                                    \
    X(sales_of_cart)                                                                               \
    X(sales_of_order)                                                                              \
    X(sales_of_type)                                                                               \
    X(sessions)                                                                                    \
    X(sessions_count)                                                                              \
    X(sessions_of_staff)                                                                           \
    X(settle)                                                                                      \
    X(shift)                                                                                       \
    X(shift_sums)                                                                                  \
    X(shift_totals)                                                                                \
    X(shifts)                                                                                      \
    X(shifts_open)                                                                                 \
    X(snapshot)                                                                                    \
    X(sold)                                                                                        \
    X(staff)                                                                                       \
    X(staff_count)                                                                                 \
    X(touch)                                                                                       \
    X(type)                                                                                        \
    X(type_due)                                                                                    \
    X(type_expired)                                                                                \
    X(type_first_active)                                                                           \
    X(type_head)                                                                                   \
    X(type_is_limited)                                                                             \
    X(type_log_head)                                                                               \
    X(type_next_expiry)                                                                            \
    X(type_reading)                                                                                \
    X(type_stream)                                                                                 \
    X(type_streams)                                                                                \
    X(type_streams_of_event)                                                                       \
    X(type_sums)                                                                                   \
    X(types)                                                                                       \
    X(update_api_key)                                                                              \
    X(update_cart)                                                                                 \
    X(update_event)                                                                                \
    X(update_reservation)                                                                          \
    X(update_session)                                                                              \
    X(update_staff)                                                                                \
    X(update_type)                                                                                 \
    X(update_venue)                                                                                \
    X(venue)                                                                                       \
    X(venues)                                                                                      \
    X(witness_entry)                                                                               \
    X(witness_idempotency)

#define STATEMENT_MEMBER(name) STATEMENT_##name,
enum statement { STATEMENTS(STATEMENT_MEMBER) STATEMENTS_COUNT };
#undef STATEMENT_MEMBER

/* The text, NUL-terminated. */
const char *statement_sql(enum statement statement);
