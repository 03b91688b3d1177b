#include "routes/answer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "routes/callers/caller.h"
#include "routes/detail.h"
#include "routes/parts.h"
#include "routes/wire/render.h"

static const enum problem problems[] = {
    [VERDICT_NOT_FOUND] = PROBLEM_NOT_FOUND,
    [VERDICT_EVENT_OUT_OF_SCOPE] = PROBLEM_EVENT_OUT_OF_SCOPE,
    [VERDICT_ROLE_REQUIRED] = PROBLEM_ROLE_REQUIRED,
    [VERDICT_VALIDATION_FAILED] = PROBLEM_VALIDATION_FAILED,
    [VERDICT_INSUFFICIENT_INVENTORY] = PROBLEM_INSUFFICIENT_INVENTORY,
    [VERDICT_RESERVATION_EXPIRED] = PROBLEM_RESERVATION_EXPIRED,
    [VERDICT_RESERVATION_RELEASED] = PROBLEM_RESERVATION_RELEASED,
    [VERDICT_RESERVATION_COMPLETED] = PROBLEM_RESERVATION_COMPLETED,
    [VERDICT_ORDER_MISMATCH] = PROBLEM_ORDER_MISMATCH,
    [VERDICT_BELOW_COMMITTED] = PROBLEM_BELOW_COMMITTED,
    [VERDICT_STALE_TOTAL] = PROBLEM_STALE_TOTAL,
    [VERDICT_BELONGS_TO_CART] = PROBLEM_BELONGS_TO_CART,
    [VERDICT_NOT_SOLD] = PROBLEM_NOT_SOLD,
    [VERDICT_EXTENSION_LIMIT] = PROBLEM_EXTENSION_LIMIT,
    [VERDICT_ARCHIVED] = PROBLEM_ARCHIVED,
    [VERDICT_SALES_CLOSED] = PROBLEM_SALES_CLOSED,
    [VERDICT_NOT_PUBLISHED] = PROBLEM_NOT_PUBLISHED,
    [VERDICT_LIMIT_PER_ORDER] = PROBLEM_LIMIT_PER_ORDER,
    [VERDICT_LIMIT_PER_CUSTOMER] = PROBLEM_LIMIT_PER_CUSTOMER,
    [VERDICT_HAS_HISTORY] = PROBLEM_HAS_HISTORY,
    [VERDICT_VERSION_MISMATCH] = PROBLEM_VERSION_MISMATCH,
    [VERDICT_IDEMPOTENCY_KEY_REUSED] = PROBLEM_IDEMPOTENCY_KEY_REUSED,
    [VERDICT_EMAIL_TAKEN] = PROBLEM_EMAIL_TAKEN,
    [VERDICT_LAST_ADMIN] = PROBLEM_LAST_ADMIN,
    [VERDICT_UNAUTHENTICATED] = PROBLEM_UNAUTHENTICATED,
    [VERDICT_MANAGED_ELSEWHERE] = PROBLEM_MANAGED_ELSEWHERE,
    [VERDICT_SHIFT_OPEN] = PROBLEM_SHIFT_OPEN,
    [VERDICT_SHIFT_CLOSED] = PROBLEM_SHIFT_CLOSED,
    [VERDICT_BUSY] = PROBLEM_BUSY,
    [VERDICT_SHUTTING_DOWN] = PROBLEM_SHUTTING_DOWN,
    [VERDICT_STORE_UNAVAILABLE] = PROBLEM_STORE_UNAVAILABLE,
    [VERDICT_OUTCOME_UNKNOWN] = PROBLEM_OUTCOME_UNKNOWN,
    [VERDICT_INVENTORY_INCONSISTENT] = PROBLEM_INVENTORY_INCONSISTENT,
    [VERDICT_TOO_LARGE] = PROBLEM_PAYLOAD_TOO_LARGE,
    [VERDICT_INTERNAL_ERROR] = PROBLEM_INTERNAL_ERROR,
};

static_assert(sizeof problems / sizeof *problems == VERDICT_INTERNAL_ERROR + 1,
              "every verdict has its row; a test sees that none is left empty");

enum problem problem_of_verdict(enum verdict verdict) {
    require(verdict > VERDICT_GRANTED && verdict <= VERDICT_INTERNAL_ERROR);
    return problems[verdict];
}

/* --- facts -------------------------------------------------------------------------- */

static void fact_uuid(struct json_writer *json, const char *name, struct uuid value) {
    if (!uuid_is_none(value)) {
        json_member_uuid(json, name, value);
    }
}

static void fact_number(struct json_writer *json, const char *name, int64_t value) {
    if (value != FACT_NONE) {
        json_member_integer(json, name, value);
    }
}

static void fact_instant(struct json_writer *json, const char *name, struct instant value) {
    if (!instant_is_none(value)) {
        json_member_instant(json, name, value);
    }
}

