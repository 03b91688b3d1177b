/* Venues, events and ticket types: made, changed under their version, archived and back. */
#include "lib/call.h"
#include "lib/code.h"
#include "lib/plain.h"
#include "lib/reading.h"

#include <assert.h>

static_assert((int)TICKETD_FIELD_NAME == (int)SETTING_NAME &&
                  (int)TICKETD_FIELD_VENUE == (int)SETTING_VENUE &&
                  (int)TICKETD_FIELD_CURRENCY == (int)SETTING_CURRENCY &&
                  (int)TICKETD_FIELD_PRICE == (int)SETTING_PRICE &&
                  (int)TICKETD_FIELD_ADDRESS == (int)SETTING_ADDRESS,
              "fields are cast to settings");

enum {
    VENUE_FIELDS = SETTING_NAME | SETTING_ADDRESS | SETTING_TIME_ZONE,
    EVENT_FIELDS = SETTING_NAME | SETTING_DESCRIPTION | SETTING_VENUE | SETTING_START_DATE |
                   SETTING_END_DATE | SETTING_PUBLISHED | SETTING_FEATURED | SETTING_IMAGE_URL |
                   SETTING_CURRENCY | SETTING_TIME_ZONE,
    TYPE_FIELDS = SETTING_NAME | SETTING_DESCRIPTION | SETTING_PRICE | SETTING_SALES_START |
                  SETTING_SALES_END | SETTING_MAX_PER_ORDER | SETTING_MAX_PER_CUSTOMER,
};

/* A new object has all its members judged, a change those that it means. */
static unsigned fields_of(struct call *call, bool is_new, unsigned asked, unsigned all) {
    if (!is_new && (asked == 0 || (asked & ~all) != 0)) {
        call_fault(call, "fields", "This names no member that could be changed.");
    }
    return is_new ? all : asked;
}

static struct text name_of(struct call *call, unsigned fields, const char *name) {
    if ((fields & SETTING_NAME) == 0) {
        return TEXT_NONE;
    }
    return call_text(call, "name", name, CALL_REQUIRED,
                     (struct form){1, NAME_CHARACTERS_MAX, FORM_LINE});
}

static struct text description_of(struct call *call, unsigned fields, const char *description) {
    if ((fields & SETTING_DESCRIPTION) == 0) {
        return TEXT_NONE;
    }
    return call_text(call, "description", description, CALL_OPTIONAL,
                     (struct form){0, DESCRIPTION_CHARACTERS_MAX, FORM_PARAGRAPH});
}

/* --- venues ----------------------------------------------------------------------------- */

static enum ticketd_code save_venue(struct ticketd *ticketd,
                                    const struct ticketd_venue_request *request,
                                    const struct ticketd_call *call, enum command_kind kind,
                                    struct ticketd_venue *venue) {
    struct call act;
    call_begin(&act, ticketd, call, kind);
    bool is_new = kind == COMMAND_VENUE_CREATE;
    struct venue_command *command = &act.command.of.venue;
    command->fields = fields_of(&act, is_new, request->fields, VENUE_FIELDS);
    command->if_version = is_new ? 0 : request->version;
    command->venue = (struct venue){
        .id = is_new ? UUID_NONE : plain_uuid(request->id),
        .name = name_of(&act, command->fields, request->name),
        .archived_at = INSTANT_NONE,
    };
    if ((command->fields & SETTING_ADDRESS) != 0) {
        command->venue.address =
            call_text(&act, "address", request->address, CALL_OPTIONAL,
                      (struct form){0, ADDRESS_CHARACTERS_MAX, FORM_PARAGRAPH});
    }
    if ((command->fields & SETTING_TIME_ZONE) != 0) {
        command->venue.time_zone = call_time_zone(&act, request->time_zone);
    }
    if (call_run(&act) && venue != NULL) {
        plain_venue(act.outcome.venue, venue);
    }
    return call_end(&act);
}

enum ticketd_code ticketd_venue_create(struct ticketd *ticketd,
                                       const struct ticketd_venue_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_venue *venue) {
    return save_venue(ticketd, request, call, COMMAND_VENUE_CREATE, venue);
}

