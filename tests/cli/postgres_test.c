/* Servers and commands over one PostgreSQL database. */
#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "cli/fixture.h"
#include "daemon/api_client.h"
#include "support/migrated.h"

enum { SOON_MS = 20000, POLL_MS = 20 };

static struct migrated migrated;
static char url[DATABASE_URL_SIZE];

static void must(enum error error, const struct failure *failure) {
    if (error != ERROR_NONE) {
        fail_msg("%s", failure->sentence);
    }
}

static int open_cluster(void **state) {
    (void)state;
    struct failure failure;
    must(migrated_open(&migrated, &failure), &failure);
    return 0;
}

static int close_cluster(void **state) {
    (void)state;
    migrated_close(&migrated);
    return 0;
}

static int make_database(void **state) {
    (void)state;
    struct failure failure;
    must(migrated_database(&migrated, url, &failure), &failure);
    return 0;
}

static int drop_database(void **state) {
    (void)state;
    struct failure failure;
    must(database_drop(migrated.maintenance, url, &failure), &failure);
    return 0;
}

static void create_key(char key[NAME_SIZE], char id[NAME_SIZE]) {
    assert_runs("key", "create", "--database", url, "--name", "Test", "--role", "admin");
    take_line(key);
    /* tkd_<id>_<secret>, the id without its hyphens */
    snprintf(id, NAME_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", key + 4, key + 12, key + 16, key + 20,
             key + 24);
}

