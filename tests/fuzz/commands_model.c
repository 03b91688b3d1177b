#include "commands_model_parts.h"

#include <stdlib.h>
#include <string.h>

enum { OWN_SECONDS = 12 * 60 * 60 };

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

int64_t model_available(const struct model *model, int type, struct instant now) {
    struct counts counts = model_counts(model, type, now);
    return (int64_t)counts.total - counts.sold - counts.reserved; /* R1 */
}

bool model_reaches(const struct caller *caller, struct uuid event) {
    bool is_named = caller->events_count == 0;
    for (size_t i = 0; i < caller->events_count; i++) {
        is_named |= uuid_equals(caller->events[i], event);
    }
    return is_named;
}

bool model_is_archived(const struct model *model, int type) {
    return model->types[type].archived || model->events[model->types[type].event].archived;
}

bool model_lives_long_enough(int32_t seconds) {
    return seconds >= 1 && seconds <= MODEL_LIFE_MAX_SECONDS; /* R13 */
}

struct instant model_later(struct instant now, int64_t seconds) {
    return (struct instant){now.us + seconds * 1000000};
}

bool model_has_reason(struct text text) {
    return text.bytes != NULL && text.length >= 3; /* the target's reasons have no blanks */
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
    if (!model_reaches(&command->caller, event_of(model, found->thing))) {
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
        if (model_is_archived(model, thing->lines[i].type)) {
            return VERDICT_ARCHIVED;
        }
        if (thing->lines[i].quantity > model_available(model, thing->lines[i].type, now)) {
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
    if (asked->reason.bytes == NULL ? is_comp : !model_has_reason(asked->reason)) {
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
    if (!model_lives_long_enough(asked->seconds)) {
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
    struct instant wanted = model_later(now, asked->seconds);
    if (wanted.us > model_later(found->thing->made, MODEL_LIFE_MAX_SECONDS).us) {
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
    if (asked->quantity < 0 || !model_has_reason(asked->reason)) {
        return VERDICT_VALIDATION_FAILED;
    }
    enum verdict verdict = reach(model, command, asked->target, false, found);
    if (verdict != VERDICT_GRANTED) {
        return verdict;
    }
    struct model_thing *thing = found->thing;
    bool is_sold = thing->state == MODEL_SOLD && (found->line == NULL || !found->line->gone);
    bool is_own = uuid_equals(thing->seller, command->caller.actor.id) &&
                  thing->sold.us >= model_later(now, -OWN_SECONDS).us;
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

static void put_lines(struct model_thing *thing, const struct model_wishes *wishes) {
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
    struct model_wishes wishes;
    verdict = model_gather(model, command, asked->items, &wishes);
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
    verdict = model_may_take(model, command, &wishes, thing->user, now);
    if (verdict == VERDICT_GRANTED) {
        put_lines(thing, &wishes);
    }
    return verdict;
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
        return model_reserve(model, command, now);
    case COMMAND_SELL:
        return model_sell(model, command, now);
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
        result.verdict = model_adjust(model, command, now);
        break;
    case COMMAND_TYPE_CHANGE:
        result.verdict = model_change_type(model, command);
        break;
    case COMMAND_EVENT_CHANGE:
        result.verdict = model_publish(model, command);
        break;
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_EVENT_ARCHIVE:
        result.verdict = model_archive(model, command);
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
