#include "daemon/demo/visit.h"

#include <stdio.h>

enum { HOLD_SECONDS = 900, HOUR = 3600, DAY = 86400 };

#define ONE_OF(maker, list) (list)[demo_random((maker), sizeof(list) / sizeof *(list))]

int demo_hour(const struct demo_maker *maker) {
    int64_t seconds = (maker->now.us - maker->today.us) / 1000000;
    return (int)(((seconds % DAY + DAY) % DAY) / HOUR);
}

/* Most come alone or in twos. */
static int32_t choose_quantity(struct demo_maker *maker, const struct demo_stock *stock) {
    static const int32_t quantities[] = {1, 1, 2, 2, 2, 2, 2, 3, 4, 4};
    int32_t quantity = ONE_OF(maker, quantities);
    int32_t most = stock->plan->max_per_customer;
    return most > 0 && quantity > most ? most : quantity;
}

static void come_to_the_till(struct demo_visit *visit, struct demo_maker *maker) {
    static const char *const tenders[] = {"card", "card", "cash"};
    static const char *const guests[] = {"Press", "Family of the artists", "Sponsor",
                                         "Winner of the radio raffle"};
    bool is_gift = demo_random(maker, 7) == 0;
    visit->step = DEMO_SELLS;
    visit->channel = is_gift ? CHANNEL_COMP : CHANNEL_BOX_OFFICE;
    visit->reason = is_gift ? ONE_OF(maker, guests) : NULL;
    visit->tender = is_gift ? NULL : ONE_OF(maker, tenders);
    visit->caller = &maker->tills[demo_random(maker, DEMO_TILLS)].cashier;
    snprintf(visit->order_id, sizeof visit->order_id, "BO-%u", ++maker->orders);
}

static void come_online(struct demo_visit *visit, struct demo_maker *maker) {
    static const char *const tenders[] = {"card", "card", "card", "paypal"};
    bool is_partners = demo_random(maker, 12) == 0;
    visit->step = DEMO_RESERVES;
    visit->channel = is_partners ? CHANNEL_PARTNER : CHANNEL_ONLINE;
    visit->tender = is_partners ? "invoice" : ONE_OF(maker, tenders);
    visit->caller = is_partners ? &maker->partner : &maker->shop;
    snprintf(visit->order_id, sizeof visit->order_id, "%s-%u", is_partners ? "TO" : "W",
             ++maker->orders);
}

void demo_visit_begin(struct demo_visit *visit, struct demo_maker *maker, size_t stock) {
    *visit = (struct demo_visit){.due = maker->now, .stock = stock};
    visit->item =
        (struct item){maker->stock[stock].id, choose_quantity(maker, &maker->stock[stock])};
    if (maker->tills[0].is_open && demo_random(maker, 10) < 3) {
        come_to_the_till(visit, maker);
    } else {
        come_online(visit, maker);
    }
}

void demo_visit_stay(struct demo_visit *visit, struct demo_maker *maker, size_t stock,
                     int32_t quantity) {
    *visit = (struct demo_visit){.due = maker->now,
                                 .stock = stock,
                                 .item = {maker->stock[stock].id, quantity},
                                 .stays = true};
    come_online(visit, maker);
}

void demo_visit_change(struct demo_visit *visit, struct demo_maker *maker,
                       const struct demo_change *change) {
    *visit = (struct demo_visit){
        .step = DEMO_ADJUSTS, .due = maker->now, .change = change, .caller = &maker->manager};
    for (size_t i = 0, nth = 0; i < maker->stock_count; i++) {
        if (maker->stock[i].event == change->event && nth++ == change->type) {
            visit->stock = i;
        }
    }
}

/* --- what it asks --------------------------------------------------------------------------- */

static void ask_to_reserve(const struct demo_visit *visit, const struct demo_maker *maker,
                           struct command *command) {
    command->kind = COMMAND_RESERVE;
    command->of.reserve = (struct reserve_command){
        .items = {&visit->item, 1}, .user_id = uuid_block(maker->now, 1), .seconds = HOLD_SECONDS};
}

static void ask_to_sell(const struct demo_visit *visit, struct command *command) {
    command->kind = COMMAND_SELL;
    command->of.sell = (struct sell_command){
        .items = {&visit->item, 1},
        .order_id = text_of(visit->order_id),
        .tender = text_of(visit->tender),
        .reason = text_of(visit->reason),
        .channel = visit->channel,
    };
}

static void ask_to_complete(const struct demo_visit *visit, struct command *command) {
    command->kind = COMMAND_COMPLETE;
    command->of.complete = (struct complete_command){
        .target = visit->target,
        .order_id = text_of(visit->order_id),
        .tender = text_of(visit->tender),
        .channel = visit->channel,
    };
}

