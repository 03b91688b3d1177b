/* R1, R2, R8, R13, R15, R16: taking tickets. */
#include <stdlib.h>
#include <string.h>

#include "commands_model_parts.h"

static const int64_t exact_in_json = INT64_C(9007199254740991);

/* R15: live reservations plus sales minus refunds. */
static int64_t customer_has(const struct model *model, int type, struct uuid user,
                            struct instant now) {
    int64_t has = 0;
    for (size_t i = 0; i < model->things_count; i++) {
        const struct model_thing *thing = &model->things[i];
        enum reservation_status status = model_status(thing, now);
        bool counts = status == RESERVATION_ACTIVE || status == RESERVATION_COMPLETED;
        for (size_t j = 0; j < thing->lines_count && counts && uuid_equals(thing->user, user);
             j++) {
            has += thing->lines[j].type == type
                       ? thing->lines[j].quantity - thing->lines[j].refunded
                       : 0;
        }
    }
    return has;
}

enum verdict model_gather(const struct model *model, const struct command *command,
                          struct items items, struct model_wishes *wishes) {
    int event = -1;
    wishes->count = 0;
    for (size_t i = 0; i < items.count; i++) {
        int type = model_type_index(model, items.list[i].id);
        if (type < 0) {
            return VERDICT_NOT_FOUND;
        }
        if (!model_reaches(&command->caller, model->events[model->types[type].event].id)) {
            return VERDICT_EVENT_OUT_OF_SCOPE;
        }
        if (items.list[i].quantity < 1 || (event >= 0 && event != model->types[type].event)) {
            return VERDICT_VALIDATION_FAILED;
        }
        event = model->types[type].event;
        size_t at = 0;
        while (at < wishes->count && wishes->list[at].type != type) {
            at++;
        }
        if (at == wishes->count) {
            wishes->list[wishes->count++] =
                (struct model_wish){.type = type, .price = model->types[type].price};
        }
        wishes->list[at].quantity += items.list[i].quantity;
        wishes->list[at].more = wishes->list[at].quantity;
    }
    return items.count == 0 ? VERDICT_VALIDATION_FAILED : VERDICT_GRANTED;
}

static enum verdict public_may(const struct model *model, const struct model_wish *wish,
                               struct uuid user, struct instant now) {
    const struct model_type *type = &model->types[wish->type];
    const struct model_event *event = &model->events[type->event];
    if (!event->published) {
        return VERDICT_NOT_PUBLISHED;
    }
    if ((!instant_is_none(type->sales_start) && now.us < type->sales_start.us) ||
        (!instant_is_none(type->sales_end) && now.us >= type->sales_end.us) ||
        now.us >= event->end.us) {
        return VERDICT_SALES_CLOSED;
    }
    if (type->max_per_order != 0 && wish->quantity > type->max_per_order) {
        return VERDICT_LIMIT_PER_ORDER;
    }
    if (type->max_per_customer == 0) {
        return VERDICT_GRANTED;
    }
    if (uuid_is_none(user)) {
        return VERDICT_VALIDATION_FAILED;
    }
    return customer_has(model, wish->type, user, now) + wish->more > type->max_per_customer
               ? VERDICT_LIMIT_PER_CUSTOMER
               : VERDICT_GRANTED;
}

