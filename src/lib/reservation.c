/* Reservations, alone: set aside, sold, given back, given more time, refunded. */
#include "lib/call.h"
#include "lib/plain.h"
#include "lib/reading.h"

static void answer(const struct call *call, struct ticketd_reservation *reservation) {
    if (reservation != NULL) {
        plain_reservation(call->outcome.lines, call->outcome.decided_at, reservation);
    }
}

static enum ticketd_code run(struct call *call, struct ticketd_reservation *reservation) {
    if (call_run(call)) {
        answer(call, reservation);
    }
    return call_end(call);
}

static struct target alone(struct ticketd_id id) {
    return (struct target){.id = plain_uuid(id)};
}

enum ticketd_code ticketd_reserve(struct ticketd *ticketd,
                                  const struct ticketd_reserve_request *request,
                                  const struct ticketd_call *call,
                                  struct ticketd_reservation *reservation) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_RESERVE);
    struct item item = {plain_uuid(request->ticket_type_id),
                        call_quantity(&act, request->quantity)};
    act.command.of.reserve = (struct reserve_command){
        .items = {&item, 1},
        .user_id = plain_uuid(request->user_id),
        .seconds = call_seconds(&act, request->seconds, RESERVATION_SECONDS_DEFAULT),
    };
    return run(&act, reservation);
}

enum ticketd_code ticketd_complete_sale(struct ticketd *ticketd,
                                        const struct ticketd_complete_request *request,
                                        const struct ticketd_call *call,
                                        struct ticketd_reservation *reservation) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_COMPLETE);
    call_complete(&act, request, alone(request->id));
    return run(&act, reservation);
}

enum ticketd_code ticketd_release(struct ticketd *ticketd,
                                  const struct ticketd_release_request *request,
                                  const struct ticketd_call *call,
                                  struct ticketd_reservation *reservation) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_RELEASE);
    call_release(&act, request, alone(request->id));
    return run(&act, reservation);
}

enum ticketd_code ticketd_extend(struct ticketd *ticketd,
                                 const struct ticketd_extend_request *request,
                                 const struct ticketd_call *call,
                                 struct ticketd_reservation *reservation) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_EXTEND);
    call_extend(&act, request, alone(request->id));
    return run(&act, reservation);
}

enum ticketd_code ticketd_refund(struct ticketd *ticketd,
                                 const struct ticketd_refund_request *request,
                                 const struct ticketd_call *call, struct ticketd_refund *refund) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_REFUND);
    act.command.of.refund = (struct refund_command){
        .target = alone(request->id),
        .quantity = request->quantity == 0 ? 0 : call_quantity(&act, request->quantity),
        .reason = call_reason(&act, request->reason, CALL_REQUIRED),
        .tender = call_tender(&act, request->tender),
        .disposition = call_disposition(&act, request->disposition),
    };
    if (call_run(&act) && refund != NULL) {
        struct call_refunded refunded = call_refunded(&act);
        refund->quantity = refunded.quantity;
        refund->amount = refunded.amount;
        answer(&act, &refund->reservation);
    }
    return call_end(&act);
}

enum ticketd_code ticketd_reservation_read(struct ticketd *ticketd, struct ticketd_id id,
                                           struct ticketd_reservation *reservation) {
    struct reading reading;
    struct reservation row = {0};
    struct instant as_of = INSTANT_NONE;
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_reservation(reading.reader, plain_uuid(id), &reading.arena,
                                                  &row, &as_of, &reading.failure));
    }
    if (reading.code == TICKETD_OK && reservation != NULL) {
        plain_reservation(&row, as_of, reservation);
    }
    return reading_end(&reading);
}
