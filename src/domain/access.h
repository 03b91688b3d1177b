/* access.h - who may do what: one table, asked by every route and, where the answer depends on
 * what is in the store (an event's scope, one's own sales), by the decisions themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "base/uuid.h"
#include "domain/actor.h"

enum role {
    ROLE_NOBODY, /* no credentials */
    ROLE_VIEWER,
    ROLE_CHECKOUT,
    ROLE_BOX_OFFICE,
    ROLE_EVENT_MANAGER,
    ROLE_ADMIN,
};

/* The rows of the table; the contract names one for each operation. */
enum right {
    RIGHT_NONE,        /* open to everyone: health and the contract itself */
    RIGHT_PUBLIC_READ, /* events, ticket types, availability */
    RIGHT_RESERVE,
    RIGHT_COMPLETE,
    RIGHT_SELL, /* direct sales, and the channels box_office and comp */
    RIGHT_REFUND,
    RIGHT_ADJUST,
    RIGHT_PEOPLE,
    RIGHT_READ, /* reservations, carts, sales */
    RIGHT_READ_COUNTS,
    RIGHT_READ_LOG,
    RIGHT_READ_HISTORY,
    RIGHT_RELEASE_EXPIRED,
    RIGHT_SIGNED_IN, /* whoever is known */
};

enum reach {
    REACH_NOTHING,
    REACH_PUBLIC, /* what everyone may see */
    REACH_OWN,    /* what one did oneself in the open shift, or the last OWN_SALES_SECONDS */
    REACH_ALL,    /* everything in one's events */
};

enum { OWN_SALES_SECONDS = 12 * 3600 };

/* Who sent a command or a query. */
struct caller {
    enum role role;
    struct actor actor;
    struct uuid acting_for;    /* the person named by Acting-User, or none */
    const struct uuid *events; /* those the caller is scoped to; count 0: all */
    size_t events_count;
};

enum reach access_reach(enum role role, enum right right);

/* R15 binds the public, staff are exempt. */
bool caller_is_public(const struct caller *caller);

/* Sells at a till, so that a shift can be the caller's (R17). */
bool caller_has_till(const struct caller *caller);

/* Everybody's shifts, not only one's own. A shift belongs to no event: whoever is scoped to some
 * sees the others' sales in none. */
bool caller_sees_all_shifts(const struct caller *caller);

/* The event is one of the caller's. */
bool caller_reaches_event(const struct caller *caller, struct uuid event_id);

struct text role_name(enum role role);
bool role_parse(struct text name, enum role *role);
