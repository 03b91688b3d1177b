/* What a body says, and how what it cannot say is answered. */
#include <stdio.h>

#include "domain/limits.h"
#include "routes/neighbours.h"
#include "support/unit.h"

#define ID NEIGHBOURS_ID

static struct heard post(const char *path, const char *body) {
    return neighbours_ask(&neighbours,
                          &(struct ask){.method = HTTP_METHOD_POST, .path = path, .body = body});
}

static void assert_refused(const char *path, const char *body, int status, const char *words) {
    struct heard heard = post(path, body);
    if (heard.submitted || heard.status != status || !heard_says(&heard, words)) {
        fail_msg("%s %s: %d %.*s", path, body, heard.status, (int)heard.body.length,
                 heard.body.bytes);
    }
}

static void a_reservation_is_read_into_its_command(void **state) {
    (void)state;
    struct heard heard = post("/v1/reservations", "{\"ticket_type_id\":\"" ID "\",\"quantity\":3}");
    assert_true(heard.submitted);
    assert_int_equal(heard.command.kind, COMMAND_RESERVE);
    assert_int_equal(heard.command.of.reserve.items.count, 1);
    assert_int_equal(heard.command.of.reserve.items.list[0].quantity, 3);
    assert_int_equal(heard.command.of.reserve.seconds, RESERVATION_SECONDS_DEFAULT);
    assert_true(uuid_is_none(heard.command.of.reserve.user_id));
    assert_int_equal(heard.command.caller.role, ROLE_ADMIN);
    assert_null(heard.command.idempotency.key.bytes);
}

static void what_is_not_json_is_malformed(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "",
        "{",
        "{\"quantity\":1,}",
        "{'quantity':1}",
        "{\"quantity\":01}",
        "{\"quantity\":1}x",
        "{\"quantity\":NaN}",
        "\xff",
        "{\"quantity\":\"\\ud800\"}",
        "{\"quantity\":\"\xc0\x80\"}",
        "{\"quantity\":1,\"quantity\":1}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_refused("/v1/reservations", bodies[i], 400, "\"malformed_json\"");
    }
    assert_refused("/v1/reservations", "{\"quantity\":99999999999999999999}", 422, "\"range\"");
}

static void the_place_where_json_breaks_is_named_without_its_bytes(void **state) {
    (void)state;
    static const struct {
        const char *body, *words;
    } table[] = {
        {"{\n  \"quantity\": tru3}", "\"Line 2, column 17 (byte 19) of the body: invalid token.\""},
        {"{\"quantity\":1", "of the body: '}' expected near end of file.\""},
        {"{\"a near '\":1,\"a near '\":1}", "of the body: duplicate object key.\""},
        {"{\"quantity\":\"\xff\"}", "of the body: unable to decode byte 0xff.\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_refused("/v1/reservations", table[i].body, 400, table[i].words);
    }
    assert_false(
        heard_says(&(struct heard){.body = post("/v1/carts", "{\"a\":hunter2}").body}, "hunter"));
}

static void json_that_is_no_object_is_not_valid(void **state) {
    (void)state;
    static const char *const bodies[] = {"[]", "null", "1", "\"x\"", "true"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_refused("/v1/reservations", bodies[i], 422, "{\"pointer\":\"\",\"code\":\"type\"");
    }
}

static void nesting_ends_at_sixteen_levels(void **state) {
    (void)state;
    char body[128];
    for (int depth = 15; depth <= 16; depth++) {
        int length = snprintf(body, sizeof body, "{\"x\":");
        for (int i = 0; i < depth; i++) {
            body[length++] = '[';
        }
        for (int i = 0; i < depth; i++) {
            body[length++] = ']';
        }
        snprintf(body + length, sizeof body - (size_t)length, "}");
        assert_refused("/v1/reservations", body, depth == 15 ? 422 : 400,
                       depth == 15 ? "\"unknown\"" : "deeper");
    }
    /* Brackets in a text are no nesting. */
    assert_refused("/v1/reservations", "{\"x\":\"[[[[[[[[[[[[[[[[[[[[\\\"[\"}", 422, "\"unknown\"");
}

static void everything_that_is_wrong_is_named_with_its_pointer(void **state) {
    (void)state;
    struct heard heard = post("/v1/carts", "{\"items\":[{\"ticket_type_id\":\"" ID
                                           "\",\"quantity\":0},7,{\"quantity\":1.5,\"a/b~c\":1}],"
                                           "\"expires_in_seconds\":7201,\"user_id\":null}");
    assert_int_equal(heard.status, 422);
    static const char *const words[] = {
        "{\"pointer\":\"/items/0/quantity\",\"code\":\"range\"",
        "{\"pointer\":\"/items/1\",\"code\":\"type\"",
        "{\"pointer\":\"/items/2/ticket_type_id\",\"code\":\"required\"",
        "{\"pointer\":\"/items/2/quantity\",\"code\":\"type\"",
        "{\"pointer\":\"/items/2/a~1b~0c\",\"code\":\"unknown\"",
        "{\"pointer\":\"/expires_in_seconds\",\"code\":\"range\"",
        "{\"pointer\":\"/user_id\",\"code\":\"type\"",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!heard_says(&heard, words[i])) {
            fail_msg("%s is not in %.*s", words[i], (int)heard.body.length, heard.body.bytes);
        }
    }
}

