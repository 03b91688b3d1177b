/* What the subcommands do to a database: alone, and beside a server that holds it. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/instant.h"
#include "daemon/api_client.h"
#include "process/process.h"

enum { NAME_SIZE = 128, START_MS_MAX = 100, START_ATTEMPTS = 5 };

static struct finished finished;
static char folder[FOLDER_SIZE], file[FOLDER_SIZE + 8], database[FOLDER_SIZE + 16];

#define assert_says(text, part) assert_non_null(strstr((text), (part)))

#define assert_runs(...)                                                                           \
    do {                                                                                           \
        TICKETD(&finished, __VA_ARGS__);                                                           \
        if (finished.code != 0) {                                                                  \
            fail_msg("exit code %d: %s%s", finished.code, finished.out, finished.err);             \
        }                                                                                          \
    } while (0)

static int make_folder(void **state) {
    (void)state;
    folder_make(folder);
    snprintf(file, sizeof file, "%s/t.db", folder);
    snprintf(database, sizeof database, "sqlite:%s", file);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    folder_remove(folder);
    return 0;
}

/* The first line of what was printed. */
static void take_line(char line[NAME_SIZE]) {
    size_t length = strcspn(finished.out, "\n");
    assert_in_range(length, 1, NAME_SIZE - 1);
    memcpy(line, finished.out, length);
    line[length] = '\0';
}

static void make_key(const char *role, char key[NAME_SIZE]) {
    assert_runs("key", "create", "--database", database, "--name", "Test", "--role", role);
    take_line(key);
    assert_int_equal(strlen(key), 4 + 32 + 1 + 43);
    assert_int_equal(strlen(finished.out), strlen(key) + 1);
}

static int status_of(const char *url, const char *key, const char *path) {
    struct arena arena;
    struct reply reply = {0};
    struct api_client *client;
    struct api_client_options options = {.server = url, .key = key};
    struct api_request request = {.method = "GET", .path = path};
    arena_init(&arena, 1 << 20);
    assert_int_equal(api_client_open(&options, &client, NULL), ERROR_NONE);
    assert_int_equal(api_client_call(client, &request, &arena, &reply, NULL), ERROR_NONE);
    api_client_close(client);
    arena_finish(&arena);
    return reply.status;
}

static void stop_politely(struct server *server) {
    server_signal(server, SIGTERM);
    assert_int_equal(server_wait(server, NULL), 0);
}

