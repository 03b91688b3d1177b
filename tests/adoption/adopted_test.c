/* What a shop's database is after `ticketd migrate`: everything is still there, and the form is
 * that of a new one. */
#include <libpq-fe.h>
#include <stdio.h>

#include "shop.h"
#include "store/postgres/address.h"
#include "store/postgres/migration.h"

/* All that the shop put in, by its own columns. */
static const char everything[] =
    "SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM ("
    "SELECT format('%s', (id, name, address, city, capacity, created_at)) AS line FROM venues "
    "UNION ALL SELECT format('%s', (id, name, description, venue_id, start_date, end_date, "
    "created_at, updated_at, featured, image_url, slug, cast_info)) FROM events "
    "UNION ALL SELECT format('%s', (id, event_id, name, description, price, initial_inventory, "
    "total_inventory, created_at, updated_at)) FROM ticket_types "
    "UNION ALL SELECT format('%s', (id, ticket_type_id, quantity, user_id, expires_at, status, "
    "order_id, created_at, note)) FROM ticket_reservations "
    "UNION ALL SELECT format('%s', updated_at) FROM ticket_reservations WHERE updated_at < now() - "
    "interval '1 day' "
    "UNION ALL SELECT format('%s', (id, ticket_type_id, user_id, action, quantity, previous_total, "
    "new_total, previous_sold, new_sold, previous_reserved, new_reserved, reason, created_at)) "
    "FROM inventory_audit_log WHERE reason IS DISTINCT FROM 'Adopted' "
    "UNION ALL SELECT format('%s', carts) FROM carts) AS lines";

static void nothing_of_the_shops_is_lost(void **state) {
    char url[DATABASE_URL_SIZE];
    char before[64];
    struct failure failure;
    shop_database(*state, NULL, url);
    assert_int_equal(database_ask(url, everything, before, sizeof before, &failure), ERROR_NONE);
    migrate(url);
    assert_answer(url, everything, before);
    assert_answer(url,
                  "SELECT string_agg(format('%s %s', tgname, tgenabled), ', ' ORDER BY tgname) "
                  "FROM pg_trigger WHERE NOT tgisinternal",
                  "set_updated_at D, tell_mirror O");
    shop_drop(*state, url);
}

/* What statements depend on, of the founding tables: columns, what may be NULL, checks, keys. */
static const char form[] =
    "SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
    "SELECT format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), "
    "a.attnotnull) AS line FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND (c.relname, a.attname) NOT IN "
    "(('venues', 'city'), ('venues', 'capacity'), ('events', 'slug'), ('events', 'cast_info'), "
    "('ticket_reservations', 'note'), "
    /* kept as the shop has them */
    "('ticket_reservations', 'status')) "
    "AND c.relkind = 'r' AND (c.relnamespace = 'ticketd'::regnamespace OR c.relname IN %s) "
    "UNION ALL SELECT format('%s %s %s', conrelid::regclass, contype, "
    "pg_get_constraintdef(oid)) FROM pg_constraint WHERE contype IN ('p', 'f', 'c') AND "
    "conname <> 'valid_status' AND conrelid::regclass::text IN %s "
    "UNION ALL SELECT regexp_replace(indexdef, '\\(status\\)::text|status', 'status', 'g') FROM "
    "pg_indexes WHERE schemaname = 'public' AND tablename IN %s AND indexname NOT IN "
    "('idx_reservations_user', 'events_slug_key')"
    ") AS lines";

static char *form_of(const char *url) {
    static const char tables[] =
        "('venues', 'events', 'ticket_types', 'ticket_reservations', 'inventory_audit_log')";
    char sql[4096];
    char *text = malloc(32768);
    struct failure failure;
    const char *rest = form;
    size_t length = 0;
    assert_non_null(text);
    /* The three places of the list; other % belong to format(). */
    for (const char *at; (at = strstr(rest, "IN %s")) != NULL; rest = at + 5) {
        length += (size_t)snprintf(sql + length, sizeof sql - length, "%.*sIN %s", (int)(at - rest),
                                   rest, tables);
    }
    snprintf(sql + length, sizeof sql - length, "%s", rest);
    enum error error = database_ask(url, sql, text, 32768, &failure);
    assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
    return text;
}

