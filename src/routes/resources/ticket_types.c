/* Ticket types: their settings, and the adjustments of what there is of them (R9). */
#include "routes/callers/caller.h"
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/resources/settings.h"
#include "routes/wire/render.h"

/* Null or left out is 0: no limit. */
static enum member read_max(struct object *object, const char *name, int32_t *limit) {
    int64_t number = 0;
    enum member member = object_integer(object, name, MEMBER_NULLABLE, 1, COUNT_MAX, &number);
    *limit = (int32_t)number;
    return member;
}

static void read_settings(struct object *object, bool is_new, struct type_command *command) {
    enum member_need need = is_new ? MEMBER_REQUIRED : MEMBER_OPTIONAL;
    struct ticket_type *type = &command->type;
    unsigned *fields = &command->fields;
    type->sales_start = type->sales_end = type->last_entry_at = INSTANT_NONE;
    type->created_at = type->updated_at = type->archived_at = INSTANT_NONE;
    settings_note(fields, SETTING_NAME, object_text(object, "name", need, FORM_NAME, &type->name));
    settings_note(
        fields, SETTING_DESCRIPTION,
        object_text(object, "description", MEMBER_NULLABLE, FORM_DESCRIPTION, &type->description));
    settings_note(fields, SETTING_PRICE,
                  object_integer(object, "price", need, 0, PRICE_MAX, &type->price));
    settings_note(fields, SETTING_SALES_START,
                  object_instant(object, "sales_start", MEMBER_NULLABLE, &type->sales_start));
    settings_note(fields, SETTING_SALES_END,
                  object_instant(object, "sales_end", MEMBER_NULLABLE, &type->sales_end));
    settings_note(fields, SETTING_MAX_PER_ORDER,
                  read_max(object, "max_per_order", &type->max_per_order));
    settings_note(fields, SETTING_MAX_PER_CUSTOMER,
                  read_max(object, "max_per_customer", &type->max_per_customer));
}

struct answered route_ticket_type_create(struct call *call) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct type_command *command = &call->submission.command.of.type;
    int64_t initial = 0;
    read_settings(object, true, command);
    object_integer(object, "initial_inventory", MEMBER_REQUIRED, 0, COUNT_MAX, &initial);
    command->type.event_id = call->id;
    command->type.initial = (int32_t)initial;
    return body_submit(&body, COMMAND_TYPE_CREATE);
}

static enum error find(struct store_reader *reader, struct uuid id, struct arena *arena,
                       struct uuid *event_id, struct failure *failure) {
    struct type_reading type;
    enum error error = reader_type(reader, id, arena, &type, failure);
    if (error == ERROR_NONE) {
        *event_id = type.row.event_id;
    }
    return error;
}

struct answered route_ticket_type_update(struct call *call) {
    struct body body;
    struct type_command *command = &call->submission.command.of.type;
    read_settings(body_open(&body, call, BODY_REQUIRED), false, command);
    command->type.id = call->id;
    return settings_change(&body, COMMAND_TYPE_CHANGE, &command->if_version, find);
}

struct answered route_ticket_type_archive(struct call *call) {
    return settings_archive(call, COMMAND_TYPE_ARCHIVE, true);
}

struct answered route_ticket_type_unarchive(struct call *call) {
    return settings_archive(call, COMMAND_TYPE_ARCHIVE, false);
}

static struct answered adjust(struct call *call, enum action action) {
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct adjust_command *command = &call->submission.command.of.adjust;
    command->ticket_type_id = call->id;
    command->action = action;
    command->expected_total = -1;
    object_quantity(object, MEMBER_REQUIRED, &command->quantity);
    object_reason(object, MEMBER_REQUIRED, &command->reason);
    object_integer(object, "expected_total", MEMBER_OPTIONAL, 0, COUNT_MAX,
                   &command->expected_total);
    return body_submit(&body, COMMAND_ADJUST);
}

struct answered route_ticket_type_increase(struct call *call) {
    return adjust(call, ACTION_INCREASE);
}

struct answered route_ticket_type_decrease(struct call *call) {
    return adjust(call, ACTION_DECREASE);
}

static struct answered read_one(struct call *call, struct store_reader *reader) {
    struct type_reading type;
    struct failure failure;
    enum error error = reader_type(reader, call->id, call_scratch(call), &type, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    bool sees_all = caller_sees_all(call, type.row.event_id);
    if (!sees_all && (!type.event_is_public || !instant_is_none(type.row.archived_at))) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    json_writer_init(&json, call_scratch(call));
    render_type(&json, &type.row, type.currency, sees_all);
    reply_header(&headers, TEXT("ETag"), version_etag(type.row.settings_version, call_arena(call)));
    return call_reply(call, 200, &json, &headers);
}

struct answered route_ticket_type_get(struct call *call) {
    return call_query(call, read_one, NULL);
}

/* --- the list of an event --------------------------------------------------------------- */

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    const struct type_reading *type = row;
    row_type(fields, &type->row, type->currency, request->all_counts);
}

static const struct type_reading sample = {
    .row = {.sales_start = NO_INSTANT,
            .sales_end = NO_INSTANT,
            .created_at = NO_INSTANT,
            .updated_at = NO_INSTANT,
            .archived_at = NO_INSTANT},
};

/* The event itself must be there, and be one that the caller sees. */
static bool admit(struct list_request *request, struct store_reader *reader) {
    struct call *call = request->call;
    struct event event;
    struct failure failure;
    enum error error = reader_event(reader, call->id, call_scratch(call), &event, &failure);
    if (error != ERROR_NONE) {
        call_refuse_error(call, error, &failure);
        return false;
    }
    if (!request->all_counts && !event_is_public(&event)) {
        call_refuse(call, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    return true;
}

static const struct list types = {
    .read = reader_types,
    .row_size = sizeof(struct type_reading),
    .row = write_row,
    .sample = &sample,
    .admit = admit,
};

/* Another event than the caller's own shows as it does to the public. */
static void narrow(struct list_request *request) {
    struct list_filter *filter = &request->query.filter;
    request->all_counts = caller_sees_all(request->call, request->call->id);
    filter->event_id = request->call->id;
    filter->events_count = 0;
    filter->public_only = !request->all_counts;
    filter->include_archived = request->all_counts;
}

struct answered route_ticket_type_list(struct call *call) {
    return list_answer(call, &types, narrow);
}
