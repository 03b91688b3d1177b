#include "commands_choice.h"

uint8_t choice_next(struct choice *choice) {
    return choice->at < choice->end ? *choice->at++ : 0;
}

struct uuid choice_person(unsigned number) {
    return number == 0 ? UUID_NONE : (struct uuid){{0x55, [15] = (uint8_t)number}};
}

static struct uuid choose_type(struct choice *choice) {
    uint8_t number = choice_next(choice) % 16;
    return number == 15 ? choice_person(99) : choice->model->types[number % MODEL_TYPES].id;
}

static struct items choose_items(struct choice *choice, struct item *list, size_t most) {
    static const int32_t quantities[] = {1, 2, 3, 1, 4, 7, 20, INT32_MAX};
    struct items items = {list, 1 + choice_next(choice) % most};
    for (size_t i = 0; i < items.count; i++) {
        list[i] = (struct item){choose_type(choice), CHOOSE(choice, quantities)};
    }
    return items;
}

static int32_t choose_seconds(struct choice *choice) {
    static const int32_t seconds[] = {900, 60, 1, 600, 7200, 0, 7201, 3600, -1};
    return CHOOSE(choice, seconds);
}

/* A thing, or a line of it; now and then one that never was. */
static struct target choose_target(struct choice *choice) {
    const struct model *model = choice->model;
    uint8_t number = choice_next(choice);
    uint8_t part = choice_next(choice);
    if (model->things_count == 0 || number == 255) {
        return (struct target){choice_person(98), part % 2 == 0};
    }
    /* The last ones are what most goes on with. */
    const struct model_thing *thing =
        &model->things[model->things_count - 1 - number % model->things_count];
    struct target target = {thing->id, thing->is_cart};
    if (part % 8 == 0) {
        target = (struct target){thing->lines[part / 8 % thing->lines_count].id, false};
    } else if (part % 8 == 1 && thing->removed_count > 0) {
        target = (struct target){thing->removed[0].id, false};
    }
    /* Of what this batch makes, the ids are not known yet. */
    return uuid_is_none(target.id) ? (struct target){choice_person(98), target.is_cart} : target;
}

static struct text choose_reason(struct choice *choice) {
    static const char *const reasons[] = {"because", NULL, "ab", "because", "because"};
    return text_of(CHOOSE(choice, reasons));
}

static struct text choose_order(struct choice *choice) {
    static const char *const orders[] = {"A-1", "A-2", "A-1", "A-1"};
    return text_of(CHOOSE(choice, orders));
}

static enum channel choose_channel(struct choice *choice) {
    static const enum channel channels[] = {CHANNEL_ONLINE, CHANNEL_BOX_OFFICE, CHANNEL_COMP,
                                            CHANNEL_PARTNER};
    return CHOOSE(choice, channels);
}

static struct instant choose_instant(struct choice *choice) {
    static const int64_t seconds[] = {-3600, 0, 60, 900, 3600};
    uint8_t number = choice_next(choice);
    return number % 4 == 0 ? INSTANT_NONE : instant_plus_seconds(choice->now, seconds[number % 5]);
}

static void choose_caller(struct choice *choice, struct caller *caller) {
    static const enum role roles[] = {ROLE_CHECKOUT, ROLE_CHECKOUT, ROLE_BOX_OFFICE,
                                      ROLE_EVENT_MANAGER, ROLE_ADMIN};
    uint8_t byte = choice_next(choice);
    caller->role = roles[byte % 5];
    caller->actor = (struct actor){ACTOR_KEY, choice_person(10 + (unsigned)caller->role)};
    caller->acting_for = choice_person(byte / 5 % 4);
    if (byte / 20 % 5 == 4) {
        caller->events = &choice->model->events[byte / 100 % MODEL_EVENTS].id;
        caller->events_count = 1;
    }
}

static int64_t choose_version(struct choice *choice, int64_t version) {
    return version - (choice_next(choice) % 8 == 0);
}

static void choose_settings(struct choice *choice, struct command *command) {
    static const int32_t limits[] = {0, 2, 4, 100};
    static const int64_t prices[] = {0, 2500, INT32_MAX, 1};
    struct type_command *type = &command->of.type;
    unsigned fields = choice_next(choice);
    int index = choice_next(choice) % MODEL_TYPES;
    command->kind = COMMAND_TYPE_CHANGE;
    *type = (struct type_command){
        .type = {.id = choice->model->types[index].id,
                 .price = CHOOSE(choice, prices),
                 .sales_start = choose_instant(choice),
                 .sales_end = choose_instant(choice),
                 .max_per_order = CHOOSE(choice, limits),
                 .max_per_customer = CHOOSE(choice, limits)},
        .fields = ((fields & 1) != 0 ? SETTING_PRICE : 0u) |
                  ((fields & 2) != 0 ? SETTING_SALES_START : 0u) |
                  ((fields & 4) != 0 ? SETTING_SALES_END : 0u) |
                  ((fields & 8) != 0 ? SETTING_MAX_PER_ORDER : 0u) |
                  ((fields & 16) != 0 ? SETTING_MAX_PER_CUSTOMER : 0u),
        .if_version = choose_version(choice, choice->model->types[index].version),
    };
}

