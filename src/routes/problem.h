/* problem.h - the one table of what can be wrong: code, HTTP status, title, and what to do.
 *
 * The codes, statuses and titles are those of the contract (x-problem-codes); a test holds one
 * against the other. The rest is the page that /problems/<code> shows. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

enum problem {
    PROBLEM_BAD_REQUEST,
    PROBLEM_MALFORMED_JSON,
    PROBLEM_BAD_CURSOR,
    PROBLEM_BAD_HEADER,
    PROBLEM_UNAUTHENTICATED,
    PROBLEM_TOKEN_EXPIRED,
    PROBLEM_ROLE_REQUIRED,
    PROBLEM_EVENT_OUT_OF_SCOPE,
    PROBLEM_CROSS_SITE,
    PROBLEM_NOT_FOUND,
    PROBLEM_METHOD_NOT_ALLOWED,
    PROBLEM_REQUEST_TIMEOUT,
    PROBLEM_INSUFFICIENT_INVENTORY,
    PROBLEM_RESERVATION_EXPIRED,
    PROBLEM_RESERVATION_RELEASED,
    PROBLEM_RESERVATION_COMPLETED,
    PROBLEM_ORDER_MISMATCH,
    PROBLEM_BELOW_COMMITTED,
    PROBLEM_STALE_TOTAL,
    PROBLEM_BELONGS_TO_CART,
    PROBLEM_NOT_SOLD,
    PROBLEM_EXTENSION_LIMIT,
    PROBLEM_ARCHIVED,
    PROBLEM_SHIFT_OPEN,
    PROBLEM_SHIFT_CLOSED,
    PROBLEM_SALES_CLOSED,
    PROBLEM_NOT_PUBLISHED,
    PROBLEM_LIMIT_PER_ORDER,
    PROBLEM_LIMIT_PER_CUSTOMER,
    PROBLEM_HAS_HISTORY,
    PROBLEM_EMAIL_TAKEN,
    PROBLEM_LAST_ADMIN,
    PROBLEM_MANAGED_ELSEWHERE,
    PROBLEM_VERSION_MISMATCH,
    PROBLEM_PAYLOAD_TOO_LARGE,
    PROBLEM_URI_TOO_LONG,
    PROBLEM_UNSUPPORTED_MEDIA_TYPE,
    PROBLEM_EXPECTATION_FAILED,
    PROBLEM_VALIDATION_FAILED,
    PROBLEM_IDEMPOTENCY_KEY_REUSED,
    PROBLEM_PRECONDITION_REQUIRED,
    PROBLEM_RATE_LIMITED,
    PROBLEM_HEADERS_TOO_LARGE,
    PROBLEM_INTERNAL_ERROR,
    PROBLEM_NOT_IMPLEMENTED,
    PROBLEM_BUSY,
    PROBLEM_OUTCOME_UNKNOWN,
    PROBLEM_SHUTTING_DOWN,
    PROBLEM_STORE_UNAVAILABLE,
    PROBLEM_INVENTORY_INCONSISTENT,
    PROBLEM_HTTP_VERSION_NOT_SUPPORTED,
    PROBLEMS_COUNT,
};

struct problem_kind {
    const char *code;
    int status;
    int retry_after; /* seconds; 0: trying again as it is will not help */
    const char *title;
    const char *meaning, *remedy; /* sentences for people */
};

const struct problem_kind *problem_kind(enum problem problem);

/* False where no problem has that code. */
bool problem_find(struct text code, enum problem *problem);