static void ask_to_refund(struct demo_visit *visit, struct demo_maker *maker,
                          struct command *command) {
    static const char *const reasons[] = {"Taken ill", "Duplicate purchase", "Cannot make the date",
                                          "Wrong category bought"};
    if (!visit->target.is_cart) { /* some keep the other seats */
        visit->item.quantity = 1 + (int32_t)demo_random(maker, (unsigned)visit->item.quantity);
    }
    command->kind = COMMAND_REFUND;
    command->of.refund = (struct refund_command){
        .target = visit->target,
        .quantity = visit->target.is_cart ? 0 : visit->item.quantity,
        .reason = text_of(ONE_OF(maker, reasons)),
        .tender = text_of(visit->tender),
        .disposition = DISPOSITION_RETURN,
    };
}

void demo_visit_ask(struct demo_visit *visit, struct demo_maker *maker) {
    struct command *command = &visit->submission.command;
    *command = (struct command){.caller = visit->caller == NULL ? maker->admin : *visit->caller};
    switch (visit->step) {
    case DEMO_RESERVES:
        ask_to_reserve(visit, maker, command);
        break;
    case DEMO_PAYS:
        ask_to_complete(visit, command);
        break;
    case DEMO_EMPTIES:
        command->kind = COMMAND_RELEASE;
        command->of.release = (struct release_command){visit->target, TEXT("Cart emptied")};
        break;
    case DEMO_REFUNDS:
        ask_to_refund(visit, maker, command);
        break;
    case DEMO_SELLS:
        ask_to_sell(visit, command);
        break;
    case DEMO_EXPIRES:
    case DEMO_IS_DONE:
        command->kind = COMMAND_SWEEP;
        command->caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
        command->of.sweep = maker->stock[visit->stock].id;
        break;
    case DEMO_ADJUSTS:
        command->kind = COMMAND_ADJUST;
        command->of.adjust = (struct adjust_command){
            .ticket_type_id = maker->stock[visit->stock].id,
            .action = visit->change->action,
            .quantity = visit->change->quantity,
            .reason = text_of(visit->change->reason),
            .expected_total = -1,
        };
        break;
    }
}

/* --- what is next --------------------------------------------------------------------------- */

static void go_on_in(struct demo_visit *visit, const struct demo_maker *maker, enum demo_step step,
                     unsigned seconds) {
    visit->step = step;
    visit->due = instant_plus_seconds(maker->now, seconds);
}

/* What is no longer on sale stays as it was on its last day: whoever comes then pays and comes, so
 * that what was sold out is not offered back when nobody can buy it. */
static bool is_last_day(const struct demo_visit *visit, const struct demo_maker *maker) {
    int until = maker->stock[visit->stock].plan->on_sale_until;
    struct instant last = instant_plus_seconds(maker->today, INT64_C(86400) * (until - 1));
    return until < 0 && !instant_before(visit->due, last);
}

void demo_visit_go_on(struct demo_visit *visit, struct demo_maker *maker) {
    struct demo_stock *stock = &maker->stock[visit->stock];
    enum demo_step step = visit->step;
    unsigned fate = demo_random(maker, 100);
    visit->step = DEMO_IS_DONE;
    if (!visit->granted || visit->stays) {
        return;
    }
    bool is_firm = is_last_day(visit, maker);
    if (step == DEMO_RESERVES && is_firm) {
        go_on_in(visit, maker, DEMO_PAYS, 0);
    } else if (step == DEMO_RESERVES && fate < 14) {
        go_on_in(visit, maker, DEMO_EXPIRES, HOLD_SECONDS);
    } else if (step == DEMO_RESERVES) {
        go_on_in(visit, maker, fate < 20 ? DEMO_EMPTIES : DEMO_PAYS, 0);
    } else if (step == DEMO_PAYS || step == DEMO_SELLS) {
        stock->sold += visit->item.quantity;
        if (step == DEMO_PAYS && fate < 4) {
            go_on_in(visit, maker, DEMO_REFUNDS, HOUR + demo_random(maker, 6 * DAY));
        } else if (visit->channel == CHANNEL_BOX_OFFICE && fate < 3) {
            go_on_in(visit, maker, DEMO_REFUNDS, 600 + demo_random(maker, HOUR));
        }
        if (visit->step == DEMO_REFUNDS && is_last_day(visit, maker)) {
            visit->step = DEMO_IS_DONE;
        }
    } else if (step == DEMO_REFUNDS) {
        stock->sold -= visit->item.quantity;
    }
}
