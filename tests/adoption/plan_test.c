/* What `ticketd migrate --dry-run` tells a person, and what it refuses to touch. */
#include <libpq-fe.h>
#include <stdio.h>

#include "shop.h"

static const struct migrate_options dry_run = {.dry_run = true};

static void assert_tells(const char *plan, const char *expected) {
    if (strstr(plan, expected) == NULL) {
        fail_msg("the plan does not tell \"%s\":\n%s", expected, plan);
    }
}

static void a_dry_run_changes_nothing(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    char *before = dump_of(url, "");
    free(migrate_prints(url, &dry_run, &result));
    char *after = dump_of(url, "");
    assert_false(result.was_current);
    assert_false(result.blocked);
    assert_string_equal(before, after);
    free(before);
    free(after);
    shop_drop(*state, url);
}

static void a_dry_run_waits_for_nobody_and_nobody_for_it(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    /* A sale under way holds its row and its tables until the end of this test. */
    PGconn *sale = PQconnectdb(url);
    PQclear(PQexec(sale, "BEGIN; UPDATE ticket_types SET price = price; "
                         "UPDATE ticket_reservations SET note = NULL"));
    char *plan = migrate_prints(url, &dry_run, &result);
    assert_false(result.blocked);
    free(plan);
    PQfinish(sale);
    shop_drop(*state, url);
}

static void the_plan_gives_each_step_its_reason_and_its_sql(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    char *plan = migrate_prints(url, &dry_run, &result);
    assert_tells(plan, "  - ticket_types.audit_hash: the chain_hash of that entry\n"
                       "        ALTER TABLE public.ticket_types ADD COLUMN audit_hash bytea");
    assert_tells(plan, "ticket_types.sold_count: NULL becomes 0");
    assert_tells(plan, "ALTER TABLE public.inventory_audit_log DROP CONSTRAINT "
                       "inventory_audit_log_user_id_fkey;");
    assert_tells(plan, "deleting from events erased from ticket_types what hangs on it (ON DELETE "
                       "CASCADE): now it is refused");
    assert_tells(plan, "as unit price the type's price of today (what was paid is not known)");
    assert_tells(plan, "a completed one was sold online, when it last changed");
    assert_tells(plan, "DROP INDEX public.idx_inventory_audit_ticket_type;");
    assert_tells(plan, "(Stalls): increase 0 -> 100, sale 0 -> 5, reserve 0 -> 7\n");
    assert_tells(plan, "(Circle): increase 0 -> 50\n");
    assert_tells(plan, "REVOKE INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER ON public.ticket_types "
                       "FROM PUBLIC, anon, authenticated, service_role CASCADE;");
    assert_tells(plan, "CREATE POLICY ticketd_app ON public.ticket_reservations FOR ALL TO "
                       "ticketd_app USING (true) WITH CHECK (true);");
    assert_tells(plan, "set_updated_at of ticket_reservations does not wake");
    assert_tells(plan, "the trigger tell_mirror of ticket_reservations runs at ticketd's writes");
    assert_tells(plan, "the index idx_reservations_user of the shop's own");
    free(plan);
    shop_drop(*state, url);
}

/* A change of the shop's that cannot be adopted, and what the plan says about it. */
struct obstacle {
    const char *change, *told;
};

static void assert_obstacles(struct shop *shop, const struct obstacle *obstacles, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char url[DATABASE_URL_SIZE];
        struct migrate_result result;
        shop_database(shop, obstacles[i].change, url);
        char *before = dump_of(url, "");
        char *plan =
            migrate_prints(url, &(struct migrate_options){.accept_differences = true}, &result);
        char *after = dump_of(url, "");
        assert_true(result.blocked);
        assert_tells(plan, obstacles[i].told);
        assert_string_equal(before, after);
        free(before);
        free(after);
        free(plan);
        shop_drop(shop, url);
    }
}

