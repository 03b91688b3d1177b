/* The rules over the rows of a store. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "executor/executor.h"
#include "scenarios/core_command.h"
#include "store/reader.h"

struct core {
    struct stage stage;
    _Atomic int64_t now_us;
    struct store *store;
    struct store_reader *reader;
    struct executor *executor;
    struct arena arena; /* of one question */
};

static struct instant core_now(void *context) {
    struct core *core = context;
    return (struct instant){core->now_us};
}

static void core_set_time(struct stage *stage, struct instant now) {
    ((struct core *)stage)->now_us = now.us;
}

static const char *verdict_code(enum verdict verdict) {
    static const char *const codes[] = {
        [VERDICT_GRANTED] = "granted",
        [VERDICT_NOT_FOUND] = "not_found",
        [VERDICT_EVENT_OUT_OF_SCOPE] = "event_out_of_scope",
        [VERDICT_ROLE_REQUIRED] = "role_required",
        [VERDICT_VALIDATION_FAILED] = "validation_failed",
        [VERDICT_INSUFFICIENT_INVENTORY] = "insufficient_inventory",
        [VERDICT_RESERVATION_EXPIRED] = "reservation_expired",
        [VERDICT_RESERVATION_RELEASED] = "reservation_released",
        [VERDICT_RESERVATION_COMPLETED] = "reservation_completed",
        [VERDICT_ORDER_MISMATCH] = "order_mismatch",
        [VERDICT_BELOW_COMMITTED] = "below_committed",
        [VERDICT_STALE_TOTAL] = "stale_total",
        [VERDICT_BELONGS_TO_CART] = "belongs_to_cart",
        [VERDICT_NOT_SOLD] = "not_sold",
        [VERDICT_EXTENSION_LIMIT] = "extension_limit",
        [VERDICT_ARCHIVED] = "archived",
        [VERDICT_SALES_CLOSED] = "sales_closed",
        [VERDICT_NOT_PUBLISHED] = "not_published",
        [VERDICT_LIMIT_PER_ORDER] = "limit_per_order",
        [VERDICT_LIMIT_PER_CUSTOMER] = "limit_per_customer",
        [VERDICT_HAS_HISTORY] = "has_history",
        [VERDICT_VERSION_MISMATCH] = "version_mismatch",
        [VERDICT_IDEMPOTENCY_KEY_REUSED] = "idempotency_key_reused",
        [VERDICT_MANAGED_ELSEWHERE] = "managed_elsewhere",
        [VERDICT_SHIFT_OPEN] = "shift_open",
        [VERDICT_SHIFT_CLOSED] = "shift_closed",
        [VERDICT_INTERNAL_ERROR] = "internal_error",
    };
    bool is_known = verdict < sizeof codes / sizeof *codes && codes[verdict] != NULL;
    return is_known ? codes[verdict] : "failure";
}

/* --- answers ------------------------------------------------------------------------ */

static void answer_lines(struct answer *answer, const struct reservation *lines, size_t count) {
    answer->lines_count = count;
    for (size_t i = 0; i < count; i++) {
        answer->lines[i] = (struct answer_line){
            .id = lines[i].id,
            .type = lines[i].ticket_type_id,
            .quantity = lines[i].quantity,
            .refunded = lines[i].refunded_quantity,
            .price = lines[i].unit_price,
        };
    }
}

static void answer_order(struct answer *answer, struct text order) {
    if (!text_is_absent(order)) {
        snprintf(answer->order, sizeof answer->order, "%.*s", (int)order.length, order.bytes);
    }
}

static void answer_state(struct answer *answer, enum reservation_status stored,
                         struct instant expires_at, struct instant now) {
    snprintf(answer->status, sizeof answer->status, "%s",
             reservation_status_name(status_at(stored, expires_at, now)).bytes);
    answer->expires = expires_at;
    answer->remaining = remaining_seconds_at(stored, expires_at, now);
}

static void answer_reservation(struct answer *answer, const struct reservation *row,
                               struct instant now) {
    answer->id = row->id;
    answer_lines(answer, row, 1);
    answer_order(answer, row->order_id);
    answer_state(answer, row->status, row->expires_at, now);
}

static void answer_cart(struct answer *answer, const struct cart *row,
                        const struct reservation *lines, size_t count, struct instant now) {
    answer->id = row->id;
    answer->is_cart = true;
    answer_lines(answer, lines, count);
    answer_order(answer, row->order_id);
    answer_state(answer, row->status, row->expires_at, now);
}

static void answer_counts(struct answer *answer, const struct ticket_type *type) {
    answer->id = type->id;
    answer->initial = type->initial;
    answer->total = type->counts.total;
    answer->sold = type->counts.sold;
    answer->reserved = type->counts.reserved;
    answer->available = counts_available(type->counts);
}

