/* Staff with their roles, and the sessions they are signed in by. */
#include "bench.h"
#include "groups.h"

static struct staff person(struct bench *bench, unsigned number, const char *email) {
    return (struct staff){.id = bench_id('s', number),
                          .email = text_of(email),
                          .name = TEXT("\xc3\x84nn O'Hara"),
                          .role = ROLE_BOX_OFFICE,
                          .password_hash = TEXT("$argon2id$v=19$"),
                          .created_at = instant_plus_seconds(bench->now, number),
                          .updated_at = bench->now,
                          .disabled_at = INSTANT_NONE,
                          .last_seen_at = INSTANT_NONE,
                          .version = 1};
}

static struct staff_session session(struct bench *bench, unsigned number, unsigned of) {
    return (struct staff_session){.id = bench_id('x', number),
                                  .staff_id = bench_id('s', of),
                                  .created_at = bench->now,
                                  .last_seen_at = instant_plus_seconds(bench->now, number),
                                  .expires_at =
                                      instant_plus_seconds(bench->now, SESSION_SECONDS_MAX)};
}

static struct world_staff *add_staff(struct bench *bench, const struct staff *row) {
    struct world_staff *staff = world_add_staff(&bench->world, row);
    assert_non_null(staff);
    staff->state = ROW_NEW;
    return staff;
}

static struct world_session *add_session(struct bench *bench, struct staff_session row) {
    struct world_session *added = world_add_session(&bench->world, &row);
    assert_non_null(added);
    added->state = ROW_NEW;
    return added;
}

/* Two people; the first is signed in twice, the second once. */
static void fill(struct bench *bench) {
    static struct uuid events[2];
    events[0] = bench_id('e', 1);
    events[1] = bench_id('e', 2);
    bench_begin(bench);
    bench->keys.all_staff = true;
    bench_load(bench);
    assert_null(bench->world.staff);
    struct staff ann = person(bench, 1, "ann@example.com"), bob = person(bench, 2, "bob@a.b");
    ann.events = events;
    ann.events_count = 2;
    bob.role = ROLE_ADMIN;
    bob.password_hash = TEXT_NONE;
    add_staff(bench, &ann);
    add_staff(bench, &bob);
    add_session(bench, session(bench, 1, 1));
    add_session(bench, session(bench, 2, 1));
    add_session(bench, session(bench, 3, 2));
    bench_commit(bench);
    bench_reopen(bench);
}

static void load(struct bench *bench, unsigned number, bool all) {
    bench_begin(bench);
    bench_key(bench, &bench->keys.staff, bench_id('s', number));
    bench->keys.all_staff = all;
    bench_load(bench);
}

static size_t count_sessions(const struct bench *bench) {
    size_t count = 0;
    for (const struct world_session *each = bench->world.sessions; each; each = each->next) {
        count++;
    }
    return count;
}

static void people_come_back_as_they_were_written(void **state) {
    struct bench *bench = *state;
    fill(bench);
    load(bench, 1, false);
    assert_null(world_staff(&bench->world, bench_id('s', 2)));
    const struct world_staff *ann = world_staff(&bench->world, bench_id('s', 1));
    assert_non_null(ann);
    assert_text(ann->row.email, "ann@example.com");
    assert_text(ann->row.name, "\xc3\x84nn O'Hara");
    assert_text(ann->row.password_hash, "$argon2id$v=19$");
    assert_int_equal(ann->row.role, ROLE_BOX_OFFICE);
    assert_int_equal(ann->row.events_count, 2);
    assert_uuid(ann->row.events[0], bench_id('e', 1));
    assert_uuid(ann->row.events[1], bench_id('e', 2));
    assert_int_equal(ann->row.created_at.us, bench->now.us + 1000000);
    assert_true(instant_is_none(ann->row.disabled_at));
    assert_int_equal(ann->row.last_seen_at.us, bench->now.us + 2000000); /* by the sessions */
    assert_int_equal(ann->row.version, 1);
    assert_int_equal(ann->state, ROW_LOADED);
    assert_int_equal(count_sessions(bench), 2);
    const struct world_session *first = world_session(&bench->world, bench_id('x', 1));
    assert_non_null(first);
    assert_uuid(first->row.staff_id, bench_id('s', 1));
    assert_int_equal(first->row.created_at.us, bench->now.us);
    assert_int_equal(first->row.last_seen_at.us, bench->now.us + 1000000);
    assert_int_equal(first->row.expires_at.us,
                     instant_plus_seconds(bench->now, SESSION_SECONDS_MAX).us);
    store_rollback(bench->writer);
}

