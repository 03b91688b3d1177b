/* GET /v1/stream: who watches, what, and from where on. The rest is the feed's (feed.h).
 *
 * A browser's EventSource gives up for good on 503 and 204: whatever is over in a while is answered
 * 200 with `bye` here, and only what a client must change is refused. */
#include "routes/resources/stream.h"

#include <assert.h>
#include <sodium.h>

#include "routes/callers/caller.h"
#include "routes/handlers.h"
#include "routes/parts.h"
#include "routes/query.h"

static const struct text stream_type = {"text/event-stream; charset=utf-8", 32};

enum {
    RETRY_FIRST_MS = 5000,
    RETRY_SPREAD_MS = 10000,
    STAFF_BYTES_MAX = 1024 * 1024, /* with the events of one person */
};

/* What was asked for, in the request's arena. */
struct wish {
    struct viewer viewer;
    struct uuid *events; /* room for those of the types, too */
    size_t events_count;
};

/* While it is read; a stream keeps no more than it needs. */
struct id_list {
    struct uuid ids[VIEWER_TYPES_MAX];
    size_t count;
};

static_assert(VIEWER_EVENTS_MAX <= VIEWER_TYPES_MAX, "a list must hold either");

/* --- what is asked for --------------------------------------------------------------------- */

static bool has_id(const struct uuid *list, size_t count, struct uuid id) {
    for (size_t i = 0; i < count; i++) {
        if (uuid_equals(list[i], id)) {
            return true;
        }
    }
    return false;
}

/* NULL: all are ids, and no more than `most`. */
static const char *read_ids(struct text text, struct id_list *list, size_t most) {
    while (!text_is_absent(text)) {
        const char *comma = memchr(text.bytes, ',', text.length);
        size_t length = comma == NULL ? text.length : (size_t)(comma - text.bytes);
        struct uuid id;
        if (!uuid_parse((struct text){text.bytes, length}, &id)) {
            return "This must be UUIDs with commas between them.";
        }
        if (!has_id(list->ids, list->count, id)) {
            if (list->count == most) {
                return most == VIEWER_EVENTS_MAX ? "There must be 20 at the most."
                                                 : "There must be 64 at the most.";
            }
            list->ids[list->count++] = id;
        }
        text = comma == NULL ? TEXT_NONE : (struct text){comma + 1, text.length - length - 1};
    }
    return NULL;
}

/* False: the arena is spent. */
static bool keep_ids(struct call *call, struct wish *wish, const struct id_list *events,
                     const struct id_list *types) {
    struct viewer *viewer = &wish->viewer;
    struct uuid *kept = arena_array(call_arena(call), struct uuid, types->count);
    wish->events = arena_array(call_arena(call), struct uuid, events->count + types->count);
    if (kept == NULL || wish->events == NULL) {
        return false;
    }
    memcpy(wish->events, events->ids, events->count * sizeof *kept);
    memcpy(kept, types->ids, types->count * sizeof *kept);
    wish->events_count = events->count;
    viewer->types = kept;
    viewer->types_count = types->count;
    return true;
}

static bool read_wish(struct call *call, const struct query *query, struct wish *wish,
                      struct answered *refused) {
    struct id_list events = {.count = 0}, types = {.count = 0};
    struct fault of_types = {TEXT("ticket_type_id"), "format",
                             text_of(read_ids(query->ticket_types, &types, VIEWER_TYPES_MAX)),
                             NULL};
    struct fault of_events = {TEXT("event_id"), "format",
                              text_of(read_ids(query->events, &events, VIEWER_EVENTS_MAX)),
                              text_is_absent(of_types.detail) ? NULL : &of_types};
    if (text_is_absent(query->events) && text_is_absent(query->ticket_types)) {
        of_events.code = "required";
        of_events.detail = TEXT("Name the events, or the ticket types, to watch.");
    }
    const struct fault *fault = text_is_absent(of_events.detail) ? of_events.next : &of_events;
    if (fault != NULL) {
        *refused = call_refuse_faults(call, fault);
        return false;
    }
    if (!keep_ids(call, wish, &events, &types)) {
        *refused = call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        return false;
    }
    return true;
}

