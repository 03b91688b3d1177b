/* Signing in and out, and the own password. Passwords are judged on threads of their own; what was
 * judged is decided by the executor, so that one that changes meanwhile opens nothing. Nothing says
 * which of e-mail and password was wrong. */
#include "routes/answer.h"
#include "routes/callers/attempts.h"
#include "routes/callers/browser.h"
#include "routes/callers/caller.h"
#include "routes/callers/cookie.h"
#include "routes/callers/password.h"
#include "routes/handlers.h"
#include "routes/parts.h"
#include "routes/resources/me.h"
#include "routes/resources/staff_forms.h"

/* What a sign-in, or a change of the own password, needs to know. */
struct sign_in {
    struct text email, password, new_password;
    struct attempt {
        enum attempt_kind kind;
        struct text name;
    } attempts[3];         /* that were taken for it */
    size_t attempts_count; /* of who is known: one */
    struct uuid staff_id;  /* whose password it is, */
    struct text hash_now;  /* and its hash if all goes well */
    struct uuid session_id;
    char secret[COOKIE_SECRET_SIZE];
    char hash[PASSWORD_HASH_SIZE];
};

static const char wrong[] = "The e-mail or the password is not right.";

static struct answered refuse_secret(struct call *call) {
    return call_refuse(call, PROBLEM_BAD_HEADER,
                       "A reply that shows a secret is not stored: leave Idempotency-Key out.");
}

/* --- attempts ------------------------------------------------------------------------- */

static void give_back(struct call *call) {
    const struct sign_in *asked = call->subject;
    for (size_t i = 0; i < asked->attempts_count; i++) {
        attempts_give_back(call->routes->attempts, asked->attempts[i].kind,
                           asked->attempts[i].name);
    }
}

static struct answered refuse_attempt(struct call *call, unsigned seconds) {
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Retry-After"), arena_printf(call_arena(call), "%u", seconds));
    problem_begin(call, PROBLEM_RATE_LIMITED,
                  TEXT("Too many attempts to sign in have failed. Wait a while."), &json);
    return problem_send(call, &json, &headers);
}

/* Where this attempt would be counted: with the browser, or wherever it comes from. */
static void list_attempts(struct call *call, struct sign_in *asked) {
    const struct http_request *http = call->http;
    struct arena *arena = call_arena(call);
    struct staff staff;
    struct text browser;
    struct attempt *list = asked->attempts;
    if (!text_is_absent(call->headers.cookie) &&
        people_find_email(call->routes->people, asked->email, arena, &staff) &&
        browser_is_known(call, &staff, &browser)) {
        list[asked->attempts_count++] = (struct attempt){ATTEMPT_OF_PLACE, browser};
        return;
    }
    struct text place =
        arena_printf(arena, "%.*s %.*s", (int)call->client.length, call->client.bytes,
                     (int)asked->email.length, asked->email.bytes);
    list[asked->attempts_count++] =
        (struct attempt){ATTEMPT_OF_PLACE, text_is_absent(place) ? asked->email : place};
    list[asked->attempts_count++] = (struct attempt){ATTEMPT_OF_ACCOUNT, asked->email};
    if (rate_limits_apply(call->routes->limits, call->client, http->via_unix_socket)) {
        list[asked->attempts_count++] = (struct attempt){ATTEMPT_OF_ADDRESS, call->client};
    }
}

/* It was no attempt: there is no memory to judge it. */
static void refuse_unjudged(struct call *call) {
    give_back(call);
    call_refuse(call, PROBLEM_BUSY, NULL);
}

/* 0: it may be tried. */
static unsigned take_attempts(struct call *call, struct sign_in *asked) {
    size_t listed = asked->attempts_count;
    unsigned seconds = 0;
    for (asked->attempts_count = 0; asked->attempts_count < listed; asked->attempts_count++) {
        const struct attempt *attempt = &asked->attempts[asked->attempts_count];
        seconds = attempts_take(call->routes->attempts, attempt->kind, attempt->name,
                                call->http->arrived_us);
        if (seconds > 0) {
            give_back(call);
            break;
        }
    }
    return seconds;
}

