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
                                      const struct ticketd_call *asked, struct ticketd_cart *cart) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_CART_CREATE);
    call.command.of.reserve = (struct reserve_command){
        .items = call_items(&call, request->items, request->items_count, CALL_REQUIRED),
        .user_id = plain_uuid(request->user_id),
        .seconds = call_seconds(&call, request->seconds, RESERVATION_SECONDS_DEFAULT),
    };
    return run(&call, cart);
}

enum ticketd_code ticketd_cart_replace(struct ticketd *ticketd,
                                       const struct ticketd_cart_request *request,
                                       const struct ticketd_call *asked,
                                       struct ticketd_cart *cart) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_CART_REPLACE);
    call.command.of.reserve = (struct reserve_command){
        .items = call_items(&call, request->items, request->items_count, CALL_REQUIRED),
        .cart_id = plain_uuid(request->id),
    };
    return run(&call, cart);
}

enum ticketd_code ticketd_cart_complete(struct ticketd *ticketd,
                                        const struct ticketd_complete_request *request,
                                        const struct ticketd_call *asked,
                                        struct ticketd_cart *cart) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_COMPLETE);
    call_complete(&call, request, whole(request->id));
    return run(&call, cart);
}

enum ticketd_code ticketd_cart_release(struct ticketd *ticketd,
                                       const struct ticketd_release_request *request,
                                       const struct ticketd_call *asked,
                                       struct ticketd_cart *cart) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_RELEASE);
    call.command.of.release = (struct release_command){
        .target = whole(request->id),
        .reason = call_reason(&call, request->reason, CALL_OPTIONAL),
    };
    return run(&call, cart);
}

enum ticketd_code ticketd_cart_extend(struct ticketd *ticketd,
                                      const struct ticketd_extend_request *request,
                                      const struct ticketd_call *asked, struct ticketd_cart *cart) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_EXTEND);
    call.command.of.extend = (struct extend_command){
        .target = whole(request->id),
        .seconds = call_seconds(&call, request->seconds, 0),
    };
    return run(&call, cart);
}

enum ticketd_code ticketd_cart_refund(struct ticketd *ticketd,
                                      const struct ticketd_cart_refund_request *request,
                                      const struct ticketd_call *asked,
                                      struct ticketd_cart_refund *refund) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_REFUND);
    call.command.of.refund = (struct refund_command){
        .target = whole(request->id),
        .items = call_items(&call, request->items, request->items_count, CALL_OPTIONAL),
        .reason = call_reason(&call, request->reason, CALL_REQUIRED),
        .tender = call_tender(&call, request->tender),
        .disposition = call_disposition(&call, request->disposition),
    };
    if (call_run(&call) && refund != NULL) {
        struct call_refunded refunded = call_refunded(&call);
        refund->quantity = refunded.quantity;
        refund->amount = refunded.amount;
        answer(&call, &refund->cart);
    }
    return call_end(&call);
}

enum ticketd_code ticketd_sell(struct ticketd *ticketd, const struct ticketd_sell_request *request,
                               const struct ticketd_call *asked, struct ticketd_cart *cart) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_SELL);
    if (call.asked->as_public) {
        call_fail(&call, TICKETD_ROLE_REQUIRED);
    }
    enum channel channel = call_channel(&call, request->channel);
    call.command.of.sell = (struct sell_command){
        .items = call_items(&call, request->items, request->items_count, CALL_REQUIRED),
        .user_id = plain_uuid(request->user_id),
        .order_id = call_order_id(&call, request->order_id, CALL_OPTIONAL),
        .channel = channel,
        .tender = call_tender(&call, request->tender),
        .reason = call_reason(&call, request->reason,
                              channel == CHANNEL_COMP ? CALL_REQUIRED : CALL_OPTIONAL),
    };
    return run(&call, cart);
}

enum ticketd_code ticketd_cart_read(struct ticketd *ticketd, struct ticketd_id id,
                                    struct ticketd_cart *cart) {
    struct reading reading;
    struct cart row;
    struct page lines;
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_cart(reading.reader, plain_uuid(id), &reading.arena, &row,
                                           &lines, &reading.failure));
    }
    if (reading.code == TICKETD_OK && cart != NULL) {
        plain_cart(&row, lines.rows, lines.count, lines.as_of, cart);
    }
    return reading_end(&reading);
}
