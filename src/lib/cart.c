/* Carts: several reservations made and ended together, and direct sales, which are carts sold at
 * once. */
#include "lib/call.h"
#include "lib/plain.h"
#include "lib/reading.h"

static void answer(const struct call *call, struct ticketd_cart *cart) {
    const struct outcome *outcome = &call->outcome;
    if (cart != NULL) {
        plain_cart(outcome->cart, outcome->lines, outcome->lines_count, outcome->decided_at, cart);
    }
}

static enum ticketd_code run(struct call *call, struct ticketd_cart *cart) {
    if (call_run(call)) {
        answer(call, cart);
    }
    return call_end(call);
}

static struct target whole(struct ticketd_id id) {
    return (struct target){.id = plain_uuid(id), .is_cart = true};
}

enum ticketd_code ticketd_cart_create(struct ticketd *ticketd,
                                      const struct ticketd_cart_request *request,
                                      const struct ticketd_call *call, struct ticketd_cart *cart) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_CART_CREATE);
    act.command.of.reserve = (struct reserve_command){
        .items = call_items(&act, request->items, request->items_count, CALL_REQUIRED),
        .user_id = plain_uuid(request->user_id),
        .seconds = call_seconds(&act, request->seconds, RESERVATION_SECONDS_DEFAULT),
    };
    return run(&act, cart);
}

enum ticketd_code ticketd_cart_replace(struct ticketd *ticketd,
                                       const struct ticketd_cart_request *request,
                                       const struct ticketd_call *call, struct ticketd_cart *cart) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_CART_REPLACE);
    act.command.of.reserve = (struct reserve_command){
        .items = call_items(&act, request->items, request->items_count, CALL_REQUIRED),
        .cart_id = plain_uuid(request->id),
    };
    return run(&act, cart);
}

enum ticketd_code ticketd_cart_complete(struct ticketd *ticketd,
                                        const struct ticketd_complete_request *request,
                                        const struct ticketd_call *call,
                                        struct ticketd_cart *cart) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_COMPLETE);
    call_complete(&act, request, whole(request->id));
    return run(&act, cart);
}

enum ticketd_code ticketd_cart_release(struct ticketd *ticketd,
                                       const struct ticketd_release_request *request,
                                       const struct ticketd_call *call, struct ticketd_cart *cart) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_RELEASE);
    call_release(&act, request, whole(request->id));
    return run(&act, cart);
}

enum ticketd_code ticketd_cart_extend(struct ticketd *ticketd,
                                      const struct ticketd_extend_request *request,
                                      const struct ticketd_call *call, struct ticketd_cart *cart) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_EXTEND);
    call_extend(&act, request, whole(request->id));
    return run(&act, cart);
}

enum ticketd_code ticketd_cart_refund(struct ticketd *ticketd,
                                      const struct ticketd_cart_refund_request *request,
                                      const struct ticketd_call *call,
                                      struct ticketd_cart_refund *refund) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_REFUND);
    act.command.of.refund = (struct refund_command){
        .target = whole(request->id),
        .items = call_items(&act, request->items, request->items_count, CALL_OPTIONAL),
        .reason = call_reason(&act, request->reason, CALL_REQUIRED),
        .tender = call_tender(&act, request->tender),
        .disposition = call_disposition(&act, request->disposition),
    };
    if (call_run(&act) && refund != NULL) {
        struct call_refunded refunded = call_refunded(&act);
        refund->quantity = refunded.quantity;
        refund->amount = refunded.amount;
        answer(&act, &refund->cart);
    }
    return call_end(&act);
}

enum ticketd_code ticketd_sell(struct ticketd *ticketd, const struct ticketd_sell_request *request,
                               const struct ticketd_call *call, struct ticketd_cart *cart) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_SELL);
    if (act.asked->as_public) {
        call_fail(&act, TICKETD_ROLE_REQUIRED);
    }
    enum channel channel = call_channel(&act, request->channel);
    act.command.of.sell = (struct sell_command){
        .items = call_items(&act, request->items, request->items_count, CALL_REQUIRED),
        .user_id = plain_uuid(request->user_id),
        .order_id = call_order_id(&act, request->order_id, CALL_OPTIONAL),
        .channel = channel,
        .tender = call_tender(&act, request->tender),
        .reason = call_reason(&act, request->reason,
                              channel == CHANNEL_COMP ? CALL_REQUIRED : CALL_OPTIONAL),
    };
    return run(&act, cart);
}

enum ticketd_code ticketd_cart_read(struct ticketd *ticketd, struct ticketd_id id,
                                    struct ticketd_cart *cart) {
    struct reading reading;
    struct cart row = {0};
    struct page lines = {0};
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_cart(reading.reader, plain_uuid(id), &reading.arena, &row,
                                           &lines, &reading.failure));
    }
    if (reading.code == TICKETD_OK && cart != NULL) {
        plain_cart(&row, lines.rows, lines.count, lines.as_of, cart);
    }
    return reading_end(&reading);
}
