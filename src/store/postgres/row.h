/* row.h - each kind of row out of a result, and into the arrays of a statement.
 *
 * cells_* reads the columns of {kind alias} (query.h) from column `at` on; rows are safe to use
 * even where cells->fault is set. put_* adds the row to parameters 1 and following, in the same
 * order.
 */
#pragma once

#include "domain/api_key.h"
#include "domain/audit_entry.h"
#include "domain/event.h"
#include "domain/reservation.h"
#include "domain/shift.h"
#include "domain/ticket_type.h"
#include "store/postgres/cell.h"
#include "store/postgres/parameters.h"

/* How many columns each kind has: what comes after them in a row or in a statement. */
enum {
    VENUE_COLUMNS = 8,
    EVENT_COLUMNS = 15,
    TYPE_COLUMNS = 21,
    RESERVATION_COLUMNS = 19,
    CART_COLUMNS = 14,
    ENTRY_COLUMNS = 25,
    API_KEY_COLUMNS = 9,
    SHIFT_COLUMNS = 11,
    SHIFT_TOTAL_COLUMNS = 7,
};

struct venue cells_venue(struct cells *cells, int at);
struct event cells_event(struct cells *cells, int at);
struct ticket_type cells_type(struct cells *cells, int at);
struct reservation cells_reservation(struct cells *cells, int at);
struct cart cells_cart(struct cells *cells, int at);
struct audit_entry cells_entry(struct cells *cells, int at);
struct shift cells_shift(struct cells *cells, int at);
struct shift_total cells_shift_total(struct cells *cells, int at);
struct api_key cells_api_key(struct cells *cells, int at);

/* "XXX" where it is none. */
struct currency cells_currency(struct cells *cells, int at);

void put_venue(struct parameters *parameters, const struct venue *venue);
void put_event(struct parameters *parameters, const struct event *event);
void put_type(struct parameters *parameters, const struct ticket_type *type);
void put_reservation(struct parameters *parameters, const struct reservation *reservation);
void put_cart(struct parameters *parameters, const struct cart *cart);
void put_entry(struct parameters *parameters, const struct audit_entry *entry);
void put_shift(struct parameters *parameters, const struct shift *shift);
void put_shift_total(struct parameters *parameters, struct uuid shift_id,
                     const struct shift_total *total);
void put_api_key(struct parameters *parameters, const struct api_key *key);
