/* Events: what tickets are sold for. */
#include "routes/callers/caller.h"
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/resources/settings.h"
#include "routes/wire/render.h"

static void read_settings(struct object *object, bool is_new, struct event_command *command) {
    enum member_need need = is_new ? MEMBER_REQUIRED : MEMBER_OPTIONAL;
    struct event *event = &command->event;
    unsigned *fields = &command->fields;
    event->start_date = event->end_date = INSTANT_NONE;
    event->created_at = event->updated_at = event->archived_at = INSTANT_NONE;
    settings_note(fields, SETTING_NAME, object_text(object, "name", need, FORM_NAME, &event->name));
    settings_note(
        fields, SETTING_DESCRIPTION,
        object_text(object, "description", MEMBER_NULLABLE, FORM_DESCRIPTION, &event->description));
    settings_note(fields, SETTING_VENUE,
                  object_uuid(object, "venue_id", MEMBER_NULLABLE, &event->venue_id));
    settings_note(fields, SETTING_START_DATE,
                  object_instant(object, "start_date", need, &event->start_date));
    settings_note(fields, SETTING_END_DATE,
                  object_instant(object, "end_date", MEMBER_NULLABLE, &event->end_date));
    settings_note(fields, SETTING_PUBLISHED,
                  object_boolean(object, "published", MEMBER_OPTIONAL, &event->published));
    settings_note(fields, SETTING_FEATURED,
                  object_boolean(object, "featured", MEMBER_OPTIONAL, &event->featured));
    settings_note(fields, SETTING_IMAGE_URL, object_image_url(object, &event->image_url));
    settings_note(fields, SETTING_CURRENCY,
                  object_currency(object, MEMBER_OPTIONAL, &event->currency));
    settings_note(fields, SETTING_TIME_ZONE,
                  object_time_zone(object, MEMBER_OPTIONAL, &event->time_zone));
}

struct answered route_event_create(struct call *call) {
    struct body body;
    struct event_command *command = &call->submission.command.of.event;
    const struct routes_options *options = &call->routes->options;
    read_settings(body_open(&body, call, BODY_REQUIRED), true, command);
    if ((command->fields & SETTING_CURRENCY) == 0) {
        memcpy(command->event.currency.code, options->currency.bytes, options->currency.length);
    }
    if ((command->fields & SETTING_TIME_ZONE) == 0) {
        command->event.time_zone = options->time_zone;
    }
    return body_submit(&body, COMMAND_EVENT_CREATE);
}

static enum error find(struct store_reader *reader, struct uuid id, struct arena *arena,
                       struct uuid *event_id, struct failure *failure) {
    struct event event;
    *event_id = id;
    return reader_event(reader, id, arena, &event, failure);
}

struct answered route_event_update(struct call *call) {
    struct body body;
    struct event_command *command = &call->submission.command.of.event;
    read_settings(body_open(&body, call, BODY_REQUIRED), false, command);
    command->event.id = call->id;
    return settings_change(&body, COMMAND_EVENT_CHANGE, &command->if_version, find);
}

struct answered route_event_archive(struct call *call) {
    return settings_archive(call, COMMAND_EVENT_ARCHIVE, true);
}

struct answered route_event_unarchive(struct call *call) {
    return settings_archive(call, COMMAND_EVENT_ARCHIVE, false);
}

static struct answered read_one(struct call *call, struct store_reader *reader) {
    struct event event;
    struct failure failure;
    enum error error = reader_event(reader, call->id, call_scratch(call), &event, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (!caller_sees_all(call, event.id) && !event_is_public(&event)) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    json_writer_init(&json, call_scratch(call));
    render_event(&json, &event);
    reply_header(&headers, TEXT("ETag"), version_etag(event.version, call_arena(call)));
    return call_reply(call, 200, &json, &headers);
}

struct answered route_event_get(struct call *call) {
    return call_query(call, read_one, NULL);
}

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    (void)request;
    row_event(fields, row);
}

static const struct event sample = {
    .start_date = NO_INSTANT,
    .end_date = NO_INSTANT,
    .created_at = NO_INSTANT,
    .updated_at = NO_INSTANT,
    .archived_at = NO_INSTANT,
};

static const struct list events = {
    .parameters = PARAMETER_WHEN | PARAMETER_Q,
    .read = reader_events,
    .row_size = sizeof(struct event),
    .row = write_row,
    .sample = &sample,
};

struct answered route_event_list(struct call *call) {
    return list_answer(call, &events, NULL);
}
