/* Shifts: opened, looked at (X) and closed (Z) by whoever sells at a till. */
#include "routes/callers/caller.h"
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/wire/render.h"

#define FORM_TERMINAL ((struct form){1, TERMINAL_CHARACTERS_MAX, FORM_LINE})
#define FORM_NOTE     ((struct form){1, REASON_CHARACTERS_MAX, FORM_LINE})

struct answered route_shift_open(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct shift *shift = &call->submission.command.of.shift.shift;
    object_text(object, "terminal", MEMBER_REQUIRED, FORM_TERMINAL, &shift->terminal);
    object_currency(object, MEMBER_REQUIRED, &shift->currency);
    object_integer(object, "opening_cash", MEMBER_REQUIRED, 0, SHIFT_MONEY_MAX,
                   &shift->opening_cash);
    return body_submit(&body, COMMAND_SHIFT_OPEN);
}

struct answered route_shift_close(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct shift *shift = &call->submission.command.of.shift.shift;
    shift->id = call->id;
    object_integer(object, "counted_cash", MEMBER_REQUIRED, 0, SHIFT_MONEY_MAX,
                   &shift->counted_cash);
    object_trimmed_text(object, "note", MEMBER_NULLABLE, FORM_NOTE, &shift->note);
    return body_submit(&body, COMMAND_SHIFT_CLOSE);
}

static struct answered read_one(struct call *call, struct store_reader *reader) {
    struct shift_reading shift;
    struct failure failure;
    enum error error = reader_shift(reader, call->id, call_scratch(call), &shift, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    bool is_own = uuid_equals(shift.row.operator.id, call->caller.actor.id);
    if (!is_own && !caller_sees_all_shifts(&call->caller)) {
        return call->reach == REACH_ALL ? call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL)
                                        : call_refuse_role(call, call->route->right, NULL);
    }
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    render_shift(&json, &shift, &call->routes->names);
    return call_reply(call, 200, &json, NULL);
}

struct answered route_shift_get(struct call *call) {
    return call_query(call, read_one, NULL);
}

/* --- the list ---------------------------------------------------------------------------- */

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    const struct shift_reading *shift = row;
    const struct call *call = request->call;
    row_shift(fields, shift,
              names_actor(&call->routes->names, shift->row.operator, call_scratch(call)));
}

static const struct shift_reading sample = {
    .row = {.operator= {.kind = ACTOR_KEY}, .opened_at = NO_INSTANT, .closed_at = NO_INSTANT},
};

static const struct list shifts = {
    .parameters = PARAMETER_ACTOR | PARAMETER_SHIFT_STATUS | PARAMETER_FROM | PARAMETER_TO,
    .read = reader_shifts,
    .row_size = sizeof(struct shift_reading),
    .row = write_row,
    .sample = &sample,
};

static void narrow_to_own(struct list_request *request) {
    const struct caller *caller = &request->call->caller;
    struct list_filter *filter = &request->query.filter;
    filter->own_since = INSTANT_NONE; /* all of one's own, however old */
    if (!caller_sees_all_shifts(caller)) {
        filter->own_actor = caller->actor.id;
    }
}

struct answered route_shift_list(struct call *call) {
    return list_answer(call, &shifts, narrow_to_own);
}
