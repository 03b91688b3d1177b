/* Pages of rows that are large, many, or both. */
#include "routes/list.h"

#include <jansson.h>
#include <stdio.h>

#include "routes/neighbours.h"
#include "support/unit.h"

enum { ROWS = 300 };

static size_t row_bytes, rows_memory_max;

/* Rows 0 to ROWS - 1, each with a text of `row_bytes`. */
static enum error read_rows(struct store_reader *reader, const struct list_query *query,
                            struct arena *arena, struct page *page, struct failure *failure) {
    (void)reader;
    size_t from = query->after.set ? (size_t)query->after.seq + 1 : 0;
    size_t count = ROWS - from < query->limit ? ROWS - from : query->limit;
    if (count * row_bytes > rows_memory_max) {
        return failure_set(failure, ERROR_MEMORY, "Too much.");
    }
    int64_t *rows = arena_array(arena, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (int64_t)(from + i);
    }
    *page = (struct page){.rows = rows, .count = count, .as_of = {7}};
    if (from + count < ROWS) {
        page->next = (struct list_position){.set = true, .seq = (int64_t)(from + count) - 1};
    }
    return ERROR_NONE;
}

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    static char filling[1024 * 1024];
    memset(filling, 'x', sizeof filling);
    assert_int_equal(request->as_of.us, 7);
    field_integer(fields, "number", *(const int64_t *)row);
    field_text(fields, "filling", (struct text){filling, row_bytes});
}

static const int64_t sample;

static const struct list list = {
    .read = read_rows,
    .row_size = sizeof(int64_t),
    .row = write_row,
    .sample = &sample,
};

static struct heard ask(const char *query) {
    static struct route route = {.name = "test_list"};
    static struct http_request request;
    arena_reset(&neighbours.arena);
    request = (struct http_request){.method = HTTP_METHOD_GET,
                                    .path = TEXT("/v1/test"),
                                    .query = text_of(query),
                                    .arena = &neighbours.arena};
    struct call *call = call_begin(neighbours.routes, &request);
    call->route = &route;
    neighbours_expect();
    list_answer(call, &list, NULL);
    return neighbours_wait();
}

/* The pages one after another; how many there were. */
static size_t walk(const char *limit) {
    char query[600];
    size_t pages = 0;
    int64_t expected = 0;
    strcpy(query, limit);
    for (;;) {
        struct heard heard = ask(query);
        pages++;
        assert_int_equal(heard.status, 200);
        json_t *body = json_loadb(heard.body.bytes, heard.body.length, 0, NULL);
        json_t *data = json_object_get(body, "data"), *row;
        size_t index;
        json_array_foreach(data, index, row) {
            assert_int_equal(json_integer_value(json_object_get(row, "number")), expected++);
        }
        const char *next = json_string_value(json_object_get(body, "next_cursor"));
        if (next == NULL) {
            json_decref(body);
            assert_int_equal(expected, ROWS);
            return pages;
        }
        snprintf(query, sizeof query, "%s&cursor=%s", limit, next);
        json_decref(body);
    }
}

static void pages_follow_each_other_to_the_end(void **state) {
    (void)state;
    row_bytes = 10;
    rows_memory_max = SIZE_MAX;
    assert_int_equal(walk("limit=200"), 2);
    assert_int_equal(walk("limit=100"), 3);
    assert_int_equal(walk("limit=7"), 43);
}

static void a_page_that_is_too_much_for_one_reply_has_fewer_rows(void **state) {
    (void)state;
    row_bytes = 20000; /* 200 of them are 4 MB */
    rows_memory_max = SIZE_MAX;
    assert_int_equal(walk("limit=200"), 12); /* 25 rows a page */
    rows_memory_max = 10 * row_bytes;        /* the reader gives up before the writer does */
    assert_int_equal(walk("limit=8"), 38);
    assert_int_equal(walk("limit=200"), 50); /* 6 rows a page */
}

static void a_row_that_is_too_much_by_itself_is_refused(void **state) {
    (void)state;
    row_bytes = 1024 * 1024;
    rows_memory_max = SIZE_MAX;
    assert_int_equal(ask("limit=200").status, 413);
    rows_memory_max = 0;
    assert_int_equal(ask("limit=200").status, 413);
}

static void a_list_as_csv_has_all_rows_or_as_many_as_were_asked_for(void **state) {
    (void)state;
    row_bytes = 1000;
    rows_memory_max = SIZE_MAX;
    struct heard heard = ask("format=csv");
    assert_int_equal(heard.body.length, 16 + 10 * 1004 + 90 * 1005 + 200 * 1006);
    heard = ask("format=csv&limit=3");
    assert_int_equal(heard.body.length, 16 + 3 * 1004);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(pages_follow_each_other_to_the_end),
    cmocka_unit_test(a_page_that_is_too_much_for_one_reply_has_fewer_rows),
    cmocka_unit_test(a_row_that_is_too_much_by_itself_is_refused),
    cmocka_unit_test(a_list_as_csv_has_all_rows_or_as_many_as_were_asked_for),
};

int main(void) {
    return cmocka_run_group_tests(tests, neighbours_set_up, neighbours_tear_down);
}