static void rows_that_no_rule_allows_are_listed_and_stop_it(void **state) {
    static const struct obstacle obstacles[] = {
        {"ALTER TABLE ticket_types DROP CONSTRAINT available_tickets;"
         "UPDATE ticket_types SET sold_count = 95 WHERE name = 'Stalls'",
         "ticket_types d0000000-0000-4000-8000-000000000001: sold 95 + reserved 7 is more than the "
         "total of 100"},
        {"UPDATE ticket_types SET total_inventory = 12, reserved_count = 1 WHERE name = 'Stalls';"
         "UPDATE ticket_types SET sold_count = 6 WHERE name = 'Stalls'",
         "ticket_types d0000000-0000-4000-8000-000000000001: sold 6 + 7 in active reservations is "
         "more than the total of 12"},
        {"UPDATE ticket_reservations SET quantity = 0 WHERE quantity = 6",
         "ticket_reservations f0000000-0000-4000-8000-000000000006: its quantity is 0"},
        {"UPDATE ticket_reservations SET status = 'cancelled' WHERE quantity = 6",
         "ticket_reservations f0000000-0000-4000-8000-000000000006: its status is 'cancelled'"},
        {"UPDATE ticket_types SET event_id = NULL WHERE name = 'Box'",
         "ticket_types d0000000-0000-4000-8000-000000000003: event_id is NULL"},
        {"ALTER TABLE ticket_reservations ALTER COLUMN expires_at DROP NOT NULL;"
         "UPDATE ticket_reservations SET expires_at = NULL WHERE quantity = 1 AND status = "
         "'active'",
         "ticket_reservations f0000000-0000-4000-8000-000000000004: it is active and never "
         "expires"},
        {"UPDATE ticket_reservations SET expires_at = 'infinity' WHERE quantity = 6",
         "ticket_reservations f0000000-0000-4000-8000-000000000006: expires_at is infinity"},
        {"UPDATE ticket_types SET price = -1 WHERE name = 'Box'",
         "ticket_types d0000000-0000-4000-8000-000000000003: its price is -1"},
    };
    assert_obstacles(*state, obstacles, sizeof obstacles / sizeof obstacles[0]);
}

static void tables_that_mean_something_else_stop_it(void **state) {
    static const struct obstacle obstacles[] = {
        {"CREATE SCHEMA ticketd; CREATE TABLE ticketd.sprints (id integer)",
         "a schema named ticketd is there, and what is in it is not ticketd's"},
        {"DROP TABLE ticket_reservations; CREATE VIEW ticket_reservations AS SELECT 1 AS id",
         "public.ticket_reservations is a view"},
        {"ALTER TABLE ticket_types DROP COLUMN price",
         "ticket_types has no column price (integer)"},
        {"ALTER TABLE venues ALTER COLUMN address TYPE jsonb USING to_jsonb(address)",
         "venues.address is jsonb, but must be text"},
        {"ALTER TABLE events ADD COLUMN version text",
         "events.version is text, but must be bigint"},
        {"ALTER TABLE ticket_reservations ADD COLUMN seat text NOT NULL DEFAULT 'x';"
         "ALTER TABLE ticket_reservations ALTER COLUMN seat DROP DEFAULT",
         "ticket_reservations.seat must have a value and has no default: ticketd could write no "
         "row"},
        {"ALTER TABLE ticket_reservations ADD CHECK (status IN ('active', 'completed', 'expired'))",
         "the constraint ticket_reservations_status_check forbids what ticketd must write"},
        {"ALTER TABLE ticket_types ADD CONSTRAINT valid_price CHECK (price >= 100)",
         "ticket_types has a constraint valid_price of its own"},
        {"CREATE INDEX idx_events_start_date ON events (end_date)",
         "public.idx_events_start_date is there and is something else"},
        {"ALTER TABLE inventory_audit_log DROP CONSTRAINT inventory_audit_log_pkey",
         "public.inventory_audit_log has no primary key on id alone"},
        {"ALTER TABLE ticket_types FORCE ROW LEVEL SECURITY;"
         "CREATE POLICY dear ON ticket_types AS RESTRICTIVE TO ticketd_app USING (price > 0)",
         "the restrictive policy dear of ticket_types binds ticketd_app, too"},
        {"CREATE TABLE seated () INHERITS (ticket_types)",
         "public.ticket_types has tables that inherit from it"},
    };
    assert_obstacles(*state, obstacles, sizeof obstacles / sizeof obstacles[0]);
}