enum ticketd_code ticketd_venue_change(struct ticketd *ticketd,
                                       const struct ticketd_venue_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_venue *venue) {
    return save_venue(ticketd, request, call, COMMAND_VENUE_CHANGE, venue);
}

/* --- events ----------------------------------------------------------------------------- */

static struct currency currency_of(struct call *call, const char *code) {
    struct currency currency = call->ticketd->currency;
    if (code != NULL && !form_is_currency(text_of(code))) {
        call_fault(call, "currency", "This is a currency as ISO 4217 writes it, such as EUR.");
    } else if (code != NULL) {
        memcpy(currency.code, code, sizeof currency.code);
    }
    return currency;
}

static struct text url_of(struct call *call, const char *url) {
    struct text text = call_text(call, "image_url", url, CALL_OPTIONAL,
                                 (struct form){1, URL_CHARACTERS_MAX, FORM_LINE});
    if (!text_is_absent(text) && !form_is_url(text)) {
        call_fault(call, "image_url", "This is an address that begins with https://.");
    }
    return text;
}

static struct event event_row(struct call *call, unsigned fields,
                              const struct ticketd_event_request *request) {
    struct event row = {
        .venue_id = plain_uuid(request->venue_id),
        .name = name_of(call, fields, request->name),
        .description = description_of(call, fields, request->description),
        .image_url =
            (fields & SETTING_IMAGE_URL) != 0 ? url_of(call, request->image_url) : TEXT_NONE,
        .start_date = call_time(call, "start_date", request->start_date),
        .end_date = call_time(call, "end_date", request->end_date),
        .archived_at = INSTANT_NONE,
        .published = request->published,
        .featured = request->featured,
    };
    if ((fields & SETTING_START_DATE) != 0 && request->start_date == 0) {
        call_fault(call, "start_date", "This is needed.");
    }
    if ((fields & SETTING_CURRENCY) != 0) {
        row.currency = currency_of(call, request->currency);
    }
    if ((fields & SETTING_TIME_ZONE) != 0) {
        row.time_zone = request->time_zone == NULL ? text_of(call->ticketd->time_zone)
                                                   : call_time_zone(call, request->time_zone);
    }
    return row;
}

static enum ticketd_code save_event(struct ticketd *ticketd,
                                    const struct ticketd_event_request *request,
                                    const struct ticketd_call *call, enum command_kind kind,
                                    struct ticketd_event *event) {
    struct call act;
    call_begin(&act, ticketd, call, kind);
    bool is_new = kind == COMMAND_EVENT_CREATE;
    struct event_command *command = &act.command.of.event;
    command->fields = fields_of(&act, is_new, request->fields, EVENT_FIELDS);
    command->if_version = is_new ? 0 : request->version;
    command->event = event_row(&act, command->fields, request);
    command->event.id = is_new ? UUID_NONE : plain_uuid(request->id);
    if (call_run(&act) && event != NULL) {
        plain_event(act.outcome.event, event);
    }
    return call_end(&act);
}

enum ticketd_code ticketd_event_create(struct ticketd *ticketd,
                                       const struct ticketd_event_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_event *event) {
    return save_event(ticketd, request, call, COMMAND_EVENT_CREATE, event);
}

enum ticketd_code ticketd_event_change(struct ticketd *ticketd,
                                       const struct ticketd_event_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_event *event) {
    return save_event(ticketd, request, call, COMMAND_EVENT_CHANGE, event);
}

/* --- ticket types ------------------------------------------------------------------------- */

static int32_t number_of(struct call *call, const char *field, int64_t number) {
    if (number < 0 || number > COUNT_MAX) {
        call_fault(call, field, "This is between 0 and 2,147,483,647.");
        return 0;
    }
    return (int32_t)number;
}

