/* What the subcommands do to a database, alone and beside a server that reads it. */
#include "cli/fixture.h"

#include <stdio.h>
#include <unistd.h>

#include <sqlite3.h>

static void execute(const char *sql) {
    sqlite3 *opened;
    assert_int_equal(sqlite3_open(file, &opened), SQLITE_OK);
    assert_int_equal(sqlite3_exec(opened, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(opened);
}

static void a_refusal_of_the_api_is_said_in_its_words(void **state) {
    (void)state;
    TICKETD(&finished, "key", "create", "--database", database, "--name", "Test", "--role",
            "viewer", "--expires", "tomorrow");
    assert_int_equal(finished.code, 1);
    assert_string_equal(finished.out, "");
    assert_says(finished.err, "expires_at");
}

static void an_event_goes_from_draft_to_archive(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    make_event_with_tickets(event_id, type_id);
    assert_runs("event", "show", event_id, "--database", database);
    assert_says(finished.out, "draft");
    assert_says(finished.out, type_id);
    assert_says(finished.out, "120");
    assert_runs("event", "publish", event_id, "--database", database);
    assert_says(finished.out, "Gala is published");
    assert_runs("event", "publish", event_id, "--withdraw", "--database", database);
    assert_says(finished.out, "Gala is draft");
    assert_runs("event", "archive", event_id, "--database", database);
    assert_says(finished.out, "Gala is archived");
    assert_runs("event", "archive", event_id, "--undo", "--database", database);
    assert_says(finished.out, "Gala is draft");
    assert_runs("event", "list", "--database", database, "--when", "upcoming");
    assert_says(finished.out, event_id);
    assert_runs("event", "list", "--database", database, "--when", "past");
    assert_null(strstr(finished.out, event_id));
}

static void migrate_makes_a_database_and_dry_run_does_not(void **state) {
    (void)state;
    TICKETD(&finished, "migrate", "--database", database, "--dry-run");
    assert_int_equal(finished.code, 1);
    assert_int_not_equal(access(file, F_OK), 0);
    assert_runs("migrate", "--database", database);
    assert_int_equal(access(file, F_OK), 0);
    assert_runs("migrate", "--database", database, "--dry-run");
    assert_says(finished.out, "up to date");
}

static void a_newer_database_is_refused_by_all(void **state) {
    (void)state;
    assert_runs("migrate", "--database", database);
    execute("INSERT INTO schema_migrations (version, name, checksum, applied_at) "
            "VALUES (9999, 'later', 'x', 0)");
    static const char *const names[] = {"serve", "migrate", "verify"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        TICKETD(&finished, names[i], "--database", database);
        assert_int_equal(finished.code, 1);
        assert_says(finished.err, "newer ticketd");
    }
}

static void what_is_no_database_is_refused_and_left_alone(void **state) {
    (void)state;
    static const char text[] = "Dear diary, today I sold two hundred tickets and a half.\n";
    char found[sizeof text + 1] = "";
    FILE *out = fopen(file, "we");
    fputs(text, out);
    fclose(out);
    static const char *const names[] = {"serve", "migrate", "verify"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        TICKETD(&finished, names[i], "--database", database);
        assert_int_equal(finished.code, 1);
        assert_says(finished.err, "not a database");
    }
    FILE *in = fopen(file, "re");
    assert_int_equal(fread(found, 1, sizeof found - 1, in), sizeof text - 1);
    fclose(in);
    assert_string_equal(found, text);
}

static void a_folder_that_is_not_there_is_named(void **state) {
    (void)state;
    TICKETD(&finished, "serve", "--database", "sqlite:/nowhere/at/all.db");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "/nowhere/at/all.db");
    TICKETD(&finished, "serve", "--database", "mysql://localhost");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "sqlite:");
}

static void verify_is_clean_until_a_count_is_touched(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    make_event_with_tickets(event_id, type_id);
    assert_runs("verify", "--database", database);
    execute("UPDATE ticket_types SET total_inventory = total_inventory + 1");
    TICKETD(&finished, "verify", "--database", database);
    assert_int_equal(finished.code, 1);
    assert_says(finished.out, type_id);
}

static void verify_and_explain_read_beside_a_server(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    struct server *server = server_start(database);
    assert_non_null(server);
    make_event_with_tickets(event_id, type_id);
    assert_runs("verify", "--database", database);
    assert_runs("explain", type_id, "--database", database);
    assert_says(finished.out, "Stalls at ");
    assert_says(finished.out, "available         120");
    assert_says(finished.out, "increase");
    TICKETD(&finished, "explain", type_id, "--database", database, "--at", "2001-01-01T00:00:00Z");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "created later");
    TICKETD(&finished, "explain", event_id, "--database", database);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "no such ticket type");
    stop_politely(server);
}

static void read_file(const char *path, char *text, size_t size) {
    FILE *opened = fopen(path, "r");
    assert_non_null(opened);
    size_t length = fread(text, 1, size - 1, opened);
    text[length] = '\0';
    fclose(opened);
}