static void an_adopted_database_has_the_form_of_a_new_one(void **state) {
    char url[DATABASE_URL_SIZE];
    char empty[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    shop_empty_database(*state, empty);
    migrate(url);
    migrate(empty);
    char *adopted = form_of(url);
    char *new = form_of(empty);
    assert_true(strlen(new) > 5000);
    assert_string_equal(adopted, new);
    free(adopted);
    free(new);
    shop_drop(*state, url);
    shop_drop(*state, empty);
}

static void the_log_opens_with_ordinary_entries(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    assert_answer(url,
                  "SELECT string_agg(format('%s %s %s %s>%s %s>%s %s>%s %s %s', name, seq, action, "
                  "previous_total, new_total, previous_sold, new_sold, previous_reserved, "
                  "new_reserved, reason, actor_kind), E'\\n' ORDER BY name, seq) "
                  "FROM inventory_audit_log l JOIN ticket_types t ON t.id = l.ticket_type_id "
                  "WHERE seq IS NOT NULL AND l.event_id = t.event_id AND actor_id IS NULL",
                  "Circle 1 increase 0>50 0>0 0>0 Adopted system\n"
                  "Last one 1 increase 0>1 0>0 0>0 Adopted system\n"
                  "Last one 2 sale 1>1 0>1 0>0 Adopted system\n"
                  "Stalls 1 increase 0>100 0>0 0>0 Adopted system\n"
                  "Stalls 2 sale 100>100 0>5 0>0 Adopted system\n"
                  "Stalls 3 reserve 100>100 5>5 0>7 Adopted system");
    /* The head is the type's, the ids are of one lane and of version 7. */
    assert_answer(url,
                  "SELECT count(*) FROM ticket_types t JOIN inventory_audit_log l ON "
                  "l.ticket_type_id = t.id AND l.seq = t.audit_seq AND l.chain_hash = t.audit_hash "
                  "AND l.created_at = t.last_entry_at",
                  "3");
    assert_answer(url,
                  "SELECT count(DISTINCT right(id::text, 4)) || ' ' || bool_and(substr(id::text, "
                  "15, 1) = '7') FROM inventory_audit_log WHERE seq IS NOT NULL AND event_id = "
                  "'e0000000-0000-4000-8000-000000000001'",
                  "1 true");
    shop_drop(*state, url);
}

static void old_entries_stay_as_they_are_outside_the_chain(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    assert_answer(url,
                  "SELECT count(*) || ' ' || count(seq) || ' ' || count(chain_hash) || ' ' || "
                  "min(quantity) FROM inventory_audit_log WHERE created_at < '2026-06-01'",
                  "3 0 0 0");
    shop_drop(*state, url);
}

static void adopted_reservations_are_completed_from_their_types(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    free(migrate_prints(
        url, &(struct migrate_options){.currency = "CHF", .time_zone = "Europe/Zurich"}, &result));
    assert_answer(url,
                  "SELECT format('%s %s %s %s %s', event_id, unit_price, currency, channel, "
                  "completed_at = updated_at AND completed_at = '2026-01-01 10:05:00.123456Z') "
                  "FROM ticket_reservations WHERE id = 'f0000000-0000-4000-8000-000000000001'",
                  "e0000000-0000-4000-8000-000000000001 4500 CHF online t");
    assert_answer(
        url,
        "SELECT format('%s%s', channel, completed_at) FROM ticket_reservations WHERE id = "
        "'f0000000-0000-4000-8000-000000000003'",
        "");
    assert_answer(url, "SELECT DISTINCT currency || ' ' || time_zone FROM events",
                  "CHF Europe/Zurich");
    assert_answer(url, "SELECT sold_count + reserved_count FROM ticket_types WHERE name = 'Circle'",
                  "0");
    shop_drop(*state, url);
}

static void the_founding_queries_run_unchanged(void **state) {
    static const char *const queries[][2] = {
        {"SELECT format('%s %s %s', total_inventory, sold_count, reserved_count) FROM ticket_types "
         "WHERE id = 'd0000000-0000-4000-8000-000000000001'",
         "100 5 7"},
        {"SELECT format('%s %s %s', ticket_type_id, quantity, status) FROM ticket_reservations "
         "WHERE id = 'f0000000-0000-4000-8000-000000000003'",
         "d0000000-0000-4000-8000-000000000001 4 active"},
        {"SELECT string_agg(id::text, ' ') FROM ticket_reservations WHERE status = 'active' AND "
         "expires_at < now()",
         "f0000000-0000-4000-8000-000000000005"},
        {"SELECT count(*) FROM inventory_audit_log WHERE ticket_type_id = "
         "'d0000000-0000-4000-8000-000000000001'",
         "6"},
    };
    char url[DATABASE_URL_SIZE], superuser[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    /* As the shop's server, which bypasses row-level security. From 16 on, not every role that
     * makes roles may grant them. */
    run_sql(url_as(url, "postgres", superuser), "GRANT service_role TO shop");
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        char sql[1024];
        snprintf(sql, sizeof sql, "SET ROLE service_role; %s", queries[i][0]);
        assert_answer(url, sql, queries[i][1]);
    }
    shop_drop(*state, url);
}

static void the_shop_goes_on_making_venues_and_events(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    migrate(url);
    assert_string_equal(sqlstate_of(url, "service_role",
                                    "INSERT INTO venues (name, city) VALUES ('Club', 'Bonn'); "
                                    "INSERT INTO events (name, start_date, slug) VALUES ('Aida', "
                                    "now(), 'aida'); UPDATE events SET published = true"),
                        "00000");
    /* An event with a log can no longer be deleted. */
    assert_string_equal(sqlstate_of(url, "service_role", "DELETE FROM events WHERE slug = 'tosca'"),
                        "23503");
    shop_drop(*state, url);
}

static void a_second_migrate_does_nothing(void **state) {
    char url[DATABASE_URL_SIZE];
    struct migrate_result result;
    shop_database(*state, NULL, url);
    migrate(url);
    char *before = dump_of(url, "");
    char *plan =
        migrate_prints(url, &(struct migrate_options){.accept_differences = true}, &result);
    char *after = dump_of(url, "");
    assert_true(result.was_current);
    assert_string_equal(plan, "");
    assert_string_equal(before, after);
    free(before);
    free(after);
    free(plan);
    shop_drop(*state, url);
}

static void tables_that_the_shop_does_not_have_are_made(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state,
                  "DROP TABLE ticket_reservations; DROP TABLE inventory_audit_log;"
                  "ALTER TABLE events DROP CONSTRAINT events_venue_id_fkey; DROP TABLE venues;"
                  "UPDATE events SET venue_id = NULL;"
                  "UPDATE ticket_types SET reserved_count = 0, sold_count = 0",
                  url);
    migrate(url);
    assert_answer(url, "SELECT sum(audit_seq) FROM ticket_types", "3");
    assert_answer(url,
                  "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conname IN "
                  "('events_venue_id_fkey', 'ticket_reservations_ticket_type_id_fkey', "
                  "'inventory_audit_log_ticket_type_id_fkey')",
                  "3");
    /* Nobody had a right on them, whatever the default privileges say. */
    assert_string_equal(sqlstate_of(url, "anon", "SELECT * FROM ticket_reservations"), "42501");
    shop_drop(*state, url);
}

