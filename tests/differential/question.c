/* One of the many ways to ask. */
#include "same.h"

enum { SOME_ROWS_MAX = 60 };

static struct uuid some_thing(struct script *script, bool is_cart) {
    const struct model *model = &script->model;
    for (int tries = 0; model->things_count > 0 && tries < 8; tries++) {
        const struct model_thing *thing =
            &model->things[random_below(&script->random, (uint32_t)model->things_count)];
        if (thing->is_cart == is_cart && !uuid_is_none(thing->id)) {
            return thing->id;
        }
    }
    return choice_person(97);
}

static struct instant some_time(struct script *script) {
    int32_t back = random_between(&script->random, -3600, 2 * 86400);
    return instant_plus_seconds(script->now, -back);
}

static const struct model_event *some_event(struct script *script) {
    return &script->model.events[random_below(&script->random, MODEL_EVENTS)];
}

static struct text some_part(struct script *script) {
    static const char *const parts[] = {"a", "OLD", "because", "A-", "\u00c4r", "%", "'", "_"};
    return text_of(parts[random_below(&script->random, 8)]);
}

static void ask_by_person(struct script *script, struct list_filter *filter) {
    struct random *random = &script->random;
    if (random_chance(random, 100)) {
        filter->user_id = choice_person(random_below(random, 4));
    }
    if (random_chance(random, 100)) {
        filter->actor = (struct actor){
            ACTOR_KEY, choice_person(10 + (unsigned)random_between(random, 1, ROLE_VIEWER))};
    }
    if (random_chance(random, 60)) {
        filter->own_actor = choice_person(10 + (unsigned)random_between(random, 1, ROLE_VIEWER));
        filter->own_since = some_time(script);
    }
}

static void ask_by_sale(struct script *script, struct list_filter *filter, char order[ORDER_SIZE]) {
    static const char *const tenders[] = {"cash", "card", "voucher", "bank_draft"};
    struct random *random = &script->random;
    if (random_chance(random, 150)) {
        script_order(script, random_chance(random, 500) ? "A-1" : "A-2", order);
        filter->order_id = text_of(order);
    }
    if (random_chance(random, 100)) {
        filter->tender = text_of(tenders[random_below(random, 4)]);
    }
    if (random_chance(random, 100)) {
        filter->channel = (enum channel)random_between(random, CHANNEL_ONLINE, CHANNEL_COMP);
    }
}

static void ask_by_place(struct script *script, struct list_filter *filter, enum list_kind kind) {
    struct random *random = &script->random;
    if (random_chance(random, 400)) {
        filter->event_id = some_event(script)->id;
    }
    if (random_chance(random, 100)) {
        filter->events = &some_event(script)->id;
        filter->events_count = 1;
    }
    if (kind < LIST_RESERVATIONS) {
        return;
    }
    if (random_chance(random, 350)) {
        filter->ticket_type_id = script->model.types[random_below(random, MODEL_TYPES)].id;
        if (kind == LIST_LOG && random_chance(random, 300)) {
            filter->after_seq = random_between(random, 0, 40);
        }
    }
    if (random_chance(random, 100)) {
        filter->cart_id = some_thing(script, true);
    }
    if (random_chance(random, 60)) {
        filter->reservation_id = some_thing(script, false);
    }
}

static void ask_by_time(struct script *script, struct list_filter *filter) {
    if (random_chance(&script->random, 200)) {
        filter->from = some_time(script);
    }
    if (random_chance(&script->random, 200)) {
        filter->to = some_time(script);
    }
}

static bool same_some_list(struct reading *reading, struct script *script) {
    struct random *random = &script->random;
    enum list_kind kind = (enum list_kind)random_below(random, 6);
    char order[ORDER_SIZE];
    struct list_query query = same_query(1 + random_below(random, SOME_ROWS_MAX));
    query.filter.include_archived = random_chance(random, 700);
    if (random_chance(random, 150)) {
        query.filter.q = some_part(script);
    }
    if (kind == LIST_EVENTS) {
        query.filter.when = (enum list_when)random_below(random, 3);
    }
    if (kind == LIST_EVENTS || kind == LIST_TYPES) {
        query.filter.public_only = random_chance(random, 300);
    }
    if (kind != LIST_VENUES) {
        ask_by_place(script, &query.filter, kind);
    }
    if (kind >= LIST_RESERVATIONS) {
        ask_by_person(script, &query.filter);
        ask_by_sale(script, &query.filter, order);
        ask_by_time(script, &query.filter);
    }
    if (kind == LIST_RESERVATIONS && random_chance(random, 300)) {
        query.filter.status = (enum reservation_status)random_between(random, RESERVATION_ACTIVE,
                                                                      RESERVATION_EXPIRED);
    }
    if (kind == LIST_LOG && random_chance(random, 300)) {
        query.filter.action = (enum action)random_between(random, ACTION_INCREASE, ACTION_REFUND);
    }
    return same_list(reading, kind, &query, SOME_ROWS_MAX, NULL, NULL);
}

/* Of whoever stands at tills, or of one shift. */
static bool same_shifts(struct reading *reading, struct script *script) {
    struct random *random = &script->random;
    struct list_query query = same_query(1 + random_below(random, SOME_ROWS_MAX));
    struct uuid operator_id = choice_person(10 + (unsigned)random_between(random, 1, ROLE_VIEWER));
    query.filter.shifts = (enum list_shifts)random_below(random, 3);
    if (random_chance(random, 300)) {
        query.filter.actor = (struct actor){ACTOR_KEY, operator_id};
    } else if (random_chance(random, 300)) {
        query.filter.own_actor = operator_id;
    } else if (random_chance(random, 300)) {
        query.filter.shift_id = script->tills.shifts[random_below(random, TILLS_SHIFTS)];
    }
    ask_by_time(script, &query.filter);
    return same_list(reading, LIST_SHIFTS, &query, SOME_ROWS_MAX, NULL, NULL);
}

bool reading_some(struct reading *reading, struct script *script) {
    struct uuid cart = some_thing(script, true);
    struct uuid type = script->model.types[random_below(&script->random, MODEL_TYPES)].id;
    struct moment moment = {type, some_time(script)};
    switch (random_below(&script->random, 12)) {
    case 0:
        return reading_type(reading, type);
    case 1:
        return same_answer(reading, "history", ask_history, &moment);
    case 2:
        return same_answer(reading, "cart", ask_cart, &cart);
    case 3:
    case 4:
        return same_shifts(reading, script);
    default:
        return same_some_list(reading, script);
    }
}