static void forms_of_texts_are_held(void **state) {
    (void)state;
    static const struct {
        const char *body, *words;
    } table[] = {
        {"{\"name\":\"\",\"start_date\":\"2027-01-01T00:00:00Z\"}",
         "\"/name\",\"code\":\"length\""},
        {"{\"name\":\"  \",\"start_date\":\"2027-01-01T00:00:00Z\"}",
         "\"/name\",\"code\":\"format\""},
        {"{\"name\":\"a\\u0007\"}", "\"/name\",\"code\":\"format\""},
        {"{\"name\":\"a\\nb\"}", "\"/name\",\"code\":\"format\""},
        {"{\"name\":\"a\\u0085\"}", "\"/name\",\"code\":\"format\""},
        {"{\"name\":\"a\",\"start_date\":\"2027-01-01\"}", "\"/start_date\",\"code\":\"format\""},
        {"{\"name\":\"a\",\"start_date\":\"2027-02-30T00:00:00Z\"}", "\"/start_date\",\"code\""},
        {"{\"currency\":\"eur\"}", "\"/currency\",\"code\":\"enum\""},
        {"{\"currency\":\"EURO\"}", "\"/currency\""},
        {"{\"time_zone\":\"Europe/Nowhere\"}", "\"/time_zone\",\"code\":\"format\""},
        {"{\"time_zone\":\"../../../etc/passwd\"}", "\"/time_zone\",\"code\":\"format\""},
        {"{\"time_zone\":\"/etc/localtime\"}", "\"/time_zone\",\"code\":\"format\""},
        {"{\"time_zone\":\"zone.tab\"}", "\"/time_zone\",\"code\":\"format\""},
        {"{\"image_url\":\"http://x/y.png\"}", "\"/image_url\",\"code\":\"format\""},
        {"{\"image_url\":\"https:///y.png\"}", "\"/image_url\",\"code\":\"format\""},
        {"{\"image_url\":\"https://x/a b\"}", "\"/image_url\",\"code\":\"format\""},
        {"{\"published\":\"yes\"}", "\"/published\",\"code\":\"type\""},
        {"{\"venue_id\":\"x\"}", "\"/venue_id\",\"code\":\"format\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_refused("/v1/events", table[i].body, 422, table[i].words);
    }
}

static void an_event_takes_what_it_leaves_out_from_the_settings(void **state) {
    (void)state;
    struct heard heard = post("/v1/events", "{\"name\":\"Gala\",\"description\":\"two\\nlines\","
                                            "\"start_date\":\"2027-01-01T20:00:00+01:00\","
                                            "\"image_url\":\"https://x.example/y.png\"}");
    assert_true(heard.submitted);
    const struct event *event = &heard.command.of.event.event;
    assert_text(event->name, "Gala");
    assert_string_equal(event->currency.code, "EUR");
    assert_text(event->time_zone, "UTC");
    assert_true(instant_is_none(event->end_date));
    assert_false(event->published);
}

static void a_change_says_which_members_are_meant(void **state) {
    (void)state;
    struct heard heard =
        neighbours_ask(&neighbours, &(struct ask){.method = HTTP_METHOD_PATCH,
                                                  .path = "/v1/ticket-types/" ID,
                                                  .body = "{\"max_per_order\":null,\"price\":5}",
                                                  .headers = {{"If-Match", "\"12\""}}});
    assert_true(heard.submitted);
    assert_int_equal(heard.command.kind, COMMAND_TYPE_CHANGE);
    assert_int_equal(heard.command.of.type.fields, SETTING_MAX_PER_ORDER | SETTING_PRICE);
    assert_int_equal(heard.command.of.type.type.max_per_order, 0);
    assert_int_equal(heard.command.of.type.if_version, 12);
}

static void a_version_is_a_tag_in_quotes(void **state) {
    (void)state;
    static const struct {
        const char *tag;
        int64_t version; /* 0: refused */
    } table[] = {
        {"\"1\"", 1},        {"\"abc\"", -1}, {"\"1x\"", -1}, {"\"123456789012345678901\"", -1},
        {"W/\"1\"", 0},      {"1", 0},        {"*", 0},       {"\"\"", 0},
        {"\"1\",\"2\"", -1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct heard heard =
            neighbours_ask(&neighbours, &(struct ask){.method = HTTP_METHOD_PATCH,
                                                      .path = "/v1/events/" ID,
                                                      .body = "{}",
                                                      .headers = {{"If-Match", table[i].tag}}});
        if (heard.submitted != (table[i].version != 0) ||
            (heard.submitted && heard.command.of.event.if_version != table[i].version) ||
            (!heard.submitted && heard.status != 400)) {
            fail_msg("%s", table[i].tag);
        }
    }
}

static void a_reason_is_kept_without_the_space_around_it(void **state) {
    (void)state;
    const char *path = "/v1/ticket-types/" ID "/increase";
    struct heard heard = post(path, "{\"quantity\":5,\"reason\":\"  more seats \"}");
    assert_text(heard.command.of.adjust.reason, "more seats");
    assert_int_equal(heard.command.of.adjust.expected_total, -1);
    assert_refused(path, "{\"quantity\":5,\"reason\":\"  ab  \"}", 422,
                   "\"/reason\",\"code\":\"length\"");
}

static void what_has_no_body_takes_none_or_an_empty_one(void **state) {
    (void)state;
    const char *path = "/v1/events/" ID "/archive";
    assert_true(post(path, NULL).submitted);
    assert_true(post(path, "{}").submitted);
    assert_refused(path, "{\"x\":1}", 422, "\"/x\",\"code\":\"unknown\"");
    assert_refused(path, "[]", 422, "\"type\"");
}

static struct heard reserve_keyed(const char *key, const char *body) {
    return neighbours_ask(&neighbours, &(struct ask){.method = HTTP_METHOD_POST,
                                                     .path = "/v1/reservations",
                                                     .body = body,
                                                     .headers = {{"Idempotency-Key", key}}});
}

static void a_request_has_one_fingerprint_however_its_json_is_written(void **state) {
    (void)state;
    struct heard a = reserve_keyed("k1", "{\"ticket_type_id\":\"" ID "\",\"quantity\":3}");
    assert_text(a.command.idempotency.key, "k1");
    uint8_t fingerprint[FINGERPRINT_SIZE];
    memcpy(fingerprint, a.command.idempotency.fingerprint, sizeof fingerprint);
    struct heard b =
        reserve_keyed("\"k1\"", " { \"quantity\" : 3,\n\"ticket_type_id\":\"" ID "\" }");
    assert_text(b.command.idempotency.key, "k1");
    assert_memory_equal(b.command.idempotency.fingerprint, fingerprint, sizeof fingerprint);
    b = reserve_keyed("k1", "{\"ticket_type_id\":\"" ID "\",\"quantity\":4}");
    assert_memory_not_equal(b.command.idempotency.fingerprint, fingerprint, sizeof fingerprint);
}

static void a_key_that_cannot_be_one_is_refused(void **state) {
    (void)state;
    char long_key[300];
    memset(long_key, 'k', sizeof long_key);
    long_key[256] = '\0';
    const char *const keys[] = {"", "\"\"", "a b", "\"a", "a\"b", "\xc3\xa9", long_key};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct heard heard =
            reserve_keyed(keys[i], "{\"ticket_type_id\":\"" ID "\",\"quantity\":3}");
        if (heard.status != 400 || !heard_says(&heard, "\"bad_header\"")) {
            fail_msg("key %zu: %d", i, heard.status);
        }
    }
    long_key[255] = '\0';
    assert_true(
        reserve_keyed(long_key, "{\"ticket_type_id\":\"" ID "\",\"quantity\":3}").submitted);
}

static void a_header_that_is_there_twice_is_refused(void **state) {
    (void)state;
    struct heard heard = neighbours_ask(
        &neighbours,
        &(struct ask){.method = HTTP_METHOD_POST,
                      .path = "/v1/reservations",
                      .body = "{}",
                      .headers = {{"Idempotency-Key", "a"}, {"idempotency-key", "b"}}});
    assert_int_equal(heard.status, 400);
    assert_true(heard_says(&heard, "Idempotency-Key is there twice."));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_reservation_is_read_into_its_command),
    cmocka_unit_test(what_is_not_json_is_malformed),
    cmocka_unit_test(the_place_where_json_breaks_is_named_without_its_bytes),
    cmocka_unit_test(json_that_is_no_object_is_not_valid),
    cmocka_unit_test(nesting_ends_at_sixteen_levels),
    cmocka_unit_test(everything_that_is_wrong_is_named_with_its_pointer),
    cmocka_unit_test(forms_of_texts_are_held),
    cmocka_unit_test(an_event_takes_what_it_leaves_out_from_the_settings),
    cmocka_unit_test(a_change_says_which_members_are_meant),
    cmocka_unit_test(a_version_is_a_tag_in_quotes),
    cmocka_unit_test(a_reason_is_kept_without_the_space_around_it),
    cmocka_unit_test(what_has_no_body_takes_none_or_an_empty_one),
    cmocka_unit_test(a_request_has_one_fingerprint_however_its_json_is_written),
    cmocka_unit_test(a_key_that_cannot_be_one_is_refused),
    cmocka_unit_test(a_header_that_is_there_twice_is_refused),
};

int main(void) {
    return cmocka_run_group_tests(tests, neighbours_set_up, neighbours_tear_down);
}
