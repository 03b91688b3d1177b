/* The rules over rows in memory. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "executor/executor.h"
#include "scenarios/stage.h"
#include "store/memory/memory_store.h"
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

/* --- commands ----------------------------------------------------------------------- */

static void command_types(struct command *command, const struct scene_settings *settings) {
    struct ticket_type *type = &command->of.type.type;
    bool starts = (settings->gives & GIVES_SALES_START) != 0;
    bool ends = (settings->gives & GIVES_SALES_END) != 0;
    type->price = settings->price;
    type->sales_start = starts ? settings->sales_start : INSTANT_NONE;
    type->sales_end = ends ? settings->sales_end : INSTANT_NONE;
    type->max_per_order = settings->max_per_order;
    type->max_per_customer = settings->max_per_customer;
    command->of.type.fields =
        ((settings->gives & GIVES_PRICE) != 0 ? SETTING_PRICE : 0u) |
        (starts ? SETTING_SALES_START : 0u) | (ends ? SETTING_SALES_END : 0u) |
        ((settings->gives & GIVES_MAX_PER_ORDER) != 0 ? SETTING_MAX_PER_ORDER : 0u) |
        ((settings->gives & GIVES_MAX_PER_CUSTOMER) != 0 ? SETTING_MAX_PER_CUSTOMER : 0u);
}

static void command_event(struct command *command, const struct step *step) {
    const struct scene_settings *settings = &step->settings;
    struct event *event = &command->of.event.event;
    event->name = text_of(step->subject);
    event->time_zone = TEXT("UTC");
    event->currency = (struct currency){"EUR"};
    scene_time("23:00", &event->start_date);
    if ((settings->gives & GIVES_STARTS) != 0) {
        event->start_date = settings->starts;
    }
    event->end_date = (settings->gives & GIVES_ENDS) != 0 ? settings->ends : INSTANT_NONE;
    event->published = (settings->gives & GIVES_PUBLISHED) == 0 || settings->published;
    command->of.event.fields = SETTING_PUBLISHED;
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

/* The settings of tickets or of their event. */
static void command_settings(struct core *core, const struct question *question,
                             struct command *command) {
    if (question->is_event) {
        command->kind = COMMAND_EVENT_CHANGE;
        command_event(command, question->step);
        command->of.event.event.id = question->id;
        command->of.event.if_version = version_of(core, question);
    } else {
        command->kind = COMMAND_TYPE_CHANGE;
        command_types(command, &question->step->settings);
        command->of.type.type.id = question->id;
        command->of.type.if_version = version_of(core, question);
    }
}

static struct items items_of(struct core *core, const struct question *question) {
    struct item *list = arena_array(&core->arena, struct item, question->items_count + 1);
    for (size_t i = 0; i < question->items_count; i++) {
        list[i] = (struct item){question->item_ids[i], question->item_quantities[i]};
    }
    return (struct items){list, question->items_count};
}

static struct text optional(const char *word) {
    return word[0] == '\0' ? TEXT_NONE : text_of(word);
}

static struct text reason_of(const struct step *step, const char *usual) {
    return step->has_reason ? optional(step->reason) : text_of(usual);
}

static enum channel channel_of(const struct step *step, enum channel usual) {
    enum channel channel = usual;
    channel_parse(text_of(step->channel), &channel);
    return channel;
}

static void command_sale(struct core *core, const struct question *question,
                         struct command *command) {
    const struct step *step = question->step;
    struct target target = {question->id, question->is_cart};
    if (question->verb == VERB_SELL) {
        command->kind = COMMAND_SELL;
        command->of.sell = (struct sell_command){.items = items_of(core, question),
                                                 .user_id = question->user,
                                                 .order_id = optional(step->order_id),
                                                 .tender = optional(step->tender),
                                                 .reason = reason_of(step, NULL),
                                                 .channel = channel_of(step, CHANNEL_BOX_OFFICE)};
    } else if (question->verb == VERB_COMPLETE) {
        command->kind = COMMAND_COMPLETE;
        command->of.complete =
            (struct complete_command){.target = target,
                                      .order_id = optional(step->order_id),
                                      .tender = optional(step->tender),
                                      .reason = reason_of(step, NULL),
                                      .channel = channel_of(step, CHANNEL_ONLINE),
                                      .refuse_if_expired = step->refuse_if_expired};
    } else {
        command->kind = COMMAND_REFUND;
        command->of.refund = (struct refund_command){
            .target = target,
            .reason = reason_of(step, "asked for"),
            .tender = optional(step->tender),
            .disposition = step->is_void ? DISPOSITION_VOID : DISPOSITION_RETURN};
        if (question->is_cart) {
            command->of.refund.items = items_of(core, question);
        } else if (question->items_count > 0) {
            command->of.refund.quantity = question->item_quantities[0];
        }
    }
}

static void command_adjust(const struct question *question, struct command *command) {
    const struct step *step = question->step;
    command->kind = COMMAND_ADJUST;
    command->of.adjust = (struct adjust_command){
        .ticket_type_id = question->id,
        .action = question->verb == VERB_INCREASE ? ACTION_INCREASE : ACTION_DECREASE,
        .quantity = step->items[0].quantity,
        .reason = reason_of(step, "house seats"),
        .expected_total = step->expected_total};
}

static void command_taking(struct core *core, const struct question *question,
                           struct command *command) {
    command->kind = question->verb == VERB_RESERVE ? COMMAND_RESERVE
                    : question->verb == VERB_CART  ? COMMAND_CART_CREATE
                                                   : COMMAND_CART_REPLACE;
    command->of.reserve = (struct reserve_command){.items = items_of(core, question),
                                                   .cart_id = question->id,
                                                   .user_id = question->user,
                                                   .seconds = question->step->seconds};
}

static void command_of(struct core *core, const struct question *question,
                       struct command *command) {
    const struct step *step = question->step;
    struct target target = {question->id, question->is_cart};
    switch (question->verb) {
    case VERB_EVENT:
        command->kind = COMMAND_EVENT_CREATE;
        command_event(command, step);
        return;
    case VERB_TICKETS:
        command->kind = COMMAND_TYPE_CREATE;
        command_types(command, &step->settings);
        command->of.type.type.event_id = question->id;
        command->of.type.type.name = text_of(step->subject);
        command->of.type.type.initial = step->items[0].quantity;
        return;
    case VERB_RESERVE:
    case VERB_CART:
    case VERB_CHANGE:
        command_taking(core, question, command);
        return;
    case VERB_COMPLETE:
    case VERB_REFUND:
    case VERB_SELL:
        command_sale(core, question, command);
        return;
    case VERB_RELEASE:
        command->kind = COMMAND_RELEASE;
        command->of.release = (struct release_command){target, reason_of(step, NULL)};
        return;
    case VERB_EXTEND:
        command->kind = COMMAND_EXTEND;
        command->of.extend = (struct extend_command){target, step->seconds};
        return;
    case VERB_INCREASE:
    case VERB_DECREASE:
        command_adjust(question, command);
        return;
    case VERB_SET:
        command_settings(core, question, command);
        return;
    case VERB_ARCHIVE:
    case VERB_UNARCHIVE:
        command->kind = question->is_event ? COMMAND_EVENT_ARCHIVE : COMMAND_TYPE_ARCHIVE;
        command->of.archive =
            (struct archive_command){question->id, question->verb == VERB_ARCHIVE};
        return;
    case VERB_RELEASE_EXPIRED:
    case VERB_SHOW:
    case VERB_COUNTS:
    case VERB_EXPLAIN:
    case VERB_LOG:
        break;
    }
    check_failed("require", "the verb asks for a change", __FILE__, __LINE__, __func__);
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3) + 1;
    }
    return hash;
}