static enum ticketd_code save_type(struct ticketd *ticketd,
                                   const struct ticketd_type_request *request,
                                   const struct ticketd_call *call, enum command_kind kind,
                                   struct ticketd_type *type) {
    struct call act;
    call_begin(&act, ticketd, call, kind);
    bool is_new = kind == COMMAND_TYPE_CREATE;
    struct type_command *command = &act.command.of.type;
    command->fields = fields_of(&act, is_new, request->fields, TYPE_FIELDS);
    command->if_version = is_new ? 0 : request->version;
    command->type = (struct ticket_type){
        .id = is_new ? UUID_NONE : plain_uuid(request->id),
        .event_id = plain_uuid(request->event_id),
        .name = name_of(&act, command->fields, request->name),
        .description = description_of(&act, command->fields, request->description),
        .price = number_of(&act, "price", request->price),
        .initial = is_new ? number_of(&act, "initial_inventory", request->initial_inventory) : 0,
        .sales_start = call_time(&act, "sales_start", request->sales_start),
        .sales_end = call_time(&act, "sales_end", request->sales_end),
        .max_per_order = number_of(&act, "max_per_order", request->max_per_order),
        .max_per_customer = number_of(&act, "max_per_customer", request->max_per_customer),
        .last_entry_at = INSTANT_NONE,
        .archived_at = INSTANT_NONE,
    };
    if (call_run(&act) && type != NULL) {
        plain_type(act.outcome.type, type);
    }
    return call_end(&act);
}

enum ticketd_code ticketd_type_create(struct ticketd *ticketd,
                                      const struct ticketd_type_request *request,
                                      const struct ticketd_call *call, struct ticketd_type *type) {
    return save_type(ticketd, request, call, COMMAND_TYPE_CREATE, type);
}

enum ticketd_code ticketd_type_change(struct ticketd *ticketd,
                                      const struct ticketd_type_request *request,
                                      const struct ticketd_call *call, struct ticketd_type *type) {
    return save_type(ticketd, request, call, COMMAND_TYPE_CHANGE, type);
}

/* --- archive ---------------------------------------------------------------------------------- */

static enum ticketd_code archive_one(struct ticketd *ticketd, struct archive_command command,
                                     enum command_kind kind, const struct ticketd_call *call) {
    struct call act;
    call_begin(&act, ticketd, call, kind);
    act.command.of.archive = command;
    call_run(&act);
    return call_end(&act);
}

enum ticketd_code ticketd_venue_archive(struct ticketd *ticketd, struct ticketd_id id, bool archive,
                                        const struct ticketd_call *call) {
    return archive_one(ticketd, (struct archive_command){plain_uuid(id), archive},
                       COMMAND_VENUE_ARCHIVE, call);
}

enum ticketd_code ticketd_event_archive(struct ticketd *ticketd, struct ticketd_id id, bool archive,
                                        const struct ticketd_call *call) {
    return archive_one(ticketd, (struct archive_command){plain_uuid(id), archive},
                       COMMAND_EVENT_ARCHIVE, call);
}

enum ticketd_code ticketd_type_archive(struct ticketd *ticketd, struct ticketd_id id, bool archive,
                                       const struct ticketd_call *call) {
    return archive_one(ticketd, (struct archive_command){plain_uuid(id), archive},
                       COMMAND_TYPE_ARCHIVE, call);
}

/* --- reading -------------------------------------------------------------------------------- */

enum ticketd_code ticketd_venue_read(struct ticketd *ticketd, struct ticketd_id id,
                                     struct ticketd_venue *venue) {
    struct reading reading;
    struct venue row = {0};
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_venue(reading.reader, plain_uuid(id), &reading.arena, &row,
                                            &reading.failure));
    }
    if (reading.code == TICKETD_OK && venue != NULL) {
        plain_venue(&row, venue);
    }
    return reading_end(&reading);
}

enum ticketd_code ticketd_event_read(struct ticketd *ticketd, struct ticketd_id id,
                                     struct ticketd_event *event) {
    struct reading reading;
    struct event row = {0};
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_event(reading.reader, plain_uuid(id), &reading.arena, &row,
                                            &reading.failure));
    }
    if (reading.code == TICKETD_OK && event != NULL) {
        plain_event(&row, event);
    }
    return reading_end(&reading);
}

enum ticketd_code ticketd_type_read(struct ticketd *ticketd, struct ticketd_id id,
                                    struct ticketd_type *type) {
    struct reading reading;
    struct type_reading row = {0};
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, reader_type(reading.reader, plain_uuid(id), &reading.arena, &row,
                                           &reading.failure));
    }
    if (reading.code == TICKETD_OK && type != NULL) {
        plain_type(&row.row, type);
    }
    return reading_end(&reading);
}
