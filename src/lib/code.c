#include "lib/code.h"

#include <assert.h>

/* Refusals are the verdicts themselves. */
static_assert((int)TICKETD_NOT_FOUND == (int)VERDICT_NOT_FOUND &&
                  (int)TICKETD_INVALID == (int)VERDICT_VALIDATION_FAILED &&
                  (int)TICKETD_SHIFT_CLOSED == (int)VERDICT_SHIFT_CLOSED &&
                  (int)VERDICT_SHIFT_CLOSED + 1 == (int)VERDICT_EMAIL_TAKEN,
              "a refusal without a public code");

struct meaning {
    const char *name, *sentence;
};

static const struct meaning refusals[] = {
    [TICKETD_OK] = {"ok", "It was done."},
    [TICKETD_NOT_FOUND] = {"not_found", "There is nothing with this id."},
    [TICKETD_EVENT_OUT_OF_SCOPE] = {"event_out_of_scope", "This call may not touch that event."},
    [TICKETD_ROLE_REQUIRED] = {"role_required", "This needs a member of staff."},
    [TICKETD_INVALID] = {"validation_failed", "Something in the request cannot be right."},
    [TICKETD_INSUFFICIENT_INVENTORY] = {"insufficient_inventory",
                                        "There are not enough tickets left."},
    [TICKETD_RESERVATION_EXPIRED] = {"reservation_expired", "The reservation has expired."},
    [TICKETD_RESERVATION_RELEASED] = {"reservation_released", "The reservation has been released."},
    [TICKETD_RESERVATION_COMPLETED] = {"reservation_completed",
                                       "The reservation has already been sold."},
    [TICKETD_ORDER_MISMATCH] = {"order_mismatch", "It was sold under another order id."},
    [TICKETD_BELOW_COMMITTED] = {"below_committed",
                                 "Fewer tickets would remain than are sold and reserved."},
    [TICKETD_STALE_TOTAL] = {"stale_total", "The total is no longer the expected one."},
    [TICKETD_BELONGS_TO_CART] = {"belongs_to_cart",
                                 "It is a line of a cart, which is ended as a whole."},
    [TICKETD_NOT_SOLD] = {"not_sold", "There is not so much left to refund."},
    [TICKETD_EXTENSION_LIMIT] = {"extension_limit",
                                 "A reservation lives for two hours at the most."},
    [TICKETD_ARCHIVED] = {"archived", "It is archived: nothing new is taken or changed."},
    [TICKETD_SALES_CLOSED] = {"sales_closed", "Sales are not open now."},
    [TICKETD_NOT_PUBLISHED] = {"not_published", "The event is not published."},
    [TICKETD_LIMIT_PER_ORDER] = {"limit_per_order", "More than one order may have."},
    [TICKETD_LIMIT_PER_CUSTOMER] = {"limit_per_customer", "More than one customer may have."},
    [TICKETD_HAS_HISTORY] = {"has_history",
                             "Reservations were made with it, so it can no longer change."},
    [TICKETD_VERSION_MISMATCH] = {"version_mismatch", "It was changed meanwhile: read it again."},
    [TICKETD_IDEMPOTENCY_KEY_REUSED] = {"idempotency_key_reused",
                                        "This idempotency key was used for another request."},
    [TICKETD_MANAGED_ELSEWHERE] = {"managed_elsewhere",
                                   "The shop's own application makes these, not ticketd."},
    [TICKETD_SHIFT_OPEN] = {"shift_open", "An operator has one open shift at a time."},
    [TICKETD_SHIFT_CLOSED] = {"shift_closed", "A closed shift does not change any more."},
};

