/* Who may do what in an adopted database, and in a new one: the database itself refuses the rest.
 */
#include <libpq-fe.h>
#include <stdio.h>

#include "shop.h"
#include "store/postgres/address.h"
#include "store/postgres/migration.h"
#include "store/sales_report.h"
#include "store/store.h"

static const char FORBIDDEN[] = "42501"; /* insufficient_privilege */
static const char DONE[] = "00000";

struct attempt {
    const char *role, *sql, *state;
};

static void assert_attempts(const char *url, const struct attempt *attempts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *state = sqlstate_of(url, attempts[i].role, attempts[i].sql);
        if (strcmp(state, attempts[i].state) != 0) {
            fail_msg("%s, as %s: %s, not %s", attempts[i].sql, attempts[i].role, state,
                     attempts[i].state);
        }
    }
}

static void the_application_adds_to_the_log_and_changes_nothing_in_it(void **state) {
    static const struct attempt attempts[] = {
        {"ticketd_app",
         "INSERT INTO inventory_audit_log SELECT * FROM inventory_audit_log WHERE false", DONE},
        {"ticketd_app", "SELECT count(*) FROM inventory_audit_log", DONE},
        {"ticketd_app", "UPDATE inventory_audit_log SET reason = 'another'", FORBIDDEN},
        {"ticketd_app", "DELETE FROM inventory_audit_log", FORBIDDEN},
        {"ticketd_app", "TRUNCATE inventory_audit_log", FORBIDDEN},
        {"ticketd_app", "DELETE FROM ticket_types", FORBIDDEN},
        {"ticketd_app", "DELETE FROM ticket_reservations", FORBIDDEN},
        {"ticketd_app", "DELETE FROM events", FORBIDDEN},
        {"ticketd_app", "DELETE FROM ticketd.api_keys", FORBIDDEN},
        {"ticketd_app", "UPDATE ticketd.schema_migrations SET version = 9", FORBIDDEN},
        {"ticketd_app", "SELECT * FROM ticket_types FOR NO KEY UPDATE", DONE},
        {"ticketd_app", "UPDATE ticket_types SET sold_count = sold_count", DONE},
        {"ticketd_app", "UPDATE ticket_reservations SET status = status", DONE},
        {"ticketd_app", "DELETE FROM ticketd.idempotency_keys", DONE},
        {"ticketd_app", "SELECT * FROM auth.users", FORBIDDEN},
        {"ticketd_app", "SELECT * FROM orders", FORBIDDEN},
    };
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    assert_attempts(url, attempts, sizeof attempts / sizeof attempts[0]);
    shop_drop(*state, url);
}

static void the_application_makes_no_tables(void **state) {
    static const struct attempt attempts[] = {
        {"ticketd_app", "CREATE TABLE public.another (id integer)", FORBIDDEN},
        {"ticketd_app", "CREATE TABLE ticketd.another (id integer)", FORBIDDEN},
        {"ticketd_app", "CREATE SCHEMA another", FORBIDDEN},
        {"ticketd_app", "ALTER TABLE ticket_types ADD COLUMN another integer", FORBIDDEN},
        {"ticketd_app", "DROP TABLE ticketd.carts", FORBIDDEN},
        {"ticketd_app", "CREATE INDEX ON ticket_types (price)", FORBIDDEN},
        {"ticketd_app", "ALTER TABLE ticket_types DISABLE ROW LEVEL SECURITY", FORBIDDEN},
        {"ticketd_app", "CREATE POLICY another ON ticket_types", FORBIDDEN},
    };
    char url[DATABASE_URL_SIZE];
    char superuser[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    /* What PostgreSQL 15 does by itself, and roles.sql advises before. */
    run_sql(url_as(url, "postgres", superuser), "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    migrate(url);
    assert_attempts(url, attempts, sizeof attempts / sizeof attempts[0]);
    shop_drop(*state, url);
}

static void the_reporter_reads_what_reports_tell_and_no_secrets(void **state) {
    static const struct attempt attempts[] = {
        {"ticketd_reporter", "SELECT count(*) FROM ticket_reservations", DONE},
        {"ticketd_reporter", "SELECT count(*) FROM inventory_audit_log", DONE},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.carts", DONE},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.shifts", DONE},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.api_keys", FORBIDDEN},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.sessions", FORBIDDEN},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.staff", FORBIDDEN},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.idempotency_keys", FORBIDDEN},
        {"ticketd_reporter", "SELECT count(*) FROM ticketd.webhook_endpoints", FORBIDDEN},
        {"ticketd_reporter", "UPDATE ticket_types SET price = 1", FORBIDDEN},
        {"ticketd_reporter", "INSERT INTO venues (name) VALUES ('x')", FORBIDDEN},
    };
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    assert_attempts(url, attempts, sizeof attempts / sizeof attempts[0]);
    shop_drop(*state, url);
}

