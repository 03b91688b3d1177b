/* Files that cannot be opened, and what is said about each: a sentence that helps. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/reader.h"
#include "support/unit.h"

enum { NOBODY = 65534 };

struct place {
    char folder[64], file[96], url[112];
    struct failure failure;
};

static int make_place(void **state) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    snprintf(place->folder, sizeof place->folder, "/tmp/ticketd-opening-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/t.db", place->folder);
    snprintf(place->url, sizeof place->url, "sqlite:%s", place->file);
    *state = place;
    return 0;
}

static int remove_place(void **state) {
    struct place *place = *state;
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    char path[128];
    chmod(place->folder, 0700);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", place->file, endings[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(place->folder), 0);
    free(place);
    return 0;
}

/* Opens and closes; what went wrong. */
static enum error try_open(struct place *place, const struct store_options *options) {
    struct store *store = NULL;
    place->failure.sentence[0] = '\0';
    enum error error = store_open(place->url, options, &store, &place->failure);
    if (error == ERROR_NONE) {
        store_close(store);
    } else {
        assert_null(store);
        assert_non_null(strstr(place->failure.sentence, "t.db")); /* which file is meant */
        assert_int_equal(place->failure.error, error);
    }
    return error;
}

static void expect_words(const struct place *place, const char *words) {
    if (strstr(place->failure.sentence, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", place->failure.sentence, words);
    }
}

static void execute(const struct place *place, const char *sql) {
    sqlite3 *database;
    assert_int_equal(sqlite3_open(place->file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void write_file(const struct place *place, const char *bytes, size_t count) {
    FILE *file = fopen(place->file, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static size_t file_size(const struct place *place) {
    struct stat file;
    assert_int_equal(stat(place->file, &file), 0);
    return (size_t)file.st_size;
}

static void a_new_file_is_made_and_opened_again(void **state) {
    struct place *place = *state;
    char path[128];
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    snprintf(path, sizeof path, "%s-wal", place->file);
    assert_int_equal(access(path, F_OK), -1); /* a clean stop leaves nothing to recover */
    const struct store_options existing = {.no_create = true};
    assert_int_equal(try_open(place, &existing), ERROR_NONE);
    const struct store_options read_only = {.read_only = true};
    assert_int_equal(try_open(place, &read_only), ERROR_NONE);
}

static void an_absolute_url_of_the_long_form_is_understood(void **state) {
    struct place *place = *state;
    snprintf(place->url, sizeof place->url, "sqlite://%s", place->file);
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    assert_int_equal(access(place->file, F_OK), 0);
}

static void an_empty_file_is_a_new_one(void **state) {
    struct place *place = *state;
    write_file(place, "", 0);
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
}

static void what_is_not_there_is_said_to_be_missing(void **state) {
    struct place *place = *state;
    const struct store_options existing = {.no_create = true};
    const struct store_options read_only = {.read_only = true};
    assert_int_equal(try_open(place, &existing), ERROR_NOT_FOUND);
    expect_words(place, "no such file");
    assert_int_equal(try_open(place, &read_only), ERROR_NOT_FOUND);
    assert_int_equal(access(place->file, F_OK), -1);
    snprintf(place->url, sizeof place->url, "sqlite:%s/nowhere/t.db", place->folder);
    assert_int_equal(try_open(place, NULL), ERROR_NOT_FOUND);
    expect_words(place, "folder does not exist");
}

static void a_url_of_no_kind_is_refused(void **state) {
    (void)state;
    static const char *const urls[] = {"", "sqlite:", "mysql://x", "t.db", "memory", "memory:x"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct store *store = NULL;
        struct failure failure;
        assert_int_equal(store_open(urls[i], NULL, &store, &failure), ERROR_INVALID);
        assert_non_null(strstr(failure.sentence, "sqlite:FILE"));
    }
}

static void a_folder_is_not_a_file(void **state) {
    struct place *place = *state;
    snprintf(place->url, sizeof place->url, "sqlite:%s/t.db/", place->folder);
    assert_int_equal(mkdir(place->file, 0700), 0);
    assert_int_equal(try_open(place, NULL), ERROR_INVALID);
    expect_words(place, "not a file");
    assert_int_equal(rmdir(place->file), 0);
}

static void what_is_no_database_is_left_alone(void **state) {
    struct place *place = *state;
    static const char letter[] = "Dear sir or madam, this is no database, and will not become one.";
    write_file(place, letter, sizeof letter);
    assert_int_equal(try_open(place, NULL), ERROR_CORRUPT);
    expect_words(place, "not a database");
    const struct store_options read_only = {.read_only = true};
    assert_int_equal(try_open(place, &read_only), ERROR_CORRUPT);
    assert_int_equal(file_size(place), sizeof letter);
}

static void a_database_of_another_program_is_left_alone(void **state) {
    struct place *place = *state;
    execute(place, "CREATE TABLE recipes (name TEXT)");
    size_t size = file_size(place);
    assert_int_equal(try_open(place, NULL), ERROR_CORRUPT);
    expect_words(place, "not one of ticketd");
    assert_int_equal(file_size(place), size);
    execute(place, "INSERT INTO recipes VALUES ('soup'); PRAGMA journal_mode = DELETE");
}

static void a_file_of_a_newer_version_is_refused(void **state) {
    struct place *place = *state;
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    execute(place, "INSERT INTO schema_migrations VALUES (9999, 'later', 'x', 0)");
    assert_int_equal(try_open(place, NULL), ERROR_NEWER);
    expect_words(place, "newer ticketd");
    expect_words(place, "9999");
    const struct store_options read_only = {.read_only = true};
    assert_int_equal(try_open(place, &read_only), ERROR_NEWER);
}

static void a_migration_that_was_edited_is_noticed(void **state) {
    struct place *place = *state;
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    execute(place, "UPDATE schema_migrations SET checksum = 'feed'");
    assert_int_equal(try_open(place, NULL), ERROR_CORRUPT);
    expect_words(place, "migration 1 (founding)");
}

static void the_process_that_holds_it_is_named(void **state) {
    struct place *place = *state;
    struct store *store;
    char pid[32];
    assert_int_equal(store_open(place->url, NULL, &store, &place->failure), ERROR_NONE);
    snprintf(pid, sizeof pid, "process %ld;", (long)getpid());
    assert_int_equal(try_open(place, NULL), ERROR_LOCKED);
    expect_words(place, pid);
    const struct store_options read_only = {.read_only = true};
    assert_int_equal(try_open(place, &read_only), ERROR_NONE);
    assert_int_equal(try_open(place, NULL), ERROR_LOCKED); /* the reader's end freed nothing */
    store_close(store);
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
}

/* Reports to the parent once the file is held, then waits to be killed. */
static void hold(const struct place *place, int report) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever becomes of the test */
    struct store *store;
    struct failure failure;
    char held = store_open(place->url, NULL, &store, &failure) == ERROR_NONE;
    if (write(report, &held, 1) == 1) {
        pause();
    }
    _exit(0);
}

static void a_key_that_cannot_be_read_leaves_the_others_alone(void **state) {
    struct place *place = *state;
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    execute(place, "INSERT INTO api_keys VALUES"
                   "(randomblob(16), 'sound', 'viewer', x'', zeroblob(32), 7, NULL, NULL, NULL),"
                   "(randomblob(16), 'forged', 'chief', x'', zeroblob(32), 8, NULL, NULL, NULL)");
    struct store *store;
    struct store_reader *reader;
    struct arena arena;
    struct page page;
    arena_init(&arena, 1 << 16);
    assert_int_equal(store_open(place->url, NULL, &store, &place->failure), ERROR_NONE);
    assert_int_equal(store_open_reader(store, &reader, &place->failure), ERROR_NONE);
    assert_int_equal(reader_api_keys(reader, &arena, &page, &place->failure), ERROR_NONE);
    assert_int_equal(page.count, 1);
    assert_text(((const struct api_key *)page.rows)[0].name, "sound");
    store_reader_close(reader);
    store_close(store);
    arena_finish(&arena);
}

static void a_file_is_held_under_each_of_its_names(void **state) {
    struct place *place = *state;
    struct store *store;
    struct place other = *place;
    snprintf(other.file, sizeof other.file, "%s/other-t.db", place->folder);
    snprintf(other.url, sizeof other.url, "sqlite:%s", other.file);
    assert_int_equal(store_open(place->url, NULL, &store, &place->failure), ERROR_NONE);
    assert_int_equal(symlink("t.db", other.file), 0);
    assert_int_equal(try_open(&other, NULL), ERROR_LOCKED);
    store_close(store);
    assert_int_equal(try_open(&other, NULL), ERROR_NONE);
    assert_int_equal(unlink(other.file), 0);
}

static void a_file_with_a_second_hard_link_is_not_written(void **state) {
    struct place *place = *state;
    struct place other = *place;
    const struct store_options read_only = {.read_only = true};
    snprintf(other.file, sizeof other.file, "%s/other-t.db", place->folder);
    snprintf(other.url, sizeof other.url, "sqlite:%s", other.file);
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    assert_int_equal(link(place->file, other.file), 0);
    assert_int_equal(try_open(&other, NULL), ERROR_INVALID);
    expect_words(&other, "hard link");
    assert_int_equal(try_open(place, NULL), ERROR_INVALID);
    assert_int_equal(try_open(place, &read_only), ERROR_NONE);
    assert_int_equal(unlink(other.file), 0);
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
}

static void a_process_that_was_killed_holds_nothing(void **state) {
    struct place *place = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        hold(place, ends[1]);
    }
    char held = 0;
    char words[32];
    assert_int_equal(read(ends[0], &held, 1), 1);
    assert_true(held);
    snprintf(words, sizeof words, "process %ld;", (long)child);
    assert_int_equal(try_open(place, NULL), ERROR_LOCKED);
    expect_words(place, words);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    close(ends[0]);
    close(ends[1]);
}

/* Permissions do not bind root: another user tries, in a process of its own. Exit status: the
 * error. */
static enum error try_as_nobody(struct place *place, const struct store_options *options,
                                const char *words) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 &&
            (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
            _exit(100);
        }
        enum error error = try_open(place, options);
        _exit(error == ERROR_NONE || strstr(place->failure.sentence, words) != NULL ? (int)error
                                                                                    : 101);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_in_range(WEXITSTATUS(status), 0, 99);
    return (enum error)WEXITSTATUS(status);
}

static void a_folder_that_may_not_be_written_is_named(void **state) {
    struct place *place = *state;
    assert_int_equal(chmod(place->folder, 0555), 0);
    assert_int_equal(try_as_nobody(place, NULL, "may not write in its folder"), ERROR_PERMISSION);
}

static void a_file_that_may_not_be_written_is_named(void **state) {
    struct place *place = *state;
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    assert_int_equal(chmod(place->file, 0444), 0);
    assert_int_equal(chmod(place->folder, 0777), 0);
    char lock[128];
    snprintf(lock, sizeof lock, "%s.lock", place->file);
    assert_int_equal(chmod(lock, 0666), 0);
    assert_int_equal(try_as_nobody(place, NULL, "may not write it"), ERROR_PERMISSION);
}

static void a_file_in_a_folder_of_others_can_be_read(void **state) {
    struct place *place = *state;
    const struct store_options read_only = {.read_only = true};
    assert_int_equal(try_open(place, NULL), ERROR_NONE);
    assert_int_equal(chmod(place->folder, 0555), 0);
    assert_int_equal(try_as_nobody(place, &read_only, ""), ERROR_NONE);
}

#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void) {
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_new_file_is_made_and_opened_again),
        PLACE_TEST(an_absolute_url_of_the_long_form_is_understood),
        PLACE_TEST(an_empty_file_is_a_new_one),
        PLACE_TEST(what_is_not_there_is_said_to_be_missing),
        cmocka_unit_test(a_url_of_no_kind_is_refused),
        PLACE_TEST(a_folder_is_not_a_file),
        PLACE_TEST(what_is_no_database_is_left_alone),
        PLACE_TEST(a_database_of_another_program_is_left_alone),
        PLACE_TEST(a_file_of_a_newer_version_is_refused),
        PLACE_TEST(a_migration_that_was_edited_is_noticed),
        PLACE_TEST(the_process_that_holds_it_is_named),
        PLACE_TEST(a_file_is_held_under_each_of_its_names),
        PLACE_TEST(a_file_with_a_second_hard_link_is_not_written),
        PLACE_TEST(a_key_that_cannot_be_read_leaves_the_others_alone),
        PLACE_TEST(a_process_that_was_killed_holds_nothing),
        PLACE_TEST(a_folder_that_may_not_be_written_is_named),
        PLACE_TEST(a_file_that_may_not_be_written_is_named),
        PLACE_TEST(a_file_in_a_folder_of_others_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
