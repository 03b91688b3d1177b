#include "till.h"

#include "base/check.h"

enum { BATCH_IDS = 4096 };

void till_open(struct till *till, struct store_writer *writer) {
    *till = (struct till){.writer = writer, .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE}};
    arena_init(&till->arena, 64 << 20);
}

void till_close(struct till *till) {
    arena_finish(&till->arena);
}

/* ids are made once: a batch that runs again makes the same rows. */
static bool gather_keys(struct till *till, struct command *commands, size_t count) {
    keys_init(&till->keys, &till->arena);
    for (size_t i = 0; i < count; i++) {
        if (uuid_is_none(commands[i].ids)) {
            commands[i].ids = uuid_block(instant_now(), command_ids_max(&commands[i]));
        }
        if (!keys_add(&till->keys, &commands[i])) {
            return false;
        }
    }
    keys_seal(&till->keys);
    return true;
}

enum error till_batch(struct till *till, struct command *commands, size_t count,
                      struct outcome *outcomes) {
    arena_reset(&till->arena);
    world_init(&till->world, &till->arena);
    require(gather_keys(till, commands, count));
    enum error error = store_load(till->writer, &till->keys, &till->world, &till->failure);
    if (error != ERROR_NONE) {
        return error;
    }
    till->world.batch_ids = uuid_block(till->world.now, BATCH_IDS);
    require(decide_begin(&till->world));
    for (size_t i = 0; i < count; i++) {
        require(decide(&till->world, &commands[i], &outcomes[i]));
    }
    till->witness = world_witness(&till->world);
    return store_persist(till->writer, &till->world, &till->failure);
}

struct outcome till_do(struct till *till, struct command command) {
    struct outcome outcome;
    require(till_batch(till, &command, 1, &outcome) == ERROR_NONE);
    require(outcome.verdict == VERDICT_GRANTED);
    return outcome;
}

static struct command command_of(const struct till *till, enum command_kind kind) {
    return (struct command){.kind = kind, .caller = till->caller};
}

struct command till_event(struct till *till, const char *name) {
    struct command command = command_of(till, COMMAND_EVENT_CREATE);
    command.of.event.event = (struct event){
        .name = text_of(name),
        .time_zone = TEXT("Europe/Berlin"),
        .currency = {"EUR"},
        .start_date = instant_plus_seconds(instant_now(), 365 * 86400),
        .end_date = INSTANT_NONE,
        .published = true,
    };
    return command;
}

struct command till_type(struct till *till, struct uuid event_id, int32_t initial) {
    struct command command = command_of(till, COMMAND_TYPE_CREATE);
    command.of.type.type = (struct ticket_type){
        .event_id = event_id,
        .name = TEXT("Balcony"),
        .price = 2500,
        .initial = initial,
        .sales_start = INSTANT_NONE,
        .sales_end = INSTANT_NONE,
    };
    return command;
}

struct command till_reserve(struct till *till, const struct item *item, int32_t seconds,
                            const char *key) {
    struct command command = command_of(till, COMMAND_RESERVE);
    command.of.reserve = (struct reserve_command){.items = {item, 1}, .seconds = seconds};
    command.idempotency.key = text_of(key);
    command.idempotency.principal = UUID_NONE;
    return command;
}

struct command till_cart(struct till *till, const struct item *items, size_t count) {
    struct command command = command_of(till, COMMAND_CART_CREATE);
    command.of.reserve = (struct reserve_command){.items = {items, count}, .seconds = 900};
    return command;
}

struct command till_complete(struct till *till, struct uuid id, bool is_cart, const char *order) {
    struct command command = command_of(till, COMMAND_COMPLETE);
    command.of.complete = (struct complete_command){
        .target = {id, is_cart}, .order_id = text_of(order), .channel = CHANNEL_ONLINE};
    return command;
}

struct command till_release(struct till *till, struct uuid id, bool is_cart) {
    struct command command = command_of(till, COMMAND_RELEASE);
    command.of.release = (struct release_command){.target = {id, is_cart}};
    return command;
}

struct command till_refund(struct till *till, struct uuid id, int32_t quantity) {
    struct command command = command_of(till, COMMAND_REFUND);
    command.of.refund = (struct refund_command){.target = {id, false},
                                                .quantity = quantity,
                                                .reason = TEXT("changed their mind"),
                                                .disposition = DISPOSITION_RETURN};
    return command;
}

struct command till_sell(struct till *till, const struct item *items, size_t count) {
    struct command command = command_of(till, COMMAND_SELL);
    command.of.sell = (struct sell_command){
        .items = {items, count}, .channel = CHANNEL_BOX_OFFICE, .tender = TEXT("cash")};
    return command;
}

struct command till_open_shift(struct till *till, int64_t opening_cash) {
    struct command command = command_of(till, COMMAND_SHIFT_OPEN);
    command.of.shift.shift =
        (struct shift){.terminal = TEXT("Door"), .currency = {"EUR"}, .opening_cash = opening_cash};
    return command;
}

struct command till_close_shift(struct till *till, struct uuid id, int64_t counted_cash) {
    struct command command = command_of(till, COMMAND_SHIFT_CLOSE);
    command.of.shift.shift = (struct shift){.id = id, .counted_cash = counted_cash};
    return command;
}

struct command till_increase(struct till *till, struct uuid type_id, int32_t quantity) {
    struct command command = command_of(till, COMMAND_ADJUST);
    command.of.adjust = (struct adjust_command){.ticket_type_id = type_id,
                                                .action = ACTION_INCREASE,
                                                .quantity = quantity,
                                                .reason = TEXT("a row more"),
                                                .expected_total = -1};
    return command;
}

struct command till_sweep(struct till *till, struct uuid type_id) {
    struct command command = command_of(till, COMMAND_SWEEP);
    command.of.sweep = type_id;
    return command;
}
