/* Reservations, alone: set aside, sold, given back, given more time, refunded. */
#include "lib/call.h"
#include "lib/plain.h"
#include "lib/reading.h"

static void answer(const struct call *call, struct ticketd_reservation *reservation) {
    if (reservation != NULL) {
        plain_reservation(call->outcome.lines, call->outcome.decided_at, reservation);
    }
}

static struct target alone(struct ticketd_id id) {
    return (struct target){.id = plain_uuid(id)};
}

enum ticketd_code ticketd_reserve(struct ticketd *ticketd,
                                  const struct ticketd_reserve_request *request,
                                  const struct ticketd_call *asked,
                                  struct ticketd_reservation *reservation) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_RESERVE);
    struct item item = {plain_uuid(request->ticket_type_id),
                        call_quantity(&call, request->quantity)};
    call.command.of.reserve = (struct reserve_command){
        .items = {&item, 1},
        .user_id = plain_uuid(request->user_id),
        .seconds = call_seconds(&call, request->seconds, RESERVATION_SECONDS_DEFAULT),
    };
    if (call_run(&call)) {
        answer(&call, reservation);
    }
    return call_end(&call);
}

enum ticketd_code ticketd_complete_sale(struct ticketd *ticketd,
                                        const struct ticketd_complete_request *request,
                                        const struct ticketd_call *asked,
                                        struct ticketd_reservation *reservation) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_COMPLETE);
    call_complete(&call, request, alone(request->id));
    if (call_run(&call)) {
        answer(&call, reservation);
    }
    return call_end(&call);
}

enum ticketd_code ticketd_release(struct ticketd *ticketd,
                                  const struct ticketd_release_request *request,
                                  const struct ticketd_call *asked,
                                  struct ticketd_reservation *reservation) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_RELEASE);
    call.command.of.release = (struct release_command){
        .target = alone(request->id),
        .reason = call_reason(&call, request->reason, CALL_OPTIONAL),
    };
    if (call_run(&call)) {
        answer(&call, reservation);
    }
    return call_end(&call);
}

enum ticketd_code ticketd_extend(struct ticketd *ticketd,
                                 const struct ticketd_extend_request *request,
                                 const struct ticketd_call *asked,
                                 struct ticketd_reservation *reservation) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_EXTEND);
    call.command.of.extend = (struct extend_command){
        .target = alone(request->id),
        .seconds = call_seconds(&call, request->seconds, 0),
    };
    if (call_run(&call)) {
        answer(&call, reservation);
    }
    return call_end(&call);
}

enum ticketd_code ticketd_refund(struct ticketd *ticketd,
                                 const struct ticketd_refund_request *request,
                                 const struct ticketd_call *asked, struct ticketd_refund *refund) {
    struct call call;
    call_begin(&call, ticketd, asked, COMMAND_REFUND);
    call.command.of.refund = (struct refund_command){
        .target = alone(request->id),
        .quantity = request->quantity == 0 ? 0 : call_quantity(&call, request->quantity),
        .reason = call_reason(&call, request->reason, CALL_REQUIRED),
        .tender = call_tender(&call, request->tender),
        .disposition = call_disposition(&call, request->disposition),
    };
    if (call_run(&call) && refund != NULL) {
        struct call_refunded refunded = call_refunded(&call);
        refund->quantity = refunded.quantity;
        refund->amount = refunded.amount;
        answer(&call, &refund->reservation);
    }
    return call_end(&call);
}

enum ticketd_code ticketd_reservation_read(struct ticketd *ticketd, struct ticketd_id id,
                                           struct ticketd_reservation *reservation) {
    struct reading reading;
    struct reservation row;
    struct instant as_of;
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_reservation(reading.reader, plain_uuid(id), &reading.arena,
                                                  &row, &as_of, &reading.failure));
    }
    if (reading.code == TICKETD_OK && reservation != NULL) {
        plain_reservation(&row, as_of, reservation);
    }
    return reading_end(&reading);
}