static void choose_event_change(struct choice *choice, struct command *command) {
    int index = choice_next(choice) % MODEL_EVENTS;
    command->kind = COMMAND_EVENT_CHANGE;
    command->of.event = (struct event_command){
        .event = {.id = choice->model->events[index].id, .published = choice_next(choice) % 4 != 0},
        .fields = SETTING_PUBLISHED,
        .if_version = choose_version(choice, choice->model->events[index].version)};
}

static void choose_archive(struct choice *choice, struct command *command) {
    uint8_t byte = choice_next(choice);
    bool is_event = byte % 4 == 0;
    command->kind = is_event ? COMMAND_EVENT_ARCHIVE : COMMAND_TYPE_ARCHIVE;
    command->of.archive.archive = byte / 4 % 3 == 0;
    command->of.archive.id =
        is_event ? choice->model->events[byte / 16 % MODEL_EVENTS].id : choose_type(choice);
}

static void choose_adjust(struct choice *choice, struct command *command) {
    static const int32_t quantities[] = {1, 5, 3, 0, INT32_MAX, 10};
    struct uuid id = choose_type(choice);
    int index = model_type_index(choice->model, id);
    uint8_t byte = choice_next(choice);
    command->kind = COMMAND_ADJUST;
    command->of.adjust = (struct adjust_command){
        .ticket_type_id = id,
        .action = byte % 2 == 0 ? ACTION_INCREASE : ACTION_DECREASE,
        .quantity = CHOOSE(choice, quantities),
        .reason = choose_reason(choice),
        .expected_total =
            byte % 4 < 2 || index < 0 ? -1 : choice->model->types[index].total - (byte == 7)};
}

static void choose_taking(struct choice *choice, struct item *list, struct command *command,
                          enum command_kind kind) {
    command->kind = kind;
    command->of.reserve =
        (struct reserve_command){.user_id = choice_person(choice_next(choice) % 4)};
    command->of.reserve.items = choose_items(choice, list, kind == COMMAND_RESERVE ? 1 : 3);
    if (kind == COMMAND_CART_REPLACE) {
        command->of.reserve.cart_id = choose_target(choice).id;
    } else {
        command->of.reserve.seconds = choose_seconds(choice);
    }
}

static void choose_sale(struct choice *choice, struct item *list, struct command *command) {
    command->kind = COMMAND_SELL;
    command->of.sell.items = choose_items(choice, list, 3);
    command->of.sell.user_id = choice_person(choice_next(choice) % 4);
    command->of.sell.channel = choose_channel(choice);
    command->of.sell.reason = choose_reason(choice);
    command->of.sell.order_id = choice_next(choice) % 2 == 0 ? choose_order(choice) : TEXT_NONE;
}

static void choose_ending(struct choice *choice, struct command *command, unsigned which) {
    struct target target = choose_target(choice);
    if (which == 0) {
        command->kind = COMMAND_COMPLETE;
        command->of.complete =
            (struct complete_command){.target = target,
                                      .order_id = choose_order(choice),
                                      .channel = choose_channel(choice),
                                      .reason = choose_reason(choice),
                                      .refuse_if_expired = choice_next(choice) % 8 == 7};
    } else if (which == 1) {
        command->kind = COMMAND_RELEASE;
        command->of.release.target = target;
    } else if (which == 2) {
        command->kind = COMMAND_EXTEND;
        command->of.extend = (struct extend_command){target, choose_seconds(choice)};
    } else {
        static const int32_t quantities[] = {0, 1, 2, 5, -1};
        command->kind = COMMAND_REFUND;
        command->of.refund = (struct refund_command){
            .target = target,
            .quantity = CHOOSE(choice, quantities),
            .reason = choose_reason(choice),
            .disposition = choice_next(choice) % 3 == 0 ? DISPOSITION_VOID : DISPOSITION_RETURN};
    }
}

void choose_command(struct choice *choice, struct item items[CHOICE_ITEMS_MAX],
                    struct command *command) {
    uint8_t kind = choice_next(choice) % 20;
    choose_caller(choice, &command->caller);
    if (kind < 4) {
        choose_taking(choice, items, command, COMMAND_RESERVE);
    } else if (kind < 6) {
        choose_taking(choice, items, command, COMMAND_CART_CREATE);
    } else if (kind < 8) {
        choose_taking(choice, items, command, COMMAND_CART_REPLACE);
    } else if (kind < 11) {
        choose_ending(choice, command, 0);
    } else if (kind < 15) {
        choose_ending(choice, command, kind - 11u);
    } else if (kind == 15) {
        choose_sale(choice, items, command);
    } else if (kind == 16) {
        choose_adjust(choice, command);
    } else if (kind == 17) {
        choose_settings(choice, command);
    } else if (kind == 18) {
        choose_archive(choice, command);
    } else if (choice_next(choice) % 2 == 0) {
        choose_event_change(choice, command);
    } else {
        command->kind = COMMAND_SWEEP;
        command->of.sweep = choose_type(choice);
    }
    if (command->caller.role == ROLE_CHECKOUT && command->kind == COMMAND_SELL) {
        command->caller.role = ROLE_BOX_OFFICE; /* the routes see to that */
    }
}
