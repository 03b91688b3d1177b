#include "script.h"

#include <stdio.h>

enum { ROUND_COMMANDS = 400, KEYS_OF_ROUND = 200, BATCH_MAX = HOUSE_BATCH_MAX - MODEL_TYPES };

void script_init(struct script *script, uint64_t seed) {
    *script = (struct script){
        .random.state = seed * UINT64_C(0xd1342543de82ef95) + 1,
        .now = {INT64_C(1767225600000000)}, /* 2026-01-01 */
    };
    office_init(&script->office);
}

/* --- a round begins ----------------------------------------------------------------- */

static struct sent *next_sent(struct script *script, enum purpose purpose, size_t slot) {
    struct sent *sent = &script->batch[script->count++];
    *sent = (struct sent){.purpose = purpose, .slot = slot};
    script->commands++;
    return sent;
}

static void make_events(struct script *script) {
    script->model = (struct model){.things_count = 0};
    script->last = (struct sent){.key = ""};
    script->commands_of_round = 0;
    script->round_began = script->now;
    script->rounds++;
    for (size_t i = 0; i < MODEL_EVENTS; i++) {
        struct model_event *event = &script->model.events[i];
        *event =
            (struct model_event){.end = instant_plus_seconds(script->now, i == 0 ? 86400 : 7200),
                                 .published = true,
                                 .version = 1};
        static const struct currency currencies[MODEL_EVENTS] = {{"EUR"}, {"USD"}};
        next_sent(script, PURPOSE_EVENT, i)->command =
            (struct command){.kind = COMMAND_EVENT_CREATE,
                             .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                             .of.event.event = {.name = TEXT("An evening"),
                                                .time_zone = TEXT("Europe/Vienna"),
                                                .currency = currencies[i],
                                                .start_date = event->end,
                                                .end_date = INSTANT_NONE,
                                                .published = true}};
    }
    script->stage = STAGE_TYPES;
}

static void make_types(struct script *script) {
    static const int32_t totals[] = {10, 4, 0, 100, 60, 1000, INT32_MAX};
    for (size_t i = 0; i < MODEL_TYPES; i++) {
        struct model_type *type = &script->model.types[i];
        *type = (struct model_type){.event = i == MODEL_TYPES - 1,
                                    .total = totals[random_below(&script->random, 7)],
                                    .price = 2500,
                                    .version = 1,
                                    .sales_start = INSTANT_NONE,
                                    .sales_end = INSTANT_NONE};
        next_sent(script, PURPOSE_TYPE, i)->command =
            (struct command){.kind = COMMAND_TYPE_CREATE,
                             .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                             .of.type.type = {.event_id = script->model.events[type->event].id,
                                              .name = TEXT("Stalls"),
                                              .price = type->price,
                                              .initial = (int32_t)type->total,
                                              .sales_start = INSTANT_NONE,
                                              .sales_end = INSTANT_NONE}};
    }
    script->stage = STAGE_COMMANDS;
}

/* --- and goes on -------------------------------------------------------------------- */

static bool has_items(enum command_kind kind) {
    return kind == COMMAND_RESERVE || kind == COMMAND_CART_CREATE || kind == COMMAND_CART_REPLACE;
}

static struct text *order_of(struct command *command) {
    return command->kind == COMMAND_COMPLETE ? &command->of.complete.order_id
           : command->kind == COMMAND_SELL   ? &command->of.sell.order_id
                                             : NULL;
}

static void copy_sent(struct sent *to, const struct sent *from) {
    *to = *from;
    to->command.idempotency.key = text_of(to->key);
    struct text *order = order_of(&to->command);
    if (order != NULL && !text_is_absent(*order)) {
        *order = text_of(to->order);
    }
    if (to->command.kind == COMMAND_SELL) {
        to->command.of.sell.items.list = to->items;
    } else if (has_items(to->command.kind)) {
        to->command.of.reserve.items.list = to->items;
    }
}

