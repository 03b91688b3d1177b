#include "commands_model.h"

#include <stdlib.h>
#include <string.h>

enum { LIFE_MAX_SECONDS = 2 * 60 * 60, OWN_SECONDS = 12 * 60 * 60, MOST_TICKETS = 2147483647 };

static const int64_t exact_in_json = INT64_C(9007199254740991);

int model_type_index(const struct model *model, struct uuid id) {
    for (int i = 0; i < MODEL_TYPES; i++) {
        if (uuid_equals(model->types[i].id, id)) {
            return i;
        }
    }
    return -1;
}

enum reservation_status model_status(const struct model_thing *thing, struct instant now) {
    if (thing->state == MODEL_SOLD) {
        return RESERVATION_COMPLETED;
    }
    if (thing->state == MODEL_GIVEN_BACK) {
        return RESERVATION_RELEASED;
    }
    return now.us < thing->expires.us ? RESERVATION_ACTIVE : RESERVATION_EXPIRED; /* R3 */
}

struct counts model_counts(const struct model *model, int type, struct instant now) {
    struct counts counts = {.total = (int32_t)model->types[type].total};
    for (size_t i = 0; i < model->things_count; i++) {
        const struct model_thing *thing = &model->things[i];
        enum reservation_status status = model_status(thing, now);
        for (size_t j = 0; j < thing->lines_count; j++) {
            const struct model_line *line = &thing->lines[j];
            if (line->type != type) {
                continue;
            }
            if (status == RESERVATION_ACTIVE) {
                counts.reserved += (int32_t)line->quantity;
            } else if (status == RESERVATION_COMPLETED) {
                counts.sold += (int32_t)(line->quantity - line->refunded);
            }
        }
    }
    return counts;
}

static int64_t available(const struct model *model, int type, struct instant now) {
    struct counts counts = model_counts(model, type, now);
    return (int64_t)counts.total - counts.sold - counts.reserved; /* R1 */
}

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

static bool reaches(const struct caller *caller, struct uuid event) {
    bool is_named = caller->events_count == 0;
    for (size_t i = 0; i < caller->events_count; i++) {
        is_named |= uuid_equals(caller->events[i], event);
    }
    return is_named;
}

static bool is_archived(const struct model *model, int type) {
    return model->types[type].archived || model->events[model->types[type].event].archived;
}

/* --- taking: R1, R2, R12, R15, R16 -------------------------------------------------- */

struct wish {
    int type;
    int64_t quantity, more, price;
};

struct wishes {
    struct wish list[MODEL_TYPES];
    size_t count;
};

static enum verdict gather(const struct model *model, const struct command *command,
                           struct items items, struct wishes *wishes) {
    int event = -1;
    wishes->count = 0;
    for (size_t i = 0; i < items.count; i++) {
        int type = model_type_index(model, items.list[i].id);
        if (type < 0) {
            return VERDICT_NOT_FOUND;
        }
        if (!reaches(&command->caller, model->events[model->types[type].event].id)) {
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
                (struct wish){.type = type, .price = model->types[type].price};
        }
        wishes->list[at].quantity += items.list[i].quantity;
        wishes->list[at].more = wishes->list[at].quantity;
    }
    return items.count == 0 ? VERDICT_VALIDATION_FAILED : VERDICT_GRANTED;
}

