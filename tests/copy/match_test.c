/* Tables and columns that only one side has. */
#include "store/copy/match.h"

#include <stdlib.h>

#include "support/unit.h"

/* "events id name; venues id": tables, their columns behind them. */
static struct copy_tables *tables_of(const char *text) {
    struct copy_tables *tables = test_calloc(1, sizeof *tables);
    char *words = strdup(text), *rest = words, *table;
    while ((table = strsep(&rest, ";")) != NULL) {
        struct copy_table *made = &tables->list[tables->count];
        char *word;
        while ((word = strsep(&table, " ")) != NULL) {
            if (*word == '\0') {
                continue;
            }
            if (made->name[0] == '\0') {
                strcpy(made->name, word);
                tables->count++;
            } else {
                strcpy(made->columns[made->columns_count++].name, word);
            }
        }
    }
    free(words);
    return tables;
}

static enum error match(const char *source_text, const char *target_text, struct copy_tables **left,
                        struct failure *failure) {
    struct copy_tables *source = tables_of(source_text);
    struct copy_tables *target = tables_of(target_text);
    enum error error = copy_match(source, target, failure);
    test_free(target);
    if (left == NULL) {
        test_free(source);
    } else {
        *left = source;
    }
    return error;
}

static void the_order_of_tables_and_columns_does_not_matter(void **state) {
    (void)state;
    struct failure failure;
    assert_int_equal(match("a x y; b z", "b z; a y x", NULL, &failure), ERROR_NONE);
}

static void what_a_file_keeps_for_itself_is_left_out(void **state) {
    (void)state;
    struct failure failure;
    struct copy_tables *left;
    assert_int_equal(match("schema_migrations version; store_settlements id settled; "
                           "idempotency_keys number key; a number",
                           "idempotency_keys key; a number", &left, &failure),
                     ERROR_NONE);
    assert_int_equal(left->count, 2);
    assert_string_equal(left->list[0].name, "idempotency_keys");
    assert_int_equal(left->list[0].columns_count, 1);
    assert_string_equal(left->list[0].columns[0].name, "key");
    assert_string_equal(left->list[1].columns[0].name, "number");
    test_free(left);
}

static void what_only_one_side_has_is_named(void **state) {
    (void)state;
    static const struct {
        const char *source, *target, *says;
    } cases[] = {
        {"a x; b y", "a x", "the source has a table b and the target has none"},
        {"a x", "a x; b y", "the target has a table b and the source has none"},
        {"a x y", "a x", "the source has a column a.y and the target has none"},
        {"a x", "a x y", "the target has a column a.y and the source has none"},
        {"a x", "a x; store_settlements id", "the target has a table store_settlements"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure;
        assert_int_equal(match(cases[i].source, cases[i].target, NULL, &failure), ERROR_INVALID);
        assert_non_null(strstr(failure.sentence, cases[i].says));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_order_of_tables_and_columns_does_not_matter),
    cmocka_unit_test(what_a_file_keeps_for_itself_is_left_out),
    cmocka_unit_test(what_only_one_side_has_is_named),
};
UNIT_MAIN(tests)
