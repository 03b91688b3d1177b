/* filter.h - does a row belong in a list? The same answer for every store.
 *
 * Stores may find rows in whatever way is quick; what a list holds is decided
 * here. An entry's cart is the store's to look up. */
#pragma once

#include "store/reader.h"

bool filter_takes_venue(const struct list_filter *filter, const struct venue *venue);
bool filter_takes_event(const struct list_filter *filter, const struct event *event,
                        struct instant now);
bool filter_takes_type(const struct list_filter *filter, const struct type_reading *type);

/* By when it was made. */
bool filter_takes_reservation(const struct list_filter *filter,
                              const struct reservation *reservation, struct instant now);

/* By when it was sold; what was not sold is not taken. */
bool filter_takes_sale(const struct list_filter *filter, const struct reservation *reservation,
                       struct instant now);

/* But for filter->cart_id. */
bool filter_takes_entry(const struct list_filter *filter, const struct audit_entry *entry);

bool filter_takes_shift(const struct list_filter *filter, const struct shift *shift);

/* The event is asked for and within the caller's scope. */
bool filter_takes_event_id(const struct list_filter *filter, struct uuid event_id);