static void execute(const char *sql) {
    sqlite3 *opened;
    assert_int_equal(sqlite3_open(file, &opened), SQLITE_OK);
    assert_int_equal(sqlite3_exec(opened, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(opened);
}

static void make_event_with_tickets(char event_id[NAME_SIZE], char type_id[NAME_SIZE]) {
    assert_runs("event", "create", "--database", database, "--name", "Gala", "--start",
                "2099-05-01T20:00:00+02:00");
    take_line(event_id);
    assert_runs("event", "add-tickets", event_id, "--database", database, "--name", "Stalls",
                "--price", "4500", "--quantity", "120");
    take_line(type_id);
}

static void a_key_is_made_without_a_server_and_works_with_one(void **state) {
    (void)state;
    char key[NAME_SIZE];
    make_key("admin", key);
    struct server *server = server_start(database);
    assert_non_null(server);
    assert_int_equal(status_of(server_url(server), key, "/v1/api-keys"), 200);
    stop_politely(server);
}

static void a_key_made_beside_a_server_works_at_once_until_it_is_revoked(void **state) {
    (void)state;
    char key[NAME_SIZE], id[NAME_SIZE];
    struct server *server = server_start(database);
    assert_non_null(server);
    make_key("viewer", key);
    assert_int_equal(status_of(server_url(server), key, "/v1/audit-log"), 200);
    assert_int_equal(status_of(server_url(server), key, "/v1/api-keys"), 403);
    assert_runs("key", "list", "--database", database);
    assert_says(finished.out, "viewer");
    snprintf(id, sizeof id, "%.36s", strchr(finished.out, '\n') + 1);
    assert_runs("key", "revoke", id, "--database", database);
    assert_int_equal(status_of(server_url(server), key, "/v1/audit-log"), 401);
    stop_politely(server);
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

static void only_one_process_writes_a_database_and_it_is_named(void **state) {
    (void)state;
    char pid[24];
    struct server *server = server_start(database);
    assert_non_null(server);
    snprintf(pid, sizeof pid, "%ld", server_pid(server));
    TICKETD(&finished, "serve", "--database", database, "--listen", "127.0.0.1:0");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, pid);
    TICKETD(&finished, "migrate", "--database", database);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, pid);
    stop_politely(server);
    assert_runs("migrate", "--database", database);
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

static void an_address_that_is_taken_is_named(void **state) {
    (void)state;
    char other[NAME_SIZE];
    struct server *server = server_start(database);
    assert_non_null(server);
    snprintf(other, sizeof other, "%s.other", database);
    const char *address = server_url(server) + strlen("http://");
    TICKETD(&finished, "serve", "--database", other, "--listen", address);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, address);
    stop_politely(server);
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

static void the_socket_is_for_its_owner_only_and_leaves_with_the_server(void **state) {
    (void)state;
    char path[NAME_SIZE];
    struct stat found;
    struct server *server = server_start(database);
    assert_non_null(server);
    snprintf(path, sizeof path, "%s.sock", file);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    stop_politely(server);
    assert_int_not_equal(stat(path, &found), 0);
}

static void a_killed_server_leaves_nothing_in_the_way_of_the_next(void **state) {
    (void)state;
    char key[NAME_SIZE];
    struct server *server = server_start(database);
    assert_non_null(server);
    server_signal(server, SIGKILL);
    assert_int_equal(server_wait(server, NULL), 128 + SIGKILL);
    make_key("admin", key);
    server = server_start(database);
    assert_non_null(server);
    assert_int_equal(status_of(server_url(server), key, "/v1/api-keys"), 200);
    stop_politely(server);
}

/* Its head only; the server has read it once it asks for more. */
static int send_half_a_request(const char *url) {
    static const char half[] = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/json\r\nContent-Length: 1000\r\n"
                               "Expect: 100-continue\r\n\r\n";
    char answer[64] = "";
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    at.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(write(client, half, sizeof half - 1), sizeof half - 1);
    assert_true(read(client, answer, sizeof answer - 1) > 0);
    assert_says(answer, "HTTP/1.1 100");
    return client;
}

static void a_second_signal_ends_a_server_that_waits_for_a_slow_client(void **state) {
    (void)state;
    struct server *server =
        server_start_as("serve", database, (const char *const[]){"--stop-seconds", "600", NULL});
    assert_non_null(server);
    /* Half a request keeps the server waiting. */
    int client = send_half_a_request(server_url(server));
    server_signal(server, SIGTERM);
    assert_true(server_await(server, "event=stopping"));
    server_signal(server, SIGINT);
    static char log[OUTPUT_SIZE];
    assert_int_equal(server_wait(server, log), 128 + SIGINT);
    assert_says(log, "event=stopped_at_once");
    close(client);
}

static void rehearse_finds_a_sound_server_sound(void **state) {
    (void)state;
    char key[NAME_SIZE], setting[NAME_SIZE + 16];
    make_key("admin", key);
    struct server *server = server_start(database);
    assert_non_null(server);
    snprintf(setting, sizeof setting, "TICKETD_KEY=%s", key);
    ticketd_run(&finished,
                (const char *const[]){"rehearse", "--server", server_url(server), "--buyers", "300",
                                      "--tickets", "150", "--think-ms", "5", "--retry", "50",
                                      "--connections", "16", NULL},
                (const char *const[]){setting, NULL});
    if (finished.code != 0) {
        fail_msg("exit code %d: %s%s", finished.code, finished.out, finished.err);
    }
    assert_says(finished.out, "oversold              0\n");
    assert_says(finished.out, "answers lost          0\n");
    assert_says(finished.out, "All is well.");
    assert_runs("verify", "--database", database);
    stop_politely(server);
}

static void rehearse_says_when_nobody_answers(void **state) {
    (void)state;
    TICKETD(&finished, "rehearse", "--server", "http://127.0.0.1:1");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "Nobody answers at 127.0.0.1 port 1");
}

/* The fenced block of the README that defines `api`, as a reader would paste it. */
static void the_tour_in_the_readme_works_when_pasted(void **state) {
    (void)state;
    static char said[OUTPUT_SIZE];
    char key[NAME_SIZE], command[1024];
    if (system("command -v curl >/dev/null") != 0) {
        skip();
    }
    make_key("admin", key);
    struct server *server = server_start(database);
    assert_non_null(server);
    snprintf(command, sizeof command,
             "{ echo TICKETD=%s; echo KEY=%s;"
             "  awk '/^```/ { if (block ~ /api\\(\\)/) printf \"%%s\", block;"
             "                shell = ($0 == \"```sh\"); block = \"\"; next }"
             "       shell { block = block $0 \"\\n\" }' \"$README\"; } | sh -e 2>&1",
             server_url(server), key);
    FILE *tour = popen(command, "re");
    assert_non_null(tour);
    said[fread(said, 1, sizeof said - 1, tour)] = '\0';
    assert_int_equal(pclose(tour), 0);
    assert_says(said, "\"available\":149");
    assert_says(said, "\"code\":\"insufficient_inventory\"");
    assert_says(said, "Side gallery opened by venue");
    stop_politely(server);
}

static void the_demonstration_verifies(void **state) {
    (void)state;
    struct server *server = server_start_as("demo", database, NULL);
    assert_non_null(server);
    assert_runs("verify", "--database", database);
    assert_runs("event", "list", "--database", database);
    assert_says(finished.out, "Harbour Jazz Night");
    stop_politely(server);
    TICKETD(&finished, "demo", "--database", database);
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "has events already");
}