static int64_t number_of(int64_t fact) {
    return fact == FACT_NONE ? ANSWER_NONE : fact;
}

static void answer_facts(struct answer *answer, const struct facts *facts) {
    answer->requested = number_of(facts->requested);
    answer->available = number_of(facts->available);
    answer->reserved = number_of(facts->reserved);
    answer->sold = number_of(facts->sold);
    answer->total = number_of(facts->total);
    answer->shortfall = number_of(facts->shortfall);
    answer->limit = number_of(facts->limit);
    answer->has = number_of(facts->customer_has);
    answer->left = number_of(facts->sold_remaining);
    answer->when = facts->at;
    answer->next_expiry = facts->next_expiry_at;
    answer_order(answer, facts->order_id);
    if (!text_is_absent(facts->pointer)) {
        snprintf(answer->pointer, sizeof answer->pointer, "%.*s", (int)facts->pointer.length,
                 facts->pointer.bytes);
    }
}

static void answer_refunds(struct answer *answer, const struct outcome *outcome) {
    answer->gives = 0;
    for (size_t i = 0; i < outcome->entries_count; i++) {
        for (size_t j = 0; j < outcome->lines_count; j++) {
            const struct reservation *line = &outcome->lines[j];
            if (uuid_equals(line->id, outcome->entries[i].reservation_id)) {
                answer->gives += outcome->entries[i].quantity * line->unit_price;
            }
        }
    }
}

static void answer_outcome(struct answer *answer, const struct outcome *outcome) {
    answer_verdict(answer, verdict_code(outcome->verdict));
    answer->replayed = outcome->replayed;
    if (outcome->verdict != VERDICT_GRANTED) {
        answer_facts(answer, &outcome->facts);
    } else if (outcome->cart != NULL) {
        answer_cart(answer, outcome->cart, outcome->lines, outcome->lines_count,
                    outcome->decided_at);
    } else if (outcome->lines_count > 0) {
        answer_reservation(answer, outcome->lines, outcome->decided_at);
    } else if (outcome->type != NULL) {
        answer_counts(answer, outcome->type);
    } else if (outcome->event != NULL) {
        answer->id = outcome->event->id;
    }
    if (outcome->verdict == VERDICT_GRANTED && outcome->kind == COMMAND_REFUND) {
        answer_refunds(answer, outcome);
    }
}

static int64_t version_of(struct core *core, const struct question *question) {
    struct failure failure;
    if (question->is_event) {
        struct event event;
        enum error error = reader_event(core->reader, question->id, &core->arena, &event, &failure);
        return error == ERROR_NONE ? event.version : 0;
    }
    struct type_reading type;
    enum error error = reader_type(core->reader, question->id, &core->arena, &type, &failure);
    return error == ERROR_NONE ? type.row.settings_version : 0;
}

/* The routes ask the same table before anything else. */
static bool may_ask(const struct question *question) {
    static const enum right rights[] = {
        [VERB_EVENT] = RIGHT_ADJUST,     [VERB_TICKETS] = RIGHT_ADJUST,
        [VERB_RESERVE] = RIGHT_RESERVE,  [VERB_CART] = RIGHT_RESERVE,
        [VERB_CHANGE] = RIGHT_RESERVE,   [VERB_COMPLETE] = RIGHT_COMPLETE,
        [VERB_RELEASE] = RIGHT_RESERVE,  [VERB_EXTEND] = RIGHT_RESERVE,
        [VERB_REFUND] = RIGHT_REFUND,    [VERB_SELL] = RIGHT_SELL,
        [VERB_INCREASE] = RIGHT_ADJUST,  [VERB_DECREASE] = RIGHT_ADJUST,
        [VERB_SET] = RIGHT_ADJUST,       [VERB_ARCHIVE] = RIGHT_ADJUST,
        [VERB_UNARCHIVE] = RIGHT_ADJUST,
    };
    return access_reach(question->role, rights[question->verb]) != REACH_NOTHING;
}

static void core_change(struct core *core, const struct question *question, struct answer *answer) {
    if (!may_ask(question)) {
        answer_verdict(answer, "role_required");
        return;
    }
    struct command command;
    int64_t version = question->verb == VERB_SET ? version_of(core, question) : 0;
    core_command(question, version, &core->arena, &command);
    struct outcome outcome;
    enum error error = executor_call(core->executor, &command, &core->arena, &outcome);
    require(error == ERROR_NONE);
    answer_outcome(answer, &outcome);
}

/* --- readings ----------------------------------------------------------------------- */

