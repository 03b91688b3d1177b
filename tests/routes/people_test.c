/* Who works here and who is signed in, while people come and go; and their passwords. */
#include <sys/resource.h>

#include "routes/callers/people.h"

#include "routes/callers/password.h"
#include "store/store.h"
#include "support/unit.h"

static struct store *store;
static struct people *people;
static struct arena arena;
static const struct instant noon = {INT64_C(1795000000) * 1000000};

static int open(void **state) {
    (void)state;
    struct failure failure;
    arena_init(&arena, 64 * 1024 * 1024);
    return store_open("memory:", NULL, &store, &failure) != ERROR_NONE ||
           people_open(store, &people, &failure) != ERROR_NONE;
}

static int close(void **state) {
    (void)state;
    people_close(people);
    store_close(store);
    arena_finish(&arena);
    return 0;
}

static struct uuid id_of(uint8_t kind, uint32_t number) {
    struct uuid id = {{kind, 9}};
    memcpy(id.bytes + 8, &number, sizeof number);
    return id;
}

static struct staff ann(int64_t version) {
    static const struct uuid events[] = {{{5}}, {{6}}};
    return (struct staff){.id = id_of(1, 1),
                          .email = TEXT("ann@example.com"),
                          .name = version == 1 ? TEXT("Ann") : TEXT("Anna"),
                          .role = ROLE_VIEWER,
                          .events = events,
                          .events_count = 2,
                          .password_hash = TEXT("hash"),
                          .created_at = noon,
                          .updated_at = noon,
                          .disabled_at = INSTANT_NONE,
                          .last_seen_at = INSTANT_NONE,
                          .version = version};
}

static struct staff_session session(uint32_t number, struct instant created_at) {
    return (struct staff_session){.id = id_of(2, number),
                                  .staff_id = id_of(1, 1),
                                  .created_at = created_at,
                                  .last_seen_at = created_at,
                                  .expires_at =
                                      instant_plus_seconds(created_at, SESSION_SECONDS_MAX)};
}

static void commit(const struct staff *staff, const struct staff_session *begun) {
    struct arena batch;
    struct world world;
    arena_init(&batch, 1024 * 1024);
    world_init(&world, &batch);
    world.now = begun == NULL ? noon : begun->created_at;
    world_add_staff(&world, staff)->state = begun == NULL ? ROW_CHANGED : ROW_LOADED;
    if (begun != NULL) {
        world_add_session(&world, begun)->state = ROW_CHANGED;
    }
    people_on_commit(people, &world);
    arena_finish(&batch); /* nothing of the batch is held on to */
}

static bool is_signed_in(uint32_t number, struct instant now) {
    struct staff staff;
    struct staff_session found;
    return people_find_session(people, id_of(2, number), now, &arena, &staff, &found);
}

static void who_is_signed_in_is_known_without_the_password(void **state) {
    (void)state;
    struct staff row = ann(1), staff;
    struct staff_session begun = session(1, noon), found;
    commit(&row, NULL);
    assert_false(is_signed_in(1, noon));
    commit(&row, &begun);
    assert_true(people_find_session(people, begun.id, noon, &arena, &staff, &found));
    assert_text(staff.name, "Ann");
    assert_int_equal(staff.role, ROLE_VIEWER);
    assert_int_equal(staff.events_count, 2);
    assert_uuid(staff.events[1], (struct uuid){{6}});
    assert_true(text_is_absent(staff.password_hash));
    assert_uuid(found.id, begun.id);
    assert_true(people_find_email(people, TEXT("ann@example.com"), &arena, &staff));
    assert_text(staff.password_hash, "hash");
    assert_false(people_find_email(people, TEXT("bob@example.com"), &arena, &staff));
    assert_text(people_name(people, row.id, &arena), "Ann");
    assert_true(text_is_absent(people_name(people, id_of(1, 2), &arena)));
    assert_false(is_signed_in(0, noon));
}

static void a_session_ends_by_rest_by_age_and_with_the_person(void **state) {
    (void)state;
    struct staff row = ann(1);
    struct staff_session begun = session(1, noon);
    commit(&row, NULL);
    commit(&row, &begun);
    assert_true(is_signed_in(1, instant_plus_seconds(noon, SESSION_IDLE_SECONDS - 1)));
    assert_false(is_signed_in(1, instant_plus_seconds(noon, SESSION_IDLE_SECONDS)));
    begun.last_seen_at = instant_plus_seconds(noon, SESSION_SECONDS_MAX - 60);
    commit(&row, &begun);
    assert_true(is_signed_in(1, instant_plus_seconds(noon, SESSION_SECONDS_MAX - 1)));
    assert_false(is_signed_in(1, instant_plus_seconds(noon, SESSION_SECONDS_MAX)));
    row.version = 2;
    row.disabled_at = noon;
    commit(&row, NULL);
    assert_false(is_signed_in(1, instant_plus_seconds(noon, 1)));
}

