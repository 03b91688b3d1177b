/* Staff from the terminal: beside a server and without one, a password never among the words. */
#include "cli/fixture.h"

#include <stdio.h>

/* "password abcde-…" on the second line. */
static void take_password(char password[NAME_SIZE]) {
    const char *at = strstr(finished.out, "\npassword ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "\npassword %127s", password), 1);
    assert_int_equal(strlen(password), 23);
}

static void write_file(const char *name, const char *text, char path[NAME_SIZE]) {
    snprintf(path, NAME_SIZE, "%s/%s", folder, name);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    fputs(text, to);
    assert_int_equal(fclose(to), 0);
}

static void refuses(const char *words) {
    assert_int_equal(finished.code, 1);
    assert_string_equal(finished.out, "");
    assert_says(finished.err, words);
}

static void a_password_is_made_and_printed_once(void **state) {
    (void)state;
    char first[NAME_SIZE], second[NAME_SIZE];
    assert_runs("staff", "add", "Ann@Example.com", "--name", "Ann", "--role", "admin", "--database",
                database);
    assert_says(finished.out, "added ann@example.com (admin, ");
    take_password(first);
    assert_runs("staff", "password", "ann@example.com", "--database", database);
    assert_says(finished.out, "new password for ann@example.com (admin, ");
    take_password(second);
    assert_string_not_equal(first, second);
    assert_runs("staff", "list", "--database", database);
    assert_says(finished.out, "ann@example.com");
    assert_null(strstr(finished.out, second));
}

static void a_password_comes_from_a_file_and_is_not_printed(void **state) {
    (void)state;
    char path[NAME_SIZE];
    write_file("password", "correct horse\nand a second line\n", path);
    assert_runs("staff", "add", "ann@example.com", "--name", "Ann", "--role", "viewer",
                "--password-file", path, "--database", database);
    assert_null(strstr(finished.out, "password"));
    write_file("password", "short\n", path);
    TICKETD(&finished, "staff", "password", "ann@example.com", "--password-file", path,
            "--database", database);
    refuses("password");
    write_file("password", "", path);
    TICKETD(&finished, "staff", "password", "ann@example.com", "--password-file", path,
            "--database", database);
    refuses("No password can be read from");
}

static void a_role_is_changed_and_a_person_kept_out_and_let_in_again(void **state) {
    (void)state;
    assert_runs("staff", "add", "ann@example.com", "--name", "Ann", "--role", "admin", "--database",
                database);
    assert_runs("staff", "add", "bob@example.com", "--name", "Bob", "--role", "viewer",
                "--database", database);
    assert_runs("staff", "role", "BOB@example.com", "--role", "box_office", "--event",
                "019a0000-0000-7000-8000-000000000001", "--database", database);
    assert_says(finished.out, "changed bob@example.com (box_office, ");
    assert_runs("staff", "disable", "bob@example.com", "--database", database);
    assert_says(finished.out, "disabled bob@example.com");
    assert_runs("staff", "enable", "bob@example.com", "--database", database);
    TICKETD(&finished, "staff", "disable", "ann@example.com", "--database", database);
    refuses("Nobody would be left who can manage staff and keys. Make someone else an admin");
    TICKETD(&finished, "staff", "role", "cy@example.com", "--role", "viewer", "--database",
            database);
    refuses("Nobody here is \"cy@example.com\"");
    TICKETD(&finished, "staff", "add", "BOB@example.com", "--name", "Bob", "--role", "viewer",
            "--database", database);
    refuses("has this e-mail");
}

static void staff_are_added_beside_a_server(void **state) {
    (void)state;
    struct server *server = server_start(database);
    assert_non_null(server);
    assert_runs("staff", "add", "ann@example.com", "--name", "Ann", "--role", "admin", "--database",
                database);
    assert_runs("staff", "list", "--database", database);
    assert_says(finished.out, "ann@example.com");
    stop_politely(server);
}

static void a_public_url_is_a_scheme_and_a_host(void **state) {
    (void)state;
    static const char *const wrong[] = {"tickets.example", "https://", "https://a.b/pages",
                                        "ftp://a.b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        TICKETD(&finished, "serve", "--database", database, "--listen", "127.0.0.1:0",
                "--public-url", wrong[i]);
        refuses("public URL");
    }
}

static const struct CMUnitTest tests[] = {
    TEST(a_password_is_made_and_printed_once),
    TEST(a_password_comes_from_a_file_and_is_not_printed),
    TEST(a_role_is_changed_and_a_person_kept_out_and_let_in_again),
    TEST(staff_are_added_beside_a_server),
    TEST(a_public_url_is_a_scheme_and_a_host),
};

int main(void) {
    return cmocka_run_group_tests(tests, NULL, NULL);
}
