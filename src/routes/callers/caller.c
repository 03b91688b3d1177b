#include "routes/callers/caller.h"

#include "routes/callers/cookie.h"
#include "routes/callers/key_secret.h"
#include "routes/parts.h"

/* Whose idempotency keys those of the unix socket are: nobody has this id. */
static const struct uuid socket_principal = {
    {'t', 'i', 'c', 'k', 'e', 't', 0x70, 'd', 0x80, 's', 'o', 'c', 'k', 'e', 't', 0}};

static const struct text bearer = {"Bearer ", 7};

static const char sign_in[] =
    "Sign in, or send the header Authorization: Bearer tkd_…, with a key of this server.";

static bool refuse(enum problem *out, enum problem problem, const char **detail,
                   const char *sentence) {
    *out = problem;
    *detail = sentence;
    return false;
}

/* The scheme's name may be in either case (RFC 9110); one space follows. */
static struct text bearer_token(struct text authorization) {
    struct text scheme = {authorization.bytes, bearer.length};
    if (authorization.length <= bearer.length || !text_equals_ignoring_case(scheme, bearer)) {
        return TEXT_NONE;
    }
    return (struct text){authorization.bytes + bearer.length, authorization.length - bearer.length};
}

static bool identify_by_key(struct call *call, enum problem *problem, const char **detail) {
    struct uuid id;
    uint8_t hash[KEY_HASH_SIZE];
    if (!key_secret_parse(bearer_token(call->headers.authorization), &id, hash)) {
        return refuse(problem, PROBLEM_UNAUTHENTICATED, detail, sign_in);
    }
    const struct key_record *key = key_ring_find(call->routes->keys, id);
    if (key == NULL || !key_secret_equals(key->secret_hash, hash) || key_record_is_revoked(key)) {
        return refuse(problem, PROBLEM_UNAUTHENTICATED, detail,
                      "The key in Authorization is not known here, or was revoked.");
    }
    struct instant now = clock_now(call->routes->clock);
    if (!instant_is_none(key->expires_at) && !instant_before(now, key->expires_at)) {
        return refuse(problem, PROBLEM_TOKEN_EXPIRED, detail, NULL);
    }
    call->caller.role = key->role;
    call->caller.actor = (struct actor){ACTOR_KEY, key->id};
    call->caller.events = key->events;
    call->caller.events_count = key->events_count;
    call->principal = key->id;
    key_ring_touch(call->routes->keys, call->routes->executor, key, now);
    return true;
}

static bool changes_something(const struct call *call) {
    return call->http->method != HTTP_METHOD_GET && call->http->method != HTTP_METHOD_HEAD;
}

/* A browser sends the cookie wherever the request came from: one that changes something must come
 * from a page of this server. */
static bool identify_by_cookie(struct call *call, struct uuid session_id, enum problem *problem,
                               const char **detail) {
    struct instant now = clock_now(call->routes->clock);
    struct staff *staff = arena_new(call_arena(call), struct staff);
    struct staff_session *session = arena_new(call_arena(call), struct staff_session);
    if (staff == NULL || session == NULL ||
        !people_find_session(call->routes->people, session_id, now, call_arena(call), staff,
                             session)) {
        return refuse(problem, PROBLEM_UNAUTHENTICATED, detail,
                      "You are not signed in any more. Sign in again.");
    }
    if (changes_something(call) && cookie_site(call) != SITE_OWN) {
        return refuse(problem, PROBLEM_CROSS_SITE, detail, NULL);
    }
    call->caller.role = staff->role;
    call->caller.actor = (struct actor){ACTOR_STAFF, staff->id};
    call->caller.events = staff->events;
    call->caller.events_count = staff->events_count;
    call->principal = staff->id;
    call->staff = staff;
    call->session = session;
    people_touch(call->routes->people, call->routes->executor, session, now);
    return true;
}

bool caller_identify(struct call *call, enum problem *problem, const char **detail) {
    if (!text_is_absent(call->headers.authorization)) {
        return identify_by_key(call, problem, detail);
    }
    struct uuid session_id;
    if (!call->http->via_unix_socket && cookie_find(call, &session_id)) {
        return identify_by_cookie(call, session_id, problem, detail);
    }
    if (call->http->via_unix_socket) {
        call->caller.role = ROLE_ADMIN;
        call->principal = socket_principal;
    }
    return true;
}

bool caller_admit(struct call *call, enum problem *problem, const char **detail) {
    if (!caller_identify(call, problem, detail)) {
        return false;
    }
    call->reach = caller_reach(call, call->route->right);
    if (call->reach == REACH_NOTHING && call->caller.role == ROLE_NOBODY) {
        return refuse(problem, PROBLEM_UNAUTHENTICATED, detail, sign_in);
    }
    if (call->reach == REACH_NOTHING) {
        return refuse(problem, PROBLEM_ROLE_REQUIRED, detail, NULL);
    }
    /* Keys and staff belong to no event: who is limited to some could make others without limits.
     */
    if (call->route->right == RIGHT_PEOPLE && call->caller.events_count > 0) {
        return refuse(problem, PROBLEM_EVENT_OUT_OF_SCOPE, detail,
                      "This needs rights that are not limited to events.");
    }
    struct text acting_user = call->headers.acting_user;
    if (!text_is_absent(acting_user) && call->caller.role != ROLE_NOBODY &&
        !uuid_parse(acting_user, &call->caller.acting_for)) {
        return refuse(problem, PROBLEM_BAD_HEADER, detail, "Acting-User must be a UUID.");
    }
    return true;
}

enum reach caller_reach(const struct call *call, enum right right) {
    if (call->caller.role == ROLE_NOBODY && right == RIGHT_PUBLIC_READ &&
        call->routes->options.closed_to_public) {
        return REACH_NOTHING;
    }
    return access_reach(call->caller.role, right);
}

bool caller_sees_all(const struct call *call, struct uuid event_id) {
    return call->reach == REACH_ALL && caller_reaches_event(&call->caller, event_id);
}

struct answered call_refuse_role(struct call *call, enum right right, const char *detail) {
    if (call->caller.role == ROLE_NOBODY) {
        return call_refuse(call, PROBLEM_UNAUTHENTICATED, detail);
    }
    struct json_writer json;
    problem_begin(call, PROBLEM_ROLE_REQUIRED, text_of(detail), &json);
    json_name(&json, "roles");
    json_array_begin(&json);
    for (enum role role = ROLE_VIEWER; role <= ROLE_ADMIN; role++) {
        if (access_reach(role, right) != REACH_NOTHING) {
            json_text(&json, role_name(role));
        }
    }
    json_array_end(&json);
    return problem_send(call, &json, NULL);
}