static enum error show(struct core *core, const struct question *question, struct answer *answer) {
    struct failure failure;
    struct instant now;
    if (!question->is_cart) {
        struct reservation row;
        enum error error =
            reader_reservation(core->reader, question->id, &core->arena, &row, &now, &failure);
        if (error == ERROR_NONE) {
            answer_reservation(answer, &row, now);
        }
        return error;
    }
    struct cart cart;
    struct page page;
    enum error error =
        reader_cart(core->reader, question->id, &core->arena, &cart, &page, &failure);
    if (error == ERROR_NONE) {
        const struct reservation *rows = page.rows;
        struct reservation shown[SCENE_ITEMS_MAX];
        size_t count = 0;
        for (size_t i = 0; i < page.count; i++) {
            if (cart_shows_line(&cart, &rows[i])) {
                shown[count++] = rows[i];
            }
        }
        answer_cart(answer, &cart, shown, count, page.as_of);
    }
    return error;
}

static enum error explain(struct core *core, const struct question *question,
                          struct answer *answer) {
    struct failure failure;
    struct history history;
    struct instant at = question->step->asked_at;
    enum error error = reader_history(core->reader, question->id,
                                      instant_is_none(at) ? (struct instant){core->now_us} : at,
                                      &core->arena, &history, &failure);
    if (error == ERROR_NONE) {
        answer->total = history.counts.total;
        answer->sold = history.counts.sold;
        answer->reserved = history.counts.reserved;
        answer->available = counts_available(history.counts);
    }
    return error;
}

static enum error read_log(struct core *core, const struct question *question,
                           struct answer *answer) {
    struct failure failure;
    struct page page;
    enum error error =
        reader_entries(core->reader, question->id, 0, 1000, &core->arena, &page, &failure);
    for (size_t i = 0; error == ERROR_NONE && i < page.count; i++) {
        const struct audit_entry *entry = (const struct audit_entry *)page.rows + i;
        answer_log_entry(answer, action_name(entry->action).bytes, entry->quantity);
    }
    return error;
}

static enum error count(struct core *core, const struct question *question, struct answer *answer) {
    struct failure failure;
    struct type_reading type;
    enum error error = reader_type(core->reader, question->id, &core->arena, &type, &failure);
    if (error == ERROR_NONE) {
        answer_counts(answer, &type.row);
    }
    return error;
}

static enum error release_expired(struct core *core, struct answer *answer) {
    struct failure failure;
    struct caller caller = {.role = ROLE_CHECKOUT};
    answer->released = 0;
    return executor_release_expired(core->executor, &caller, &answer->released, &failure);
}

static void core_ask(struct stage *stage, const struct question *question, struct answer *answer) {
    struct core *core = (struct core *)stage;
    arena_reset(&core->arena);
    enum error error = ERROR_NONE;
    switch (question->verb) {
    case VERB_SHOW:
        error = show(core, question, answer);
        break;
    case VERB_COUNTS:
        error = count(core, question, answer);
        break;
    case VERB_EXPLAIN:
        error = explain(core, question, answer);
        break;
    case VERB_LOG:
        error = read_log(core, question, answer);
        break;
    case VERB_RELEASE_EXPIRED:
        error = release_expired(core, answer);
        break;
    case VERB_EVENT:
    case VERB_TICKETS:
    case VERB_RESERVE:
    case VERB_CART:
    case VERB_CHANGE:
    case VERB_COMPLETE:
    case VERB_RELEASE:
    case VERB_EXTEND:
    case VERB_REFUND:
    case VERB_SELL:
    case VERB_INCREASE:
    case VERB_DECREASE:
    case VERB_SET:
    case VERB_ARCHIVE:
    case VERB_UNARCHIVE:
        core_change(core, question, answer);
        return;
    }
    answer_verdict(answer, error == ERROR_NONE        ? "granted"
                           : error == ERROR_NOT_FOUND ? "not_found"
                                                      : error_name(error));
}

static void core_close(struct stage *stage) {
    struct core *core = (struct core *)stage;
    executor_close(core->executor);
    store_reader_close(core->reader);
    store_close(core->store);
    arena_finish(&core->arena);
    free(core);
}

struct stage *stage_core_open(const char *url) {
    struct core *core = calloc(1, sizeof *core);
    require(core != NULL);
    core->stage = (struct stage){"core", core_close, core_set_time, core_ask};
    arena_init(&core->arena, 16 << 20);
    struct clock clock = {core_now, core};
    struct store_options store = {.clock = clock};
    struct executor_options executor = {.clock = clock, .no_janitor = true};
    struct failure failure;
    url = url == NULL ? "memory:" : url;
    require(store_open(url, &store, &core->store, &failure) == ERROR_NONE);
    require(store_open_reader(core->store, &core->reader, &failure) == ERROR_NONE);
    require(executor_open(core->store, &executor, &core->executor, &failure) == ERROR_NONE);
    return &core->stage;
}
