/* plain.h - rows of the domain as the plain structs of ticketd.h, and ids and times both ways. */
#pragma once

#include <string.h>

#include "domain/audit_entry.h"
#include "domain/outcome.h"
#include "store/reader.h"
#include "ticketd/ticketd.h"

static inline struct ticketd_id plain_id(struct uuid id) {
    struct ticketd_id copy;
    memcpy(copy.bytes, id.bytes, sizeof copy.bytes);
    return copy;
}

static inline struct uuid plain_uuid(struct ticketd_id id) {
    struct uuid copy;
    memcpy(copy.bytes, id.bytes, sizeof copy.bytes);
    return copy;
}

static inline ticketd_time plain_time(struct instant at) {
    return instant_is_none(at) ? 0 : at.us;
}

static inline struct instant plain_instant(ticketd_time at) {
    return at == 0 ? INSTANT_NONE : (struct instant){at};
}

/* An absent text becomes the empty one; one that is too long is cut between two characters. */
void plain_text(char *buffer, size_t size, struct text text);
#define PLAIN_TEXT(array, text) plain_text((array), sizeof(array), (text))

/* As it reads at `now`. */
void plain_reservation(const struct reservation *row, struct instant now,
                       struct ticketd_reservation *reservation);
void plain_cart(const struct cart *row, const struct reservation *lines, size_t lines_count,
                struct instant now, struct ticketd_cart *cart);

struct ticketd_counts plain_counts(const struct ticket_type *row);
void plain_type(const struct ticket_type *row, struct ticketd_type *type);
void plain_venue(const struct venue *row, struct ticketd_venue *venue);
void plain_event(const struct event *row, struct ticketd_event *event);
void plain_entry(const struct audit_entry *row, struct ticketd_entry *entry);