/* Off to the threads that judge passwords. */
static struct answered judge(struct call *call, struct sign_in *asked,
                             void (*work)(struct call *call)) {
    struct answered answered = {call};
    call->subject = asked;
    unsigned seconds = take_attempts(call, asked);
    if (seconds > 0) {
        return refuse_attempt(call, seconds);
    }
    bool is_stranger = asked->attempts_count > 1;
    if (passwords_submit(call->routes->passwords, call, is_stranger, work)) {
        return answered;
    }
    give_back(call);
    return call_refuse(call, PROBLEM_BUSY, NULL);
}

/* --- signing in ------------------------------------------------------------------------ */

static void reply_signed_in(struct call *call, const struct outcome *outcome, int status) {
    const struct sign_in *asked = call->subject;
    const struct staff *staff = outcome->staff;
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Set-Cookie"), cookie_header(call, asked->secret));
    reply_header(&headers, TEXT("Set-Cookie"),
                 browser_cookie(call, asked->staff_id, asked->hash_now));
    reply_header(&headers, TEXT("Cache-Control"), TEXT("no-store"));
    if (status == 204) {
        call_reply_text(call, 204, TEXT_NONE, TEXT(""), &headers);
        return;
    }
    call->caller = (struct caller){.role = staff->role,
                                   .actor = {ACTOR_STAFF, staff->id},
                                   .events = staff->events,
                                   .events_count = staff->events_count};
    struct me me = {.name = staff->name,
                    .email = staff->email,
                    .session_ends_at =
                        instant_plus_seconds(outcome->decided_at, SESSION_IDLE_SECONDS)};
    json_writer_init(&json, call_arena(call));
    me_write(&json, call, &me);
    call_reply(call, status, &json, &headers);
}

/* On a lane's thread; the session is known by now. */
static void on_decided(struct submission *submission, const struct outcome *outcome) {
    struct call *call = submission->owner;
    if (outcome->verdict != VERDICT_UNAUTHENTICATED) {
        give_back(call);
    }
    if (outcome->verdict == VERDICT_UNAUTHENTICATED) {
        call_refuse(call, PROBLEM_UNAUTHENTICATED, wrong);
    } else if (outcome->verdict != VERDICT_GRANTED) {
        answer_outcome(submission, outcome);
    } else {
        reply_signed_in(call, outcome, outcome->kind == COMMAND_SESSION_BEGIN ? 201 : 204);
    }
}

static void submit(struct call *call, enum command_kind kind, struct uuid staff_id,
                   struct text judged_hash) {
    struct sign_in *asked = call->subject;
    struct submission *submission = &call->submission;
    asked->staff_id = staff_id;
    cookie_make(asked->secret, &asked->session_id);
    submission->command.kind = kind;
    submission->command.caller = call->caller;
    submission->command.of.staff.staff.id = staff_id;
    submission->command.of.staff.session_id = asked->session_id;
    submission->command.of.staff.judged_hash = judged_hash;
    submission->on_done = on_decided;
    submission->owner = call;
    executor_submit(call->routes->executor, submission);
}

/* On a password's thread. Whoever is disabled is told as little as whoever is unknown. */
static void judge_sign_in(struct call *call) {
    struct sign_in *asked = call->subject;
    struct staff staff = {.password_hash = TEXT_NONE};
    bool is_known = people_find_email(call->routes->people, asked->email, call_arena(call), &staff);
    enum password_verdict verdict = password_judge(asked->password, staff.password_hash);
    if (verdict == PASSWORD_NOT_JUDGED) {
        refuse_unjudged(call);
        return;
    }
    if (!is_known || verdict == PASSWORD_WRONG || !instant_is_none(staff.disabled_at)) {
        call_refuse(call, PROBLEM_UNAUTHENTICATED, wrong);
        return;
    }
    asked->hash_now = staff.password_hash;
    submit(call, COMMAND_SESSION_BEGIN, staff.id, staff.password_hash);
}

