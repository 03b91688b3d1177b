/* What goes out: request ids, outcomes, who is let in, and the pages of operations. */
#include <jansson.h>

#include "domain/outcome_code.h"
#include "routes/callers/key_secret.h"
#include "routes/neighbours.h"
#include "routes/problem.h"
#include "store/memory/memory_store.h"
#include "support/unit.h"

#define ID NEIGHBOURS_ID

static struct heard get(const char *path, const char *header, const char *value) {
    return neighbours_ask(
        &neighbours,
        &(struct ask){.method = HTTP_METHOD_GET, .path = path, .headers = {{header, value}}});
}

static const char *code_of(const struct heard *heard) {
    static char code[64];
    json_t *body = json_loadb(heard->body.bytes, heard->body.length, 0, NULL);
    const char *said = json_string_value(json_object_get(body, "code"));
    strcpy(code, said == NULL ? "" : said);
    json_decref(body);
    return code;
}

static void a_request_id_is_kept_where_it_is_well_formed_and_made_where_not(void **state) {
    (void)state;
    struct heard heard = get("/healthz", "Request-Id", "a.B-9_z");
    assert_text(heard_header(&heard, "Request-Id"), "a.B-9_z");
    heard = get("/healthz", "Request-Id", "no spaces");
    assert_int_equal(heard_header(&heard, "Request-Id").length, 16);
    char first[17] = {0};
    memcpy(first, heard_header(&heard, "Request-Id").bytes, 16);
    heard = get("/healthz", NULL, NULL);
    assert_memory_not_equal(heard_header(&heard, "Request-Id").bytes, first, 16);
}

static struct outcome granted_reservation(struct reservation *line) {
    *line = (struct reservation){
        .id = {{1}},
        .event_id = {{2}},
        .ticket_type_id = {{3}},
        .quantity = 2,
        .status = RESERVATION_ACTIVE,
        .unit_price = 2500,
        .currency = {"EUR"},
        .created_at = {1000000},
        .updated_at = {1000000},
        .expires_at = {901000000},
        .completed_at = INSTANT_NONE,
    };
    return (struct outcome){.verdict = VERDICT_GRANTED,
                            .kind = COMMAND_RESERVE,
                            .decided_at = {1000000},
                            .facts = FACTS_NONE,
                            .lines = line,
                            .lines_count = 1};
}

static struct heard reserve(const struct outcome *outcome) {
    struct heard heard = neighbours_ask(
        &neighbours, &(struct ask){.method = HTTP_METHOD_POST,
                                   .path = "/v1/reservations",
                                   .body = "{\"ticket_type_id\":\"" ID "\",\"quantity\":2}"});
    assert_true(heard.submitted);
    return neighbours_decide(outcome);
}

static void a_replay_has_the_same_bytes_as_the_first_answer_R14(void **state) {
    (void)state;
    struct arena arena;
    struct reservation line;
    struct outcome again, outcome = granted_reservation(&line);
    arena_init(&arena, 64 * 1024);
    struct heard first = reserve(&outcome);
    assert_int_equal(first.status, 201);
    struct text bytes = arena_copy(&arena, first.body);
    assert_null(heard_header(&first, "Idempotency-Replayed").bytes);
    struct text stored = outcome_encode(&outcome, &arena);
    assert_int_equal(outcome_decode(stored, &arena, &again), ERROR_NONE);
    again.replayed = true;
    struct heard second = reserve(&again);
    assert_int_equal(second.status, 201);
    assert_true(text_equals(second.body, bytes));
    assert_text(heard_header(&second, "Idempotency-Replayed"), "true");
    arena_finish(&arena);
}