static void another_role_than_the_owner_is_told_who_may(void **state) {
    char url[DATABASE_URL_SIZE];
    char other[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    char grant[200];
    char name[64];
    snprintf(grant, sizeof grant, "GRANT CREATE ON DATABASE \"%s\" TO ticketd_owner",
             database_name(url, name));
    run_sql(url, grant);
    char *plan = migrate_prints(url_as(url, "ticketd_owner", other), &dry_run, &result);
    assert_true(result.blocked);
    assert_tells(plan,
                 "public.events belongs to shop, and ticketd_owner may not change it: migrate "
                 "as its owner, or GRANT shop TO ticketd_owner first");
    free(plan);
    shop_drop(*state, url);
}

static void row_level_security_that_hides_rows_from_who_migrates_stops_it(void **state) {
    char url[DATABASE_URL_SIZE];
    char superuser[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, "ALTER TABLE ticket_types FORCE ROW LEVEL SECURITY", url);
    run_sql(url_as(url, "postgres", superuser), "ALTER ROLE shop NOBYPASSRLS");
    char *plan = migrate_prints(url, &dry_run, &result);
    run_sql(superuser, "ALTER ROLE shop BYPASSRLS");
    assert_true(result.blocked);
    assert_tells(plan, "row-level security may hide rows of public.ticket_types from shop");
    free(plan);
    shop_drop(*state, url);
}

static const char differing[] =
    "UPDATE ticket_types SET reserved_count = 9, sold_count = 8 WHERE name = 'Stalls';"
    "UPDATE ticket_reservations SET quantity = 3 WHERE status = 'completed' AND quantity = 1";

static void differences_stop_it_with_a_list(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, differing, url);
    char *before = dump_of(url, "");
    char *plan =
        migrate_prints(url, &(struct migrate_options){.accept_differences = false}, &result);
    char *after = dump_of(url, "");
    assert_true(result.blocked);
    assert_tells(plan, "ticket_types d0000000-0000-4000-8000-000000000001 (Stalls): reserved_count "
                       "is 9, but its active reservations add up to 7");
    assert_tells(plan, "ticket_types d0000000-0000-4000-8000-000000000001 (Stalls): sold_count is "
                       "8, but its completed reservations add up to 5 (+3 go to adopted_sold)");
    assert_tells(plan, "(Last one): sold_count is 1, but its completed reservations add up to 3 "
                       "(-2 go to adopted_sold)");
    assert_string_equal(before, after);
    free(before);
    free(after);
    free(plan);
    shop_drop(*state, url);
}

static void accepted_differences_are_set_by_an_entry(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, differing, url);
    free(migrate_prints(url, &(struct migrate_options){.accept_differences = true}, &result));
    assert_false(result.blocked);
    assert_answer(url,
                  "SELECT string_agg(format('%s %s>%s', action, previous_reserved, new_reserved), "
                  "', ' ORDER BY seq) FROM inventory_audit_log JOIN ticket_types t ON t.id = "
                  "ticket_type_id WHERE seq > 2 AND name = 'Stalls'",
                  "reserve 0>9, release 9>7");
    assert_answer(url,
                  "SELECT string_agg(format('%s %s %s %s', name, reserved_count, sold_count, "
                  "adopted_sold), ', ' ORDER BY name) FROM ticket_types WHERE sold_count > 0",
                  "Last one 0 1 -2, Stalls 7 8 3");
    shop_drop(*state, url);
}

static void what_writes_with_its_owners_rights_stands_in_the_plan(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state,
                  "CREATE FUNCTION reserve_tickets(q integer) RETURNS void LANGUAGE sql SECURITY "
                  "DEFINER AS $$ UPDATE ticket_types SET reserved_count = reserved_count + q $$;"
                  "CREATE FUNCTION hello() RETURNS integer LANGUAGE sql SECURITY DEFINER AS "
                  "$$ SELECT 1 $$",
                  url);
    char *plan = migrate_prints(url, &dry_run, &result);
    assert_tells(plan, "the function reserve_tickets(integer) runs with the rights of shop "
                       "(SECURITY DEFINER) and names ticket_types");
    assert_null(strstr(plan, "hello"));
    free(plan);
    shop_drop(*state, url);
}

static void the_shops_mandatory_columns_on_events_stand_in_the_plan(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state,
                  "ALTER TABLE events ADD COLUMN genre text NOT NULL DEFAULT 'opera';"
                  "ALTER TABLE events ALTER COLUMN genre DROP DEFAULT",
                  url);
    char *plan = migrate_prints(url, &dry_run, &result);
    assert_false(result.blocked);
    assert_tells(plan, "events.genre must have a value and has no default: the shop goes on making "
                       "events; over ticketd's API that answers 409 managed_elsewhere");
    free(plan);
    shop_drop(*state, url);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dry_run_changes_nothing),
        cmocka_unit_test(a_dry_run_waits_for_nobody_and_nobody_for_it),
        cmocka_unit_test(the_plan_gives_each_step_its_reason_and_its_sql),
        cmocka_unit_test(rows_that_no_rule_allows_are_listed_and_stop_it),
        cmocka_unit_test(tables_that_mean_something_else_stop_it),
        cmocka_unit_test(another_role_than_the_owner_is_told_who_may),
        cmocka_unit_test(row_level_security_that_hides_rows_from_who_migrates_stops_it),
        cmocka_unit_test(differences_stop_it_with_a_list),
        cmocka_unit_test(accepted_differences_are_set_by_an_entry),
        cmocka_unit_test(what_writes_with_its_owners_rights_stands_in_the_plan),
        cmocka_unit_test(the_shops_mandatory_columns_on_events_stand_in_the_plan),
    };
    return cmocka_run_group_tests(tests, shop_open, shop_close);
}