/* Without the names of operators, which stand beside secrets. */
static void the_reporter_has_reports_by_operator(void **state) {
    char url[DATABASE_URL_SIZE], reporter[DATABASE_URL_SIZE];
    struct failure failure = {0};
    struct store_options options = {.read_only = true, .no_create = true};
    struct sales_request asked = {.groups = GROUP_OPERATOR, .filter = {.tender = TEXT_NONE}};
    struct store *store;
    struct store_reader *reader;
    struct sales_report report;
    struct arena arena, scratch;
    asked.subject.time_zone = TEXT_NONE;
    assert_true(uuid_parse(TEXT("e0000000-0000-4000-8000-000000000001"), &asked.subject.event_id));
    shop_database(*state, NULL, url);
    migrate(url);
    arena_init(&arena, 8 << 20);
    arena_init(&scratch, 8 << 20);
    assert_int_equal(ERROR_NONE, store_open(url_as(url, "ticketd_reporter", reporter), &options,
                                            &store, &failure));
    assert_int_equal(ERROR_NONE, store_open_reader(store, &reader, &failure));
    assert_int_equal(ERROR_NONE, sales_report_begin(&report, &asked, reader, &arena, &failure));
    while (!report.is_done) {
        assert_int_equal(ERROR_NONE, sales_report_step(&report, reader, &scratch, &failure));
    }
    store_reader_close(reader);
    store_close(store);
    arena_finish(&scratch);
    arena_finish(&arena);
    shop_drop(*state, url);
}

static void nobody_else_reads_a_table_of_ticketds_own(void **state) {
    static const char *const roles[] = {"anon", "authenticated", "service_role"};
    char url[DATABASE_URL_SIZE];
    char superuser[DATABASE_URL_SIZE];
    /* Default privileges gave them all tables of the shop's: sql/shop.sql. */
    shop_database(*state, NULL, url);
    migrate(url);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        char sql[512];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM pg_class c WHERE relnamespace = 'ticketd'::regnamespace AND "
                 "relkind = 'r' AND has_table_privilege('%s', c.oid, 'SELECT, INSERT, UPDATE, "
                 "DELETE, TRUNCATE, REFERENCES, TRIGGER')",
                 roles[i]);
        assert_answer(url_as(url, "postgres", superuser), sql, "0");
        snprintf(sql, sizeof sql, "SELECT has_schema_privilege('%s', 'ticketd', 'USAGE')",
                 roles[i]);
        assert_answer(superuser, sql, "f");
        assert_string_equal(sqlstate_of(url, roles[i], "SELECT * FROM ticketd.api_keys"),
                            FORBIDDEN);
    }
    shop_drop(*state, url);
}

static void old_functions_that_write_counts_fail_loudly(void **state) {
    static const struct attempt attempts[] = {
        {"service_role", "UPDATE ticket_types SET reserved_count = 1", FORBIDDEN},
        {"service_role",
         "INSERT INTO ticket_reservations (ticket_type_id, quantity, expires_at) VALUES "
         "('d0000000-0000-4000-8000-000000000001', 1, now())",
         FORBIDDEN},
        {"service_role", "DELETE FROM ticket_reservations", FORBIDDEN},
        {"service_role", "INSERT INTO inventory_audit_log DEFAULT VALUES", FORBIDDEN},
        {"service_role", "TRUNCATE ticket_types CASCADE", FORBIDDEN},
        {"authenticated", "UPDATE ticket_types SET reserved_count = 1", FORBIDDEN},
        {"anon", "UPDATE ticket_types SET reserved_count = 1", FORBIDDEN},
        {"authenticated", "DELETE FROM inventory_audit_log", FORBIDDEN},
        /* What they read, they go on reading. */
        {"service_role", "SELECT total_inventory, sold_count, reserved_count FROM ticket_types",
         DONE},
        {"anon", "SELECT total_inventory FROM ticket_types", DONE},
    };
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    assert_attempts(url, attempts, sizeof attempts / sizeof attempts[0]);
    shop_drop(*state, url);
}

