/* reservation.h - tickets set aside for a buyer; once completed, a sale. Carts tie several
 * together. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/event.h"

enum reservation_status {
    RESERVATION_ACTIVE = 1,
    RESERVATION_COMPLETED,
    RESERVATION_RELEASED,
    RESERVATION_EXPIRED,
};

enum channel { CHANNEL_NONE, CHANNEL_ONLINE, CHANNEL_BOX_OFFICE, CHANNEL_PARTNER, CHANNEL_COMP };

struct reservation {
    struct uuid id, event_id, ticket_type_id;
    struct uuid cart_id, user_id, sold_by, shift_id; /* or none */
    int32_t quantity, refunded_quantity;
    enum reservation_status status;
    enum channel channel; /* none until completed */
    int64_t unit_price;   /* minor units, fixed when made (R16) */
    struct currency currency;
    struct text tender, order_id;                        /* absent until completed */
    struct instant expires_at;                           /* none for a direct sale */
    struct instant created_at, updated_at, completed_at; /* completed_at: or none */
};

struct cart {
    struct uuid id, event_id;
    struct uuid user_id, sold_by, shift_id; /* or none */
    enum reservation_status status; /* the sweep does not set `expired`: see cart_status_at */
    enum channel channel;
    struct currency currency;
    struct text tender, order_id;
    struct instant expires_at; /* none for a direct sale */
    struct instant created_at, updated_at, completed_at;
};

/* What anyone reads at `now` (R3): an active one that is past its time reads `expired`. */
enum reservation_status status_at(enum reservation_status stored, struct instant expires_at,
                                  struct instant now);

/* Whole seconds until it expires, rounded up; 0 where it is not active at `now`. */
int64_t remaining_seconds_at(enum reservation_status stored, struct instant expires_at,
                             struct instant now);

/* Lines that were taken out of a cart while it was active stay in the store as released (R2); they
 * are no longer part of what the cart shows. */
bool cart_shows_line(const struct cart *cart, const struct reservation *line);

struct text reservation_status_name(enum reservation_status status);
bool reservation_status_parse(struct text name, enum reservation_status *status);
/* A person at a till decides the channel, not a shop: it needs the right to sell. */
bool channel_is_of_staff(enum channel channel);

struct text channel_name(enum channel channel); /* absent for none */
bool channel_parse(struct text name, enum channel *channel);