static void news_that_is_late_changes_nothing(void **state) {
    (void)state;
    struct staff later = ann(2), earlier = ann(1);
    struct staff_session begun = session(1, noon), ended = begun;
    commit(&later, NULL);
    commit(&earlier, NULL);
    assert_text(people_name(people, later.id, &arena), "Anna");
    ended.expires_at = instant_plus_seconds(noon, 60);
    commit(&later, &ended);
    commit(&later, &begun);
    assert_true(is_signed_in(1, instant_plus_seconds(noon, 59)));
    assert_false(is_signed_in(1, instant_plus_seconds(noon, 60)));
}

static void sessions_that_are_long_over_make_room(void **state) {
    (void)state;
    struct staff row = ann(1);
    commit(&row, NULL);
    for (uint32_t i = 1; i <= 20000; i++) {
        struct instant at = instant_plus_seconds(noon, (int64_t)i * 600);
        struct staff_session begun = session(i, at);
        commit(&row, &begun);
        assert_true(is_signed_in(i, at));
        assert_int_equal(is_signed_in(i / 2 + 1, at), i < 144 || i / 2 + 1 > i - 72);
    }
}

static void a_password_matches_its_hash_and_no_other(void **state) {
    (void)state;
    char one[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];
    assert_true(password_hash(TEXT("correct horse"), one));
    assert_true(password_hash(TEXT("correct horse"), other));
    assert_string_not_equal(one, other); /* salted */
    assert_int_equal(strncmp(one, "$argon2id$", 10), 0);
    assert_int_equal(password_judge(TEXT("correct horse"), text_of(one)), PASSWORD_RIGHT);
    assert_int_equal(password_judge(TEXT("correct horse"), text_of(other)), PASSWORD_RIGHT);
    assert_int_equal(password_judge(TEXT("correct horsf"), text_of(one)), PASSWORD_WRONG);
    assert_int_equal(password_judge(TEXT(""), text_of(one)), PASSWORD_WRONG);
    assert_int_equal(password_judge(TEXT("correct horse"), TEXT("no hash")), PASSWORD_WRONG);
    assert_int_equal(password_judge(TEXT("correct horse"), TEXT_NONE), PASSWORD_WRONG);
}

#ifndef SANITIZED
/* Else whoever is right would be told to be wrong. */
static void without_memory_no_password_is_judged(void **state) {
    (void)state;
    char hash[PASSWORD_HASH_SIZE];
    assert_true(password_hash(TEXT("correct horse"), hash));
    struct rlimit before, now;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    now = before;
    now.rlim_cur = 1024 * 1024; /* less than there is: nothing more is to be had */
    assert_int_equal(setrlimit(RLIMIT_AS, &now), 0);
    enum password_verdict known = password_judge(TEXT("correct horse"), text_of(hash));
    enum password_verdict unknown = password_judge(TEXT("correct horse"), TEXT_NONE);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(known, PASSWORD_NOT_JUDGED);
    assert_int_equal(unknown, PASSWORD_NOT_JUDGED);
}

#endif

static void a_password_that_is_made_is_another_each_time(void **state) {
    (void)state;
    char one[PASSWORD_MADE_SIZE], other[PASSWORD_MADE_SIZE];
    password_make(one);
    password_make(other);
    assert_int_equal(strlen(one), PASSWORD_MADE_SIZE - 1);
    assert_string_not_equal(one, other);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open, close)
static const struct CMUnitTest tests[] = {
    CASE(who_is_signed_in_is_known_without_the_password),
    CASE(a_session_ends_by_rest_by_age_and_with_the_person),
    CASE(news_that_is_late_changes_nothing),
    CASE(sessions_that_are_long_over_make_room),
    CASE(a_password_matches_its_hash_and_no_other),
#ifndef SANITIZED
    CASE(without_memory_no_password_is_judged),
#endif
    CASE(a_password_that_is_made_is_another_each_time),
};
UNIT_MAIN(tests)
