/* How many there are: of a ticket type, answered beside the loop, and of a whole event. */
#include "routes/callers/caller.h"
#include "routes/handlers.h"
#include "routes/parts.h"
#include "routes/wire/render.h"

/* The body under a tag made of it; 304 where the client has it already. */
static struct answered reply_tagged(struct call *call, const struct json_writer *json) {
    struct text body = json_written(json);
    struct reply_headers headers = {.count = 0};
    if (!text_is_absent(body)) {
        struct text etag = body_etag(body, call_arena(call));
        reply_header(&headers, TEXT("ETag"), etag);
        if (etag_is_known(call->headers.if_none_match, etag)) {
            return call_reply_text(call, 304, TEXT_NONE, TEXT(""), &headers);
        }
    }
    return call_reply(call, 200, json, &headers);
}

/* --- of a ticket type ------------------------------------------------------------------- */

static struct answered reply_entry(struct call *call, const struct counts_entry *entry) {
    bool sees_all = caller_sees_all(call, entry->event_id);
    if (!sees_all && (!entry->event_is_public || entry->is_archived)) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    json_object_begin(&json);
    json_member_uuid(&json, "ticket_type_id", entry->ticket_type_id);
    if (sees_all) {
        render_counts(&json, entry->initial, entry->counts);
    } else {
        json_member_integer(&json, "available", counts_available(entry->counts));
    }
    json_object_end(&json);
    return reply_tagged(call, &json);
}

static struct answered read_availability(struct call *call, struct store_reader *reader) {
    struct counts_board *board = call->routes->board;
    struct counts_entry entry;
    /* Of many who missed it at once, the first has brought it back for the others. */
    if (counts_board_find(board, call->id, clock_now(call->routes->clock), &entry)) {
        return reply_entry(call, &entry);
    }
    struct counts_moment before = counts_board_moment(board);
    struct type_reading reading;
    struct failure failure;
    enum error error = reader_type(reader, call->id, call_scratch(call), &reading, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    entry = counts_entry_of(&reading);
    counts_board_put(board, &entry, before);
    return reply_entry(call, &entry);
}

struct answered route_ticket_type_availability(struct call *call) {
    struct counts_entry entry;
    if (counts_board_find(call->routes->board, call->id, clock_now(call->routes->clock), &entry)) {
        return reply_entry(call, &entry);
    }
    return call_query(call, read_availability, NULL);
}

/* --- of an event ------------------------------------------------------------------------ */

/* Sums of many types pass the 32 bits of one. */
static void render_totals(struct json_writer *json, const struct page *types) {
    const struct type_reading *list = types->rows;
    int64_t initial = 0, total = 0, sold = 0, reserved = 0;
    for (size_t i = 0; i < types->count; i++) {
        initial += list[i].row.initial;
        total += list[i].row.counts.total;
        sold += list[i].row.counts.sold;
        reserved += list[i].row.counts.reserved;
    }
    json_object_begin(json);
    json_member_integer(json, "initial", initial);
    json_member_integer(json, "total", total);
    json_member_integer(json, "sold", sold);
    json_member_integer(json, "reserved", reserved);
    json_member_integer(json, "available", total - sold - reserved);
    json_object_end(json);
}

static struct answered read_inventory(struct call *call, struct store_reader *reader) {
    struct event event;
    struct page types;
    struct failure failure;
    enum error error =
        reader_inventory(reader, call->id, call_scratch(call), &event, &types, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (!caller_reaches_event(&call->caller, event.id)) {
        return call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
    }
    const struct type_reading *list = types.rows;
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    json_object_begin(&json);
    json_name(&json, "event");
    render_event(&json, &event);
    json_name(&json, "ticket_types");
    json_array_begin(&json);
    for (size_t i = 0; i < types.count; i++) {
        render_type(&json, &list[i].row, event.currency, true);
    }
    json_array_end(&json);
    json_name(&json, "totals");
    render_totals(&json, &types);
    json_object_end(&json);
    return reply_tagged(call, &json);
}

struct answered route_event_inventory(struct call *call) {
    return call_query(call, read_inventory, NULL);
}
