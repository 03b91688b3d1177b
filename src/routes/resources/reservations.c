/* Reservations: making, reading and listing them, and sales, which they become. */
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/resources/endings.h"
#include "routes/wire/render.h"

struct answered route_reservation_create(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct reserve_command *reserve = &call->submission.command.of.reserve;
    object_uuid(object, "ticket_type_id", MEMBER_REQUIRED, &call->item.id);
    object_quantity(object, MEMBER_REQUIRED, &call->item.quantity);
    object_seconds(object, MEMBER_OPTIONAL, &reserve->seconds);
    object_uuid(object, "user_id", MEMBER_OPTIONAL, &reserve->user_id);
    reserve->items = (struct items){&call->item, 1};
    return body_submit(&body, COMMAND_RESERVE);
}

struct answered route_reservation_complete(struct call *call) {
    return ending_complete(call, false);
}

struct answered route_reservation_release(struct call *call) {
    return ending_release(call, false);
}

struct answered route_reservation_extend(struct call *call) {
    return ending_extend(call, false);
}

struct answered route_reservation_refund(struct call *call) {
    return ending_refund(call, false);
}

static struct answered read_one(struct call *call, struct store_reader *reader) {
    struct reservation reservation;
    struct instant as_of;
    struct failure failure;
    enum error error =
        reader_reservation(reader, call->id, call_scratch(call), &reservation, &as_of, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (!caller_reaches_event(&call->caller, reservation.event_id)) {
        return call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
    }
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    render_reservation(&json, &reservation, as_of);
    return call_reply(call, 200, &json, NULL);
}

struct answered route_reservation_get(struct call *call) {
    return call_query(call, read_one, NULL);
}

/* --- lists --------------------------------------------------------------------------- */

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    row_reservation(fields, row, request->as_of);
}

static const struct reservation sample = {
    .status = RESERVATION_ACTIVE,
    .expires_at = NO_INSTANT,
    .created_at = NO_INSTANT,
    .completed_at = NO_INSTANT,
};

static const struct list reservations = {
    .parameters = PARAMETER_EVENT | PARAMETER_TICKET_TYPE | PARAMETER_CART | PARAMETER_ORDER |
                  PARAMETER_USER | PARAMETER_STATUS | PARAMETER_CHANNEL | PARAMETER_TENDER |
                  PARAMETER_FROM | PARAMETER_TO,
    .read = reader_reservations,
    .row_size = sizeof(struct reservation),
    .row = write_row,
    .sample = &sample,
};

static const struct list sales = {
    .parameters = PARAMETER_EVENT | PARAMETER_TICKET_TYPE | PARAMETER_CART | PARAMETER_ORDER |
                  PARAMETER_USER | PARAMETER_ACTOR | PARAMETER_CHANNEL | PARAMETER_TENDER |
                  PARAMETER_FROM | PARAMETER_TO,
    .read = reader_sales,
    .row_size = sizeof(struct reservation),
    .row = write_row,
    .sample = &sample,
};

struct answered route_reservation_list(struct call *call) {
    return list_answer(call, &reservations, NULL);
}

struct answered route_sale_list(struct call *call) {
    return list_answer(call, &sales, NULL);
}

/* --- expiries ------------------------------------------------------------------------ */

/* Waits for the lane, which a reader's thread may do. */
static struct answered release_expired(struct call *call, struct store_reader *reader) {
    (void)reader;
    int64_t released = 0;
    struct failure failure;
    enum error error =
        executor_release_expired(call_executor(call), &call->caller, &released, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    json_object_begin(&json);
    json_member_integer(&json, "released", released);
    json_object_end(&json);
    return call_reply(call, 200, &json, NULL);
}

/* Not one command but many, and the second time there is nothing left to release: an
 * Idempotency-Key is checked and has nothing to protect. */
struct answered route_reservation_release_expired(struct call *call) {
    struct body body;
    struct answered answered;
    body_open(&body, call, BODY_OPTIONAL);
    if (!body_passes(&body, &answered)) {
        return answered;
    }
    return call_query(call, release_expired, NULL);
}