static void everyone_is_loaded_where_all_are_asked_for(void **state) {
    struct bench *bench = *state;
    fill(bench);
    load(bench, 1, true);
    const struct world_staff *bob = world_staff(&bench->world, bench_id('s', 2));
    assert_non_null(bob);
    assert_int_equal(bob->row.events_count, 0);
    assert_int_equal(bob->row.role, ROLE_ADMIN);
    assert_true(text_is_absent(bob->row.password_hash));
    assert_int_equal(count_sessions(bench), 2); /* of whom was named, only */
    store_rollback(bench->writer);
}

static void a_change_replaces_role_and_events(void **state) {
    struct bench *bench = *state;
    fill(bench);
    struct uuid other = bench_id('e', 3);
    load(bench, 1, false);
    struct world_staff *ann = world_staff(&bench->world, bench_id('s', 1));
    ann->row.role = ROLE_VIEWER;
    ann->row.events = &other;
    ann->row.events_count = 1;
    ann->row.disabled_at = bench->now;
    ann->row.password_hash = TEXT("another");
    ann->row.version = 2;
    row_changed(&ann->state);
    struct world_session *first = world_session(&bench->world, bench_id('x', 1));
    first->row.expires_at = bench->now;
    row_changed(&first->state);
    bench_commit(bench);
    bench_reopen(bench);

    load(bench, 1, false);
    ann = world_staff(&bench->world, bench_id('s', 1));
    assert_int_equal(ann->row.role, ROLE_VIEWER);
    assert_int_equal(ann->row.events_count, 1);
    assert_uuid(ann->row.events[0], other);
    assert_int_equal(ann->row.disabled_at.us, bench->now.us);
    assert_text(ann->row.password_hash, "another");
    assert_int_equal(ann->row.version, 2);
    assert_int_equal(count_sessions(bench), 1); /* the other one has ended */
    assert_uuid(bench->world.sessions->row.id, bench_id('x', 2));
    ann->row.events_count = 0;
    ann->row.version = 3;
    row_changed(&ann->state);
    bench_commit(bench);
    load(bench, 1, false);
    assert_int_equal(world_staff(&bench->world, bench_id('s', 1))->row.events_count, 0);
    store_rollback(bench->writer);
}

static void lists_tell_of_everyone_newest_first_and_of_every_session(void **state) {
    struct bench *bench = *state;
    struct page page;
    fill(bench);
    assert_int_equal(reader_staff(bench->reader, &bench->read_arena, &page, &bench->failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 2);
    const struct staff *staff = page.rows;
    assert_text(staff[0].email, "bob@a.b");
    assert_int_equal(staff[0].last_seen_at.us, bench->now.us + 3000000);
    assert_text(staff[1].email, "ann@example.com");
    assert_int_equal(staff[1].events_count, 2);
    assert_uuid(staff[1].events[1], bench_id('e', 2));
    assert_int_equal(reader_sessions(bench->reader, &bench->read_arena, &page, &bench->failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 3);

    bench->now = instant_plus_seconds(bench->now, SESSIONS_LISTED_SECONDS);
    assert_int_equal(reader_sessions(bench->reader, &bench->read_arena, &page, &bench->failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 0);
}

static void old_sessions_are_forgotten_but_for_the_last_of_each_person(void **state) {
    struct bench *bench = *state;
    struct page page;
    fill(bench);
    struct instant was = bench->now;
    bench->now = instant_plus_seconds(was, SESSION_SECONDS_MAX + 60);
    bench_begin(bench);
    bench_load(bench);
    bench->world.prune_before = bench->now;
    bench_commit(bench);
    bench->now = was;
    bench_reopen(bench);
    assert_int_equal(reader_sessions(bench->reader, &bench->read_arena, &page, &bench->failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 2);
    assert_int_equal(reader_staff(bench->reader, &bench->read_arena, &page, &bench->failure),
                     ERROR_NONE);
    const struct staff *staff = page.rows;
    assert_int_equal(staff[1].last_seen_at.us, was.us + 2000000);
}

int people_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(people_come_back_as_they_were_written),
        BENCH_TEST(everyone_is_loaded_where_all_are_asked_for),
        BENCH_TEST(a_change_replaces_role_and_events),
        BENCH_TEST(lists_tell_of_everyone_newest_first_and_of_every_session),
        BENCH_TEST(old_sessions_are_forgotten_but_for_the_last_of_each_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
