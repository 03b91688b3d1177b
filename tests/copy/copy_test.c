/* A database is carried over whole, and what was promised on the file is kept on PostgreSQL. */
#include "copy/copying.h"

#include <stdio.h>

#include "base/arena.h"
#include "daemon/api_client.h"

/* The same question to both sides, each in its own words. */
static void assert_same(const char *file_sql, const char *target_sql) {
    static char here[OUTPUT_SIZE], there[OUTPUT_SIZE];
    ask_file(file_sql, here, sizeof here);
    ask_target(target_sql, there, sizeof there);
    assert_string_not_equal(here, "");
    assert_string_equal(here, there);
}

static void everything_arrives_as_it_was(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE];
    fill_file(event_id, type_id);
    assert_runs("copy", "--from", database, "--to", target);
    assert_says(finished.out, " in 15 tables copied");
    assert_says(finished.out, "Both sides verified: 1 ticket types, ");
    assert_says(finished.out, "0 differences");
    assert_null(strstr(finished.out, "ANALYZE"));
    assert_says(finished.err, "/s, shift_totals");
    assert_same(
        "SELECT group_concat(lower(hex(id) || hex(chain_hash) || seq || created_at)) FROM "
        "(SELECT * FROM inventory_audit_log ORDER BY seq)",
        "SELECT string_agg(encode(uuid_send(id), 'hex') || encode(chain_hash, 'hex') || seq "
        "|| (extract(epoch FROM created_at) * 1000000)::int8, ',' ORDER BY seq) "
        "FROM inventory_audit_log");
    assert_same("SELECT group_concat(lower(hex(id)) || status || coalesce(expires_at, '') || "
                "coalesce(lower(hex(limited_user_id)), '') || coalesce(order_id, '')) FROM "
                "(SELECT * FROM ticket_reservations ORDER BY id)",
                "SELECT string_agg(encode(uuid_send(id), 'hex') || status || "
                "coalesce(((extract(epoch FROM expires_at) * 1000000)::int8)::text, '') || "
                "coalesce(encode(uuid_send(limited_user_id), 'hex'), '') || "
                "coalesce(order_id, ''), ',' ORDER BY id) FROM ticket_reservations");
    assert_same("SELECT group_concat(lower(hex(event_ids))) FROM "
                "(SELECT * FROM api_keys ORDER BY id)",
                "SELECT string_agg(coalesce(encode(uuid_send(event_ids[1]), 'hex'), ''), ',' "
                "ORDER BY id) FROM ticketd.api_keys");
    assert_same("SELECT name || address || version FROM venues",
                "SELECT name || address || version FROM venues");
    assert_same("SELECT published || ' ' || time_zone FROM events",
                "SELECT published::int || ' ' || time_zone FROM events");
    assert_same("SELECT last_error || attempts FROM webhook_deliveries",
                "SELECT last_error || attempts FROM ticketd.webhook_deliveries");
    assert_runs("verify", "--database", target);
}

static void the_planner_knows_the_new_rows(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], pages[32];
    fill_file(event_id, type_id);
    assert_runs("copy", "--from", database, "--to", target);
    ask_target("SELECT reltuples FROM pg_class WHERE oid = 'ticket_reservations'::regclass", pages,
               sizeof pages);
    assert_string_equal(pages, "5");
}

static struct text reserve(const char *server, const char *key, const char *type_id,
                           struct arena *arena, bool *replayed) {
    char body[200];
    struct api_client *client;
    struct reply reply = {0};
    struct api_client_options options = {.server = server, .key = key};
    snprintf(body, sizeof body, "{\"ticket_type_id\":\"%s\",\"quantity\":2}", type_id);
    struct api_request request = {.method = "POST",
                                  .path = "/v1/reservations",
                                  .body = text_of(body),
                                  .idempotency_key = "0190b3a0-7d0c-7f00-8000-0000000000aa"};
    assert_int_equal(api_client_open(&options, &client, NULL), ERROR_NONE);
    assert_int_equal(api_client_call(client, &request, arena, &reply, NULL), ERROR_NONE);
    api_client_close(client);
    if (reply.status != 201) {
        fail_msg("%d %.*s", reply.status, (int)reply.body.length, reply.body.bytes);
    }
    *replayed = reply.replayed;
    return reply.body;
}

static void a_retry_after_the_copy_gets_the_answer_from_before(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], key[NAME_SIZE], count[16];
    struct arena arena;
    bool replayed;
    arena_init(&arena, 1 << 20);
    make_key("admin", key);
    struct server *server = server_start(database);
    assert_non_null(server);
    make_event_with_tickets(event_id, type_id);
    struct text before = reserve(server_url(server), key, type_id, &arena, &replayed);
    assert_false(replayed);
    stop_politely(server);
    assert_runs("copy", "--from", database, "--to", target);
    server = server_start(target);
    assert_non_null(server);
    struct text after = reserve(server_url(server), key, type_id, &arena, &replayed);
    assert_true(replayed);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, before.length);
    stop_politely(server);
    ask_target("SELECT reserved_count FROM ticket_types", count, sizeof count);
    assert_string_equal(count, "2");
    arena_finish(&arena);
}

/* The role that serves may do it, but for telling the planner. */
static void the_role_that_serves_may_copy(void **state) {
    (void)state;
    char event_id[NAME_SIZE], type_id[NAME_SIZE], url[DATABASE_URL_SIZE + 16];
    fill_file(event_id, type_id);
    in_target("DO $$ BEGIN CREATE ROLE ticketd_app LOGIN; EXCEPTION WHEN duplicate_object THEN "
              "NULL; END $$");
    assert_runs("migrate", "--database", target);
    const char *at = strchr(target, '@');
    assert_non_null(at);
    snprintf(url, sizeof url, "postgres://ticketd_app%s", at);
    assert_runs("copy", "--from", database, "--to", url);
    assert_says(finished.out, "let their owner run ANALYZE");
    assert_runs("verify", "--database", url);
    in_target("DROP OWNED BY ticketd_app");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        COPY_TEST(everything_arrives_as_it_was),
        COPY_TEST(the_planner_knows_the_new_rows),
        COPY_TEST(a_retry_after_the_copy_gets_the_answer_from_before),
        COPY_TEST(the_role_that_serves_may_copy),
    };
    return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
