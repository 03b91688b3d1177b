#include "routes/resources/endings.h"

#include "routes/callers/caller.h"
#include "routes/forms.h"

bool channel_is_allowed(const struct call *call, enum channel channel) {
    bool needs_staff = channel == CHANNEL_BOX_OFFICE || channel == CHANNEL_COMP;
    return !needs_staff || caller_reach(call, RIGHT_SELL) != REACH_NOTHING;
}

static bool parse_if_expired(struct text word, void *value) {
    bool refuse = text_equals(word, TEXT("refuse"));
    *(bool *)value = refuse;
    return refuse || text_equals(word, TEXT("retake"));
}

struct answered ending_complete(struct call *call, bool is_cart) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct complete_command *complete = &call->submission.command.of.complete;
    complete->target = (struct target){call->id, is_cart};
    complete->channel = CHANNEL_ONLINE;
    object_order_id(object, MEMBER_REQUIRED, &complete->order_id);
    object_channel(object, MEMBER_OPTIONAL, &complete->channel);
    object_tender(object, &complete->tender);
    enum member reason = object_reason(object, MEMBER_OPTIONAL, &complete->reason);
    object_word(object, "if_expired", MEMBER_OPTIONAL, parse_if_expired,
                "This must be retake or refuse.", &complete->refuse_if_expired);
    if (!channel_is_allowed(call, complete->channel)) {
        body_close(&body);
        return call_refuse_role(call, RIGHT_SELL, "This channel is for staff.");
    }
    if (complete->channel == CHANNEL_COMP && reason == MEMBER_ABSENT) {
        body_fault(&body, TEXT("/reason"), "required", "Free tickets need a reason.");
    }
    return body_submit(&body, COMMAND_COMPLETE);
}

struct answered ending_release(struct call *call, bool is_cart) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_OPTIONAL);
    struct release_command *release = &call->submission.command.of.release;
    release->target = (struct target){call->id, is_cart};
    object_reason(object, MEMBER_OPTIONAL, &release->reason);
    return body_submit(&body, COMMAND_RELEASE);
}

struct answered ending_extend(struct call *call, bool is_cart) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct extend_command *extend = &call->submission.command.of.extend;
    extend->target = (struct target){call->id, is_cart};
    object_seconds(object, MEMBER_REQUIRED, &extend->seconds);
    return body_submit(&body, COMMAND_EXTEND);
}

struct answered ending_refund(struct call *call, bool is_cart) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct refund_command *refund = &call->submission.command.of.refund;
    refund->target = (struct target){call->id, is_cart};
    if (is_cart) {
        object_items(object, "reservation_id", MEMBER_OPTIONAL, &refund->items);
    } else {
        object_quantity(object, MEMBER_OPTIONAL, &refund->quantity);
    }
    object_reason(object, MEMBER_REQUIRED, &refund->reason);
    object_disposition(object, &refund->disposition);
    object_tender(object, &refund->tender);
    return body_submit(&body, COMMAND_REFUND);
}
