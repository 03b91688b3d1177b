/* Who am I? For pages, which show what the caller may do and nothing else. */
#include "routes/resources/me.h"

#include "routes/handlers.h"
#include "routes/parts.h"
#include "routes/wire/fields.h"

static const struct {
    enum right right;
    const char *name;
} shown[] = {
    {RIGHT_RESERVE, "reserve"},   {RIGHT_COMPLETE, "complete"},
    {RIGHT_SELL, "sell"},         {RIGHT_REFUND, "refund"},
    {RIGHT_ADJUST, "adjust"},     {RIGHT_PEOPLE, "people"},
    {RIGHT_READ, "read"},         {RIGHT_READ_COUNTS, "read_counts"},
    {RIGHT_READ_LOG, "read_log"}, {RIGHT_READ_HISTORY, "read_history"},
};

/* People belong to no event: whoever is limited to some may not manage them. */
static bool has_right(const struct caller *caller, enum right right) {
    return access_reach(caller->role, right) != REACH_NOTHING &&
           (right != RIGHT_PEOPLE || caller->events_count == 0);
}

void me_write(struct json_writer *json, const struct call *call, const struct me *me) {
    const struct caller *caller = &call->caller;
    struct fields fields = {.json = json};
    json_object_begin(json);
    fields_group(&fields, "actor");
    field_text(&fields, "kind", actor_kind_name(caller->actor.kind));
    field_uuid(&fields, "id", caller->actor.id);
    fields_group_end(&fields);
    field_text(&fields, "name", me->name);
    field_text(&fields, "email", me->email);
    field_text(&fields, "role", role_name(caller->role));
    field_uuids(&fields, "event_ids", caller->events, caller->events_count);
    json_name(json, "rights");
    json_array_begin(json);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (has_right(caller, shown[i].right)) {
            json_text(json, text_of(shown[i].name));
        }
    }
    json_array_end(json);
    field_instant(&fields, "session_expires_at", me->session_ends_at);
    json_object_end(json);
}

static struct answered reply_me(struct call *call, const struct me *me) {
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    json_writer_init(&json, call_arena(call));
    me_write(&json, call, me);
    reply_header(&headers, TEXT("Cache-Control"), TEXT("no-store"));
    return call_reply(call, 200, &json, &headers);
}

struct answered route_me_get(struct call *call) {
    struct me me = {
        .name = TEXT("This machine"), .email = TEXT_NONE, .session_ends_at = INSTANT_NONE};
    const struct key_record *key = key_ring_find(call->routes->keys, call->caller.actor.id);
    if (call->caller.actor.kind == ACTOR_KEY && key != NULL) {
        me.name = key->name;
    }
    if (call->session != NULL) {
        me.name = call->staff->name;
        me.email = call->staff->email;
        me.session_ends_at = session_ends_at(call->session);
    }
    return reply_me(call, &me);
}
