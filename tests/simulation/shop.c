/* The clients: what they ask for, and that they ask again. */
#include <stdio.h>

#include "base/check.h"
#include "trial.h"

static struct request *free_slot(struct trial *trial) {
    for (int tries = 0; tries < 64; tries++) {
        struct request *request = &trial->requests[++trial->numbers % REQUESTS];
        if (request->in_flight == 0) {
            return request;
        }
    }
    return NULL;
}

static struct request *new_request(struct trial *trial, enum command_kind kind) {
    struct request *request = free_slot(trial);
    if (request == NULL) {
        return NULL;
    }
    struct random *random = &trial->random;
    *request = (struct request){.number = trial->numbers, .is_public = random_chance(random, 700)};
    struct command *command = &request->command;
    command->kind = kind;
    command->caller.role = request->is_public ? ROLE_CHECKOUT : ROLE_ADMIN;
    command->caller.actor =
        (struct actor){ACTOR_KEY, actor_of_request(request->number, request->is_public)};
    snprintf(request->order_id, sizeof request->order_id, "order-%llu",
             (unsigned long long)request->number);
    if (random_chance(random, 850)) {
        snprintf(request->key, sizeof request->key, "key-%llu",
                 (unsigned long long)request->number);
        command->idempotency.principal.bytes[15] = 1;
        command->idempotency.key = text_of(request->key);
        memcpy(command->idempotency.fingerprint, &request->number, sizeof request->number);
    }
    return request;
}

static struct uuid some_user(struct trial *trial, struct request *request) {
    bool is_poison = !uuid_is_none(trial->poison_user) && random_chance(&trial->random, 50);
    request->user_id =
        is_poison ? trial->poison_user : trial->users[random_below(&trial->random, USERS)];
    return request->user_id;
}

/* Short lives, so that much expires; some long. */
static int32_t some_seconds(struct trial *trial) {
    return random_chance(&trial->random, 900) ? random_between(&trial->random, 1, 20)
                                              : random_between(&trial->random, 21, 7200);
}

struct request *shop_reserve(struct trial *trial, uint32_t type, int32_t quantity,
                             int32_t seconds) {
    struct request *request = new_request(trial, COMMAND_RESERVE);
    if (request != NULL) {
        request->items[0] = (struct item){trial->types[type], quantity};
        request->command.of.reserve = (struct reserve_command){
            .items = {request->items, 1}, .user_id = some_user(trial, request), .seconds = seconds};
    }
    return request;
}

/* A few types of one event; now and then the same one twice (R2). */
static struct items some_items(struct trial *trial, struct request *request, uint32_t event) {
    size_t count = 1 + random_below(&trial->random, CART_TYPES_MAX);
    for (size_t i = 0; i < count; i++) {
        uint32_t type = event + EVENTS * random_below(&trial->random, TYPES / EVENTS);
        request->items[i] = (struct item){trial->types[type], random_between(&trial->random, 1, 3)};
    }
    return (struct items){request->items, count};
}

static void ask_for_cart(struct trial *trial, struct request *request, uint32_t event) {
    request->command.of.reserve =
        (struct reserve_command){.items = some_items(trial, request, event),
                                 .user_id = some_user(trial, request),
                                 .seconds = some_seconds(trial)};
}

static const struct recent_cart *some_cart(struct trial *trial) {
    size_t count = trial->carts_count < CARTS ? trial->carts_count : CARTS;
    return count == 0 ? NULL : &trial->carts[random_below(&trial->random, (uint32_t)count)];
}

/* Mostly a single reservation, the newer the likelier; sometimes a cart, or a line of one. */
static struct target some_target(struct trial *trial, const struct uuid *list, size_t made) {
    const struct recent_cart *cart = random_chance(&trial->random, 250) ? some_cart(trial) : NULL;
    if (cart != NULL) {
        bool is_line = cart->lines_count > 0 && random_chance(&trial->random, 100);
        return is_line ? (struct target){.id = cart->lines[0]}
                       : (struct target){.id = cart->id, .is_cart = true};
    }
    size_t count = made < RECENT ? made : RECENT;
    if (count == 0) {
        return (struct target){.id = trial->events[0]}; /* nothing has this id */
    }
    uint32_t back = random_below(&trial->random, (uint32_t)count);
    back = random_below(&trial->random, back + 1);
    return (struct target){.id = list[(made - 1 - back) % RECENT]};
}

