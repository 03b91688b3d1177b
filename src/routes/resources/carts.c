/* Carts: several reservations of one event, made and ended together; and direct sales, which are
 * carts that are sold when they are made. */
#include "routes/callers/caller.h"
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/resources/endings.h"
#include "routes/wire/render.h"

struct answered route_cart_create(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct reserve_command *reserve = &call->submission.command.of.reserve;
    object_items(object, "ticket_type_id", MEMBER_REQUIRED, &reserve->items);
    object_seconds(object, MEMBER_OPTIONAL, &reserve->seconds);
    object_uuid(object, "user_id", MEMBER_OPTIONAL, &reserve->user_id);
    return body_submit(&body, COMMAND_CART_CREATE);
}

struct answered route_cart_replace(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct reserve_command *reserve = &call->submission.command.of.reserve;
    reserve->cart_id = call->id;
    object_items(object, "ticket_type_id", MEMBER_REQUIRED, &reserve->items);
    return body_submit(&body, COMMAND_CART_REPLACE);
}

struct answered route_sale_create(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct sell_command *sell = &call->submission.command.of.sell;
    object_items(object, "ticket_type_id", MEMBER_REQUIRED, &sell->items);
    object_order_id(object, MEMBER_OPTIONAL, &sell->order_id);
    object_channel(object, MEMBER_REQUIRED, &sell->channel);
    object_tender(object, &sell->tender);
    object_reason(object, MEMBER_OPTIONAL, &sell->reason);
    return body_submit(&body, COMMAND_SELL);
}

struct answered route_cart_complete(struct call *call) {
    return ending_complete(call, true);
}

struct answered route_cart_release(struct call *call) {
    return ending_release(call, true);
}

struct answered route_cart_extend(struct call *call) {
    return ending_extend(call, true);
}

struct answered route_cart_refund(struct call *call) {
    return ending_refund(call, true);
}

/* Leaves out the lines that a replacement removed; how many stay. */
static size_t keep_shown(const struct cart *cart, struct reservation *lines, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (cart_shows_line(cart, &lines[i])) {
            lines[kept++] = lines[i];
        }
    }
    return kept;
}

static struct answered read_one(struct call *call, struct store_reader *reader) {
    struct cart cart;
    struct page lines;
    struct failure failure;
    enum error error = reader_cart(reader, call->id, call_scratch(call), &cart, &lines, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (!caller_reaches_event(&call->caller, cart.event_id)) {
        return call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
    }
    size_t count = keep_shown(&cart, lines.rows, lines.count);
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    render_cart(&json, &cart, lines.rows, count, lines.as_of);
    return call_reply(call, 200, &json, NULL);
}

struct answered route_cart_get(struct call *call) {
    return call_query(call, read_one, NULL);
}