static void types_that_the_shop_chose_are_kept_and_known(void **state) {
    char url[DATABASE_URL_SIZE];
    struct schema_facts facts;
    struct failure failure;
    shop_database(*state,
                  "ALTER TABLE ticket_reservations ALTER COLUMN order_id TYPE uuid USING "
                  "order_id::uuid;"
                  "ALTER TABLE ticket_types ALTER COLUMN price TYPE bigint;"
                  "ALTER TABLE venues ADD COLUMN phone text NOT NULL DEFAULT '';"
                  "ALTER TABLE venues ALTER COLUMN phone DROP DEFAULT",
                  url);
    migrate(url);
    assert_answer(url,
                  "SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attname) FROM "
                  "pg_attribute WHERE (attrelid, attname) IN (('ticket_types'::regclass, 'price'), "
                  "('ticket_reservations'::regclass, 'status'), ('ticket_reservations'::regclass, "
                  "'order_id'))",
                  "uuid, bigint, character varying(20)");
    assert_int_equal(check_as(url, "ticketd_app", &facts, &failure), ERROR_NONE);
    assert_true(facts.reservation_order_id_is_uuid);
    assert_false(facts.log_order_id_is_uuid);
    assert_true(facts.venues_managed_elsewhere);
    assert_false(facts.events_managed_elsewhere);
    assert_false(facts.types_managed_elsewhere);
    shop_drop(*state, url);
}

