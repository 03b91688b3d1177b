/* row.h - each kind of row out of a result, and into the arrays of a statement.
 *
 * row_* reads the columns of {kind alias} (query.h) from field `at` on; rows are safe to use even
 * where fields->fault is set. put_* adds the row to parameters 1 and following, in the same order.
 */
#pragma once

#include "domain/api_key.h"
#include "domain/audit_entry.h"
#include "domain/event.h"
#include "domain/reservation.h"
#include "domain/ticket_type.h"
#include "store/postgres/field.h"
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
};

struct venue row_venue(struct fields *fields, int at);
struct event row_event(struct fields *fields, int at);
struct ticket_type row_type(struct fields *fields, int at);
struct reservation row_reservation(struct fields *fields, int at);
struct cart row_cart(struct fields *fields, int at);
struct audit_entry row_entry(struct fields *fields, int at);
struct api_key row_api_key(struct fields *fields, int at);

/* "XXX" where it is none. */
struct currency row_currency(struct fields *fields, int at);

void put_venue(struct parameters *parameters, const struct venue *venue);
void put_event(struct parameters *parameters, const struct event *event);
void put_type(struct parameters *parameters, const struct ticket_type *type);
void put_reservation(struct parameters *parameters, const struct reservation *reservation);
void put_cart(struct parameters *parameters, const struct cart *cart);
void put_entry(struct parameters *parameters, const struct audit_entry *entry);
void put_api_key(struct parameters *parameters, const struct api_key *key);
