/* outcome.h - what became of a command: the verdict, the facts of the case, and the rows as
 * decided.
 *
 * A snapshot: later commands of the same batch do not change it. It is also
 * what an idempotency key remembers (outcome_code.h), so that a retry is
 * answered with the same bytes. It never holds a secret. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/api_key.h"
#include "domain/audit_entry.h"
#include "domain/command.h"
#include "domain/event.h"
#include "domain/reservation.h"
#include "domain/shift.h"
#include "domain/staff.h"
#include "domain/ticket_type.h"

enum verdict {
    VERDICT_GRANTED,

    /* Refusals: the business says no. Nothing was changed. */
    VERDICT_NOT_FOUND,
    VERDICT_EVENT_OUT_OF_SCOPE,
    VERDICT_ROLE_REQUIRED,
    VERDICT_VALIDATION_FAILED, /* facts.pointer and facts.detail say where and why */
    VERDICT_INSUFFICIENT_INVENTORY,
    VERDICT_RESERVATION_EXPIRED,
    VERDICT_RESERVATION_RELEASED,
    VERDICT_RESERVATION_COMPLETED,
    VERDICT_ORDER_MISMATCH,
    VERDICT_BELOW_COMMITTED,
    VERDICT_STALE_TOTAL,
    VERDICT_BELONGS_TO_CART,
    VERDICT_NOT_SOLD,
    VERDICT_EXTENSION_LIMIT,
    VERDICT_ARCHIVED,
    VERDICT_SALES_CLOSED,
    VERDICT_NOT_PUBLISHED,
    VERDICT_LIMIT_PER_ORDER,
    VERDICT_LIMIT_PER_CUSTOMER,
    VERDICT_HAS_HISTORY,
    VERDICT_VERSION_MISMATCH,
    VERDICT_IDEMPOTENCY_KEY_REUSED,
    VERDICT_MANAGED_ELSEWHERE, /* the shop's own columns want what ticketd does not know */
    VERDICT_SHIFT_OPEN,
    VERDICT_SHIFT_CLOSED,

    /* Of what the library does not offer: people. */
    VERDICT_EMAIL_TAKEN,
    VERDICT_LAST_ADMIN,      /* nobody would be left who can manage people */
    VERDICT_UNAUTHENTICATED, /* a sign-in that is no longer right */

    /* Failures: the world says no. Nothing was changed, but for OUTCOME_UNKNOWN. */
    VERDICT_BUSY,
    VERDICT_SHUTTING_DOWN,
    VERDICT_STORE_UNAVAILABLE,
    VERDICT_OUTCOME_UNKNOWN, /* may or may not have been done; ask again with the same key */
    VERDICT_INVENTORY_INCONSISTENT,
    VERDICT_TOO_LARGE,      /* this command alone passes a batch's memory */
    VERDICT_INTERNAL_ERROR, /* the database rejects what was decided */
};

/* True from VERDICT_BUSY on. */
bool verdict_is_failure(enum verdict verdict);

/* FACT_NONE: does not belong to the case. */
#define FACT_NONE INT64_MIN

struct facts {
    struct uuid ticket_type_id, event_id, reservation_id, cart_id, shift_id; /* or none */
    struct text name;     /* of the ticket type, event or venue that the case is about */
    struct text pointer;  /* JSON pointer into the request */
    struct text detail;   /* a sentence for people, where the verdict alone does not say it */
    struct text order_id; /* of the sale as it stands */
    int64_t requested, available, reserved, sold, total;
    int64_t shortfall; /* below_committed: how many too many */
    int64_t limit;     /* limits per order and customer: the setting; seconds for extension_limit */
    int64_t customer_has;   /* limit_per_customer: live reservations and sales so far */
    int64_t sold_remaining; /* not_sold: what is left to refund */
    struct instant next_expiry_at,
        at; /* at: when it expired, opens, closed, or ends at the latest */
};

/* No fact at all. */
#define FACTS_NONE                                                                                 \
    ((struct facts){.requested = FACT_NONE,                                                        \
                    .available = FACT_NONE,                                                        \
                    .reserved = FACT_NONE,                                                         \
                    .sold = FACT_NONE,                                                             \
                    .total = FACT_NONE,                                                            \
                    .shortfall = FACT_NONE,                                                        \
                    .limit = FACT_NONE,                                                            \
                    .customer_has = FACT_NONE,                                                     \
                    .sold_remaining = FACT_NONE,                                                   \
                    .next_expiry_at = INSTANT_NONE,                                                \
                    .at = INSTANT_NONE})

struct outcome {
    enum verdict verdict;
    enum command_kind kind;
    bool replayed;
    struct instant decided_at;
    struct facts facts;

    /* Rows as decided; NULL where the kind of command has none. */
    const struct venue *venue;
    const struct event *event;
    const struct ticket_type *type;
    const struct api_key *api_key;
    const struct staff *staff; /* its password hash is in no answer */
    const struct cart *cart;
    const struct shift_reading *shift;
    const struct reservation *lines; /* one for a reservation, all of them for a cart */
    size_t lines_count;
    const struct audit_entry *entries; /* of refunds and adjustments */
    size_t entries_count;
    int64_t released;  /* by a sweep, or rows pruned */
    bool more_expired; /* after a sweep: not all that was due went into this commit */
};
