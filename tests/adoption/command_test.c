/* What a person does with the program: look, mend, migrate, serve, sell. */
#include <stdio.h>

#include "daemon/api_client.h"
#include "process/process.h"
#include "shop.h"

static struct finished finished;

#define assert_says(text, part) assert_non_null(strstr((text), (part)))

/* POST as the key; the reply's body goes into `body`. */
static int status_of_post(const char *url, const char *key, const char *path, const char *json,
                          char *body, size_t size) {
    struct arena arena;
    struct failure failure;
    struct reply reply = {0};
    struct api_client *client;
    struct api_client_options options = {.server = url, .key = key};
    struct api_request request = {.method = "POST", .path = path, .body = text_of(json)};
    arena_init(&arena, 1 << 20);
    assert_int_equal(api_client_open(&options, &client, &failure), ERROR_NONE);
    assert_int_equal(api_client_call(client, &request, &arena, &reply, &failure), ERROR_NONE);
    snprintf(body, size, "%.*s", (int)reply.body.length, reply.body.bytes);
    api_client_close(client);
    arena_finish(&arena);
    return reply.status;
}

static void it_exits_1_for_something_to_do_and_0_for_nothing(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    TICKETD(&finished, "migrate", "--database", url, "--dry-run");
    assert_int_equal(finished.code, 1);
    assert_says(finished.out, "The tables that are there are adopted:");
    TICKETD(&finished, "migrate", "--database", url);
    assert_int_equal(finished.code, 0);
    assert_says(finished.out, "the database is up to date\n");
    TICKETD(&finished, "migrate", "--database", url, "--dry-run");
    assert_int_equal(finished.code, 0);
    assert_string_equal(finished.out, "the database is up to date\n");
    shop_drop(*state, url);
}

static void what_stands_in_the_way_is_printed_and_exits_1(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, "UPDATE ticket_types SET reserved_count = 9 WHERE name = 'Stalls'", url);
    TICKETD(&finished, "migrate", "--database", url);
    assert_int_equal(finished.code, 1);
    assert_says(finished.out, "reserved_count is 9, but its active reservations add up to 7");
    assert_says(finished.err, "nothing was done");
    TICKETD(&finished, "migrate", "--database", url, "--accept-differences");
    assert_int_equal(finished.code, 0);
    shop_drop(*state, url);
}

static void a_currency_that_is_none_is_refused_before_anything_is_asked(void **state) {
    (void)state;
    TICKETD(&finished, "migrate", "--database", "postgres://127.0.0.1:1/nowhere", "--currency",
            "eur");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "\"eur\" is no currency");
}

static void serve_makes_no_schema(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, NULL, url);
    TICKETD(&finished, "serve", "--database", url, "--listen", "127.0.0.1:0");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "run: ticketd migrate");
    assert_answer(url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'ticketd'", "0");
    shop_drop(*state, url);
}

static void an_adopted_shop_is_served_by_the_application_role(void **state) {
    char url[DATABASE_URL_SIZE];
    char app[DATABASE_URL_SIZE];
    char key[128];
    char body[8192];
    shop_database(*state,
                  "ALTER TABLE events ADD COLUMN genre text NOT NULL DEFAULT 'opera';"
                  "ALTER TABLE events ALTER COLUMN genre DROP DEFAULT",
                  url);
    migrate(url);
    url_as(url, "ticketd_app", app);
    TICKETD(&finished, "key", "create", "--database", app, "--name", "Test", "--role", "admin");
    assert_string_equal(finished.code == 0 ? "" : finished.err, "");
    snprintf(key, sizeof key, "%.*s", (int)strcspn(finished.out, "\n"), finished.out);
    struct server *server = server_start(app);
    assert_non_null(server);
    assert_int_equal(status_of_post(server_url(server), key, "/v1/events",
                                    "{\"name\":\"Aida\",\"start_date\":\"2027-05-01T19:00:00Z\"}",
                                    body, sizeof body),
                     409);
    assert_says(body, "\"managed_elsewhere\"");
    assert_int_equal(status_of_post(server_url(server), key, "/v1/venues", "{\"name\":\"Club\"}",
                                    body, sizeof body),
                     201);
    assert_int_equal(
        status_of_post(server_url(server), key,
                       "/v1/reservations/f0000000-0000-4000-8000-000000000003/complete",
                       "{\"order_id\":\"order-9\"}", body, sizeof body),
        200);
    assert_says(body, "\"completed\"");
    server_signal(server, SIGTERM);
    assert_int_equal(server_wait(server, NULL), 0);
    TICKETD(&finished, "verify", "--database", app);
    assert_int_equal(finished.code, 0);
    assert_says(finished.out, ": 0 differences");
    TICKETD(&finished, "explain", "--database", app, "--at", "2020-01-01T00:00:00Z",
            "d0000000-0000-4000-8000-000000000001");
    assert_int_equal(finished.code, 1);
    shop_drop(*state, url);
}

static void explain_says_since_when_it_knows(void **state) {
    char url[DATABASE_URL_SIZE];
    shop_database(*state, "UPDATE ticket_types SET created_at = '2025-11-01 00:00Z'", url);
    migrate(url);
    TICKETD(&finished, "explain", "--database", url, "--at", "2026-01-01T00:00:00Z",
            "d0000000-0000-4000-8000-000000000001");
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "not known before 2");
    TICKETD(&finished, "explain", "--database", url, "d0000000-0000-4000-8000-000000000001");
    assert_int_equal(finished.code, 0);
    assert_says(finished.out, "Adopted");
    shop_drop(*state, url);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_exits_1_for_something_to_do_and_0_for_nothing),
        cmocka_unit_test(what_stands_in_the_way_is_printed_and_exits_1),
        cmocka_unit_test(a_currency_that_is_none_is_refused_before_anything_is_asked),
        cmocka_unit_test(serve_makes_no_schema),
        cmocka_unit_test(an_adopted_shop_is_served_by_the_application_role),
        cmocka_unit_test(explain_says_since_when_it_knows),
    };
    return cmocka_run_group_tests(tests, shop_open, shop_close);
}
