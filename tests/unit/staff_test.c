/* Staff are added, changed, disabled; sessions begin, are used, end. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    b.caller = builder_caller(ROLE_ADMIN);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct outcome ask(enum command_kind kind, struct staff_command staff) {
    return builder_decide(&b, (struct command){.kind = kind, .of.staff = staff});
}

static struct staff person(const char *email, enum role role) {
    return (struct staff){.email = text_of(email),
                          .name = text_of(email),
                          .role = role,
                          .password_hash = TEXT("hash")};
}

static struct uuid add(const char *email, enum role role) {
    struct outcome made =
        ask(COMMAND_STAFF_CREATE, (struct staff_command){.staff = person(email, role)});
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    return made.staff->id;
}

static struct outcome disable(struct uuid id, bool disabled) {
    return ask(COMMAND_STAFF_DISABLE, (struct staff_command){.staff.id = id, .disable = disabled});
}

static struct outcome change(struct uuid id, int64_t version, unsigned fields, struct staff to) {
    to.id = id;
    return ask(COMMAND_STAFF_CHANGE,
               (struct staff_command){.staff = to, .fields = fields, .if_version = version});
}

static struct outcome sign_in(struct uuid id, struct uuid session, const char *hash) {
    return ask(COMMAND_SESSION_BEGIN, (struct staff_command){.staff.id = id,
                                                             .session_id = session,
                                                             .judged_hash = text_of(hash)});
}

static struct outcome touch(struct uuid id, struct uuid session) {
    return ask(COMMAND_SESSION_TOUCH,
               (struct staff_command){.staff.id = id, .session_id = session});
}

static const struct staff_session *the_session(struct uuid id) {
    const struct world_session *session = world_session(&b.world, id);
    assert_non_null(session);
    return &session->row;
}

static bool is_alive(struct uuid session) {
    return instant_before(b.world.now, session_ends_at(the_session(session)));
}

static void a_new_member_of_staff_was_never_seen(void **state) {
    (void)state;
    struct outcome made =
        ask(COMMAND_STAFF_CREATE, (struct staff_command){.staff = person("ann@a.b", ROLE_VIEWER)});
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    assert_false(uuid_is_none(made.staff->id));
    assert_int_equal(made.staff->version, 1);
    assert_true(instant_is_none(made.staff->disabled_at));
    assert_true(instant_is_none(made.staff->last_seen_at));
    assert_int_equal(made.staff->created_at.us, builder_time(0).us);
}

static void an_email_is_of_one_person(void **state) {
    (void)state;
    add("ann@a.b", ROLE_VIEWER);
    struct staff_command again = {.staff = person("ann@a.b", ROLE_ADMIN)};
    assert_int_equal(ask(COMMAND_STAFF_CREATE, again).verdict, VERDICT_EMAIL_TAKEN);
}

static void a_change_is_made_from_the_version_that_was_seen(void **state) {
    (void)state;
    struct uuid id = add("ann@a.b", ROLE_VIEWER);
    struct staff to = {.role = ROLE_BOX_OFFICE, .events = &b.event, .events_count = 1};
    struct outcome changed = change(id, 1, SETTING_ROLE | SETTING_EVENTS, to);
    assert_int_equal(changed.verdict, VERDICT_GRANTED);
    assert_int_equal(changed.staff->version, 2);
    assert_int_equal(changed.staff->role, ROLE_BOX_OFFICE);
    assert_int_equal(changed.staff->events_count, 1);
    struct outcome stale = change(id, 1, SETTING_ROLE, to);
    assert_int_equal(stale.verdict, VERDICT_VERSION_MISMATCH);
    assert_int_equal(stale.staff->version, 2);
    assert_int_equal(change(builder_id(&b), 1, SETTING_ROLE, to).verdict, VERDICT_NOT_FOUND);
}

static void the_last_admin_for_all_events_stays_one(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_ADMIN), bob = add("bob@a.b", ROLE_ADMIN);
    struct staff scoped = {.role = ROLE_ADMIN, .events = &b.event, .events_count = 1};
    assert_int_equal(change(bob, 1, SETTING_EVENTS, scoped).verdict, VERDICT_GRANTED);
    assert_int_equal(disable(ann, true).verdict, VERDICT_LAST_ADMIN);
    assert_int_equal(change(ann, 1, SETTING_ROLE, (struct staff){.role = ROLE_VIEWER}).verdict,
                     VERDICT_LAST_ADMIN);
    assert_int_equal(change(ann, 1, SETTING_EVENTS, scoped).verdict, VERDICT_LAST_ADMIN);
    assert_int_equal(change(bob, 2, SETTING_EVENTS, (struct staff){.role = ROLE_ADMIN}).verdict,
                     VERDICT_GRANTED);
    assert_int_equal(disable(ann, true).verdict, VERDICT_GRANTED);
    assert_int_equal(disable(bob, true).verdict, VERDICT_LAST_ADMIN);
    assert_int_equal(disable(ann, false).verdict, VERDICT_GRANTED);
    assert_int_equal(disable(bob, true).verdict, VERDICT_GRANTED);
}

static void who_is_limited_to_events_manages_nobody(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_VIEWER);
    b.caller.events = &b.event;
    b.caller.events_count = 1;
    struct staff_command make = {.staff = person("bob@a.b", ROLE_ADMIN)};
    assert_int_equal(ask(COMMAND_STAFF_CREATE, make).verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    assert_int_equal(disable(ann, true).verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    struct staff_command password = {.staff = {.id = ann, .password_hash = TEXT("other")}};
    assert_int_equal(ask(COMMAND_STAFF_PASSWORD, password).verdict, VERDICT_EVENT_OUT_OF_SCOPE);
}

static void a_session_lives_for_twelve_hours_of_rest_and_seven_days_at_most(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_VIEWER), session = builder_id(&b);
    assert_int_equal(sign_in(ann, session, "hash").verdict, VERDICT_GRANTED);
    builder_at(&b, SESSION_IDLE_SECONDS - 1);
    assert_true(is_alive(session));
    builder_at(&b, SESSION_IDLE_SECONDS);
    assert_false(is_alive(session));
    touch(ann, session); /* too late */
    assert_false(is_alive(session));

    struct uuid busy = builder_id(&b);
    int64_t begun = SESSION_IDLE_SECONDS;
    sign_in(ann, busy, "hash");
    for (int64_t at = 3600; at < SESSION_SECONDS_MAX; at += 3600) {
        builder_at(&b, begun + at);
        touch(ann, busy);
        assert_true(is_alive(busy));
    }
    builder_at(&b, begun + SESSION_SECONDS_MAX);
    assert_false(is_alive(busy));
}

