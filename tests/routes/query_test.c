/* What stands behind the '?'. */
#include <stdio.h>

#include "routes/call.h"
#include "routes/cursor.h"
#include "routes/neighbours.h"
#include "routes/query.h"
#include "support/unit.h"

static struct heard list(const char *path, const char *query) {
    return neighbours_ask(&neighbours,
                          &(struct ask){.method = HTTP_METHOD_GET, .path = path, .query = query});
}

static void assert_fault(const char *path, const char *query, const char *pointer,
                         const char *code) {
    char words[128];
    struct heard heard = list(path, query);
    snprintf(words, sizeof words, "{\"pointer\":\"%s\",\"code\":\"%s\"", pointer, code);
    if (heard.status != 422 || !heard_says(&heard, words)) {
        fail_msg("%s?%s: %d %.*s", path, query, heard.status, (int)heard.body.length,
                 heard.body.bytes);
    }
}

static void what_cannot_be_is_named_with_the_reason(void **state) {
    (void)state;
    static const struct {
        const char *query, *pointer, *code;
    } table[] = {
        {"foo=1", "foo", "unknown"},
        {"when=all", "when", "unknown"}, /* of another list */
        {"limit=0", "limit", "range"},
        {"limit=201", "limit", "range"},
        {"limit=-1", "limit", "range"},
        {"limit=1e2", "limit", "range"},
        {"limit=", "limit", "range"},
        {"limit", "limit", "range"},
        {"limit=99999999999999999999999", "limit", "range"},
        {"limit=5&limit=5", "limit", "duplicate"},
        {"event_id=x", "event_id", "format"},
        {"event_id=00000000-0000-0000-0000-000000000000", "event_id", "format"},
        {"actor=me", "actor", "format"},
        {"action=steal", "action", "enum"},
        {"channel=", "channel", "enum"},
        {"tender=CASH", "tender", "format"},
        {"from=yesterday", "from", "format"},
        {"to=2026-11-22", "to", "format"},
        {"from=2026-13-22T00:00:00Z", "from", "format"},
        {"q=", "q", "length"},
        {"q=%zz", "q", "format"},
        {"q=%4", "q", "format"},
        {"q=a%", "q", "format"},
        {"q=%00", "q", "format"},
        {"q=%0a", "q", "format"},
        {"q=%ff", "q", "format"},
        {"order_id=", "order_id", "length"},
        {"after_seq=-1", "after_seq", "range"},
        {"after_seq=3", "ticket_type_id", "required"},
        {"format=xml", "format", "enum"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_fault("/v1/audit-log", table[i].query, table[i].pointer, table[i].code);
    }
}

static void routes_without_parameters_refuse_all(void **state) {
    (void)state;
    assert_fault("/healthz", "x=1", "x", "unknown");
    assert_fault("/v1/events/01900000-0000-7000-8000-000000000001", "limit=1", "limit", "unknown");
    assert_int_equal(list("/healthz", "").status, 200);
}

static void several_things_are_named_at_once(void **state) {
    (void)state;
    struct heard heard = list("/v1/events", "limit=0&foo=1&when=never");
    assert_int_equal(heard.status, 422);
    assert_true(heard_says(&heard, "\"limit\"") && heard_says(&heard, "\"foo\"") &&
                heard_says(&heard, "\"when\""));
}

static void values_are_percent_decoded(void **state) {
    (void)state;
    struct http_request request = {
        .method = HTTP_METHOD_GET,
        .path = TEXT("/v1/audit-log"),
        .query = TEXT("q=a+b%2Bc%C3%A9&from=2026-11-22T11%3A00%3A00%2B01:00&limit=7&&actor=system"),
        .arena = &neighbours.arena,
    };
    struct query query;
    struct answered refused;
    struct call *call = call_begin(neighbours.routes, &request);
    assert_true(query_read(call,
                           PARAMETER_Q | PARAMETER_FROM | PARAMETER_ACTOR | PARAMETERS_OF_PAGE,
                           &query, &refused));
    assert_text(query.filter.q, "a b+c\xc3\xa9");
    assert_int_equal(query.filter.from.us, INT64_C(1795341600000000));
    assert_int_equal(query.limit, 7);
    assert_int_equal(query.filter.actor.kind, ACTOR_SYSTEM);
    assert_true(instant_is_none(query.filter.to));
    assert_int_equal(query.filter.after_seq, -1);
}

static uint64_t hash_of(const char *path, const char *text) {
    struct http_request request = {
        .method = HTTP_METHOD_GET,
        .path = text_of(path),
        .query = text_of(text),
        .arena = &neighbours.arena,
    };
    struct query query;
    struct answered refused;
    struct call *call = call_begin(neighbours.routes, &request);
    assert_true(query_read(call,
                           PARAMETER_Q | PARAMETER_ORDER | PARAMETERS_OF_PAGE | PARAMETER_FORMAT,
                           &query, &refused));
    return query.filter_hash;
}

static void a_cursor_goes_with_path_and_filters_but_not_with_the_form_of_the_page(void **state) {
    (void)state;
    uint64_t hash = hash_of("/v1/x", "q=a&order_id=b");
    assert_true(hash == hash_of("/v1/x", "order_id=b&limit=3&q=a&format=csv"));
    assert_true(hash == hash_of("/v1/x", "order_id=%62&q=a&cursor=zzz"));
    assert_true(hash != hash_of("/v1/y", "q=a&order_id=b"));
    assert_true(hash != hash_of("/v1/x", "q=b&order_id=a"));
    assert_true(hash != hash_of("/v1/x", "q=a"));
    assert_true(hash_of("/v1/x", "q=ab") != hash_of("/v1/x", "q=a&order_id=b"));
}

static void a_cursor_of_other_filters_is_no_cursor(void **state) {
    (void)state;
    assert_int_equal(list("/v1/events", "cursor=abc").status, 400);
    assert_int_equal(list("/v1/events", NULL).status, 200);
}

static void an_answer_names_twenty_faults_and_no_more(void **state) {
    (void)state;
    char query[4001] = "";
    for (size_t i = 0; i < 2000; i++) {
        memcpy(query + 2 * i, "x&", 2);
    }
    struct heard heard = list("/v1/events", query);
    assert_int_equal(heard.status, 422);
    assert_in_range(heard.body.length, 20 * 50, 20 * 200);
}

static struct heard explain(struct instant anchor) {
    static const char path[] = "/v1/ticket-types/" NEIGHBOURS_ID "/explain";
    struct arena arena;
    char query[128];
    struct cursor cursor = {.filter_hash = hash_of(path, ""), .anchor = anchor};
    arena_init(&arena, 4096);
    struct text text = cursor_write(&cursor, &arena);
    snprintf(query, sizeof query, "cursor=%.*s", (int)text.length, text.bytes);
    arena_finish(&arena);
    return list(path, query);
}

static void a_cursor_with_an_instant_that_never_was_is_no_cursor(void **state) {
    (void)state;
    assert_int_equal(explain((struct instant){1}).status, 404); /* there is no such type */
    assert_int_equal(explain((struct instant){INT64_MAX}).status, 400);
    assert_int_equal(explain((struct instant){INSTANT_MAX.us + 1}).status, 400);
    assert_int_equal(explain((struct instant){-1}).status, 400);
    assert_int_equal(explain(INSTANT_NONE).status, 400);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_cannot_be_is_named_with_the_reason),
    cmocka_unit_test(routes_without_parameters_refuse_all),
    cmocka_unit_test(several_things_are_named_at_once),
    cmocka_unit_test(values_are_percent_decoded),
    cmocka_unit_test(a_cursor_goes_with_path_and_filters_but_not_with_the_form_of_the_page),
    cmocka_unit_test(a_cursor_of_other_filters_is_no_cursor),
    cmocka_unit_test(an_answer_names_twenty_faults_and_no_more),
    cmocka_unit_test(a_cursor_with_an_instant_that_never_was_is_no_cursor),
};

int main(void) {
    return cmocka_run_group_tests(tests, neighbours_set_up, neighbours_tear_down);
}