/* Of what is asked, as the routes would make it of path and body. */
static void fingerprint(const struct question *question, uint8_t out[FINGERPRINT_SIZE]) {
    const struct step *step = question->step;
    uint64_t hash = (uint64_t)question->verb;
    hash = hash_bytes(hash, &question->id, sizeof question->id);
    hash = hash_bytes(hash, &question->user, sizeof question->user);
    hash = hash_bytes(hash, question->item_ids, question->items_count * sizeof(struct uuid));
    hash = hash_bytes(hash, question->item_quantities, question->items_count * sizeof(int32_t));
    hash = hash_bytes(hash, &step->seconds, sizeof step->seconds);
    hash = hash_bytes(hash, step->order_id, strlen(step->order_id));
    hash = hash_bytes(hash, step->channel, strlen(step->channel));
    hash = hash_bytes(hash, step->reason, strlen(step->reason));
    memset(out, 0, FINGERPRINT_SIZE);
    memcpy(out, &hash, sizeof hash);
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
    struct command command = {
        .caller = {.role = question->role, .actor = {ACTOR_KEY, stage_actor(question->role)}}};
    command_of(core, question, &command);
    command.idempotency.principal = stage_actor(question->role);
    command.idempotency.key = optional(question->step->key);
    fingerprint(question, command.idempotency.fingerprint);
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

struct stage *stage_core_open(void) {
    struct core *core = calloc(1, sizeof *core);
    require(core != NULL);
    core->stage = (struct stage){"core", core_close, core_set_time, core_ask};
    arena_init(&core->arena, 16 << 20);
    struct clock clock = {core_now, core};
    struct store_options store = {.clock = clock};
    struct executor_options executor = {.clock = clock, .no_janitor = true};
    struct failure failure;
    require(memory_store_open(&store, &core->store, &failure) == ERROR_NONE);
    require(store_open_reader(core->store, &core->reader, &failure) == ERROR_NONE);
    require(executor_open(core->store, &executor, &core->executor, &failure) == ERROR_NONE);
    return &core->stage;
}