static void a_refusal_carries_the_facts_of_the_case(void **state) {
    (void)state;
    struct outcome outcome = {.verdict = VERDICT_INSUFFICIENT_INVENTORY, .facts = FACTS_NONE};
    outcome.facts.requested = 4;
    outcome.facts.available = 2;
    outcome.facts.reserved = 6;
    struct heard heard = reserve(&outcome);
    assert_int_equal(heard.status, 409);
    assert_text(heard.type, "application/problem+json");
    json_t *body = json_loadb(heard.body.bytes, heard.body.length, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(json_string_value(json_object_get(body, "type")),
                        "/problems/insufficient_inventory");
    assert_int_equal(json_integer_value(json_object_get(body, "requested")), 4);
    assert_int_equal(json_integer_value(json_object_get(body, "available")), 2);
    assert_null(json_object_get(body, "total"));
    assert_true(json_is_null(json_object_get(body, "next_expiry_at")));
    json_decref(body);
}

static void every_verdict_is_answered_with_its_code(void **state) {
    (void)state;
    for (enum verdict verdict = VERDICT_GRANTED + 1; verdict <= VERDICT_INTERNAL_ERROR; verdict++) {
        if (verdict == VERDICT_VERSION_MISMATCH) {
            continue; /* of settings, whose current row it shows */
        }
        struct outcome outcome = {.verdict = verdict, .facts = FACTS_NONE};
        outcome.facts.pointer = TEXT("/quantity");
        outcome.facts.detail = TEXT("Because.");
        struct heard heard = reserve(&outcome);
        assert_true(heard.status >= 400 && code_of(&heard)[0] != '\0');
        bool waits = heard.status == 503;
        assert_int_equal(heard_header(&heard, "Retry-After").bytes != NULL, waits);
    }
}

static void a_stale_version_shows_the_current_object(void **state) {
    (void)state;
    struct event event = {.id = {{1}},
                          .name = TEXT("Gala"),
                          .time_zone = TEXT("UTC"),
                          .currency = {"EUR"},
                          .end_date = INSTANT_NONE,
                          .archived_at = INSTANT_NONE,
                          .version = 7};
    struct outcome outcome = {.verdict = VERDICT_VERSION_MISMATCH,
                              .kind = COMMAND_EVENT_CHANGE,
                              .facts = FACTS_NONE,
                              .event = &event};
    struct heard heard = reserve(&outcome);
    assert_int_equal(heard.status, 412);
    assert_text(heard_header(&heard, "ETag"), "\"7\"");
    json_t *body = json_loadb(heard.body.bytes, heard.body.length, 0, NULL);
    json_t *current = json_object_get(body, "current");
    assert_string_equal(json_string_value(json_object_get(current, "name")), "Gala");
    json_decref(body);
}

static void nobody_is_let_in_without_a_key_that_is_known(void **state) {
    (void)state;
    char key[KEY_SECRET_TEXT_SIZE];
    char authorization[KEY_SECRET_TEXT_SIZE + 8];
    uint8_t hash[KEY_HASH_SIZE];
    key_secret_make((struct uuid){{9}}, key, hash);
    strcpy(authorization, "Bearer ");
    strcat(authorization, key);
    const char *const values[] = {NULL,           "",           "Bearer", "Bearer ", "Basic abc",
                                  "Bearer tkd_x", authorization};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct heard heard = neighbours_ask(
            &neighbours,
            &(struct ask){.method = HTTP_METHOD_POST,
                          .path = "/v1/reservations",
                          .body = "{}",
                          .headers = {{values[i] == NULL ? NULL : "Authorization", values[i]}},
                          .peer = "192.0.2.1"});
        assert_int_equal(heard.status, 401);
        assert_non_null(heard_header(&heard, "WWW-Authenticate").bytes);
    }
}

