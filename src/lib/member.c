/* The members of a request, judged before anything is sent (call.h). */
#include "base/time_zone.h"
#include "lib/call.h"
#include "lib/code.h"
#include "lib/plain.h"

struct text call_text(struct call *call, const char *field, const char *text, enum call_need need,
                      struct form form) {
    if (text == NULL) {
        if (need == CALL_REQUIRED) {
            call_fault(call, field, "This is needed.");
        }
        return TEXT_NONE;
    }
    const char *fault = form_sentence(form_judge(text_of(text), form));
    if (fault != NULL) {
        call_fault(call, field, fault);
        return TEXT_NONE;
    }
    return text_of(text);
}

struct text call_reason(struct call *call, const char *reason, enum call_need need) {
    struct text text = text_trimmed(text_of(reason));
    if (text_is_absent(text)) {
        return call_text(call, "reason", NULL, need, (struct form){0});
    }
    const char *fault = form_sentence(
        form_judge(text, (struct form){REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX, FORM_LINE}));
    if (fault != NULL) {
        call_fault(call, "reason", fault);
    }
    return text;
}

struct text call_order_id(struct call *call, const char *order_id, enum call_need need) {
    return call_text(call, "order_id", order_id, need,
                     (struct form){1, ORDER_ID_CHARACTERS_MAX, FORM_LINE});
}

struct text call_tender(struct call *call, const char *tender) {
    if (tender != NULL && !form_is_tender(text_of(tender))) {
        call_fault(call, "tender", "This is a word of small letters, digits and _, such as cash.");
    }
    return text_of(tender);
}

struct text call_time_zone(struct call *call, const char *zone) {
    if (zone != NULL && !time_zone_exists(text_of(zone))) {
        call_fault(call, "time_zone", "This system knows no such time zone.");
    }
    return text_of(zone);
}

int32_t call_quantity(struct call *call, int32_t quantity) {
    if (quantity < 1) {
        call_fault(call, "quantity", "A quantity is at least 1.");
    }
    return quantity;
}

int32_t call_seconds(struct call *call, int32_t seconds, int32_t initial) {
    int32_t meant = seconds == 0 ? initial : seconds;
    if (meant < 1 || meant > RESERVATION_SECONDS_MAX) {
        call_fault(call, "seconds", "A reservation lives between 1 second and 2 hours.");
    }
    return meant;
}

enum channel call_channel(struct call *call, enum ticketd_channel channel) {
    int number = (int)channel;
    if (number < 0 || number > TICKETD_COMP) {
        call_fault(call, "channel", "There is no such channel.");
    }
    return number == 0 ? CHANNEL_ONLINE : (enum channel)number;
}

enum disposition call_disposition(struct call *call, enum ticketd_disposition disposition) {
    int number = (int)disposition;
    if (number < 0 || number > TICKETD_VOID) {
        call_fault(call, "disposition", "There is no such disposition.");
    }
    return number == 0 ? DISPOSITION_RETURN : (enum disposition)number;
}

struct instant call_time(struct call *call, const char *field, ticketd_time at) {
    struct instant instant = plain_instant(at);
    if (at < 0 || at > INSTANT_MAX.us) {
        call_fault(call, field, "This is not between the years 1970 and 9999.");
    }
    return instant;
}

struct items call_items(struct call *call, const struct ticketd_item *items, size_t count,
                        enum call_need need) {
    if (count == 0 && need == CALL_OPTIONAL) {
        return (struct items){NULL, 0};
    }
    if (items == NULL || count < 1 || count > CART_LINES_MAX) {
        call_fault(call, "items", "There are 1 to 50 items.");
        return (struct items){NULL, 0};
    }
    struct item *list = arena_array(&call->arena, struct item, count);
    if (list == NULL) {
        call_fail(call, TICKETD_NO_MEMORY);
        return (struct items){NULL, 0};
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct item){plain_uuid(items[i].id), items[i].quantity};
    }
    return (struct items){list, count};
}

void call_complete(struct call *call, const struct ticketd_complete_request *request,
                   struct target target) {
    enum channel channel = call_channel(call, request->channel);
    call->command.of.complete = (struct complete_command){
        .target = target,
        .order_id = call_order_id(call, request->order_id, CALL_REQUIRED),
        .tender = call_tender(call, request->tender),
        .reason = call_reason(call, request->reason,
                              channel == CHANNEL_COMP ? CALL_REQUIRED : CALL_OPTIONAL),
        .channel = channel,
        .refuse_if_expired = request->refuse_if_expired,
    };
}

void call_release(struct call *call, const struct ticketd_release_request *request,
                  struct target target) {
    call->command.of.release = (struct release_command){
        .target = target,
        .reason = call_reason(call, request->reason, CALL_OPTIONAL),
    };
}

void call_extend(struct call *call, const struct ticketd_extend_request *request,
                 struct target target) {
    call->command.of.extend = (struct extend_command){
        .target = target,
        .seconds = call_seconds(call, request->seconds, 0),
    };
}