static const struct meaning failures[] = {
    [0 /* TICKETD_BUSY */] = {"busy", "Too much is waiting: ask again in a moment."},
    [TICKETD_SHUTTING_DOWN - TICKETD_BUSY] = {"shutting_down", "It is being closed."},
    [TICKETD_STORE_UNAVAILABLE -
        TICKETD_BUSY] = {"store_unavailable", "The store cannot be reached or written now."},
    [TICKETD_OUTCOME_UNKNOWN - TICKETD_BUSY] =
        {"outcome_unknown",
         "It may or may not have been done: ask again with the same idempotency key."},
    [TICKETD_INVENTORY_INCONSISTENT -
        TICKETD_BUSY] = {"inventory_inconsistent",
                         "The counts of this ticket type contradict its audit log."},
    [TICKETD_TOO_LARGE - TICKETD_BUSY] = {"too_large", "The request is too large."},
    [TICKETD_INTERNAL_ERROR -
        TICKETD_BUSY] = {"internal_error", "The store rejects what was decided."},
    [TICKETD_NO_MEMORY - TICKETD_BUSY] = {"no_memory", "There is not enough memory."},
    [TICKETD_LOCKED - TICKETD_BUSY] = {"locked", "Another process holds the database."},
    [TICKETD_DISK_FULL - TICKETD_BUSY] = {"disk_full", "The disk is full."},
    [TICKETD_CORRUPT - TICKETD_BUSY] = {"corrupt", "It is no database, or a damaged one."},
    [TICKETD_NEWER - TICKETD_BUSY] = {"newer", "The database is of a newer ticketd."},
    [TICKETD_PERMISSION - TICKETD_BUSY] = {"permission", "The operating system forbids it."},
    [TICKETD_READ_ONLY - TICKETD_BUSY] = {"read_only", "It was opened to be read only."},
    [TICKETD_NO_DATABASE - TICKETD_BUSY] = {"no_database", "There is no such database."},
};

enum {
    REFUSALS_COUNT = sizeof refusals / sizeof refusals[0],
    FAILURES_COUNT = sizeof failures / sizeof failures[0],
};

/* `code` may be anything: it comes from outside. */
static struct meaning meaning_of(enum ticketd_code code) {
    int number = (int)code;
    if (number >= 0 && number < REFUSALS_COUNT) {
        return refusals[number];
    }
    if (number >= TICKETD_BUSY && number - TICKETD_BUSY < FAILURES_COUNT) {
        return failures[number - TICKETD_BUSY];
    }
    return (struct meaning){"unknown_code", "This version of ticketd knows no such code."};
}

const char *ticketd_sentence(enum ticketd_code code) {
    return meaning_of(code).sentence;
}

const char *ticketd_code_name(enum ticketd_code code) {
    return meaning_of(code).name;
}

bool ticketd_is_refusal(enum ticketd_code code) {
    int number = (int)code;
    return number > TICKETD_OK && number < REFUSALS_COUNT;
}

enum ticketd_code code_of_verdict(enum verdict verdict) {
    return verdict_is_failure(verdict) ? TICKETD_BUSY + (verdict - VERDICT_BUSY)
                                       : (enum ticketd_code)verdict;
}

static_assert(TICKETD_INTERNAL_ERROR - TICKETD_BUSY == VERDICT_INTERNAL_ERROR - VERDICT_BUSY &&
                  TICKETD_OUTCOME_UNKNOWN - TICKETD_BUSY == VERDICT_OUTCOME_UNKNOWN - VERDICT_BUSY,
              "failures are in another order than their codes");

enum ticketd_code code_of_error(enum error error) {
    switch (error) {
    case ERROR_NONE:
        return TICKETD_OK;
    case ERROR_MEMORY:
        return TICKETD_NO_MEMORY;
    case ERROR_INVALID:
        return TICKETD_INVALID;
    case ERROR_NOT_FOUND:
        return TICKETD_NOT_FOUND;
    case ERROR_UNAVAILABLE:
        return TICKETD_STORE_UNAVAILABLE;
    case ERROR_FULL:
        return TICKETD_DISK_FULL;
    case ERROR_LOCKED:
        return TICKETD_LOCKED;
    case ERROR_RETRY:
    case ERROR_TWIN:
        return TICKETD_BUSY;
    case ERROR_REJECTED:
        return TICKETD_INTERNAL_ERROR;
    case ERROR_UNKNOWN:
        return TICKETD_OUTCOME_UNKNOWN;
    case ERROR_CORRUPT:
        return TICKETD_CORRUPT;
    case ERROR_NEWER:
        return TICKETD_NEWER;
    case ERROR_PERMISSION:
        return TICKETD_PERMISSION;
    }
    return TICKETD_INTERNAL_ERROR;
}
