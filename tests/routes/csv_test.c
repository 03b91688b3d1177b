/* Cells that survive both a parser of RFC 4180 and a spreadsheet. */
#include "routes/wire/csv.h"
#include "routes/wire/rows.h"
#include "support/unit.h"

static struct arena arena;

static int open(void **state) {
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int close(void **state) {
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct text cell(const char *value) {
    struct csv_writer csv;
    csv_init(&csv, &arena);
    csv_text(&csv, text_of(value));
    assert_false(csv.failed);
    return (struct text){csv.bytes == NULL ? "" : csv.bytes, csv.length};
}

static void a_cell_is_quoted_only_where_it_must_be(void **state) {
    (void)state;
    assert_text(cell("plain text"), "plain text");
    assert_text(cell("a,b"), "\"a,b\"");
    assert_text(cell("say \"hi\""), "\"say \"\"hi\"\"\"");
    assert_text(cell("\"\""), "\"\"\"\"\"\"");
    assert_text(cell("two\r\nlines"), "\"two\r\nlines\"");
    assert_text(cell(""), "");
    assert_text(cell(NULL), "");
}

static void a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(void **state) {
    (void)state;
    assert_text(cell("=1+1"), "'=1+1");
    assert_text(cell("+49"), "'+49");
    assert_text(cell("-3"), "'-3");
    assert_text(cell("@name"), "'@name");
    assert_text(cell("\tx"), "'\tx");
    assert_text(cell("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"");
    assert_text(cell("a=b"), "a=b");
}

static void a_row_ends_with_a_line_break_and_begins_anew(void **state) {
    (void)state;
    struct csv_writer csv;
    csv_init(&csv, &arena);
    csv_name(&csv, NULL, "id");
    csv_name(&csv, "counts", "sold");
    csv_row_end(&csv);
    csv_integer(&csv, -7);
    csv_plain(&csv, TEXT("x"));
    csv_row_end(&csv);
    struct text written = {csv.bytes, csv.length};
    assert_text(written, "id,counts_sold\r\n-7,x\r\n");
}

static size_t commas(const struct csv_writer *csv) {
    size_t count = 0;
    for (size_t i = 0; i < csv->length; i++) {
        count += csv->bytes[i] == ',';
    }
    return count;
}

static void a_row_has_as_many_cells_as_the_header_has_names(void **state) {
    (void)state;
    struct ticket_type type = {.name = TEXT("A")};
    for (int all = 0; all <= 1; all++) {
        struct csv_writer header, row;
        csv_init(&header, &arena);
        csv_init(&row, &arena);
        row_type(&(struct fields){.form = FIELDS_CSV_HEADER, .csv = &header}, &type,
                 (struct currency){"EUR"}, all == 1);
        row_type(&(struct fields){.form = FIELDS_CSV_ROW, .csv = &row}, &type,
                 (struct currency){"EUR"}, all == 1);
        assert_int_equal(commas(&header), commas(&row));
        assert_int_equal(commas(&header), all == 1 ? 18 : 14);
        assert_non_null(memmem(header.bytes, header.length, "counts_available", 16));
    }
}

static void a_spent_arena_is_noticed(void **state) {
    (void)state;
    struct arena small;
    struct csv_writer csv;
    arena_init(&small, 100);
    csv_init(&csv, &small);
    csv_text(&csv, TEXT("text"));
    assert_true(csv.failed);
    csv_text(&csv, TEXT("text"));
    csv_row_end(&csv);
    arena_finish(&small);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_cell_is_quoted_only_where_it_must_be, open, close),
    cmocka_unit_test_setup_teardown(a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe, open,
                                    close),
    cmocka_unit_test_setup_teardown(a_row_ends_with_a_line_break_and_begins_anew, open, close),
    cmocka_unit_test_setup_teardown(a_row_has_as_many_cells_as_the_header_has_names, open, close),
    cmocka_unit_test(a_spent_arena_is_noticed),
};
UNIT_MAIN(tests)
