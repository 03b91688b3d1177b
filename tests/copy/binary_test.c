/* Values of a file as PostgreSQL's columns take them. */
#include "store/postgres/copy/binary.h"

#include "store/postgres/copy/digest.h"
#include "support/unit.h"

#define BLOB(literal)   ((struct cell){CELL_BLOB, 0, TEXT(literal)})
#define STRING(literal) ((struct cell){CELL_TEXT, 0, TEXT(literal)})
#define NUMBER(number)  ((struct cell){CELL_INTEGER, (number), TEXT_NONE})
#define NOTHING         ((struct cell){CELL_NULL, 0, TEXT_NONE})

#define ID_A "\x01\x90\xb3\xa0\x7d\x0c\x7f\x00\x80\x00\x00\x00\x00\x00\xab\xcd"
#define ID_B "\x01\x90\xb3\xa0\x7d\x0c\x7f\x00\x80\x00\x00\x00\x00\x00\xab\xce"

static void assert_becomes(enum binary_type type, struct cell cell, struct text wanted) {
    struct binary binary = {.bytes = NULL};
    assert_null(binary_cell(&binary, type, &cell));
    assert_int_equal(binary.length, wanted.length);
    assert_memory_equal(binary.bytes, wanted.bytes, wanted.length);
    binary_finish(&binary);
}

static void values_become_what_the_column_holds(void **state) {
    (void)state;
    assert_becomes(BINARY_TEXT, NOTHING, TEXT("\xff\xff\xff\xff"));
    assert_becomes(BINARY_BOOL, NUMBER(1), TEXT("\0\0\0\1\1"));
    assert_becomes(BINARY_BOOL, NUMBER(0), TEXT("\0\0\0\1\0"));
    assert_becomes(BINARY_INT2, NUMBER(-2), TEXT("\0\0\0\2\xff\xfe"));
    assert_becomes(BINARY_INT4, NUMBER(2147483647), TEXT("\0\0\0\4\x7f\xff\xff\xff"));
    assert_becomes(BINARY_INT8, NUMBER(258), TEXT("\0\0\0\x8\0\0\0\0\0\0\1\2"));
    assert_becomes(BINARY_TEXT, STRING("Grüße"), TEXT("\0\0\0\7Grüße"));
    assert_becomes(BINARY_TEXT, STRING(""), TEXT("\0\0\0\0"));
    assert_becomes(BINARY_BYTES, BLOB("\0\1"), TEXT("\0\0\0\2\0\1"));
    assert_becomes(BINARY_UUID, BLOB(ID_A), TEXT("\0\0\0\x10" ID_A));
}

/* The year 2000 is 0 there; a microsecond later and the year 1970. */
static void times_are_counted_from_the_year_2000(void **state) {
    (void)state;
    assert_becomes(BINARY_INSTANT, NUMBER(INT64_C(946684800000001)),
                   TEXT("\0\0\0\x8\0\0\0\0\0\0\0\1"));
    assert_becomes(BINARY_INSTANT, NUMBER(0), TEXT("\0\0\0\x8\xff\xfc\xa2\xfe\xc4\xc8\x20\x00"));
}

static void an_order_id_becomes_a_uuid_where_the_shop_has_it_so(void **state) {
    (void)state;
    assert_becomes(BINARY_UUID, STRING("0190B3A0-7d0c-7f00-8000-00000000abcd"),
                   TEXT("\0\0\0\x10" ID_A));
}

static void ids_in_a_row_become_an_array(void **state) {
    (void)state;
    assert_becomes(BINARY_UUIDS, BLOB(""), TEXT("\0\0\0\xc\0\0\0\0\0\0\0\0\0\0\xb\x86"));
    assert_becomes(BINARY_UUIDS, BLOB(ID_A ID_B),
                   TEXT("\0\0\0\x3c\0\0\0\1\0\0\0\0\0\0\xb\x86\0\0\0\2\0\0\0\1"
                        "\0\0\0\x10" ID_A "\0\0\0\x10" ID_B));
}

static void what_the_column_cannot_hold_is_refused(void **state) {
    (void)state;
    const struct {
        enum binary_type type;
        struct cell cell;
    } cases[] = {
        {BINARY_BOOL, NUMBER(2)},
        {BINARY_BOOL, STRING("1")},
        {BINARY_INT2, NUMBER(32768)},
        {BINARY_INT4, NUMBER(INT64_C(2147483648))},
        {BINARY_INT4, NUMBER(INT64_C(-2147483649))},
        {BINARY_INT8, BLOB("12345678")},
        {BINARY_INSTANT, NUMBER(-1)},
        {BINARY_INSTANT, NUMBER(INT64_C(253402300800000000))},
        {BINARY_INSTANT, STRING("2026-01-01")},
        {BINARY_TEXT, STRING("a\0b")},
        {BINARY_TEXT, STRING("a\xff")},
        {BINARY_TEXT, BLOB("abc")},
        {BINARY_UUID, BLOB("short")},
        {BINARY_UUID, STRING("order-88213")},
        {BINARY_UUIDS, BLOB("seventeen bytes..")},
        {BINARY_BYTES, STRING("abc")},
        {BINARY_TEXT, {CELL_OTHER, 0, TEXT_NONE}},
        {BINARY_INT8, {CELL_OTHER, 0, TEXT_NONE}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct binary binary = {.bytes = NULL};
        assert_non_null(binary_cell(&binary, cases[i].type, &cases[i].cell));
        binary_finish(&binary);
    }
}

static void types_that_ticketd_does_not_write_are_told(void **state) {
    (void)state;
    enum { NUMERIC = 1700, JSONB = 3802, TIMESTAMP = 1114, INT4 = 23 };
    enum binary_type type;
    assert_false(binary_type_of(NUMERIC, &type));
    assert_false(binary_type_of(JSONB, &type));
    assert_false(binary_type_of(TIMESTAMP, &type));
    assert_true(binary_type_of(INT4, &type));
    assert_int_equal(type, BINARY_INT4);
}

static struct digest digest_of(const char *const *rows) {
    struct digest digest = {.rows = 0};
    for (; *rows != NULL; rows++) {
        digest_add(&digest, *rows, strlen(*rows));
    }
    return digest;
}

#define DIGEST(...) digest_of((const char *const[]){__VA_ARGS__, NULL})

static void a_digest_knows_every_row_but_not_their_order(void **state) {
    (void)state;
    struct digest one = DIGEST("a", "b", "c");
    struct digest same = DIGEST("c", "a", "b"), less = DIGEST("a", "b"),
                  twice = DIGEST("a", "b", "b"), other = DIGEST("a", "b", "d"),
                  cut = DIGEST("ab", "c");
    assert_true(digest_equals(&one, &same));
    assert_false(digest_equals(&one, &less));
    assert_false(digest_equals(&one, &twice));
    assert_false(digest_equals(&one, &other));
    assert_false(digest_equals(&one, &cut));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_become_what_the_column_holds),
    cmocka_unit_test(times_are_counted_from_the_year_2000),
    cmocka_unit_test(an_order_id_becomes_a_uuid_where_the_shop_has_it_so),
    cmocka_unit_test(ids_in_a_row_become_an_array),
    cmocka_unit_test(what_the_column_cannot_hold_is_refused),
    cmocka_unit_test(types_that_ticketd_does_not_write_are_told),
    cmocka_unit_test(a_digest_knows_every_row_but_not_their_order),
};
UNIT_MAIN(tests)
