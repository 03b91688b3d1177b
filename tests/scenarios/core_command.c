#include "scenarios/core_command.h"

#include <string.h>

#include "base/check.h"

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

/* The settings of tickets or of their event. */
static void command_settings(const struct question *question, int64_t version,
                             struct command *command) {
    if (question->is_event) {
        command->kind = COMMAND_EVENT_CHANGE;
        command_event(command, question->step);
        command->of.event.event.id = question->id;
        command->of.event.if_version = version;
    } else {
        command->kind = COMMAND_TYPE_CHANGE;
        command_types(command, &question->step->settings);
        command->of.type.type.id = question->id;
        command->of.type.if_version = version;
    }
}

static struct items items_of(const struct question *question, struct arena *arena) {
    struct item *list = arena_array(arena, struct item, question->items_count + 1);
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

static void command_sale(const struct question *question, struct arena *arena,
                         struct command *command) {
    const struct step *step = question->step;
    struct target target = {question->id, question->is_cart};
    if (question->verb == VERB_SELL) {
        command->kind = COMMAND_SELL;
        command->of.sell = (struct sell_command){.items = items_of(question, arena),
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
            command->of.refund.items = items_of(question, arena);
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

static void command_taking(const struct question *question, struct arena *arena,
                           struct command *command) {
    command->kind = question->verb == VERB_RESERVE ? COMMAND_RESERVE
                    : question->verb == VERB_CART  ? COMMAND_CART_CREATE
                                                   : COMMAND_CART_REPLACE;
    command->of.reserve = (struct reserve_command){.items = items_of(question, arena),
                                                   .cart_id = question->id,
                                                   .user_id = question->user,
                                                   .seconds = question->step->seconds};
}

static void command_of(const struct question *question, int64_t version, struct arena *arena,
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
        command_taking(question, arena, command);
        return;
    case VERB_COMPLETE:
    case VERB_REFUND:
    case VERB_SELL:
        command_sale(question, arena, command);
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
        command_settings(question, version, command);
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

void core_command(const struct question *question, int64_t version, struct arena *arena,
                  struct command *command) {
    *command = (struct command){
        .caller = {.role = question->role, .actor = {ACTOR_KEY, stage_actor(question->role)}},
        .idempotency = {.principal = stage_actor(question->role),
                        .key = optional(question->step->key)}};
    fingerprint(question, command->idempotency.fingerprint);
    command_of(question, version, arena, command);
}