static enum verdict public_may(const struct model *model, const struct wish *wish, struct uuid user,
                               struct instant now) {
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

static enum verdict may_take(const struct model *model, const struct command *command,
                             const struct wishes *wishes, struct uuid user, struct instant now) {
    bool is_public = command->caller.role == ROLE_CHECKOUT || command->caller.role == ROLE_NOBODY;
    for (size_t i = 0; i < wishes->count; i++) {
        const struct wish *wish = &wishes->list[i];
        if (wish->more <= 0) {
            continue;
        }
        if (is_archived(model, wish->type)) {
            return VERDICT_ARCHIVED;
        }
        enum verdict verdict = is_public ? public_may(model, wish, user, now) : VERDICT_GRANTED;
        if (verdict != VERDICT_GRANTED) {
            return verdict;
        }
        if (wish->more > available(model, wish->type, now)) {
            return VERDICT_INSUFFICIENT_INVENTORY;
        }
    }
    int64_t amount = 0;
    for (size_t i = 0; i < wishes->count; i++) {
        /* Not quantity * price, which could pass 64 bits. */
        const struct wish *wish = &wishes->list[i];
        if (wish->price != 0 && wish->quantity > (exact_in_json - amount) / wish->price) {
            return VERDICT_VALIDATION_FAILED;
        }
        amount += wish->quantity * wish->price;
    }
    return VERDICT_GRANTED;
}

static struct model_thing *make(struct model *model, const struct wishes *wishes, struct uuid user,
                                bool is_cart, struct instant now) {
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

static bool lives_long_enough(int32_t seconds) {
    return seconds >= 1 && seconds <= LIFE_MAX_SECONDS; /* R13 */
}

static struct instant later(struct instant now, int64_t seconds) {
    return (struct instant){now.us + seconds * 1000000};
}

static struct model_verdict reserve(struct model *model, const struct command *command,
                                    struct instant now) {
    const struct reserve_command *asked = &command->of.reserve;
    struct wishes wishes;
    struct uuid user = customer_of(command, asked->user_id);
    enum verdict verdict = lives_long_enough(asked->seconds)
                               ? gather(model, command, asked->items, &wishes)
                               : VERDICT_VALIDATION_FAILED;
    verdict = verdict == VERDICT_GRANTED ? may_take(model, command, &wishes, user, now) : verdict;
    if (verdict != VERDICT_GRANTED) {
        return (struct model_verdict){.verdict = verdict};
    }
    struct model_thing *thing =
        make(model, &wishes, user, command->kind == COMMAND_CART_CREATE, now);
    thing->expires = later(now, asked->seconds);
    return (struct model_verdict){.verdict = verdict, .thing = thing};
}

static bool has_text(struct text text) {
    return text.bytes != NULL && text.length >= 3; /* the target's reasons have no blanks */
}

static struct model_verdict sell(struct model *model, const struct command *command,
                                 struct instant now) {
    const struct sell_command *asked = &command->of.sell;
    bool is_comp = asked->channel == CHANNEL_COMP;
    bool names_order =
        asked->order_id.bytes != NULL || is_comp || asked->channel == CHANNEL_BOX_OFFICE;
    bool has_reason = has_text(asked->reason) || (asked->reason.bytes == NULL && !is_comp);
    struct wishes wishes;
    struct uuid user = customer_of(command, asked->user_id);
    enum verdict verdict = names_order && has_reason ? gather(model, command, asked->items, &wishes)
                                                     : VERDICT_VALIDATION_FAILED;
    for (size_t i = 0; verdict == VERDICT_GRANTED && is_comp && i < wishes.count; i++) {
        wishes.list[i].price = 0;
    }
    verdict = verdict == VERDICT_GRANTED ? may_take(model, command, &wishes, user, now) : verdict;
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

/* --- what is there already ---------------------------------------------------------- */

struct found {
    struct model_thing *thing;
    struct model_line *line; /* one line of a cart was meant; or NULL */
};

static struct found find(struct model *model, struct target target) {
    for (size_t i = 0; i < model->things_count; i++) {
        struct model_thing *thing = &model->things[i];
        if (thing->is_cart == target.is_cart && uuid_equals(thing->id, target.id)) {
            return (struct found){thing, NULL};
        }
        for (size_t j = 0; j < thing->lines_count && thing->is_cart && !target.is_cart; j++) {
            if (uuid_equals(thing->lines[j].id, target.id)) {
                return (struct found){thing, &thing->lines[j]};
            }
        }
        for (size_t j = 0; j < thing->removed_count && !target.is_cart; j++) {
            if (uuid_equals(thing->removed[j].id, target.id)) {
                return (struct found){thing, &thing->removed[j]};
            }
        }
    }
    return (struct found){NULL, NULL};
}

static struct uuid event_of(const struct model *model, const struct model_thing *thing) {
    return model->events[model->types[thing->lines[0].type].event].id;
}

static enum verdict reach(struct model *model, const struct command *command, struct target target,
                          bool whole_only, struct found *found) {
    *found = find(model, target);
    if (found->thing == NULL) {
        return VERDICT_NOT_FOUND;
    }
    if (!reaches(&command->caller, event_of(model, found->thing))) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    return whole_only && found->line != NULL ? VERDICT_BELONGS_TO_CART : VERDICT_GRANTED;
}

static enum verdict refusal_of(enum reservation_status status) {
    return status == RESERVATION_COMPLETED  ? VERDICT_RESERVATION_COMPLETED
           : status == RESERVATION_RELEASED ? VERDICT_RESERVATION_RELEASED
                                            : VERDICT_RESERVATION_EXPIRED;
}

/* R5 */
static enum verdict may_take_again(const struct model *model, const struct command *command,
                                   const struct model_thing *thing, struct instant now) {
    if (command->of.complete.refuse_if_expired) {
        return VERDICT_RESERVATION_EXPIRED;
    }
    for (size_t i = 0; i < thing->lines_count; i++) {
        if (is_archived(model, thing->lines[i].type)) {
            return VERDICT_ARCHIVED;
        }
        if (thing->lines[i].quantity > available(model, thing->lines[i].type, now)) {
            return VERDICT_RESERVATION_EXPIRED;
        }
    }
    return VERDICT_GRANTED;
}

static enum verdict complete(struct model *model, const struct command *command, struct instant now,
                             struct found *found) {
    const struct complete_command *asked = &command->of.complete;
    bool of_staff = asked->channel == CHANNEL_BOX_OFFICE || asked->channel == CHANNEL_COMP;
    if (of_staff && command->caller.role == ROLE_CHECKOUT) {
        return VERDICT_ROLE_REQUIRED;
    }
    bool is_comp = asked->channel == CHANNEL_COMP;
    if (asked->reason.bytes == NULL ? is_comp : !has_text(asked->reason)) {
        return VERDICT_VALIDATION_FAILED;
    }
    enum verdict verdict = reach(model, command, asked->target, true, found);
    if (verdict != VERDICT_GRANTED) {
        return verdict;
    }
    struct model_thing *thing = found->thing;
    enum reservation_status status = model_status(thing, now);
    if (status == RESERVATION_COMPLETED) { /* R4 */
        return strlen(thing->order) == asked->order_id.length &&
                       memcmp(thing->order, asked->order_id.bytes, asked->order_id.length) == 0
                   ? VERDICT_GRANTED
                   : VERDICT_ORDER_MISMATCH;
    }
    if (status == RESERVATION_RELEASED) {
        return VERDICT_RESERVATION_RELEASED;
    }
    verdict = status == RESERVATION_EXPIRED ? may_take_again(model, command, thing, now)
                                            : VERDICT_GRANTED;
    if (verdict == VERDICT_GRANTED) {
        thing->state = MODEL_SOLD;
        thing->sold = now;
        thing->seller = command->caller.actor.id;
        memcpy(thing->order, asked->order_id.bytes, asked->order_id.length);
        for (size_t i = 0; i < thing->lines_count; i++) {
            thing->lines[i].price = is_comp ? 0 : thing->lines[i].price;
        }
    }
    return verdict;
}

static enum verdict release(struct model *model, const struct command *command, struct instant now,
                            struct found *found) {
    enum verdict verdict = reach(model, command, command->of.release.target, true, found);
    if (verdict == VERDICT_GRANTED) {
        enum reservation_status status = model_status(found->thing, now);
        if (status == RESERVATION_COMPLETED) {
            return VERDICT_RESERVATION_COMPLETED; /* R6 */
        }
        if (status == RESERVATION_ACTIVE) {
            found->thing->state = MODEL_GIVEN_BACK;
        }
    }
    return verdict;
}

static enum verdict extend(struct model *model, const struct command *command, struct instant now,
                           struct found *found) {
    const struct extend_command *asked = &command->of.extend;
    if (!lives_long_enough(asked->seconds)) {
        return VERDICT_VALIDATION_FAILED;
    }
    enum verdict verdict = reach(model, command, asked->target, true, found);
    if (verdict != VERDICT_GRANTED) {
        return verdict;
    }
    enum reservation_status status = model_status(found->thing, now);
    if (status != RESERVATION_ACTIVE) {
        return refusal_of(status);
    }
    struct instant wanted = later(now, asked->seconds);
    if (wanted.us > later(found->thing->made, LIFE_MAX_SECONDS).us) {
        return VERDICT_EXTENSION_LIMIT;
    }
    if (wanted.us > found->thing->expires.us) {
        found->thing->expires = wanted;
    }
    return VERDICT_GRANTED;
}

/* R7. `quantity` 0: all that is left of the line, or of all lines. */
static enum verdict refund(struct model *model, const struct command *command, struct instant now,
                           struct found *found) {
    const struct refund_command *asked = &command->of.refund;
    if (asked->quantity < 0 || !has_text(asked->reason)) {
        return VERDICT_VALIDATION_FAILED;
    }
    enum verdict verdict = reach(model, command, asked->target, false, found);
    if (verdict != VERDICT_GRANTED) {
        return verdict;
    }
    struct model_thing *thing = found->thing;
    bool is_sold = thing->state == MODEL_SOLD && (found->line == NULL || !found->line->gone);
    bool is_own = uuid_equals(thing->seller, command->caller.actor.id) &&
                  thing->sold.us >= later(now, -OWN_SECONDS).us;
    if (is_sold && command->caller.role == ROLE_BOX_OFFICE && !is_own) {
        return VERDICT_ROLE_REQUIRED;
    }
    struct model_line *single = found->line != NULL ? found->line
                                : thing->is_cart    ? NULL
                                                    : &thing->lines[0];
    int64_t left = 0;
    for (size_t i = 0; i < thing->lines_count && is_sold; i++) {
        bool is_meant = single == NULL || single == &thing->lines[i];
        left += is_meant ? thing->lines[i].quantity - thing->lines[i].refunded : 0;
    }
    int64_t quantity = asked->quantity == 0 || single == NULL ? left : asked->quantity;
    if (quantity == 0 || quantity > left) {
        return VERDICT_NOT_SOLD;
    }
    for (size_t i = 0; i < thing->lines_count; i++) {
        struct model_line *line = &thing->lines[i];
        int64_t share = single == NULL   ? line->quantity - line->refunded
                        : single == line ? quantity
                                         : 0;
        line->refunded += share;
        model->types[line->type].total -= asked->disposition == DISPOSITION_VOID ? share : 0;
    }
    return VERDICT_GRANTED;
}

/* --- a changed cart: R2 ------------------------------------------------------------- */

static void put_lines(struct model_thing *thing, const struct wishes *wishes) {
    struct model_line lines[MODEL_LINES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < wishes->count; i++) {
        lines[count] =
            (struct model_line){.type = wishes->list[i].type, .price = wishes->list[i].price};
        for (size_t j = 0; j < thing->lines_count; j++) {
            if (thing->lines[j].type == wishes->list[i].type) {
                lines[count] = thing->lines[j];
                thing->lines[j].quantity = 0; /* it stays */
            }
        }
        lines[count++].quantity = wishes->list[i].quantity;
    }
    for (size_t j = 0; j < thing->lines_count; j++) {
        if (thing->lines[j].quantity != 0 && thing->removed_count < 16) {
            thing->removed[thing->removed_count] = thing->lines[j];
            thing->removed[thing->removed_count++].gone = true;
        }
    }
    memcpy(thing->lines, lines, count * sizeof *lines);
    thing->lines_count = count;
}

static enum verdict replace(struct model *model, const struct command *command, struct instant now,
                            struct found *found) {
    const struct reserve_command *asked = &command->of.reserve;
    enum verdict verdict =
        reach(model, command, (struct target){asked->cart_id, true}, true, found);
    if (verdict != VERDICT_GRANTED) {
        return verdict;
    }
    struct model_thing *thing = found->thing;
    if (model_status(thing, now) != RESERVATION_ACTIVE) {
        return refusal_of(model_status(thing, now));
    }
    struct wishes wishes;
    verdict = gather(model, command, asked->items, &wishes);
    if (verdict != VERDICT_GRANTED) {
        return verdict;
    }
    if (model->types[wishes.list[0].type].event != model->types[thing->lines[0].type].event) {
        return VERDICT_VALIDATION_FAILED;
    }
    for (size_t i = 0; i < wishes.count; i++) {
        for (size_t j = 0; j < thing->lines_count; j++) {
            if (thing->lines[j].type == wishes.list[i].type) {
                wishes.list[i].more -= thing->lines[j].quantity;
                wishes.list[i].price = thing->lines[j].price;
            }
        }
    }
    verdict = may_take(model, command, &wishes, thing->user, now);
    if (verdict == VERDICT_GRANTED) {
        put_lines(thing, &wishes);
    }
    return verdict;
}

/* --- management: R9, R12 ------------------------------------------------------------ */

static enum verdict adjust(struct model *model, const struct command *command, struct instant now) {
    const struct adjust_command *asked = &command->of.adjust;
    if (asked->quantity < 1 || !has_text(asked->reason)) {
        return VERDICT_VALIDATION_FAILED;
    }
    int type = model_type_index(model, asked->ticket_type_id);
    if (type < 0) {
        return VERDICT_NOT_FOUND;
    }
    struct model_type *row = &model->types[type];
    if (!reaches(&command->caller, model->events[row->event].id)) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    if (is_archived(model, type)) {
        return VERDICT_ARCHIVED;
    }
    if (asked->expected_total >= 0 && asked->expected_total != row->total) {
        return VERDICT_STALE_TOTAL;
    }
    if (asked->action == ACTION_INCREASE && row->total + asked->quantity > MOST_TICKETS) {
        return VERDICT_VALIDATION_FAILED;
    }
    if (asked->action == ACTION_DECREASE && asked->quantity > available(model, type, now)) {
        return VERDICT_BELOW_COMMITTED;
    }
    row->total += asked->action == ACTION_INCREASE ? asked->quantity : -(int64_t)asked->quantity;
    return VERDICT_GRANTED;
}

static enum verdict change_type(struct model *model, const struct command *command) {
    const struct type_command *asked = &command->of.type;
    int type = model_type_index(model, asked->type.id);
    if (type < 0) {
        return VERDICT_NOT_FOUND;
    }
    struct model_type *row = &model->types[type];
    if (!reaches(&command->caller, model->events[row->event].id)) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    if (asked->if_version != row->version) {
        return VERDICT_VERSION_MISMATCH;
    }
    if (is_archived(model, type)) {
        return VERDICT_ARCHIVED;
    }
    struct model_type with = *row;
    unsigned fields = asked->fields;
    with.price = (fields & SETTING_PRICE) != 0 ? asked->type.price : with.price;
    with.sales_start =
        (fields & SETTING_SALES_START) != 0 ? asked->type.sales_start : with.sales_start;
    with.sales_end = (fields & SETTING_SALES_END) != 0 ? asked->type.sales_end : with.sales_end;
    with.max_per_order =
        (fields & SETTING_MAX_PER_ORDER) != 0 ? asked->type.max_per_order : with.max_per_order;
    with.max_per_customer = (fields & SETTING_MAX_PER_CUSTOMER) != 0 ? asked->type.max_per_customer
                                                                     : with.max_per_customer;
    if (!instant_is_none(with.sales_start) && !instant_is_none(with.sales_end) &&
        with.sales_start.us >= with.sales_end.us) {
        return VERDICT_VALIDATION_FAILED;
    }
    with.version++;
    *row = with;
    return VERDICT_GRANTED;
}

static enum verdict archive(struct model *model, const struct command *command) {
    const struct archive_command *asked = &command->of.archive;
    bool *archived = NULL;
    int64_t *version = NULL;
    struct uuid event = UUID_NONE;
    for (int i = 0; i < MODEL_EVENTS && command->kind == COMMAND_EVENT_ARCHIVE; i++) {
        if (uuid_equals(model->events[i].id, asked->id)) {
            archived = &model->events[i].archived;
            version = &model->events[i].version;
            event = model->events[i].id;
        }
    }
    int type = command->kind == COMMAND_TYPE_ARCHIVE ? model_type_index(model, asked->id) : -1;
    if (type >= 0) {
        archived = &model->types[type].archived;
        version = &model->types[type].version;
        event = model->events[model->types[type].event].id;
    }
    if (archived == NULL) {
        return VERDICT_NOT_FOUND;
    }
    if (!reaches(&command->caller, event)) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    *version += *archived != asked->archive;
    *archived = asked->archive;
    return VERDICT_GRANTED;
}

static enum verdict publish(struct model *model, const struct command *command) {
    const struct event_command *asked = &command->of.event;
    for (int i = 0; i < MODEL_EVENTS; i++) {
        struct model_event *event = &model->events[i];
        if (!uuid_equals(event->id, asked->event.id)) {
            continue;
        }
        if (!reaches(&command->caller, event->id)) {
            return VERDICT_EVENT_OUT_OF_SCOPE;
        }
        if (asked->if_version != event->version) {
            return VERDICT_VERSION_MISMATCH;
        }
        if (event->archived) {
            return VERDICT_ARCHIVED;
        }
        event->published = asked->event.published;
        event->version++;
        return VERDICT_GRANTED;
    }
    return VERDICT_NOT_FOUND;
}

/* --- R14 ----------------------------------------------------------------------------- */

static struct model_key *find_key(struct model *model, const struct idempotency *idempotency) {
    for (size_t i = 0; i < model->keys_count; i++) {
        struct model_key *key = &model->keys[i];
        if (uuid_equals(key->principal, idempotency->principal) &&
            strlen(key->key) == idempotency->key.length &&
            memcmp(key->key, idempotency->key.bytes, idempotency->key.length) == 0) {
            return key;
        }
    }
    return NULL;
}

static void keep_key(struct model *model, const struct idempotency *idempotency) {
    if (model->keys_count == MODEL_KEYS_MAX) {
        abort();
    }
    struct model_key *key = &model->keys[model->keys_count++];
    *key = (struct model_key){.principal = idempotency->principal};
    memcpy(key->key, idempotency->key.bytes, idempotency->key.length);
    memcpy(key->fingerprint, idempotency->fingerprint, FINGERPRINT_SIZE);
}

static struct model_verdict decide_anew(struct model *model, const struct command *command,
                                        struct instant now) {
    struct found found = {NULL, NULL};
    struct model_verdict result = {.verdict = VERDICT_INTERNAL_ERROR};
    switch ((int)command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        return reserve(model, command, now);
    case COMMAND_SELL:
        return sell(model, command, now);
    case COMMAND_CART_REPLACE:
        result.verdict = replace(model, command, now, &found);
        break;
    case COMMAND_COMPLETE:
        result.verdict = complete(model, command, now, &found);
        break;
    case COMMAND_RELEASE:
        result.verdict = release(model, command, now, &found);
        break;
    case COMMAND_EXTEND:
        result.verdict = extend(model, command, now, &found);
        break;
    case COMMAND_REFUND:
        result.verdict = refund(model, command, now, &found);
        break;
    case COMMAND_ADJUST:
        result.verdict = adjust(model, command, now);
        break;
    case COMMAND_TYPE_CHANGE:
        result.verdict = change_type(model, command);
        break;
    case COMMAND_EVENT_CHANGE:
        result.verdict = publish(model, command);
        break;
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_EVENT_ARCHIVE:
        result.verdict = archive(model, command);
        break;
    case COMMAND_SWEEP:
        result.verdict = VERDICT_GRANTED;
        break;
    default: /* not among what the target asks */
        break;
    }
    result.thing = result.verdict == VERDICT_GRANTED ? found.thing : NULL;
    return result;
}

struct model_verdict model_decide(struct model *model, const struct command *command,
                                  struct instant now) {
    const struct idempotency *idempotency = &command->idempotency;
    if (idempotency->key.bytes != NULL) {
        const struct model_key *known = find_key(model, idempotency);
        if (known != NULL) {
            bool is_same =
                memcmp(known->fingerprint, idempotency->fingerprint, FINGERPRINT_SIZE) == 0;
            return (struct model_verdict){.verdict = is_same ? VERDICT_GRANTED
                                                             : VERDICT_IDEMPOTENCY_KEY_REUSED,
                                          .replayed = is_same};
        }
    }
    struct model_verdict result = decide_anew(model, command, now);
    if (result.verdict == VERDICT_GRANTED && idempotency->key.bytes != NULL) {
        keep_key(model, idempotency);
    }
    return result;
}