/* It is one of the operators who asks. The one of box office takes back its own sales alone. */
static bool is_at_till(struct trial *trial, struct request *request, uint32_t share) {
    if (!random_chance(&trial->random, share)) {
        return false;
    }
    request->is_at_till = true;
    request->is_public = false;
    request->till = random_below(&trial->random, OPERATORS);
    request->command.caller =
        (struct caller){.role = request->till == 0 ? ROLE_BOX_OFFICE : ROLE_ADMIN,
                        .actor = {ACTOR_KEY, drawer_operator(request->till)}};
    drawer_reason(request->number, request->reason);
    return true;
}

static struct text some_tender(struct trial *trial) {
    return drawer_tender(random_below(&trial->random, TENDERS));
}

static struct request *complete(struct trial *trial) {
    struct request *request = new_request(trial, COMMAND_COMPLETE);
    if (request != NULL) {
        request->command.of.complete = (struct complete_command){
            .target = some_target(trial, trial->recent, trial->recent_count),
            .order_id = text_of(request->order_id),
            .channel = CHANNEL_ONLINE,
            .refuse_if_expired = random_chance(&trial->random, 200)};
        if (is_at_till(trial, request, 300)) {
            request->command.of.complete.channel = CHANNEL_BOX_OFFICE;
            request->command.of.complete.tender = some_tender(trial);
            request->command.of.complete.reason = text_of(request->reason);
        }
    }
    return request;
}

static struct request *end_or_extend(struct trial *trial, enum command_kind kind) {
    struct request *request = new_request(trial, kind);
    if (request == NULL) {
        return NULL;
    }
    struct target target = some_target(trial, trial->recent, trial->recent_count);
    if (kind == COMMAND_RELEASE) {
        request->command.of.release = (struct release_command){.target = target};
    } else {
        request->command.of.extend =
            (struct extend_command){.target = target, .seconds = some_seconds(trial)};
    }
    return request;
}

static struct request *refund(struct trial *trial) {
    struct request *request = new_request(trial, COMMAND_REFUND);
    if (request != NULL) {
        struct target target = some_target(trial, trial->recent_sales, trial->sales_count);
        request->command.of.refund = (struct refund_command){
            .target = target,
            .quantity = target.is_cart || random_chance(&trial->random, 500)
                            ? 0
                            : random_between(&trial->random, 1, 3),
            .reason = TEXT("a ticket came back"),
            .disposition =
                random_chance(&trial->random, 200) ? DISPOSITION_VOID : DISPOSITION_RETURN};
        if (is_at_till(trial, request, 400)) {
            request->command.of.refund.tender = some_tender(trial);
            request->command.of.refund.reason = text_of(request->reason);
        }
    }
    return request;
}

static struct request *cart_of_kind(struct trial *trial, enum command_kind kind) {
    const struct recent_cart *cart = kind == COMMAND_CART_REPLACE ? some_cart(trial) : NULL;
    struct request *request = new_request(trial, cart == NULL ? COMMAND_CART_CREATE : kind);
    if (request != NULL) {
        ask_for_cart(trial, request,
                     cart == NULL ? random_below(&trial->random, EVENTS) : cart->event);
        request->command.of.reserve.cart_id = cart == NULL ? UUID_NONE : cart->id;
    }
    return request;
}

static struct request *sell(struct trial *trial) {
    struct request *request = new_request(trial, COMMAND_SELL);
    if (request != NULL) {
        request->command.of.sell = (struct sell_command){
            .items = some_items(trial, request, random_below(&trial->random, EVENTS)),
            .user_id = some_user(trial, request),
            .order_id = random_chance(&trial->random, 500) ? text_of(request->order_id) : TEXT_NONE,
            .channel = CHANNEL_BOX_OFFICE};
        if (is_at_till(trial, request, 700)) {
            request->command.of.sell.tender = some_tender(trial);
            request->command.of.sell.reason = text_of(request->reason);
        }
    }
    return request;
}

static struct request *open_shift(struct trial *trial) {
    static const struct currency currencies[EVENTS] = {{"EUR"}, {"USD"}};
    struct request *request = new_request(trial, COMMAND_SHIFT_OPEN);
    if (request != NULL && is_at_till(trial, request, 1000)) {
        request->command.of.shift.shift =
            (struct shift){.terminal = TEXT("Door"),
                           .currency = currencies[random_below(&trial->random, EVENTS)],
                           .opening_cash = random_between(&trial->random, 0, 50000)};
    }
    return request;
}

