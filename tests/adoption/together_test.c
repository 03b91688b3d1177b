/* Migrate beside another one, and migrate cut short. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "shop.h"

struct migration_thread {
    pthread_t thread;
    const char *url;
    struct migrate_result result;
    struct failure failure;
    enum error error;
};

static void *run_migrate(void *context) {
    struct migration_thread *self = context;
    FILE *nowhere = fopen("/dev/null", "w");
    struct migrate_options options = {.out = nowhere};
    self->error = store_migrate(self->url, &options, &self->result, &self->failure);
    fclose(nowhere);
    return NULL;
}

static void start(struct migration_thread *self, const char *url) {
    *self = (struct migration_thread){.url = url};
    assert_int_equal(pthread_create(&self->thread, NULL, run_migrate, self), 0);
}

static void finish(struct migration_thread *self) {
    pthread_join(self->thread, NULL);
}

static void assert_one_of_four_migrated(const char *url) {
    struct migration_thread threads[4];
    int migrated = 0;
    for (size_t i = 0; i < 4; i++) {
        start(&threads[i], url);
    }
    for (size_t i = 0; i < 4; i++) {
        finish(&threads[i]);
        assert_string_equal(threads[i].error == ERROR_NONE ? "" : threads[i].failure.sentence, "");
        assert_false(threads[i].result.blocked);
        migrated += !threads[i].result.was_current;
    }
    assert_int_equal(migrated, 1);
    assert_answer(url,
                  "SELECT string_agg(name, ' ' ORDER BY version) FROM ticketd.schema_migrations",
                  "own founding shifts shift_log");
}

static void of_several_at_a_time_one_makes_the_schema(void **state) {
    for (int i = 0; i < 5; i++) {
        char url[DATABASE_URL_SIZE];
        shop_empty_database(*state, url);
        assert_one_of_four_migrated(url);
        shop_drop(*state, url);
    }
}

static void of_several_at_a_time_one_adopts(void **state) {
    for (int i = 0; i < 5; i++) {
        char url[DATABASE_URL_SIZE];
        shop_database(*state, NULL, url);
        assert_one_of_four_migrated(url);
        assert_answer(url, "SELECT sum(audit_seq) FROM ticket_types", "6");
        shop_drop(*state, url);
    }
}

/* Until some backend of the database waits for a lock: the first value of its row. */
static void await_waiting(const char *url, const char *kind, char pid[32]) {
    char superuser[DATABASE_URL_SIZE];
    char sql[512];
    struct failure failure;
    struct timespec pause = {.tv_nsec = 5000000};
    snprintf(sql, sizeof sql,
             "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
             "wait_event_type = 'Lock' AND wait_event = '%s'",
             kind);
    url_as(url, "postgres", superuser);
    while (database_ask(superuser, sql, pid, 32, &failure) == ERROR_NOT_FOUND) {
        nanosleep(&pause, NULL);
    }
}

/* `holds` keeps migrate waiting at some point; there it is ended. */
static void assert_nothing_is_left(struct shop *shop, const char *change, const char *holds,
                                   const char *kind) {
    char url[DATABASE_URL_SIZE];
    char superuser[DATABASE_URL_SIZE];
    char pid[32];
    char terminate[128];
    struct migration_thread migrating;
    shop_database(shop, change, url);
    char *before = dump_of(url, "");
    PGconn *holder = PQconnectdb(url);
    PGresult *held = PQexec(holder, holds);
    assert_string_equal(PQresultErrorMessage(held), "");
    PQclear(held);
    start(&migrating, url);
    await_waiting(url, kind, pid);
    snprintf(terminate, sizeof terminate, "SELECT pg_terminate_backend(%s)", pid);
    run_sql(url_as(url, "postgres", superuser), terminate);
    finish(&migrating);
    PQfinish(holder);
    assert_int_equal(migrating.error, ERROR_UNAVAILABLE);
    char *after = dump_of(url, "");
    assert_string_equal(before, after);
    free(before);
    free(after);
    migrate(url); /* and it can be done again */
    shop_drop(shop, url);
}

static void one_that_is_ended_while_it_waits_for_the_tables_leaves_nothing(void **state) {
    assert_nothing_is_left(
        *state, NULL, "BEGIN; LOCK TABLE inventory_audit_log IN ROW EXCLUSIVE MODE", "relation");
}

static void one_that_is_ended_at_its_last_rows_leaves_nothing(void **state) {
    assert_nothing_is_left(
        *state,
        "CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END $$;"
        "CREATE TRIGGER wait_here AFTER INSERT ON inventory_audit_log FOR EACH ROW EXECUTE "
        "FUNCTION wait_here()",
        "BEGIN; SELECT pg_advisory_xact_lock(7)", "advisory");
}

static void one_that_the_shops_trigger_refuses_says_why_and_leaves_nothing(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_options options = {.out = fopen("/dev/null", "w")};
    struct migrate_result result;
    struct failure failure;
    shop_database(*state,
                  "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                  "$$ BEGIN RAISE EXCEPTION 'the log is closed'; END $$;"
                  "CREATE TRIGGER refuse AFTER INSERT ON inventory_audit_log FOR EACH ROW EXECUTE "
                  "FUNCTION refuse()",
                  url);
    char *before = dump_of(url, "");
    assert_int_not_equal(store_migrate(url, &options, &result, &failure), ERROR_NONE);
    assert_non_null(strstr(failure.sentence, "the log is closed"));
    char *after = dump_of(url, "");
    assert_string_equal(before, after);
    free(before);
    free(after);
    fclose(options.out);
    shop_drop(*state, url);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_at_a_time_one_makes_the_schema),
        cmocka_unit_test(of_several_at_a_time_one_adopts),
        cmocka_unit_test(one_that_is_ended_while_it_waits_for_the_tables_leaves_nothing),
        cmocka_unit_test(one_that_is_ended_at_its_last_rows_leaves_nothing),
        cmocka_unit_test(one_that_the_shops_trigger_refuses_says_why_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, shop_open, shop_close);
}