struct answered route_session_create(struct call *call) {
    struct answered answered = {call};
    if (!text_is_absent(call->headers.idempotency_key)) {
        return refuse_secret(call);
    }
    if (cookie_site(call) == SITE_OTHER) { /* nobody is signed in as somebody else unawares */
        return call_refuse(call, PROBLEM_CROSS_SITE, NULL);
    }
    struct sign_in *asked = arena_new(call_arena(call), struct sign_in);
    if (asked == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    object_email(object, &asked->email);
    object_password(object, "password", MEMBER_REQUIRED, 1, &asked->password);
    if (!body_passes(&body, &answered)) {
        return answered;
    }
    list_attempts(call, asked);
    return judge(call, asked, judge_sign_in);
}

/* --- signing out ------------------------------------------------------------------------ */

static struct answered reply_signed_out(struct call *call) {
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Set-Cookie"), cookie_header(call, NULL));
    return call_reply_text(call, 204, TEXT_NONE, TEXT(""), &headers);
}

static void on_ended(struct submission *submission, const struct outcome *outcome) {
    if (outcome->verdict == VERDICT_GRANTED) {
        reply_signed_out(submission->owner);
    } else {
        answer_outcome(submission, outcome);
    }
}

static struct answered end_session(struct call *call) {
    struct answered answered = {call};
    struct submission *submission = &call->submission;
    submission->command.kind = COMMAND_SESSION_END;
    submission->command.caller = call->caller;
    submission->command.of.staff.staff.id = call->session->staff_id;
    submission->command.of.staff.session_id = call->session->id;
    submission->on_done = on_ended;
    submission->owner = call;
    executor_submit(call->routes->executor, submission);
    return answered;
}

/* It may have begun at another server a moment ago. */
static struct answered look_again(struct call *call, struct store_reader *reader) {
    struct failure failure;
    enum error error = people_refresh(call->routes->people, reader, &failure);
    call->scratch = NULL;
    call->looked_again = true;
    return error == ERROR_NONE ? route_session_delete(call)
                               : call_refuse_error(call, error, &failure);
}

/* A session that is over already is as good as ended. */
struct answered route_session_delete(struct call *call) {
    struct uuid session_id;
    enum problem problem;
    const char *detail;
    if (!cookie_find(call, &session_id)) {
        return reply_signed_out(call);
    }
    if (cookie_site(call) != SITE_OWN) {
        return call_refuse(call, PROBLEM_CROSS_SITE, NULL);
    }
    call->headers.authorization = TEXT_NONE; /* a key beside it signs nobody out */
    if (caller_identify(call, &problem, &detail) && call->session != NULL) {
        return end_session(call);
    }
    bool may_be_new = call->routes->options.store->is_shared && !call->looked_again;
    return may_be_new ? call_query(call, look_again, NULL) : reply_signed_out(call);
}

/* --- the own password --------------------------------------------------------------------- */

static void judge_change(struct call *call) {
    struct sign_in *asked = call->subject;
    struct staff staff = {.password_hash = TEXT_NONE};
    bool is_known =
        people_find(call->routes->people, call->caller.actor.id, call_arena(call), &staff);
    enum password_verdict verdict = password_judge(asked->password, staff.password_hash);
    if (verdict == PASSWORD_NOT_JUDGED) {
        refuse_unjudged(call);
        return;
    }
    if (!is_known || verdict == PASSWORD_WRONG) {
        struct fault fault = {.pointer = TEXT("/current_password"),
                              .code = "conflict",
                              .detail = TEXT("This is not the current password.")};
        call_refuse_faults(call, &fault);
        return;
    }
    if (!password_hash(asked->new_password, asked->hash)) {
        refuse_unjudged(call);
        return;
    }
    asked->hash_now = text_of(asked->hash);
    call->submission.command.of.staff.staff.password_hash = asked->hash_now;
    submit(call, COMMAND_STAFF_PASSWORD, staff.id, staff.password_hash);
}

struct answered route_me_password(struct call *call) {
    struct answered answered = {call};
    if (!text_is_absent(call->headers.idempotency_key)) {
        return refuse_secret(call);
    }
    if (call->session == NULL) {
        return call_refuse(call, PROBLEM_ROLE_REQUIRED,
                           "Only a member of staff who is signed in has a password.");
    }
    struct sign_in *asked = arena_new(call_arena(call), struct sign_in);
    if (asked == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    /* Whoever is signed in is kept from it by nobody else. */
    asked->attempts[asked->attempts_count++] = (struct attempt){
        ATTEMPT_OF_PLACE, {(const char *)call->session->id.bytes, sizeof call->session->id.bytes}};
    object_password(object, "current_password", MEMBER_REQUIRED, 1, &asked->password);
    object_password(object, "new_password", MEMBER_REQUIRED, PASSWORD_CHARACTERS_MIN,
                    &asked->new_password);
    if (!body_passes(&body, &answered)) {
        return answered;
    }
    return judge(call, asked, judge_change);
}