enum verdict model_may_take(const struct model *model, const struct command *command,
                            const struct model_wishes *wishes, struct uuid user,
                            struct instant now) {
    bool is_public = command->caller.role == ROLE_CHECKOUT || command->caller.role == ROLE_NOBODY;
    for (size_t i = 0; i < wishes->count; i++) {
        const struct model_wish *wish = &wishes->list[i];
        if (wish->more <= 0) {
            continue;
        }
        if (model_is_archived(model, wish->type)) {
            return VERDICT_ARCHIVED;
        }
        enum verdict verdict = is_public ? public_may(model, wish, user, now) : VERDICT_GRANTED;
        if (verdict != VERDICT_GRANTED) {
            return verdict;
        }
        if (wish->more > model_available(model, wish->type, now)) {
            return VERDICT_INSUFFICIENT_INVENTORY;
        }
    }
    int64_t amount = 0;
    for (size_t i = 0; i < wishes->count; i++) {
        /* Not quantity * price, which could pass 64 bits. */
        const struct model_wish *wish = &wishes->list[i];
        if (wish->price != 0 && wish->quantity > (exact_in_json - amount) / wish->price) {
            return VERDICT_VALIDATION_FAILED;
        }
        amount += wish->quantity * wish->price;
    }
    return VERDICT_GRANTED;
}

static struct model_thing *make(struct model *model, const struct model_wishes *wishes,
                                struct uuid user, bool is_cart, struct instant now) {
    if (model->things_count == MODEL_THINGS_MAX) {
        abort(); /* the target stops before */
    }
    struct model_thing *thing = &model->things[model->things_count++];
    *thing = (struct model_thing){.user = user, .is_cart = is_cart, .made = now};
    for (size_t i = 0; i < wishes->count; i++) {
        thing->lines[thing->lines_count++] =
            (struct model_line){.type = wishes->list[i].type,
                                .quantity = wishes->list[i].quantity,
                                .price = wishes->list[i].price};
    }
    return thing;
}

static struct uuid customer_of(const struct command *command, struct uuid named) {
    return uuid_is_none(named) ? command->caller.acting_for : named;
}

struct model_verdict model_reserve(struct model *model, const struct command *command,
                                   struct instant now) {
    const struct reserve_command *asked = &command->of.reserve;
    struct model_wishes wishes;
    struct uuid user = customer_of(command, asked->user_id);
    enum verdict verdict = model_lives_long_enough(asked->seconds)
                               ? model_gather(model, command, asked->items, &wishes)
                               : VERDICT_VALIDATION_FAILED;
    verdict =
        verdict == VERDICT_GRANTED ? model_may_take(model, command, &wishes, user, now) : verdict;
    if (verdict != VERDICT_GRANTED) {
        return (struct model_verdict){.verdict = verdict};
    }
    struct model_thing *thing =
        make(model, &wishes, user, command->kind == COMMAND_CART_CREATE, now);
    thing->expires = model_later(now, asked->seconds);
    return (struct model_verdict){.verdict = verdict, .thing = thing};
}

struct model_verdict model_sell(struct model *model, const struct command *command,
                                struct instant now) {
    const struct sell_command *asked = &command->of.sell;
    bool is_comp = asked->channel == CHANNEL_COMP;
    bool names_order =
        asked->order_id.bytes != NULL || is_comp || asked->channel == CHANNEL_BOX_OFFICE;
    bool has_reason = model_has_reason(asked->reason) || (asked->reason.bytes == NULL && !is_comp);
    struct model_wishes wishes;
    struct uuid user = customer_of(command, asked->user_id);
    enum verdict verdict = names_order && has_reason
                               ? model_gather(model, command, asked->items, &wishes)
                               : VERDICT_VALIDATION_FAILED;
    for (size_t i = 0; verdict == VERDICT_GRANTED && is_comp && i < wishes.count; i++) {
        wishes.list[i].price = 0;
    }
    verdict =
        verdict == VERDICT_GRANTED ? model_may_take(model, command, &wishes, user, now) : verdict;
    if (verdict != VERDICT_GRANTED) {
        return (struct model_verdict){.verdict = verdict};
    }
    struct model_thing *thing = make(model, &wishes, user, true, now);
    thing->state = MODEL_SOLD;
    thing->sold = now;
    thing->seller = command->caller.actor.id;
    if (asked->order_id.bytes != NULL) {
        memcpy(thing->order, asked->order_id.bytes, asked->order_id.length);
    }
    return (struct model_verdict){.verdict = verdict, .thing = thing};
}
