#include "routes/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "routes/caller.h"
#include "routes/detail.h"
#include "routes/render.h"

enum problem problem_of_verdict(enum verdict verdict) {
    switch (verdict) {
    case VERDICT_GRANTED:
        break;
    case VERDICT_NOT_FOUND:
        return PROBLEM_NOT_FOUND;
    case VERDICT_EVENT_OUT_OF_SCOPE:
        return PROBLEM_EVENT_OUT_OF_SCOPE;
    case VERDICT_ROLE_REQUIRED:
        return PROBLEM_ROLE_REQUIRED;
    case VERDICT_VALIDATION_FAILED:
        return PROBLEM_VALIDATION_FAILED;
    case VERDICT_INSUFFICIENT_INVENTORY:
        return PROBLEM_INSUFFICIENT_INVENTORY;
    case VERDICT_RESERVATION_EXPIRED:
        return PROBLEM_RESERVATION_EXPIRED;
    case VERDICT_RESERVATION_RELEASED:
        return PROBLEM_RESERVATION_RELEASED;
    case VERDICT_RESERVATION_COMPLETED:
        return PROBLEM_RESERVATION_COMPLETED;
    case VERDICT_ORDER_MISMATCH:
        return PROBLEM_ORDER_MISMATCH;
    case VERDICT_BELOW_COMMITTED:
        return PROBLEM_BELOW_COMMITTED;
    case VERDICT_STALE_TOTAL:
        return PROBLEM_STALE_TOTAL;
    case VERDICT_BELONGS_TO_CART:
        return PROBLEM_BELONGS_TO_CART;
    case VERDICT_NOT_SOLD:
        return PROBLEM_NOT_SOLD;
    case VERDICT_EXTENSION_LIMIT:
        return PROBLEM_EXTENSION_LIMIT;
    case VERDICT_ARCHIVED:
        return PROBLEM_ARCHIVED;
    case VERDICT_SALES_CLOSED:
        return PROBLEM_SALES_CLOSED;
    case VERDICT_NOT_PUBLISHED:
        return PROBLEM_NOT_PUBLISHED;
    case VERDICT_LIMIT_PER_ORDER:
        return PROBLEM_LIMIT_PER_ORDER;
    case VERDICT_LIMIT_PER_CUSTOMER:
        return PROBLEM_LIMIT_PER_CUSTOMER;
    case VERDICT_HAS_HISTORY:
        return PROBLEM_HAS_HISTORY;
    case VERDICT_VERSION_MISMATCH:
        return PROBLEM_VERSION_MISMATCH;
    case VERDICT_IDEMPOTENCY_KEY_REUSED:
        return PROBLEM_IDEMPOTENCY_KEY_REUSED;
    case VERDICT_BUSY:
        return PROBLEM_BUSY;
    case VERDICT_SHUTTING_DOWN:
        return PROBLEM_SHUTTING_DOWN;
    case VERDICT_STORE_UNAVAILABLE:
        return PROBLEM_STORE_UNAVAILABLE;
    case VERDICT_OUTCOME_UNKNOWN:
        return PROBLEM_OUTCOME_UNKNOWN;
    case VERDICT_INVENTORY_INCONSISTENT:
        return PROBLEM_INVENTORY_INCONSISTENT;
    case VERDICT_TOO_LARGE:
        return PROBLEM_PAYLOAD_TOO_LARGE;
    case VERDICT_INTERNAL_ERROR:
        return PROBLEM_INTERNAL_ERROR;
    }
    check_failed("require", "the verdict is not granted", __FILE__, __LINE__, __func__);
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
        render_outcome(&json, outcome, NULL);
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
    render_outcome(&json, outcome, call->secret);
    reply_header(&headers, TEXT("ETag"), outcome_etag(outcome, call_arena(call)));
    if (outcome->replayed) {
        reply_header(&headers, TEXT("Idempotency-Replayed"), TEXT("true"));
    }
    call_reply(call, outcome_status(outcome), &json, &headers);
}
