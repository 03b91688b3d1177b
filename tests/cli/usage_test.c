/* What the command line accepts, refuses and says of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "process/process.h"

static struct finished finished;

#define assert_says(text, part) assert_non_null(strstr((text), (part)))

static void without_a_subcommand_it_lists_them_and_fails(void **state) {
    (void)state;
    TICKETD(&finished, NULL);
    assert_int_equal(finished.code, 2);
    assert_string_equal(finished.out, "");
    assert_says(finished.err, "key create");
}

static void help_lists_every_subcommand_on_standard_output(void **state) {
    (void)state;
    TICKETD(&finished, "--help");
    assert_int_equal(finished.code, 0);
    assert_string_equal(finished.err, "");
    static const char *const names[] = {"serve",
                                        "demo",
                                        "migrate",
                                        "copy",
                                        "verify",
                                        "explain",
                                        "key create",
                                        "key list",
                                        "key revoke",
                                        "event create",
                                        "event list",
                                        "event show",
                                        "event add-tickets",
                                        "event publish",
                                        "event archive",
                                        "rehearse",
                                        "version",
                                        "report sales",
                                        "report inventory",
                                        "report box-office"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_says(finished.out, names[i]);
    }
}

/* Each line of the list is "  NAME   sentence", two spaces or more between the two. */
static void every_listed_subcommand_has_help_of_its_own(void **state) {
    (void)state;
    TICKETD(&finished, "--help");
    char list[OUTPUT_SIZE], *rest = list, *line;
    memcpy(list, finished.out, sizeof list);
    int seen = 0;
    while ((line = strsep(&rest, "\n")) != NULL) {
        char *gap = strstr(line + (line[0] == ' ' ? 2 : 0), "  ");
        if (line[0] != ' ' || gap == NULL) {
            continue;
        }
        *gap = '\0';
        char *second = strchr(line + 2, ' ');
        if (second != NULL) {
            *second++ = '\0';
        }
        TICKETD(&finished, line + 2, second == NULL ? "--help" : second,
                second == NULL ? NULL : "--help");
        assert_int_equal(finished.code, 0);
        assert_string_equal(finished.err, "");
        assert_says(finished.out, "Usage: ticketd");
        assert_says(finished.out, line + 2);
        seen++;
    }
    assert_int_equal(seen, 26);
}

/* Help is wrapped: one space for any white space. */
static void unwrap(char *text) {
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        bool is_space = *at == ' ' || *at == '\n';
        if (!is_space || (to > text && to[-1] != ' ')) {
            *to++ = is_space ? ' ' : *at;
        }
    }
    *to = '\0';
}

static void help_says_default_range_and_environment_of_an_option(void **state) {
    (void)state;
    TICKETD(&finished, "serve", "--help");
    unwrap(finished.out);
    assert_says(finished.out, "--listen ADDR:PORT");
    assert_says(finished.out, "Default: 127.0.0.1:8080.");
    assert_says(finished.out, "TICKETD_LISTEN");
    assert_says(finished.out, "From 1 to 600.");
    assert_says(finished.out, "One of debug, info, warning, error.");
}

static void a_group_without_a_verb_lists_its_verbs(void **state) {
    (void)state;
    TICKETD(&finished, "key");
    assert_int_equal(finished.code, 2);
    assert_says(finished.err, "key revoke");
    assert_null(strstr(finished.err, "event create"));
}

struct wrong {
    const char *words[8];
    const char *says;
};