static void row_level_security_stays_on_and_serve_sees_every_row(void **state) {
    char url[DATABASE_URL_SIZE], superuser[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    run_sql(url_as(url, "postgres", superuser), "GRANT anon, authenticated TO shop");
    assert_answer(url,
                  "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relname IN ('events', "
                  "'ticket_types', 'ticket_reservations', 'inventory_audit_log')",
                  "4");
    char app[DATABASE_URL_SIZE];
    url_as(url, "ticketd_app", app);
    assert_answer(app, "SELECT count(*) FROM ticket_reservations", "7");
    assert_answer(app, "SELECT count(*) FROM events", "2");
    assert_answer(app, "SELECT count(*) FROM ticket_types", "4");
    assert_answer(app, "SELECT count(*) FROM inventory_audit_log", "9");
    assert_answer(app,
                  "WITH u AS (UPDATE ticket_types SET price = price RETURNING 1) SELECT "
                  "count(*) FROM u",
                  "4");
    assert_answer(url, "SET ROLE anon; SELECT count(*) FROM ticket_reservations", "0");
    assert_answer(url, "SET ROLE anon; SELECT count(*) FROM events", "1");
    shop_drop(*state, url);
}

static void a_role_that_would_not_see_every_row_does_not_serve(void **state) {
    char url[DATABASE_URL_SIZE];
    struct failure failure;
    shop_database(*state, NULL, url);
    migrate(url);
    assert_int_equal(check_as(url, "shop", NULL, &failure), ERROR_NONE);
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NONE);
    assert_int_equal(check_as(url, "ticketd_reporter", NULL, &failure), ERROR_NONE);
    assert_int_equal(check_as(url, "authenticator", NULL, &failure), ERROR_PERMISSION);
    run_sql(url, "DROP POLICY ticketd_app ON ticket_reservations");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_PERMISSION);
    assert_non_null(strstr(failure.sentence, "hides rows of ticket_reservations"));
    migrate(url);
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NONE);
    run_sql(url, "CREATE POLICY cheap ON ticket_types AS RESTRICTIVE USING (price < 1000)");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_PERMISSION);
    run_sql(url, "DROP POLICY cheap ON ticket_types; REVOKE SELECT ON events FROM ticketd_app");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_PERMISSION);
    assert_non_null(strstr(failure.sentence, "may not read events"));
    shop_drop(*state, url);
}

static void a_right_that_was_given_since_is_taken_back_by_the_next_migrate(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    migrate(url);
    run_sql(url, "GRANT UPDATE (sold_count) ON ticket_types TO service_role;"
                 "GRANT SELECT ON ticketd.api_keys TO PUBLIC");
    char *plan = migrate_prints(url, &(struct migrate_options){.dry_run = true}, &result);
    assert_false(result.was_current);
    assert_non_null(strstr(plan, "ticket_types: service_role may write it no longer"));
    assert_non_null(strstr(plan, "REVOKE ALL ON ticketd.api_keys FROM PUBLIC"));
    free(plan);
    migrate(url);
    assert_string_equal(sqlstate_of(url, "service_role", "UPDATE ticket_types SET sold_count = 0"),
                        FORBIDDEN);
    free(migrate_prints(url, &(struct migrate_options){.dry_run = true}, &result));
    assert_true(result.was_current);
    shop_drop(*state, url);
}

static void a_new_database_is_owned_and_served_by_two_roles(void **state) {
    static const struct attempt attempts[] = {
        {"ticketd_app", "UPDATE inventory_audit_log SET reason = 'another'", FORBIDDEN},
        {"ticketd_app", "DELETE FROM inventory_audit_log", FORBIDDEN},
        {"ticketd_app", "CREATE TABLE another (id integer)", FORBIDDEN},
        {"ticketd_app", "INSERT INTO venues (name) VALUES ('x')", DONE},
        {"anon", "SELECT * FROM ticket_types", FORBIDDEN},
    };
    char url[DATABASE_URL_SIZE];
    char superuser[DATABASE_URL_SIZE];
    struct failure failure;
    shop_empty_database(*state, url);
    /* As Supabase has it for the tables of its owner. */
    run_sql(url, "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon");
    run_sql(url_as(url, "postgres", superuser), "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    migrate(url);
    assert_attempts(url, attempts, sizeof attempts / sizeof attempts[0]);
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NONE);
    shop_drop(*state, url);
}

static void roles_that_come_after_the_migration_get_their_rights(void **state) {
    char url[DATABASE_URL_SIZE];
    char superuser[DATABASE_URL_SIZE];
    struct failure failure;
    shop_database(*state, NULL, url);
    url_as(url, "postgres", superuser);
    run_sql(superuser, "ALTER ROLE ticketd_app RENAME TO nobody_yet");
    migrate(url);
    run_sql(superuser, "ALTER ROLE nobody_yet RENAME TO ticketd_app");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_PERMISSION);
    migrate(url);
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NONE);
    shop_drop(*state, url);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_application_adds_to_the_log_and_changes_nothing_in_it),
        cmocka_unit_test(the_application_makes_no_tables),
        cmocka_unit_test(the_reporter_reads_what_reports_tell_and_no_secrets),
        cmocka_unit_test(the_reporter_has_reports_by_operator),
        cmocka_unit_test(nobody_else_reads_a_table_of_ticketds_own),
        cmocka_unit_test(old_functions_that_write_counts_fail_loudly),
        cmocka_unit_test(row_level_security_stays_on_and_serve_sees_every_row),
        cmocka_unit_test(a_role_that_would_not_see_every_row_does_not_serve),
        cmocka_unit_test(a_right_that_was_given_since_is_taken_back_by_the_next_migrate),
        cmocka_unit_test(a_new_database_is_owned_and_served_by_two_roles),
        cmocka_unit_test(roles_that_come_after_the_migration_get_their_rights),
    };
    return cmocka_run_group_tests(tests, shop_open, shop_close);
}