/* Mostly the one that is open; also the newest that anybody had. NULL: there was none. */
static struct request *close_shift(struct trial *trial) {
    const struct drawers *drawers = &trial->truth.drawers;
    if (drawers->newest == NULL) {
        return NULL;
    }
    struct request *request = new_request(trial, COMMAND_SHIFT_CLOSE);
    if (request != NULL && is_at_till(trial, request, 1000)) {
        const struct drawer *open = drawers->open[request->till];
        bool is_own = open != NULL && random_chance(&trial->random, 900);
        request->command.of.shift.shift =
            (struct shift){.id = is_own ? open->id : drawers->newest->id,
                           .counted_cash = random_between(&trial->random, 0, 90000)};
    }
    return request;
}

static struct request *adjust(struct trial *trial) {
    struct request *request = new_request(trial, COMMAND_ADJUST);
    if (request != NULL) {
        uint32_t type = random_below(&trial->random, TYPES);
        const struct truth_type *known = truth_type(&trial->truth, trial->types[type]);
        bool grows = known->counts.total < 25 || random_chance(&trial->random, 400);
        request->command.of.adjust = (struct adjust_command){
            .ticket_type_id = trial->types[type],
            .action = grows && known->counts.total < 400 ? ACTION_INCREASE : ACTION_DECREASE,
            .quantity = random_between(&trial->random, 1, 8),
            .reason = TEXT("the hall was measured again"),
            .expected_total =
                random_chance(&trial->random, 300) ? (int64_t)known->counts.total : -1};
    }
    return request;
}

static struct request *sweep(struct trial *trial) {
    struct request *request = new_request(trial, COMMAND_SWEEP);
    if (request != NULL) {
        request->command.idempotency = (struct idempotency){.key = TEXT_NONE};
        request->command.of.sweep = trial->types[random_below(&trial->random, TYPES)];
    }
    return request;
}

static struct request *archive(struct trial *trial) {
    bool of_event = random_chance(&trial->random, 300);
    struct request *request =
        new_request(trial, of_event ? COMMAND_EVENT_ARCHIVE : COMMAND_TYPE_ARCHIVE);
    if (request != NULL) {
        request->command.of.archive = (struct archive_command){
            .id = of_event ? trial->events[random_below(&trial->random, EVENTS)]
                           : trial->types[random_below(&trial->random, TYPES)],
            .archive = random_chance(&trial->random, 40)}; /* mostly back again */
    }
    return request;
}

/* An answer was lost, or came too late: the same key again. */
static struct request *again(struct trial *trial) {
    uint32_t back =
        random_below(&trial->random, random_chance(&trial->random, 700) ? 64 : REQUESTS);
    struct request *request = &trial->requests[(trial->numbers + REQUESTS - back) % REQUESTS];
    bool can = request->number != 0 && !text_is_absent(request->command.idempotency.key);
    return can ? request : NULL;
}

struct request *shop_next(struct trial *trial) {
    uint32_t dice = random_below(&trial->random, 1000);
    if (dice < 12) {
        return dice < 6 ? open_shift(trial) : close_shift(trial);
    }
    if (dice < 330) {
        return shop_reserve(trial, random_below(&trial->random, TYPES),
                            random_between(&trial->random, 1, 4), some_seconds(trial));
    }
    if (dice < 470) {
        return complete(trial);
    }
    if (dice < 560) {
        return end_or_extend(trial, COMMAND_RELEASE);
    }
    if (dice < 600) {
        return end_or_extend(trial, COMMAND_EXTEND);
    }
    if (dice < 700) {
        return refund(trial);
    }
    if (dice < 760) {
        return cart_of_kind(trial, COMMAND_CART_CREATE);
    }
    if (dice < 790) {
        return cart_of_kind(trial, COMMAND_CART_REPLACE);
    }
    if (dice < 830) {
        return sell(trial);
    }
    if (dice < 870) {
        return adjust(trial);
    }
    if (dice < 890) {
        return sweep(trial);
    }
    return dice < 900 ? archive(trial) : again(trial);
}

void shop_submit(struct trial *trial, struct request *request) {
    struct attempt *attempt = trial->free_attempts;
    if (attempt == NULL) {
        return;
    }
    trial->free_attempts = attempt->next_free;
    attempt->request = request;
    attempt->submission =
        (struct submission){.command = request->command, .on_done = answer_check, .owner = trial};
    request->in_flight++;
    trial->counts.operations++;
    bool internal = request->command.kind == COMMAND_SWEEP;
    require(lane_submit(&trial->lane, &attempt->submission, internal) == INBOX_TAKEN);
}
