/* command.h - one request to change something, parsed and validated but not yet decided.
 *
 * A plain struct that routes/ or the library fills. Its texts stay where they
 * are until the command's outcome has been delivered. What needs no store to be
 * judged (lengths, ranges, forms) has been judged before; what a decision needs
 * is judged by decide(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/access.h"
#include "domain/api_key.h"
#include "domain/audit_entry.h"
#include "domain/event.h"
#include "domain/reservation.h"
#include "domain/shift.h"
#include "domain/staff.h"
#include "domain/ticket_type.h"

enum command_kind {
    COMMAND_RESERVE,
    COMMAND_COMPLETE,
    COMMAND_RELEASE,
    COMMAND_EXTEND,
    COMMAND_REFUND,
    COMMAND_CART_CREATE,
    COMMAND_CART_REPLACE,
    COMMAND_SELL,
    COMMAND_ADJUST,
    COMMAND_SWEEP, /* write the expiries of one ticket type */
    COMMAND_VENUE_CREATE,
    COMMAND_VENUE_CHANGE,
    COMMAND_VENUE_ARCHIVE,
    COMMAND_EVENT_CREATE,
    COMMAND_EVENT_CHANGE,
    COMMAND_EVENT_ARCHIVE,
    COMMAND_TYPE_CREATE,
    COMMAND_TYPE_CHANGE,
    COMMAND_TYPE_ARCHIVE,
    COMMAND_KEY_CREATE,
    COMMAND_KEY_REVOKE,
    COMMAND_KEY_TOUCH,
    COMMAND_STAFF_CREATE,
    COMMAND_STAFF_CHANGE,
    COMMAND_STAFF_DISABLE, /* and back */
    COMMAND_STAFF_PASSWORD,
    COMMAND_SESSION_BEGIN,
    COMMAND_SESSION_END,
    COMMAND_SESSION_TOUCH,
    COMMAND_PRUNE, /* forget old idempotency keys */
    COMMAND_SHIFT_OPEN,
    COMMAND_SHIFT_CLOSE,
};

enum { FINGERPRINT_SIZE = 32 };

/* R14. `key` absent: the request carries none. */
struct idempotency {
    struct uuid principal;
    struct text key;
    uint8_t fingerprint[FINGERPRINT_SIZE];
};

/* A reservation or a cart. */
struct target {
    struct uuid id;
    bool is_cart;
};

struct item {
    struct uuid id; /* of a ticket type; in a refund of a cart, of a reservation */
    int32_t quantity;
};

struct items {
    const struct item *list; /* at most CART_LINES_MAX, as sent: ids may repeat */
    size_t count;
};

struct reserve_command {
    struct items items;  /* exactly one in COMMAND_RESERVE */
    struct uuid cart_id; /* in COMMAND_CART_REPLACE only */
    struct uuid user_id; /* or none */
    int32_t seconds;
};

struct complete_command {
    struct target target;
    struct text order_id, tender, reason; /* tender, reason: or absent */
    enum channel channel;                 /* never none */
    bool refuse_if_expired;
};

struct release_command {
    struct target target;
    struct text reason; /* or absent */
};

struct extend_command {
    struct target target;
    int32_t seconds;
};

struct refund_command {
    struct target target;
    struct items items; /* of a cart: none for all that is left */
    int32_t quantity;   /* of a reservation: 0 for all that is left */
    struct text reason, tender;
    enum disposition disposition;
};

struct sell_command {
    struct items items;
    struct uuid user_id;
    struct text order_id, tender, reason; /* or absent */
    enum channel channel;
};

struct adjust_command {
    struct uuid ticket_type_id;
    enum action action; /* increase or decrease */
    int32_t quantity;
    struct text reason;
    int64_t expected_total; /* -1: not given */
};

/* For venues, events and ticket types alike. */
struct archive_command {
    struct uuid id;
    bool archive; /* false: unarchive */
};

/* A change of settings: `fields` says which of the row's members are meant. */
enum setting {
    SETTING_NAME = 1 << 0,
    SETTING_DESCRIPTION = 1 << 1,
    SETTING_VENUE = 1 << 2,
    SETTING_START_DATE = 1 << 3,
    SETTING_END_DATE = 1 << 4,
    SETTING_PUBLISHED = 1 << 5,
    SETTING_FEATURED = 1 << 6,
    SETTING_IMAGE_URL = 1 << 7,
    SETTING_CURRENCY = 1 << 8,
    SETTING_TIME_ZONE = 1 << 9,
    SETTING_PRICE = 1 << 10,
    SETTING_SALES_START = 1 << 11,
    SETTING_SALES_END = 1 << 12,
    SETTING_MAX_PER_ORDER = 1 << 13,
    SETTING_MAX_PER_CUSTOMER = 1 << 14,
    SETTING_ADDRESS = 1 << 15,
    SETTING_ROLE = 1 << 16,
    SETTING_EVENTS = 1 << 17,
};

struct venue_command {
    struct venue venue; /* id none when it is to be made */
    unsigned fields;
    int64_t if_version; /* of a change */
};

struct event_command {
    struct event event;
    unsigned fields;
    int64_t if_version;
};

struct type_command {
    struct ticket_type type; /* to be made: event_id and initial count */
    unsigned fields;
    int64_t if_version;
};

struct key_command {
    struct api_key key; /* revoke: id; touch: id and last_used_at */
};

/* Of staff and of sessions alike; every kind but CREATE names staff.id. */
struct staff_command {
    struct staff staff; /* to be made, or what a change means */
    unsigned fields;
    int64_t if_version;
    bool disable;            /* DISABLE; false: enable */
    struct uuid session_id;  /* SESSION_*; PASSWORD by oneself: of the session to go on in */
    struct text judged_hash; /* SESSION_BEGIN, PASSWORD by oneself: what the password matched */
};

struct shift_command {
    struct shift shift; /* open: terminal, currency, opening_cash; close: id, counted_cash, note */
};

struct prune_command {
    struct instant before;
};

struct command {
    enum command_kind kind;
    struct caller caller;
    struct idempotency idempotency;
    union {
        struct reserve_command reserve; /* RESERVE, CART_CREATE, CART_REPLACE */
        struct complete_command complete;
        struct release_command release;
        struct extend_command extend;
        struct refund_command refund;
        struct sell_command sell;
        struct adjust_command adjust;
        struct uuid sweep; /* ticket type */
        struct venue_command venue;
        struct event_command event;
        struct type_command type;
        struct archive_command archive;
        struct key_command api_key;
        struct staff_command staff; /* STAFF_*, SESSION_* */
        struct prune_command prune;
        struct shift_command shift;
    } of;
    /* First of the fresh ids this command may use: made once, so that a batch that runs again
     * makes the same rows. The executor sets it. */
    struct uuid ids;
};

/* Whom a reservation or direct sale is for: the user it names, else the person the caller acts for;
 * or none. */
struct uuid command_customer(const struct command *command);

/* It may belong to the open shift of its caller (R17): what sells online never does. */
bool command_is_at_till(const struct command *command);

/* How many ids it may need at the most (at least 1). */
uint32_t command_ids_max(const struct command *command);

/* How many rows it may load or write at the most: what bounds a batch. Rows that only the
 * store can count (lines of a cart) are taken at their greatest number. */
uint32_t command_rows_max(const struct command *command);