/* --- may they see it? ------------------------------------------------------------------------ */

static bool seat(struct call *call, struct wish *wish, const struct event *event, bool is_whole,
                 struct answered *refused) {
    struct viewer *viewer = &wish->viewer;
    bool sees_all = caller_sees_all(call, event->id);
    if (!sees_all && !event_is_public(event)) {
        *refused = call_refuse(call, PROBLEM_NOT_FOUND, NULL);
        return false;
    }
    if (viewer->with_log && !caller_reaches_event(&call->caller, event->id)) {
        *refused = call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
        return false;
    }
    viewer->seats[viewer->seats_count++] =
        (struct seat){.event_id = event->id, .sees_all = sees_all, .is_whole = is_whole};
    return true;
}

static struct answered say_bye(struct call *call);

/* What is over in a while is no reason to refuse. */
static struct answered refuse_reading(struct call *call, enum error error,
                                      const struct failure *failure) {
    return error == ERROR_NOT_FOUND || error == ERROR_MEMORY
               ? call_refuse_error(call, error, failure)
               : say_bye(call);
}

/* The events of the types that are named one by one. */
static bool find_events(struct call *call, struct wish *wish, struct store_reader *reader,
                        struct answered *refused) {
    for (size_t i = 0; i < wish->viewer.types_count; i++) {
        struct type_reading type;
        struct failure failure;
        enum error error =
            reader_type(reader, wish->viewer.types[i], call_scratch(call), &type, &failure);
        if (error != ERROR_NONE) {
            *refused = refuse_reading(call, error, &failure);
            return false;
        }
        if (!caller_sees_all(call, type.row.event_id) && !instant_is_none(type.row.archived_at)) {
            *refused = call_refuse(call, PROBLEM_NOT_FOUND, NULL);
            return false;
        }
        if (!has_id(wish->events, wish->events_count, type.row.event_id)) {
            wish->events[wish->events_count++] = type.row.event_id;
        }
    }
    return true;
}

static bool seat_all(struct call *call, struct wish *wish, size_t whole_count,
                     struct store_reader *reader, struct answered *refused) {
    struct viewer *viewer = &wish->viewer;
    viewer->seats = arena_array(call_arena(call), struct seat, wish->events_count);
    if (viewer->seats == NULL) {
        *refused = call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        return false;
    }
    for (size_t i = 0; i < wish->events_count; i++) {
        struct event event;
        struct failure failure;
        enum error error =
            reader_event(reader, wish->events[i], call_scratch(call), &event, &failure);
        if (error != ERROR_NONE) {
            *refused = refuse_reading(call, error, &failure);
            return false;
        }
        if (!seat(call, wish, &event, i < whole_count, refused)) {
            return false;
        }
    }
    return true;
}

/* --- beginning ------------------------------------------------------------------------------- */

static struct answered begin(struct call *call, http_stream_watcher *watcher, void *context) {
    struct answered answered = {call};
    struct http_header headers[] = {
        {TEXT("Request-Id"), call->request_id},
        {TEXT("Cache-Control"), TEXT("no-store")},
        {TEXT("X-Accel-Buffering"), TEXT("no")}, /* proxies of nginx's kind hold events back */
    };
    struct http_reply head = {
        .status = 200,
        .content_type = stream_type,
        .headers = headers,
        .headers_count = sizeof headers / sizeof *headers,
    };
    http_stream_begin(call->http, &head, watcher, context);
    return answered;
}

/* A whole answer that says when to come back. */
static struct answered say_bye(struct call *call) {
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Cache-Control"), TEXT("no-store"));
    unsigned retry_ms = RETRY_FIRST_MS + randombytes_uniform(RETRY_SPREAD_MS);
    struct text body =
        arena_printf(call_arena(call), "retry: %u\nevent: bye\ndata: {}\n\n", retry_ms);
    return call_reply_text(call, 200, stream_type, text_is_absent(body) ? TEXT("") : body,
                           &headers);
}