static void a_report_is_printed_or_saved_beside_a_server(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], saved[sizeof folder + 16], text[1024];
    struct server *server = server_start(database);
    assert_non_null(server);
    make_event_with_tickets(event_id, type_id);
    assert_runs("report", "inventory", event_id, "--ticket-type", type_id, "--database", database);
    assert_says(finished.out, "Gala, from ");
    assert_says(finished.out, "TICKET TYPE NAME  TOTAL  SOLD");
    assert_says(finished.out, "Stalls              120     0");
    snprintf(saved, sizeof saved, "%s/report.csv", folder);
    assert_runs("report", "sales", event_id, "--database", database, "--format", "csv", "--output",
                saved);
    assert_string_equal(finished.out, "");
    read_file(saved, text, sizeof text);
    assert_string_equal(text, "tickets_sold,tickets_refunded,tickets_net,gross,refunds,net\r\n"
                              "0,0,0,0,0,0\r\n");
    stop_politely(server);
    assert_runs("report", "box-office", event_id, "--database", database);
    assert_says(finished.out, "OPERATOR NAME  TENDER  TICKETS SOLD");
}

static void a_report_shows_the_time_and_the_money_of_the_place(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    assert_runs("migrate", "--database", database);
    make_event_with_tickets(event_id, type_id);
    execute("UPDATE events SET currency = 'KWD';"
            "INSERT INTO ticket_reservations (id, ticket_type_id, quantity, status, created_at, "
            "updated_at, event_id, unit_price, currency, channel, completed_at) "
            "SELECT x'00000000000000000000000000000001', id, 2, 'completed', 0, 0, event_id, 21, "
            "'KWD', 'online', 1729989000000000 FROM ticket_types");
    assert_runs("report", "sales", event_id, "--database", database, "--interval", "hour", "--tz",
                "Europe/Berlin", "--from", "2024-10-27T00:00:00Z", "--to", "2024-10-27T02:00:00Z");
    assert_says(finished.out, "from 2024-10-27 02:00 CEST to 2024-10-27 03:00 CET, by the clock of "
                              "Europe/Berlin; money in KWD\n");
    assert_says(finished.out, "2024-10-27 02:00 CEST  2024-10-27 02:00 CET             2  "
                              "               0            2  0.042    0.000  0.042\n");
    assert_says(finished.out, "2024-10-27 02:00 CET   2024-10-27 03:00 CET             0  "
                              "               0            0  0.000    0.000  0.000\n");
}

static void a_file_that_is_not_there_is_made_only_by_what_adds_to_it(void **state) {
    (void)state;
    static const char id[] = "019a0000-0000-7000-8000-000000000001";
    const char *const commands[][3] = {
        {"staff", "list", NULL}, {"staff", "disable", "ann@example.com"},
        {"key", "list", NULL},   {"key", "revoke", id},
        {"event", "list", NULL}, {"event", "publish", id},
        {"report", "sales", id}, {"explain", id, NULL},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *const *words = commands[i];
        TICKETD(&finished, words[0], words[1], "--database", database, words[2]);
        assert_int_equal(finished.code, 1);
        assert_says(finished.err, "no such file");
        assert_int_not_equal(access(file, F_OK), 0);
    }
    assert_runs("staff", "add", "ann@example.com", "--name", "Ann", "--role", "admin", "--database",
                database);
}

static void what_cannot_be_reported_is_refused_in_words(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    assert_runs("migrate", "--database", database);
    make_event_with_tickets(event_id, type_id);
    const struct {
        const char *kind, *id, *option, *value, *words;
        int code;
    } table[] = {
        {"sales", type_id, NULL, NULL, "no such event", 1},
        {"sales", event_id, "--tz", "Mars/Olympus", "no time zone", 1},
        {"sales", event_id, "--to", "2001-01-01T00:00:00Z", "later than --from", 1},
        {"sales", event_id, "--from", "yesterday", "a time like", 2},
        {"sales", event_id, "--group-by", "colour", "one or two of", 2},
        {"sales", event_id, "--channel", "fax", "online, box_office", 2},
        {"sales", event_id, "--output", "/nowhere/report", "/nowhere/report: No such file", 1},
        {"inventory", event_id, NULL, NULL, "--interval", 1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        TICKETD(&finished, "report", table[i].kind, table[i].id, "--database", database,
                table[i].option, table[i].value);
        assert_int_equal(finished.code, table[i].code);
        assert_string_equal(finished.out, "");
        assert_says(finished.err, table[i].words);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_refusal_of_the_api_is_said_in_its_words),
        TEST(an_event_goes_from_draft_to_archive),
        TEST(migrate_makes_a_database_and_dry_run_does_not),
        TEST(a_newer_database_is_refused_by_all),
        TEST(what_is_no_database_is_refused_and_left_alone),
        TEST(a_folder_that_is_not_there_is_named),
        TEST(verify_is_clean_until_a_count_is_touched),
        TEST(verify_and_explain_read_beside_a_server),
        TEST(a_report_is_printed_or_saved_beside_a_server),
        TEST(a_report_shows_the_time_and_the_money_of_the_place),
        TEST(a_file_that_is_not_there_is_made_only_by_what_adds_to_it),
        TEST(what_cannot_be_reported_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