static void a_database_that_is_not_migrated_is_told_from_one_of_another_version(void **state) {
    char url[DATABASE_URL_SIZE];
    struct failure failure;
    shop_database(*state, NULL, url);
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NOT_FOUND);
    assert_non_null(strstr(failure.sentence, "run: ticketd migrate"));
    migrate(url);
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NONE);
    run_sql(url, "INSERT INTO ticketd.schema_migrations VALUES (99, 'later', '', now())");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_NEWER);
    run_sql(url, "DELETE FROM ticketd.schema_migrations WHERE version > 1");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_INVALID);
    run_sql(url, "UPDATE ticketd.schema_migrations SET checksum = 'another'");
    assert_int_equal(check_as(url, "ticketd_app", NULL, &failure), ERROR_CORRUPT);
    shop_drop(*state, url);
}

static void a_search_path_that_leads_elsewhere_is_told(void **state) {
    char url[DATABASE_URL_SIZE];
    char elsewhere[DATABASE_URL_SIZE + 64];
    struct failure failure;
    shop_database(*state, NULL, url);
    migrate(url);
    snprintf(elsewhere, sizeof elsewhere, "%s?options=-csearch_path%%3Dextensions", url);
    assert_int_equal(check_as(elsewhere, "ticketd_app", NULL, &failure), ERROR_NOT_FOUND);
    assert_non_null(strstr(failure.sentence, "search_path"));
    shop_drop(*state, url);
}

/* Quotes of either kind, a backslash, a space, a percent sign: all that a name may hold. */
static void the_shops_schema_may_have_any_name(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(
        *state,
        "DO $$ DECLARE odd text := 'O''Brien''s \"shop\" 100%s\\'; name text; BEGIN "
        "EXECUTE format('CREATE SCHEMA %I', odd); "
        "FOREACH name IN ARRAY ARRAY['venues', 'events', 'ticket_types', 'ticket_reservations', "
        "'inventory_audit_log'] LOOP "
        "EXECUTE format('ALTER TABLE public.%I SET SCHEMA %I', name, odd); END LOOP; "
        "EXECUTE format('ALTER DATABASE %I SET search_path = %I, public, extensions', "
        "current_database(), odd); END $$",
        url);
    migrate(url);
    assert_answer(url, "SELECT reserved_count FROM ticket_types WHERE name = 'Stalls'", "7");
    assert_answer(url, "SELECT count(*) FROM inventory_audit_log WHERE reason = 'Adopted'", "6");
    shop_drop(*state, url);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_the_shops_is_lost),
        cmocka_unit_test(an_adopted_database_has_the_form_of_a_new_one),
        cmocka_unit_test(the_log_opens_with_ordinary_entries),
        cmocka_unit_test(old_entries_stay_as_they_are_outside_the_chain),
        cmocka_unit_test(adopted_reservations_are_completed_from_their_types),
        cmocka_unit_test(the_founding_queries_run_unchanged),
        cmocka_unit_test(the_shop_goes_on_making_venues_and_events),
        cmocka_unit_test(a_second_migrate_does_nothing),
        cmocka_unit_test(tables_that_the_shop_does_not_have_are_made),
        cmocka_unit_test(types_that_the_shop_chose_are_kept_and_known),
        cmocka_unit_test(a_database_that_is_not_migrated_is_told_from_one_of_another_version),
        cmocka_unit_test(the_shops_schema_may_have_any_name),
        cmocka_unit_test(a_search_path_that_leads_elsewhere_is_told),
    };
    return cmocka_run_group_tests(tests, shop_open, shop_close);
}