static void only_the_password_of_now_opens_a_session(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_VIEWER), session = builder_id(&b);
    assert_int_equal(sign_in(ann, builder_id(&b), "another").verdict, VERDICT_UNAUTHENTICATED);
    assert_int_equal(sign_in(ann, session, "hash").verdict, VERDICT_GRANTED);
    disable(ann, true);
    assert_false(is_alive(session));
    assert_int_equal(sign_in(ann, builder_id(&b), "hash").verdict, VERDICT_UNAUTHENTICATED);
    disable(ann, false);
    assert_false(is_alive(session));
    assert_int_equal(sign_in(ann, builder_id(&b), "hash").verdict, VERDICT_GRANTED);
}

static void a_new_password_ends_the_sessions_but_the_one_it_is_set_in(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_VIEWER), one = builder_id(&b), other = builder_id(&b);
    sign_in(ann, one, "hash");
    struct staff_command own = {.staff = {.id = ann, .password_hash = TEXT("new")},
                                .session_id = other,
                                .judged_hash = TEXT("wrong")};
    assert_int_equal(ask(COMMAND_STAFF_PASSWORD, own).verdict, VERDICT_UNAUTHENTICATED);
    assert_true(is_alive(one));
    own.judged_hash = TEXT("hash");
    assert_int_equal(ask(COMMAND_STAFF_PASSWORD, own).verdict, VERDICT_GRANTED);
    assert_false(is_alive(one));
    assert_true(is_alive(other));
    assert_int_equal(sign_in(ann, builder_id(&b), "hash").verdict, VERDICT_UNAUTHENTICATED);
    struct staff_command by_an_admin = {.staff = {.id = ann, .password_hash = TEXT("newer")}};
    assert_int_equal(ask(COMMAND_STAFF_PASSWORD, by_an_admin).verdict, VERDICT_GRANTED);
    assert_false(is_alive(other));
}

static void signing_out_ends_that_session_alone(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_VIEWER), one = builder_id(&b), other = builder_id(&b);
    sign_in(ann, one, "hash");
    sign_in(ann, other, "hash");
    struct staff_command end = {.staff.id = ann, .session_id = one};
    assert_int_equal(ask(COMMAND_SESSION_END, end).verdict, VERDICT_GRANTED);
    assert_int_equal(ask(COMMAND_SESSION_END, end).verdict, VERDICT_GRANTED);
    assert_false(is_alive(one));
    assert_true(is_alive(other));
}

static void the_session_used_least_recently_makes_room(void **state) {
    (void)state;
    struct uuid ann = add("ann@a.b", ROLE_VIEWER), sessions[SESSIONS_PER_STAFF_MAX + 1];
    for (int i = 0; i < SESSIONS_PER_STAFF_MAX; i++) {
        builder_at(&b, i);
        sessions[i] = builder_id(&b);
        sign_in(ann, sessions[i], "hash");
    }
    builder_at(&b, 600);
    touch(ann, sessions[0]);
    sessions[SESSIONS_PER_STAFF_MAX] = builder_id(&b);
    sign_in(ann, sessions[SESSIONS_PER_STAFF_MAX], "hash");
    assert_true(is_alive(sessions[0]));
    assert_false(is_alive(sessions[1]));
    assert_true(is_alive(sessions[2]));
    assert_true(is_alive(sessions[SESSIONS_PER_STAFF_MAX]));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
static const struct CMUnitTest tests[] = {
    CASE(a_new_member_of_staff_was_never_seen),
    CASE(an_email_is_of_one_person),
    CASE(a_change_is_made_from_the_version_that_was_seen),
    CASE(the_last_admin_for_all_events_stays_one),
    CASE(who_is_limited_to_events_manages_nobody),
    CASE(a_session_lives_for_twelve_hours_of_rest_and_seven_days_at_most),
    CASE(only_the_password_of_now_opens_a_session),
    CASE(a_new_password_ends_the_sessions_but_the_one_it_is_set_in),
    CASE(signing_out_ends_that_session_alone),
    CASE(the_session_used_least_recently_makes_room),
};
UNIT_MAIN(tests)