static void wrong_usage_exits_2_and_says_what_is_wrong(void **state) {
    (void)state;
    static const struct wrong wrongs[] = {
        {{"frobnicate"}, "no subcommand \"frobnicate\""},
        {{"key", "frobnicate"}, "There is no subcommand \"key frobnicate\""},
        {{"key", "frobnicate"}, "Usage: ticketd key SUBCOMMAND"},
        {{"serve"}, "--database sqlite:FILE|postgres://HOST/NAME (or TICKETD_DATABASE) is missing"},
        {{"serve", "--database"}, "--database needs a value"},
        {{"serve", "--colour", "red"}, "no option --colour"},
        {{"serve", "-d", "x"}, "begin with two hyphens"},
        {{"serve", "--database", "a", "--database", "b"}, "--database is given twice"},
        {{"serve", "--database", "a", "--public", "maybe"}, "must be one of: on off"},
        {{"serve", "--database", "a", "--stop-seconds", "0"}, "from 1 to 600"},
        {{"serve", "--database", "a", "--stop-seconds=9x"}, "must be a whole number"},
        {{"serve", "--database", "a", "extra"}, "does not know what to do with \"extra\""},
        {{"migrate", "--database", "a", "--dry-run=yes"}, "--dry-run takes no value"},
        {{"explain", "--database", "a"}, "`explain` needs TICKET_TYPE_ID"},
        {{"report", "sales", "--database", "a", "b"}, "\"b\" is not the id of an event"},
        {{"explain", "--database", "a", "b"}, "\"b\" is not the id of a ticket type"},
        {{"event", "show", "--database", "a", "b"}, "\"b\" is not the id of an event"},
        {{"key", "create", "--database", "a", "--name", "n"}, "--role ROLE is missing"},
    };
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        ticketd_run(&finished, wrongs[i].words, NULL);
        assert_int_equal(finished.code, 2);
        assert_string_equal(finished.out, "");
        assert_says(finished.err, wrongs[i].says);
    }
}

static void a_setting_is_taken_from_the_environment_and_looked_at(void **state) {
    (void)state;
    ticketd_run(&finished, (const char *const[]){"serve", NULL},
                (const char *const[]){"TICKETD_DATABASE=sqlite:/nowhere/t.db", NULL});
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "/nowhere/t.db");
    ticketd_run(&finished, (const char *const[]){"serve", "--database", "a", NULL},
                (const char *const[]){"TICKETD_STOP_SECONDS=601", NULL});
    assert_int_equal(finished.code, 2);
    assert_says(finished.err, "TICKETD_STOP_SECONDS is \"601\"");
}

static void the_command_line_wins_over_the_environment(void **state) {
    (void)state;
    ticketd_run(&finished, (const char *const[]){"serve", "--database", "sqlite:/typed/t.db", NULL},
                (const char *const[]){"TICKETD_DATABASE=sqlite:/nowhere/t.db", NULL});
    assert_int_equal(finished.code, 1);
    assert_says(finished.err, "/typed/t.db");
}

static void version_is_one_line(void **state) {
    (void)state;
    TICKETD(&finished, "version");
    assert_int_equal(finished.code, 0);
    assert_memory_equal(finished.out, "ticketd ", 8);
    assert_ptr_equal(strchr(finished.out, '\n'), finished.out + strlen(finished.out) - 1);
}

static void the_manual_page_has_every_option_of_every_subcommand(void **state) {
    (void)state;
    char manual[OUTPUT_SIZE];
    TICKETD(&finished, "manual");
    assert_int_equal(finished.code, 0);
    memcpy(manual, finished.out, sizeof manual);
    assert_memory_equal(manual, ".TH TICKETD 1", 13);
    assert_says(manual, ".SS ticketd event add-tickets");
    assert_says(manual, "\\-\\-hold\\-seconds SECONDS");
    assert_says(manual, "TICKETD_RATE_PER_ADDRESS");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_subcommand_it_lists_them_and_fails),
        cmocka_unit_test(help_lists_every_subcommand_on_standard_output),
        cmocka_unit_test(every_listed_subcommand_has_help_of_its_own),
        cmocka_unit_test(help_says_default_range_and_environment_of_an_option),
        cmocka_unit_test(a_group_without_a_verb_lists_its_verbs),
        cmocka_unit_test(wrong_usage_exits_2_and_says_what_is_wrong),
        cmocka_unit_test(a_setting_is_taken_from_the_environment_and_looked_at),
        cmocka_unit_test(the_command_line_wins_over_the_environment),
        cmocka_unit_test(version_is_one_line),
        cmocka_unit_test(the_manual_page_has_every_option_of_every_subcommand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