static bool soon_answers(const struct server *server, const char *key, const char *path,
                         int status) {
    for (int i = 0; i < SOON_MS / POLL_MS; i++) {
        if (status_of(server_url(server), key, path) == status) {
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
    }
    return false;
}

static bool readyz_says(const struct server *server, const char *words) {
    struct arena arena;
    struct reply reply = {0};
    struct api_client *client;
    struct api_client_options options = {.server = server_url(server)};
    arena_init(&arena, 1 << 20);
    assert_int_equal(api_client_open(&options, &client, NULL), ERROR_NONE);
    assert_int_equal(api_client_call(client,
                                     &(struct api_request){.method = "GET", .path = "/readyz"},
                                     &arena, &reply, NULL),
                     ERROR_NONE);
    bool says = memmem(reply.body.bytes, reply.body.length, words, strlen(words)) != NULL;
    api_client_close(client);
    arena_finish(&arena);
    return says;
}

static void a_key_made_by_a_command_is_soon_known_to_every_server(void **state) {
    (void)state;
    char key[NAME_SIZE], id[NAME_SIZE];
    struct server *one = server_start(url);
    struct server *other = server_start(url);
    assert_non_null(one);
    assert_non_null(other);
    create_key(key, id);
    assert_true(soon_answers(one, key, "/v1/api-keys", 200));
    assert_true(soon_answers(other, key, "/v1/api-keys", 200));
    assert_runs("key", "revoke", "--database", url, id);
    assert_true(soon_answers(one, key, "/v1/api-keys", 401));
    assert_true(soon_answers(other, key, "/v1/api-keys", 401));
    stop_politely(one);
    stop_politely(other);
}

static void what_a_command_makes_is_sold_and_the_log_agrees(void **state) {
    (void)state;
    char key[NAME_SIZE], id[NAME_SIZE], event[NAME_SIZE];
    create_key(key, id);
    assert_runs("event", "create", "--database", url, "--name", "Gala", "--start",
                "2099-05-01T20:00:00+02:00", "--published");
    take_line(event);
    assert_runs("event", "add-tickets", "--database", url, "--name", "Stalls", "--price", "2500",
                "--quantity", "120", event);
    struct server *server = server_start(url);
    assert_non_null(server);
    assert_runs("rehearse", "--server", server_url(server), "--key", key, "--buyers", "200",
                "--tickets", "50");
    stop_politely(server);
    assert_runs("event", "show", "--database", url, event);
    assert_says(finished.out, "120");
    assert_runs("verify", "--database", url);
    assert_says(finished.out, " 0 differences");
}

static void a_database_that_goes_away_is_missed_and_welcomed_back(void **state) {
    (void)state;
    char key[NAME_SIZE], id[NAME_SIZE], name[64], sql[512];
    struct failure failure;
    create_key(key, id);
    struct server *server = server_start(url);
    assert_non_null(server);
    assert_int_equal(status_of(server_url(server), NULL, "/readyz"), 200);
    database_name(url, name);
    snprintf(sql, sizeof sql, "ALTER DATABASE %s ALLOW_CONNECTIONS false", name);
    must(database_execute(migrated.maintenance, sql, &failure), &failure);
    snprintf(sql, sizeof sql,
             "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name);
    must(database_execute(migrated.maintenance, sql, &failure), &failure);
    assert_true(soon_answers(server, NULL, "/readyz", 503));
    assert_int_equal(status_of(server_url(server), NULL, "/healthz"), 200);
    assert_int_equal(status_of(server_url(server), key, "/v1/events"), 503);
    assert_true(readyz_says(server, "not currently accepting connections"));
    assert_true(readyz_says(server, "\"since\":\"20"));
    snprintf(sql, sizeof sql, "ALTER DATABASE %s ALLOW_CONNECTIONS true", name);
    must(database_execute(migrated.maintenance, sql, &failure), &failure);
    assert_true(soon_answers(server, NULL, "/readyz", 200));
    assert_true(soon_answers(server, key, "/v1/events", 200));
    stop_politely(server);
}

/* "postgres://postgres@…" -> "postgres://postgres:open-sesame@…": the cluster asks for none. */
static void add_password(char with[DATABASE_URL_SIZE + 16]) {
    const char *at = strchr(url, '@');
    assert_non_null(at);
    snprintf(with, DATABASE_URL_SIZE + 16, "%.*s:open-sesame%s", (int)(at - url), url, at);
}

static void a_password_is_in_no_log_and_in_no_list_of_processes(void **state) {
    (void)state;
    char with[DATABASE_URL_SIZE + 16], path[64], words[4096] = "", log[OUTPUT_SIZE];
    add_password(with);
    struct server *server = server_start(with);
    assert_non_null(server);
    snprintf(path, sizeof path, "/proc/%ld/cmdline", server_pid(server));
    FILE *listed = fopen(path, "r");
    assert_non_null(listed);
    size_t length = fread(words, 1, sizeof words - 1, listed);
    fclose(listed);
    assert_non_null(memmem(words, length, "postgres:***@", 13));
    assert_null(memmem(words, length, "open-sesame", 11));
    server_signal(server, SIGTERM);
    assert_int_equal(server_wait(server, log), 0);
    assert_says(log, "postgres:***@");
    assert_null(strstr(log, "open-sesame"));
}

static void a_database_that_is_not_there_ends_the_start(void **state) {
    (void)state;
    static const char nobody[] = "postgres://ann:open-sesame@127.0.0.1:1/shop";
    static const char *const commands[][4] = {{"serve"}, {"verify"}, {"key", "list"}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *words[8] = {commands[i][0]};
        size_t count = commands[i][1] == NULL ? 1 : 2;
        words[1] = commands[i][1];
        words[count] = "--database";
        words[count + 1] = nobody;
        ticketd_run(&finished, words, NULL);
        assert_int_equal(finished.code, 1);
        assert_says(finished.err, "cannot be reached");
        assert_null(strstr(finished.err, "open-sesame"));
    }
}

static void a_database_without_a_schema_is_left_as_it_is(void **state) {
    (void)state;
    char empty[DATABASE_URL_SIZE];
    struct failure failure;
    must(database_create(migrated.maintenance, NULL, empty, &failure), &failure);
    TICKETD(&finished, "serve", "--database", empty, "--listen", "127.0.0.1:0");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "ticketd migrate");
    char count[16];
    must(database_ask(empty, "SELECT count(*) FROM pg_tables WHERE schemaname = 'ticketd'", count,
                      sizeof count, &failure),
         &failure);
    assert_string_equal(count, "0");
    must(database_drop(migrated.maintenance, empty, &failure), &failure);
}

#define ON_DATABASE(name) cmocka_unit_test_setup_teardown(name, make_database, drop_database)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_DATABASE(a_key_made_by_a_command_is_soon_known_to_every_server),
        ON_DATABASE(what_a_command_makes_is_sold_and_the_log_agrees),
        ON_DATABASE(a_database_that_goes_away_is_missed_and_welcomed_back),
        ON_DATABASE(a_password_is_in_no_log_and_in_no_list_of_processes),
        cmocka_unit_test(a_database_that_is_not_there_ends_the_start),
        cmocka_unit_test(a_database_without_a_schema_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