/* A key for this request (perhaps one that another had), or the last request that had one again. */
static void choose_key(struct script *script, struct sent *sent) {
    struct command *command = &sent->command;
    uint32_t dice = random_below(&script->random, 1000);
    if (dice < 150 && script->last.key[0] != '\0') {
        copy_sent(sent, &script->last);
    } else if (dice < 600 && command->kind != COMMAND_SWEEP) {
        snprintf(sent->key, sizeof sent->key, "k%u", random_below(&script->random, KEYS_OF_ROUND));
        command->idempotency.principal = choice_person(30);
        memcpy(command->idempotency.principal.bytes + 8, &script->rounds, sizeof script->rounds);
        command->idempotency.key = text_of(sent->key);
        memcpy(command->idempotency.fingerprint, &script->commands, sizeof script->commands);
        copy_sent(&script->last, sent);
    }
}

/* What the choice of the fuzzer leaves out: it decides nothing, but is kept. */
static void choose_tender(struct script *script, struct command *command) {
    static const char *const tenders[] = {NULL, "cash", "card", "voucher"};
    struct text tender = text_of(tenders[random_below(&script->random, 4)]);
    if (command->kind == COMMAND_COMPLETE) {
        command->of.complete.tender = tender;
    } else if (command->kind == COMMAND_SELL) {
        command->of.sell.tender = tender;
    } else if (command->kind == COMMAND_REFUND) {
        command->of.refund.tender = tender;
    }
}

void script_order(const struct script *script, const char *name, char order[ORDER_SIZE]) {
    snprintf(order, ORDER_SIZE, "%s/%u", name, (unsigned)script->rounds);
}

static void choose_order(struct script *script, struct sent *sent) {
    struct text *order = order_of(&sent->command);
    if (order != NULL && !text_is_absent(*order)) {
        script_order(script, order->bytes, sent->order);
        *order = text_of(sent->order);
    }
}

static void choose_thing(struct script *script, struct sent *sent) {
    for (size_t i = 0; i < CHOICE_BYTES; i++) {
        script->bytes[i] = (uint8_t)random_below(&script->random, 256);
    }
    script->choice = (struct choice){.at = script->bytes,
                                     .end = script->bytes + CHOICE_BYTES,
                                     .now = script->now,
                                     .model = &script->model};
    choose_command(&script->choice, sent->items, &sent->command);
    choose_tender(script, &sent->command);
    choose_order(script, sent);
    choose_key(script, sent);
    sent->thing = model_decide(&script->model, &sent->command, script->now).thing;
}

/* The cart that a command names; or none. */
static struct uuid cart_of(const struct command *command) {
    struct target target = {.is_cart = false};
    switch ((int)command->kind) {
    case COMMAND_CART_REPLACE:
        return command->of.reserve.cart_id;
    case COMMAND_COMPLETE:
        target = command->of.complete.target;
        break;
    case COMMAND_RELEASE:
        target = command->of.release.target;
        break;
    case COMMAND_EXTEND:
        target = command->of.extend.target;
        break;
    case COMMAND_REFUND:
        target = command->of.refund.target;
        break;
    default:
        break;
    }
    return target.is_cart ? target.id : UUID_NONE;
}

static bool has_lost_lines(const struct script *script, struct uuid cart) {
    for (size_t i = 0; i < script->model.things_count; i++) {
        const struct model_thing *thing = &script->model.things[i];
        if (thing->removed_count > 0 && uuid_equals(thing->id, cart)) {
            return true;
        }
    }
    return false;
}

/* Whether the ticket types of lines that were taken out of a cart are read along with it, and what
 * has expired there is then written, is each store's own affair. A sweep makes them all do so. */
static void sweep_where_lines_were_lost(struct script *script) {
    bool sweeps = false;
    for (size_t i = 0; i < script->count; i++) {
        sweeps = sweeps || has_lost_lines(script, cart_of(&script->batch[i].command));
    }
    for (size_t i = 0; sweeps && i < MODEL_TYPES; i++) {
        next_sent(script, PURPOSE_THING, 0)->command =
            (struct command){.kind = COMMAND_SWEEP,
                             .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                             .of.sweep = script->model.types[i].id};
    }
}