/* Whose streams are counted together; absent: those of this machine are not. */
static struct text client_of(const struct call *call) {
    const struct http_request *http = call->http;
    if (call->caller.actor.kind != ACTOR_SYSTEM) {
        return (struct text){(const char *)call->caller.actor.id.bytes, 16};
    }
    return rate_limits_apply(call->routes->limits, call->client, http->via_unix_socket)
               ? call->client
               : TEXT_NONE;
}

static struct answered open_stream(struct call *call, struct store_reader *reader) {
    struct answered refused;
    struct wish *wish = call->subject;
    struct viewer *viewer = &wish->viewer;
    struct feed *feed = call->routes->feed;
    size_t whole_count = wish->events_count;
    if (!find_events(call, wish, reader, &refused) ||
        !seat_all(call, wish, whole_count, reader, &refused)) {
        return refused;
    }
    if (call->http->method == HTTP_METHOD_HEAD) {
        return call_reply_text(call, 200, stream_type, TEXT(""), NULL);
    }
    if (!feed_enter(feed, client_of(call), &viewer->bucket)) {
        return say_bye(call);
    }
    struct answered answered = begin(call, feed_on_stream, viewer);
    feed_join(feed, viewer);
    return answered;
}

static void note_credentials(const struct call *call, struct viewer *viewer) {
    if (call->caller.actor.kind == ACTOR_KEY) {
        viewer->key = key_ring_find(call->routes->keys, call->caller.actor.id);
    }
    if (call->session != NULL) {
        viewer->session_id = call->session->id;
        viewer->staff_version = call->staff->version;
    }
}

static bool key_is_good(const struct key_record *key, struct instant now) {
    return !key_record_is_revoked(key) &&
           (instant_is_none(key->expires_at) || instant_before(now, key->expires_at));
}

static bool session_is_good(struct routes *routes, const struct viewer *viewer,
                            struct instant now) {
    struct arena arena;
    struct staff staff;
    struct staff_session session;
    arena_init(&arena, STAFF_BYTES_MAX);
    bool is_good =
        people_find_session(routes->people, viewer->session_id, now, &arena, &staff, &session) &&
        staff.version == viewer->staff_version;
    arena_finish(&arena);
    return is_good;
}

bool stream_may_go_on(void *context, const struct viewer *viewer) {
    struct routes *routes = context;
    struct instant now = clock_now(routes->clock);
    return (viewer->key == NULL || key_is_good(viewer->key, now)) &&
           (uuid_is_none(viewer->session_id) || session_is_good(routes, viewer, now));
}

struct answered route_stream_open(struct call *call) {
    struct answered refused;
    struct query query;
    struct wish *wish = arena_new(call_arena(call), struct wish);
    if (wish == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    unsigned parameters =
        PARAMETER_EVENTS | PARAMETER_TICKET_TYPES | PARAMETER_INCLUDE | PARAMETER_AFTER;
    if (!query_read(call, parameters, &query, &refused)) {
        return refused;
    }
    struct viewer *viewer = &wish->viewer;
    viewer->http = call->http;
    viewer->feed = call->routes->feed;
    viewer->with_log = query.with_log;
    viewer->after = text_is_absent(query.after) ? call->headers.last_event_id : query.after;
    note_credentials(call, viewer);
    if (viewer->with_log && caller_reach(call, RIGHT_READ_LOG) != REACH_ALL) {
        return call_refuse_role(call, RIGHT_READ_LOG,
                                "Following the log needs a role that may read all of it.");
    }
    if (!read_wish(call, &query, wish, &refused)) {
        return refused;
    }
    call->query = open_stream;
    call->subject = wish;
    struct answered answered = {call};
    return reader_pool_submit(call->routes->readers, call) ? answered : say_bye(call);
}