/* What `facts.at` is called depends on the case; NULL: it has no instant of its own. */
static const char *name_of_instant(const struct outcome *outcome) {
    if (outcome->verdict == VERDICT_RESERVATION_EXPIRED) {
        return "expires_at";
    }
    if (outcome->verdict == VERDICT_EXTENSION_LIMIT) {
        return "latest_expires_at";
    }
    if (outcome->verdict == VERDICT_ARCHIVED) {
        return "archived_at";
    }
    if (outcome->verdict == VERDICT_SALES_CLOSED) {
        return instant_before(outcome->decided_at, outcome->facts.at) ? "sales_start" : "sales_end";
    }
    return NULL;
}

static void write_facts(struct json_writer *json, const struct outcome *outcome) {
    const struct facts *facts = &outcome->facts;
    fact_uuid(json, "ticket_type_id", facts->ticket_type_id);
    fact_uuid(json, "event_id", facts->event_id);
    fact_uuid(json, "reservation_id", facts->reservation_id);
    fact_uuid(json, "cart_id", facts->cart_id);
    fact_uuid(json, "shift_id", facts->shift_id);
    if (!text_is_absent(facts->order_id)) {
        json_member_text(json, "order_id", facts->order_id);
    }
    /* What a stale adjustment asked for is the total it expected. */
    bool is_stale = outcome->verdict == VERDICT_STALE_TOTAL;
    fact_number(json, is_stale ? "expected_total" : "requested", facts->requested);
    fact_number(json, "available", facts->available);
    fact_number(json, "reserved", facts->reserved);
    fact_number(json, "sold", facts->sold);
    fact_number(json, "total", facts->total);
    fact_number(json, "shortfall", facts->shortfall);
    fact_number(json, "sold_remaining", facts->sold_remaining);
    if (outcome->verdict == VERDICT_LIMIT_PER_ORDER) {
        fact_number(json, "max_per_order", facts->limit);
    } else if (outcome->verdict == VERDICT_LIMIT_PER_CUSTOMER) {
        fact_number(json, "max_per_customer", facts->limit);
        fact_number(json, "held", facts->customer_has);
    } else if (outcome->verdict == VERDICT_INSUFFICIENT_INVENTORY) {
        json_member_instant(json, "next_expiry_at", facts->next_expiry_at);
    }
    const char *name = name_of_instant(outcome);
    if (name != NULL) {
        fact_instant(json, name, facts->at);
    }
}

/* --- the reply ------------------------------------------------------------------------- */

/* The contract's word for what a decision found wrong with the request. */
static const char *code_of_pointer(struct text pointer) {
    static const struct text quantity = {"quantity", 8};
    if (text_equals(pointer, TEXT("/user_id")) || text_equals(pointer, TEXT("/order_id")) ||
        text_equals(pointer, TEXT("/reason"))) {
        return "required";
    }
    if (pointer.length > quantity.length && memcmp(pointer.bytes + pointer.length - quantity.length,
                                                   quantity.bytes, quantity.length) == 0) {
        return "range";
    }
    return "conflict";
}

static void refuse(struct call *call, const struct outcome *outcome) {
    if (outcome->verdict == VERDICT_VALIDATION_FAILED) {
        struct fault fault = {.pointer = outcome->facts.pointer,
                              .code = code_of_pointer(outcome->facts.pointer),
                              .detail = outcome->facts.detail};
        call_refuse_faults(call, &fault);
        return;
    }
    if (outcome->verdict == VERDICT_ROLE_REQUIRED) {
        call_refuse_role(call, call->route->right, NULL);
        return;
    }
    if (outcome->verdict == VERDICT_INTERNAL_ERROR) {
        char request_id[65];
        snprintf(request_id, sizeof request_id, "%.*s", (int)call->request_id.length,
                 call->request_id.bytes);
        log_line(LOG_ERROR, "command_failed", "operation", call->route->name, "request_id",
                 request_id, NULL);
    }
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    problem_begin(call, problem_of_verdict(outcome->verdict), detail_of(outcome, call_arena(call)),
                  &json);
    write_facts(&json, outcome);
    if (outcome->verdict == VERDICT_VERSION_MISMATCH) {
        json_name(&json, "current");
        render_outcome(&json, outcome, NULL, &call->routes->names);
        reply_header(&headers, TEXT("ETag"), outcome_etag(outcome, call_arena(call)));
    }
    problem_send(call, &json, &headers);
}

void answer_outcome(struct submission *submission, const struct outcome *outcome) {
    struct call *call = submission->owner;
    if (outcome->verdict != VERDICT_GRANTED) {
        refuse(call, outcome);
        return;
    }
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    json_writer_init(&json, call_arena(call));
    render_outcome(&json, outcome, call->secret, &call->routes->names);
    reply_header(&headers, TEXT("ETag"), outcome_etag(outcome, call_arena(call)));
    if (outcome->replayed) {
        reply_header(&headers, TEXT("Idempotency-Replayed"), TEXT("true"));
    }
    call_reply(call, outcome_status(outcome), &json, &headers);
}