/* The best of a few: what the machine does besides is not the server's doing. */
static void it_listens_within_100_ms(void **state) {
    (void)state;
    int64_t best_us = INT64_MAX;
    assert_runs("migrate", "--database", database);
    for (int i = 0; i < START_ATTEMPTS; i++) {
        int64_t began_us = monotonic_us();
        struct server *server = server_start(database);
        assert_non_null(server);
        assert_int_equal(status_of(server_url(server), NULL, "/healthz"), 200);
        int64_t took_us = monotonic_us() - began_us;
        best_us = took_us < best_us ? took_us : best_us;
        stop_politely(server);
    }
    print_message("# answers after %.1f ms\n", (double)best_us / 1e3);
#ifndef SANITIZED
    assert_in_range(best_us, 0, START_MS_MAX * 1000);
#endif
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_made_without_a_server_and_works_with_one),
        TEST(a_key_made_beside_a_server_works_at_once_until_it_is_revoked),
        TEST(a_refusal_of_the_api_is_said_in_its_words),
        TEST(an_event_goes_from_draft_to_archive),
        TEST(only_one_process_writes_a_database_and_it_is_named),
        TEST(migrate_makes_a_database_and_dry_run_does_not),
        TEST(a_newer_database_is_refused_by_all),
        TEST(what_is_no_database_is_refused_and_left_alone),
        TEST(a_folder_that_is_not_there_is_named),
        TEST(an_address_that_is_taken_is_named),
        TEST(verify_is_clean_until_a_count_is_touched),
        TEST(verify_and_explain_read_beside_a_server),
        TEST(the_socket_is_for_its_owner_only_and_leaves_with_the_server),
        TEST(a_killed_server_leaves_nothing_in_the_way_of_the_next),
        TEST(a_second_signal_ends_a_server_that_waits_for_a_slow_client),
        TEST(rehearse_finds_a_sound_server_sound),
        TEST(rehearse_says_when_nobody_answers),
        TEST(the_tour_in_the_readme_works_when_pasted),
        TEST(the_demonstration_verifies),
        TEST(it_listens_within_100_ms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
