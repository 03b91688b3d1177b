/* row.h - each kind of row into a statement and out of one.
 *
 * bind_* fills the parameters of insert_* and update_* in the order of the
 * table's columns; read_* takes a row of `SELECT table.*`. Read rows are safe to
 * use even where columns->fault is set. */
#pragma once

#include "domain/api_key.h"
#include "domain/audit_entry.h"
#include "domain/event.h"
#include "domain/reservation.h"
#include "domain/shift.h"
#include "domain/ticket_type.h"
#include "store/sqlite/column.h"

/* Parameters that are no column of the row: what an update finds its row by, as it was read, and
 * limited_user_id. */
enum {
    TYPE_GUARD = 22,
    RESERVATION_LIMITED = 20,
    RESERVATION_GUARD = 21,
    CART_GUARD = 15,
    SHIFT_COLUMNS = 11,
    SHIFT_TOTAL_COLUMNS = 7,
};

void bind_venue(sqlite3_stmt *statement, const struct venue *venue);
void bind_event(sqlite3_stmt *statement, const struct event *event);
void bind_type(sqlite3_stmt *statement, const struct ticket_type *type);
void bind_reservation(sqlite3_stmt *statement, const struct reservation *reservation);
void bind_cart(sqlite3_stmt *statement, const struct cart *cart);
void bind_entry(sqlite3_stmt *statement, const struct audit_entry *entry);
void bind_shift(sqlite3_stmt *statement, const struct shift *shift);
void bind_api_key(sqlite3_stmt *statement, const struct api_key *key);

/* "XXX" where it is none. */
struct currency column_currency(struct columns *columns, int column);

struct venue read_venue(struct columns *columns);
struct event read_event(struct columns *columns);
struct ticket_type read_type(struct columns *columns);
struct reservation read_reservation(struct columns *columns);
struct cart read_cart(struct columns *columns);
struct audit_entry read_entry(struct columns *columns);
struct shift read_shift(struct columns *columns);
/* From the column `at` on, where shift_id stands. */
struct shift_total read_shift_total(struct columns *columns, int at);
struct api_key read_api_key(struct columns *columns);
