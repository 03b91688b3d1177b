/* What cannot be carried over leaves the target as it was, and says why. */
#include "copy/copying.h"

#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

static void other_ways_are_wrong(void **state) {
    (void)state;
    TICKETD(&finished, "copy", "--from", target, "--to", database);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "from sqlite:FILE to postgres://");
    TICKETD(&finished, "copy", "--from", database, "--to", "sqlite:/tmp/other.db");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "from sqlite:FILE to postgres://");
}

static void a_file_that_is_not_there_is_not_made(void **state) {
    (void)state;
    assert_copy_fails("no such file");
    assert_int_not_equal(access(file, F_OK), 0);
}

static void a_file_that_is_served_is_left_to_its_server(void **state) {
    (void)state;
    char process[64];
    struct server *server = server_start(database);
    assert_non_null(server);
    snprintf(process, sizeof process, "in use by process %ld", server_pid(server));
    assert_copy_fails(process);
    assert_says(finished.err, "What is sold while it is copied would be lost");
    stop_politely(server);
}

static void a_target_without_tables_is_to_be_migrated_first(void **state) {
    (void)state;
    struct failure failure;
    char bare[DATABASE_URL_SIZE];
    assert_runs("migrate", "--database", database);
    assert_int_equal(database_create(migrated.maintenance, NULL, bare, &failure), ERROR_NONE);
    TICKETD(&finished, "copy", "--from", database, "--to", bare);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "ticketd migrate");
    assert_int_equal(database_drop(migrated.maintenance, bare, &failure), ERROR_NONE);
}

static void a_target_with_rows_is_refused(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], count[16];
    fill_file(event_id, type_id);
    in_target("INSERT INTO events (name, start_date) VALUES ('Theirs', now())");
    TICKETD(&finished, "copy", "--from", database, "--to", target);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "not empty: there are rows in public.events");
    ask_target("SELECT count(*) FROM events", count, sizeof count);
    assert_string_equal(count, "1");
    in_target("DELETE FROM events; INSERT INTO ticketd.carts (id, event_id, status, currency, "
              "created_at, updated_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'active', "
              "'EUR', now(), now())");
    TICKETD(&finished, "copy", "--from", database, "--to", target);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "there are rows in ticketd.carts");
}

static void a_source_that_is_not_right_is_not_copied(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    fill_file(event_id, type_id);
    in_file("UPDATE ticket_types SET total_inventory = total_inventory + 1");
    assert_copy_fails("the source is not right (1 differences): nothing was copied");
    assert_says(finished.out, "source: counts: ticket type");
    assert_says(finished.out, type_id);
}

static void a_text_that_postgresql_cannot_hold_is_named(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], venue_id[64], says[160];
    fill_file(event_id, type_id);
    ask_file("SELECT lower(substr(hex(id), 1, 8)) FROM venues", venue_id, sizeof venue_id);
    snprintf(says, sizeof says, "venues %s-", venue_id);
    in_file("UPDATE venues SET address = 'a' || char(0) || 'b'");
    assert_copy_fails(says);
    assert_says(finished.err, ": address is not UTF-8, or has a NUL in it");
    in_file("UPDATE venues SET address = CAST(x'ff41' AS TEXT)");
    assert_copy_fails(says);
}

static void a_table_without_a_key_names_its_row_by_its_first_columns(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    fill_file(event_id, type_id);
    in_file("UPDATE staff_roles SET created_at = -1");
    assert_copy_fails("staff_roles 0190b3a0-7d0c-7f00-8000-00000000aa01 \"box_office\": "
                      "created_at is not a time");
}

static void what_only_one_side_has_is_found_before_anything_is_copied(void **state) {
    (void)state;
    assert_runs("migrate", "--database", database);
    in_file("CREATE TABLE later (id INTEGER) STRICT");
    assert_copy_fails("the source has a table later");
    in_file("DROP TABLE later; ALTER TABLE events ADD COLUMN later TEXT");
    assert_copy_fails("the source has a column events.later");
    in_file("ALTER TABLE events DROP COLUMN later");
    in_target("ALTER TABLE events ADD COLUMN slug text");
    assert_copy_fails("the target has a column events.slug");
    in_target("ALTER TABLE events DROP COLUMN slug; CREATE TABLE ticketd.later (id int)");
    assert_copy_fails("the target has a table later");
    in_target("ALTER TABLE ticketd.later ALTER id TYPE numeric");
    assert_copy_fails("later.id of the target is of type numeric");
}

static void a_trigger_that_changes_rows_is_found_out(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    fill_file(event_id, type_id);
    in_target("CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
              "$$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;"
              "CREATE TRIGGER shout BEFORE INSERT ON venues FOR EACH ROW EXECUTE FUNCTION shout()");
    assert_copy_fails("public.venues reads back otherwise than it was written");
}

static void what_the_target_refuses_is_told(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    fill_file(event_id, type_id);
    in_target("ALTER TABLE ticketd.carts ADD CHECK (currency <> 'EUR')");
    assert_copy_fails("the target refuses at carts: ");
    assert_says(finished.err, "23514");
}

/* --- kill -9 ------------------------------------------------------------------ */

static pid_t start_copy(void) {
    pid_t child = fork();
    if (child == 0) {
        execl(ticketd_binary(), "ticketd", "copy", "--from", database, "--to", target,
              (char *)NULL);
        _exit(127);
    }
    assert_true(child > 0);
    return child;
}

static void await_in_target(const char *question, const char *wanted) {
    char text[64] = "";
    for (int tries = 0; tries < 3000; tries++) {
        ask_target(question, text, sizeof text);
        if (strcmp(text, wanted) == 0) {
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    }
    fail_msg("%s stays %s", question, text);
}

/* Killed where it waits for a table in the middle: others are written by then. */
static void a_copy_that_is_killed_leaves_nothing(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], bytes[32];
    fill_file(event_id, type_id);
    PGconn *other = PQconnectdb(target);
    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, "LOCK TABLE ticket_reservations IN SHARE MODE"));
    pid_t child = start_copy();
    await_in_target("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                    "wait_event_type = 'Lock' AND query LIKE 'COPY%'",
                    "1");
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    PQfinish(other);
    await_in_target("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                    "backend_type = 'client backend' AND pid <> pg_backend_pid()",
                    "0");
    ask_target("SELECT pg_relation_size('events') > 0", bytes, sizeof bytes);
    assert_string_equal(bytes, "t");
    assert_target_is_empty();
    assert_runs("copy", "--from", database, "--to", target);
    assert_runs("verify", "--database", target);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COPY_TEST(other_ways_are_wrong),
        COPY_TEST(a_file_that_is_not_there_is_not_made),
        COPY_TEST(a_file_that_is_served_is_left_to_its_server),
        COPY_TEST(a_target_without_tables_is_to_be_migrated_first),
        COPY_TEST(a_target_with_rows_is_refused),
        COPY_TEST(a_source_that_is_not_right_is_not_copied),
        COPY_TEST(a_text_that_postgresql_cannot_hold_is_named),
        COPY_TEST(a_table_without_a_key_names_its_row_by_its_first_columns),
        COPY_TEST(what_only_one_side_has_is_found_before_anything_is_copied),
        COPY_TEST(a_trigger_that_changes_rows_is_found_out),
        COPY_TEST(what_the_target_refuses_is_told),
        COPY_TEST(a_copy_that_is_killed_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
