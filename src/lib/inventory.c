/* The counts of ticket types: read, raised, lowered, and freed of what has expired. */
#include "lib/call.h"
#include "lib/code.h"
#include "lib/plain.h"
#include "lib/reading.h"

enum ticketd_code ticketd_counts(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                 struct ticketd_counts *counts) {
    struct reading reading;
    struct type_reading type = {0};
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_type(reading.reader, plain_uuid(ticket_type_id),
                                           &reading.arena, &type, &reading.failure));
    }
    if (reading.code == TICKETD_OK && counts != NULL) {
        *counts = plain_counts(&type.row);
    }
    return reading_end(&reading);
}

enum ticketd_code ticketd_available_count(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                          int64_t *available) {
    struct ticketd_counts counts = {.available = 0};
    enum ticketd_code code = ticketd_counts(ticketd, ticket_type_id, &counts);
    if (code == TICKETD_OK && available != NULL) {
        *available = counts.available;
    }
    return code;
}

enum ticketd_code ticketd_event_counts(struct ticketd *ticketd, struct ticketd_id event_id,
                                       struct ticketd_counts *counts, size_t max, size_t *count) {
    struct reading reading;
    struct event event;
    struct page types = {0};
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_inventory(reading.reader, plain_uuid(event_id),
                                                &reading.arena, &event, &types, &reading.failure));
    }
    if (reading.code == TICKETD_OK) {
        const struct type_reading *rows = types.rows;
        for (size_t i = 0; i < types.count && i < max; i++) {
            counts[i] = plain_counts(&rows[i].row);
        }
        if (count != NULL) {
            *count = types.count;
        }
    }
    return reading_end(&reading);
}

static enum ticketd_code adjust(struct ticketd *ticketd,
                                const struct ticketd_adjust_request *request,
                                const struct ticketd_call *call, enum action action,
                                struct ticketd_counts *counts) {
    struct call act;
    call_begin(&act, ticketd, call, COMMAND_ADJUST);
    if (request->if_total && request->expected_total < 0) {
        call_fault(&act, "expected_total", "A total is at least 0.");
    }
    act.command.of.adjust = (struct adjust_command){
        .ticket_type_id = plain_uuid(request->ticket_type_id),
        .action = action,
        .quantity = call_quantity(&act, request->quantity),
        .reason = call_reason(&act, request->reason, CALL_REQUIRED),
        .expected_total = request->if_total ? request->expected_total : -1,
    };
    if (call_run(&act) && counts != NULL) {
        *counts = plain_counts(act.outcome.type);
    }
    return call_end(&act);
}

enum ticketd_code ticketd_increase(struct ticketd *ticketd,
                                   const struct ticketd_adjust_request *request,
                                   const struct ticketd_call *call, struct ticketd_counts *counts) {
    return adjust(ticketd, request, call, ACTION_INCREASE, counts);
}

enum ticketd_code ticketd_decrease(struct ticketd *ticketd,
                                   const struct ticketd_adjust_request *request,
                                   const struct ticketd_call *call, struct ticketd_counts *counts) {
    return adjust(ticketd, request, call, ACTION_DECREASE, counts);
}

enum ticketd_code ticketd_release_expired(struct ticketd *ticketd, int64_t *released) {
    if (ticketd->executor == NULL) {
        return TICKETD_READ_ONLY;
    }
    struct caller system = {.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    struct failure failure;
    int64_t count = 0;
    enum error error = executor_release_expired(ticketd->executor, &system, &count, &failure);
    if (error == ERROR_NONE && released != NULL) {
        *released = count;
    }
    return code_of_error(error);
}