static size_t choose_size(struct script *script) {
    uint32_t dice = random_below(&script->random, 100);
    return 1 + random_below(&script->random, dice < 60 ? 4 : dice < 90 ? 16 : BATCH_MAX);
}

static void choose_batch(struct script *script) {
    size_t most = choose_size(script);
    bool goes_on = true;
    while (goes_on && script->count < most && script->commands_of_round < ROUND_COMMANDS) {
        if (random_chance(&script->random, 80)) {
            struct sent *sent = next_sent(script, PURPOSE_OFFICE, 0);
            sent->slot = office_choose(&script->office, &script->random, script->now,
                                       script->round_began, &sent->command);
            continue;
        }
        if (random_chance(&script->random, 60)) {
            struct sent *sent = next_sent(script, PURPOSE_TILL, 0);
            tills_choose(&script->tills, &script->random, &script->model.events[0].id, sent->key,
                         &sent->command);
            continue;
        }
        struct sent *sent = next_sent(script, PURPOSE_THING, 0);
        choose_thing(script, sent);
        script->commands_of_round++;
        /* A limit per customer that the batch has set makes others wait: the order would change. */
        goes_on = sent->command.kind != COMMAND_TYPE_CHANGE;
    }
    sweep_where_lines_were_lost(script);
    if (script->commands_of_round == ROUND_COMMANDS) {
        script->stage = STAGE_EVENTS;
    }
}

static struct instant next_expiry(const struct script *script) {
    struct instant first = INSTANT_NONE;
    for (size_t i = 0; i < script->model.things_count; i++) {
        const struct model_thing *thing = &script->model.things[i];
        if (model_status(thing, script->now) == RESERVATION_ACTIVE &&
            (instant_is_none(first) || thing->expires.us < first.us)) {
            first = thing->expires;
        }
    }
    return first;
}

/* In whole milliseconds, as all clocks of ticketd go. Also to the very instant at which something
 * expires, and to the one before. */
static void pass_time(struct script *script) {
    static const int64_t seconds[] = {0, 0, 1, 7, 30, 60, 900, 3600};
    uint32_t dice = random_below(&script->random, 1000);
    if (dice < 300) {
        struct instant expiry = next_expiry(script);
        struct instant to = {expiry.us - (dice < 150 ? 1000 : 0)};
        script->now = instant_is_none(expiry) ? script->now : instant_later(script->now, to);
    } else if (dice < 990) {
        script->now = instant_plus_seconds(
            script->now, seconds[random_below(&script->random, dice < 900 ? 6 : 8)]);
        script->now.us += 1000 * (int64_t)random_below(&script->random, 1000);
    } else {
        script->now = instant_plus_seconds(script->now, 43200);
    }
}

void script_next(struct script *script) {
    script->count = 0;
    pass_time(script);
    switch (script->stage) {
    case STAGE_EVENTS:
        make_events(script);
        return;
    case STAGE_TYPES:
        make_types(script);
        return;
    case STAGE_COMMANDS:
        choose_batch(script);
        return;
    }
}

void script_learn(struct script *script, size_t index, const struct outcome *outcome) {
    struct sent *sent = &script->batch[index];
    switch (sent->purpose) {
    case PURPOSE_EVENT:
        script->model.events[sent->slot].id = outcome->event->id;
        return;
    case PURPOSE_TYPE:
        script->model.types[sent->slot].id = outcome->type->id;
        return;
    case PURPOSE_THING:
        if (sent->thing != NULL && outcome->verdict == VERDICT_GRANTED) {
            model_learn(&script->model, sent->thing, outcome);
        }
        return;
    case PURPOSE_OFFICE:
        office_learn(&script->office, sent->slot, outcome);
        return;
    case PURPOSE_TILL:
        tills_learn(&script->tills, outcome);
        return;
    }
}