static void a_key_that_is_limited_to_events_makes_no_keys(void **state) {
    (void)state;
    static const struct uuid events[] = {{{7}}};
    struct arena arena;
    struct world world;
    char key[KEY_SECRET_TEXT_SIZE], authorization[KEY_SECRET_TEXT_SIZE + 8] = "Bearer ";
    arena_init(&arena, 64 * 1024);
    for (size_t count = 0; count <= 1; count++) {
        struct api_key row = {.id = {{9, (uint8_t)count}},
                              .name = TEXT("an admin"),
                              .role = ROLE_ADMIN,
                              .events = events,
                              .events_count = count,
                              .expires_at = INSTANT_NONE,
                              .last_used_at = INSTANT_NONE,
                              .revoked_at = INSTANT_NONE};
        key_secret_make(row.id, key, row.secret_hash);
        strcpy(authorization + strlen("Bearer "), key);
        world_init(&world, &arena);
        world_add_api_key(&world, &row)->state = ROW_NEW;
        routes_on_commit(neighbours.routes, &world);
        struct heard heard =
            neighbours_ask(&neighbours, &(struct ask){.method = HTTP_METHOD_POST,
                                                      .path = "/v1/api-keys",
                                                      .body = "{\"name\":\"x\",\"role\":\"admin\"}",
                                                      .headers = {{"Authorization", authorization}},
                                                      .peer = "127.0.0.1"});
        assert_int_equal(heard.submitted, count == 0);
        assert_int_equal(heard.status, count == 0 ? 0 : 403);
    }
    arena_finish(&arena);
}

static void an_address_that_asks_too_often_is_told_to_wait(void **state) {
    (void)state;
    struct neighbours strict;
    struct heard heard = {.status = 0};
    neighbours_open(&strict, &(struct routes_options){.rates = {.per_address = 1}});
    for (int i = 0; i < 3; i++) {
        heard = neighbours_ask(
            &strict,
            &(struct ask){.method = HTTP_METHOD_GET, .path = "/healthz", .peer = "192.0.2.1"});
    }
    assert_int_equal(heard.status, 429);
    assert_string_equal(code_of(&heard), "rate_limited");
    assert_non_null(heard_header(&heard, "Retry-After").bytes);
    assert_text(heard_header(&heard, "RateLimit-Policy"), "\"address\";q=2;w=2");
    neighbours_close(&strict);
}

static void what_the_http_layer_answers_is_a_problem_too(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 * 1024);
    struct http_reply reply =
        routes_render_http_error(neighbours.routes, 408, "request_timeout", "Too slow.", &arena);
    struct heard heard = {.body = reply.body};
    assert_int_equal(reply.status, 408);
    assert_string_equal(code_of(&heard), "request_timeout");
    reply = routes_render_http_error(neighbours.routes, 400, "something_new", "Odd.", &arena);
    heard.body = reply.body;
    assert_string_equal(code_of(&heard), "bad_request");
    arena_finish(&arena);
}

static void the_page_of_a_problem_shows_code_as_code(void **state) {
    (void)state;
    for (unsigned i = 0; i < PROBLEMS_COUNT; i++) {
        char path[64];
        snprintf(path, sizeof path, "/problems/%s", problem_kind((enum problem)i)->code);
        struct heard heard = get(path, NULL, NULL);
        assert_int_equal(heard.status, 200);
        assert_false(heard_says(&heard, "`"));
    }
    struct heard heard = get("/problems/insufficient_inventory", NULL, NULL);
    assert_true(heard_says(&heard, "<p>Ask for <code>available</code> or fewer; at "
                                   "<code>next_expiry_at</code> the next"));
}

static void who_is_not_signed_in_is_told_how(void **state) {
    (void)state;
    const char *const words = "send the header Authorization: Bearer tkd_\xe2\x80\xa6, with";
    struct ask ask = {.method = HTTP_METHOD_GET, .path = "/v1/reservations", .peer = "192.0.2.1"};
    struct heard heard = neighbours_ask(&neighbours, &ask);
    assert_int_equal(heard.status, 401);
    assert_true(heard_says(&heard, words));
    ask.headers[0][0] = "Authorization";
    ask.headers[0][1] = "Basic dTpw";
    heard = neighbours_ask(&neighbours, &ask);
    assert_int_equal(heard.status, 401);
    assert_true(heard_says(&heard, words));
}

