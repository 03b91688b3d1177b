/* Venues: where events take place. They belong to no event, so that a scoped key cannot change
 * them. */
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/resources/settings.h"
#include "routes/wire/render.h"

static void read_settings(struct object *object, bool is_new, struct venue_command *command) {
    enum member_need need = is_new ? MEMBER_REQUIRED : MEMBER_OPTIONAL;
    struct venue *venue = &command->venue;
    venue->created_at = venue->updated_at = venue->archived_at = INSTANT_NONE;
    settings_note(&command->fields, SETTING_NAME,
                  object_text(object, "name", need, FORM_NAME, &venue->name));
    settings_note(&command->fields, SETTING_ADDRESS,
                  object_text(object, "address", MEMBER_NULLABLE, FORM_ADDRESS, &venue->address));
    settings_note(&command->fields, SETTING_TIME_ZONE,
                  object_time_zone(object, MEMBER_NULLABLE, &venue->time_zone));
}

struct answered route_venue_create(struct call *call) {
    struct body body;
    read_settings(body_open(&body, call, BODY_REQUIRED), true, &call->submission.command.of.venue);
    return body_submit(&body, COMMAND_VENUE_CREATE);
}

static enum error find(struct store_reader *reader, struct uuid id, struct arena *arena,
                       struct uuid *event_id, struct failure *failure) {
    struct venue venue;
    *event_id = UUID_NONE;
    return reader_venue(reader, id, arena, &venue, failure);
}

struct answered route_venue_update(struct call *call) {
    struct body body;
    struct venue_command *command = &call->submission.command.of.venue;
    read_settings(body_open(&body, call, BODY_REQUIRED), false, command);
    command->venue.id = call->id;
    return settings_change(&body, COMMAND_VENUE_CHANGE, &command->if_version, find);
}

struct answered route_venue_archive(struct call *call) {
    return settings_archive(call, COMMAND_VENUE_ARCHIVE, true);
}

struct answered route_venue_unarchive(struct call *call) {
    return settings_archive(call, COMMAND_VENUE_ARCHIVE, false);
}

static struct answered read_one(struct call *call, struct store_reader *reader) {
    struct venue venue;
    struct failure failure;
    enum error error = reader_venue(reader, call->id, call_scratch(call), &venue, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (call->reach == REACH_PUBLIC && !instant_is_none(venue.archived_at)) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    json_writer_init(&json, call_scratch(call));
    render_venue(&json, &venue);
    reply_header(&headers, TEXT("ETag"), version_etag(venue.version, call_arena(call)));
    return call_reply(call, 200, &json, &headers);
}

struct answered route_venue_get(struct call *call) {
    return call_query(call, read_one, NULL);
}

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    (void)request;
    row_venue(fields, row);
}

static const struct venue sample = {
    .created_at = NO_INSTANT,
    .updated_at = NO_INSTANT,
    .archived_at = NO_INSTANT,
};

static const struct list venues = {
    .parameters = PARAMETER_Q,
    .read = reader_venues,
    .row_size = sizeof(struct venue),
    .row = write_row,
    .sample = &sample,
};

static void narrow(struct list_request *request) {
    request->query.filter.events_count = 0; /* venues belong to no event */
}

struct answered route_venue_list(struct call *call) {
    return list_answer(call, &venues, narrow);
}
