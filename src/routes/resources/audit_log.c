/* The audit log: listed, and as the explanation of one ticket type's counts. */
#include "routes/callers/caller.h"
#include "routes/cursor.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/wire/render.h"

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    const struct audit_entry *entry = row;
    struct call *call = request->call;
    row_entry(fields, entry, names_actor(&call->routes->names, entry->actor, call_scratch(call)));
}

static const struct audit_entry sample = {
    .action = ACTION_INCREASE,
    .actor = {.kind = ACTOR_SYSTEM},
    .created_at = NO_INSTANT,
    .effective_at = NO_INSTANT,
};

static const struct list entries = {
    .parameters = PARAMETER_EVENT | PARAMETER_TICKET_TYPE | PARAMETER_RESERVATION |
                  PARAMETER_ORDER | PARAMETER_USER | PARAMETER_ACTOR | PARAMETER_ACTION |
                  PARAMETER_CHANNEL | PARAMETER_TENDER | PARAMETER_FROM | PARAMETER_TO |
                  PARAMETER_Q | PARAMETER_AFTER_SEQ,
    .read = reader_audit_log,
    .row_size = sizeof(struct audit_entry),
    .row = write_row,
    .sample = &sample,
};

struct answered route_audit_log_list(struct call *call) {
    return list_answer(call, &entries, NULL);
}

/* --- explain ------------------------------------------------------------------------------ */

struct explanation {
    struct query parameters;
    struct list_position after;
    struct instant at;
};

static struct answered refuse_at(struct call *call, const char *detail) {
    struct fault fault = {TEXT("at"), "range", text_of(detail), NULL};
    return call_refuse_faults(call, &fault);
}

static struct answered reply_explanation(struct call *call, const struct type_reading *type,
                                         const struct history *history, const struct page *page) {
    const struct explanation *asked = call->subject;
    const struct audit_entry *list = page->rows;
    struct json_writer json;
    json_writer_init(&json, call_scratch(call));
    json_object_begin(&json);
    json_member_uuid(&json, "ticket_type_id", call->id);
    json_member_instant(&json, "at", asked->at);
    json_name(&json, "counts");
    json_object_begin(&json);
    render_counts(&json, type->row.initial, history->counts);
    json_object_end(&json);
    json_member_integer(&json, "last_seq", history->seq);
    json_member_integer(&json, "expired_unwritten", history->expired_unwritten);
    json_name(&json, "entries");
    json_array_begin(&json);
    for (size_t i = 0; i < page->count; i++) {
        json_object_begin(&json);
        row_entry(&(struct fields){.json = &json}, &list[i],
                  names_actor(&call->routes->names, list[i].actor, call_scratch(call)));
        json_object_end(&json);
    }
    json_array_end(&json);
    struct text next = TEXT_NONE;
    if (page->next.set) {
        struct cursor cursor = {asked->parameters.filter_hash, page->next, asked->at};
        next = cursor_write(&cursor, call_scratch(call));
    }
    json_member_text(&json, "next_cursor", next);
    json_object_end(&json);
    return call_reply(call, 200, &json, NULL);
}

static struct answered read_explanation(struct call *call, struct store_reader *reader) {
    struct explanation *asked = call->subject;
    struct arena *arena = call_scratch(call);
    struct type_reading type;
    struct history history;
    struct page page;
    struct failure failure;
    enum error error = reader_type(reader, call->id, arena, &type, &failure);
    if (error == ERROR_NONE && !caller_reaches_event(&call->caller, type.row.event_id)) {
        return call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
    }
    if (error == ERROR_NONE) {
        error = reader_history(reader, call->id, asked->at, arena, &history, &failure);
    }
    if (error == ERROR_NONE && !history.known) {
        return refuse_at(call, instant_is_none(history.adopted_at)
                                   ? "The ticket type was not there yet."
                                   : "The counts are not known before ticketd took the ticket "
                                     "type over.");
    }
    struct list_query query = {
        .filter = asked->parameters.filter,
        .after = asked->after,
        .limit = asked->parameters.limit,
    };
    query.filter.ticket_type_id = call->id;
    query.filter.to = (struct instant){asked->at.us + 1}; /* up to and including the instant */
    query.filter.include_archived = true;
    if (error == ERROR_NONE) {
        error = reader_audit_log(reader, &query, arena, &page, &failure);
    }
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    return reply_explanation(call, &type, &history, &page);
}

/* A cursor comes from outside: its instant may be any number. */
static bool is_instant(struct instant at) {
    return at.us >= 0 && at.us <= INSTANT_MAX.us;
}

/* We show milliseconds and keep microseconds: an instant that was copied from an answer means all
 * of its millisecond, or the entry it was copied from would not be among those written by then. */
static struct instant end_of_millisecond(struct instant at) {
    return at.us % 1000 == 0 ? (struct instant){at.us + 999} : at;
}

struct answered route_ticket_type_explain(struct call *call) {
    struct answered refused;
    struct explanation *asked = arena_new(call_arena(call), struct explanation);
    if (asked == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    struct query *query = &asked->parameters;
    if (!query_read(call, PARAMETER_AT | PARAMETERS_OF_PAGE, query, &refused)) {
        return refused;
    }
    struct instant now = clock_now(call->routes->clock);
    asked->at = instant_is_none(query->at) ? now : end_of_millisecond(query->at);
    if (!text_is_absent(query->cursor)) {
        struct cursor cursor;
        if (!cursor_read(query->cursor, query->filter_hash, &cursor) ||
            !is_instant(cursor.anchor)) {
            return call_refuse(call, PROBLEM_BAD_CURSOR, NULL);
        }
        asked->at = cursor.anchor; /* all pages explain the same instant */
        asked->after = cursor.position;
    }
    if (!instant_is_none(query->at) && instant_before(now, query->at)) {
        return refuse_at(call, "This must not be later than now.");
    }
    return call_query(call, read_explanation, asked);
}