static void the_pages_of_operations_answer(void **state) {
    (void)state;
    assert_int_equal(get("/readyz", NULL, NULL).status, 200);
    assert_int_equal(get("/openapi.json", NULL, NULL).status, 200);
    assert_int_equal(get("/problems/busy", NULL, NULL).status, 200);
    assert_int_equal(get("/problems/none", NULL, NULL).status, 404);
    struct heard heard = get("/metrics", NULL, NULL);
    assert_int_equal(heard.status, 200);
    static const char *const lines[] = {
        "\nticketd_commits_total 7\n",
        "\nprocess_start_time_seconds 1",
        "\nprocess_resident_memory_bytes ",
        "\nticketd_http_requests_total{route=\"health_ready\",status=\"200\"} 1\n",
        "\nticketd_refusals_total{code=\"not_found\"}",
        "\nticketd_tickets{state=\"sold\"} 0\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_non_null(memmem(heard.body.bytes, heard.body.length, lines[i], strlen(lines[i])));
    }
}

static void while_the_store_is_away_readyz_says_why_and_healthz_is_well(void **state) {
    (void)state;
    memory_store_set_faults(neighbours.store, &(struct memory_faults){.is_away = true});
    neighbours_cut_off("the database went away", (struct instant){INT64_C(1767225600000000)});
    struct heard heard = get("/readyz", NULL, NULL);
    assert_int_equal(heard.status, 503);
    assert_text(heard_header(&heard, "Retry-After"), "5");
    assert_true(heard_says(&heard, "{\"name\":\"store_write\",\"ok\":false,\"detail\":\"the "
                                   "database went away\",\"since\":\"2026-01-01T00:00:00"));
    assert_true(heard_says(&heard, "{\"name\":\"schema_version\",\"ok\":false"));
    assert_int_equal(get("/healthz", NULL, NULL).status, 200);
    heard = get("/v1/ticket-types/" NEIGHBOURS_ID "/availability", NULL, NULL);
    assert_int_equal(heard.status, 503);
    assert_true(heard_says(&heard, "\"store_unavailable\""));
    assert_text(heard_header(&heard, "Retry-After"), "5");

    memory_store_set_faults(neighbours.store, &(struct memory_faults){.is_away = false});
    assert_int_equal(get("/readyz", NULL, NULL).status, 503); /* one lane has not seen it yet */
    neighbours_cut_off(NULL, INSTANT_NONE);
    assert_int_equal(get("/readyz", NULL, NULL).status, 200);
    assert_int_equal(get("/v1/ticket-types/" NEIGHBOURS_ID "/availability", NULL, NULL).status,
                     404);
}

static void an_empty_list_as_csv_has_its_header_row(void **state) {
    (void)state;
    struct heard heard = get("/v1/venues", "Accept", "text/csv");
    assert_int_equal(heard.status, 200);
    assert_text(heard.type, "text/csv; charset=utf-8");
    assert_text(heard.body,
                "id,name,address,time_zone,created_at,updated_at,archived_at,version\r\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_request_id_is_kept_where_it_is_well_formed_and_made_where_not),
    cmocka_unit_test(a_replay_has_the_same_bytes_as_the_first_answer_R14),
    cmocka_unit_test(a_refusal_carries_the_facts_of_the_case),
    cmocka_unit_test(every_verdict_is_answered_with_its_code),
    cmocka_unit_test(a_stale_version_shows_the_current_object),
    cmocka_unit_test(nobody_is_let_in_without_a_key_that_is_known),
    cmocka_unit_test(a_key_that_is_limited_to_events_makes_no_keys),
    cmocka_unit_test(an_address_that_asks_too_often_is_told_to_wait),
    cmocka_unit_test(what_the_http_layer_answers_is_a_problem_too),
    cmocka_unit_test(the_page_of_a_problem_shows_code_as_code),
    cmocka_unit_test(who_is_not_signed_in_is_told_how),
    cmocka_unit_test(the_pages_of_operations_answer),
    cmocka_unit_test(while_the_store_is_away_readyz_says_why_and_healthz_is_well),
    cmocka_unit_test(an_empty_list_as_csv_has_its_header_row),
};

int main(void) {
    return cmocka_run_group_tests(tests, neighbours_set_up, neighbours_tear_down);
}
