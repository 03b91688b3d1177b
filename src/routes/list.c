#include "routes/list.h"

#include "routes/cursor.h"
#include "routes/export.h"
#include "routes/parts.h"

/* What a list may take of the request's arena, whose default is 1 MiB. */
enum { REPLY_BYTES_MAX = 768 * 1024 };

/* "text/csv", and not JSON as well: what browsers send names neither. */
bool list_wants_csv(const struct call *call) {
    struct text accept = call->headers.accept;
    return !text_is_absent(accept) && memmem(accept.bytes, accept.length, "text/csv", 8) != NULL &&
           memmem(accept.bytes, accept.length, "application/json", 16) == NULL;
}

static void render_page(const struct list_request *request, const struct page *page,
                        struct json_writer *json) {
    struct fields fields = {.json = json};
    json_object_begin(json);
    json_name(json, "data");
    json_array_begin(json);
    for (size_t i = 0; i < page->count; i++) {
        json_object_begin(json);
        request->list->row(&fields, list_row(request->list, page, i), request);
        json_object_end(json);
    }
    json_array_end(json);
    struct text next = TEXT_NONE;
    if (page->next.set) {
        struct cursor cursor = {request->parameters.filter_hash, page->next, INSTANT_NONE};
        next = cursor_write(&cursor, json->arena);
    }
    json_member_text(json, "next_cursor", next);
    json_object_end(json);
}

/* Rows with long texts may be more than one reply can hold: then fewer of them, for the limit is
 * the most there can be, not a promise. */
static struct answered reply_page(struct call *call, struct store_reader *reader) {
    struct list_request *request = call->subject;
    for (;; request->query.limit /= 2) {
        struct page page = {.count = 0};
        struct json_writer json;
        struct failure failure;
        enum error error =
            request->list->read(reader, &request->query, call_scratch(call), &page, &failure);
        bool is_last_try = request->query.limit <= 1;
        if (error != ERROR_NONE && (error != ERROR_MEMORY || is_last_try)) {
            return call_refuse_error(call, error, &failure);
        }
        json_writer_init(&json, call_scratch(call));
        request->as_of = page.as_of;
        render_page(request, &page, &json);
        bool fits = error == ERROR_NONE && !json.failed && json.length <= REPLY_BYTES_MAX;
        if (fits || is_last_try) {
            return call_reply(call, 200, &json, NULL);
        }
        arena_reset(call->scratch);
    }
}

/* One's own reaches as far back as one's shift does; without one, some hours (R17). */
static enum error narrow_to_shift(struct list_request *request, struct store_reader *reader,
                                  struct failure *failure) {
    struct list_filter *filter = &request->query.filter;
    struct shift_reading shift;
    enum error error =
        reader_open_shift(reader, filter->own_actor, call_scratch(request->call), &shift, failure);
    if (error == ERROR_NONE) {
        filter->own_since = shift.row.opened_at;
    }
    return error == ERROR_NOT_FOUND ? ERROR_NONE : error;
}

static struct answered read_list(struct call *call, struct store_reader *reader) {
    struct answered answered = {call};
    struct list_request *request = call->subject;
    struct failure failure;
    enum error error = instant_is_none(request->query.filter.own_since)
                           ? ERROR_NONE
                           : narrow_to_shift(request, reader, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (request->list->admit != NULL && !request->list->admit(request, reader)) {
        return answered;
    }
    return request->parameters.csv ? export_begin(request, reader) : reply_page(call, reader);
}

/* What the caller may see, whatever was asked for. */
static void narrow_to_caller(struct list_request *request) {
    const struct call *call = request->call;
    struct list_filter *filter = &request->query.filter;
    filter->public_only = call->reach == REACH_PUBLIC;
    filter->include_archived = !filter->public_only;
    filter->events = call->caller.events;
    filter->events_count = call->caller.events_count;
    if (call->reach == REACH_OWN) {
        filter->own_actor = call->caller.actor.id;
        filter->own_since =
            instant_plus_seconds(clock_now(call->routes->clock), -(int64_t)OWN_SALES_SECONDS);
    }
}

struct answered list_answer(struct call *call, const struct list *list,
                            void (*narrow)(struct list_request *request)) {
    struct answered refused;
    struct list_request *request = arena_new(call_arena(call), struct list_request);
    if (request == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    struct query *query = &request->parameters;
    if (!query_read(call, list->parameters | PARAMETERS_OF_PAGE | PARAMETER_FORMAT, query,
                    &refused)) {
        return refused;
    }
    if (!query->format_is_given) {
        query->csv = list_wants_csv(call);
    }
    request->call = call;
    request->list = list;
    request->query = (struct list_query){.filter = query->filter, .limit = query->limit};
    struct cursor cursor;
    if (!text_is_absent(query->cursor)) {
        if (!cursor_read(query->cursor, query->filter_hash, &cursor)) {
            return call_refuse(call, PROBLEM_BAD_CURSOR, NULL);
        }
        request->query.after = cursor.position;
    }
    if (!uuid_is_none(query->filter.event_id) &&
        !caller_reaches_event(&call->caller, query->filter.event_id)) {
        return call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
    }
    narrow_to_caller(request);
    if (narrow != NULL) {
        narrow(request);
    }
    return call_query(call, read_list, request);
}
