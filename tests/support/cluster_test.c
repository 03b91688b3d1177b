/* The cluster that other tests stand on: it starts, stops, copies and vanishes as it says. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cluster.h"
#include "support/unit.h"

static struct failure failure;
static struct cluster *cluster;

#define assert_done(call)                                                                          \
    do {                                                                                           \
        enum error error_ = (call);                                                                \
        assert_string_equal(error_ == ERROR_NONE ? "" : failure.sentence, "");                     \
    } while (0)

static int open_one(void **state) {
    (void)state;
    const struct cluster_options options = {
        .settings = (const char *const[]){"work_mem=5MB", "application_name=it's a test", NULL}};
    if (cluster_open(&options, &cluster, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return 1;
    }
    return 0;
}

static int close_one(void **state) {
    (void)state;
    char folder[256];
    snprintf(folder, sizeof folder, "%s", cluster_folder(cluster));
    pid_t pid = cluster_pid(cluster);
    cluster_close(cluster);
    return access(folder, F_OK) == 0 || kill(pid, 0) == 0;
}

static void asks(const char *url, const char *sql, const char *expected) {
    char text[128];
    assert_done(database_ask(url, sql, text, sizeof text, &failure));
    assert_string_equal(text, expected);
}

static void its_settings_are_those_asked_for(void **state) {
    (void)state;
    asks(cluster_url(cluster), "SHOW work_mem", "5MB");
    asks(cluster_url(cluster), "SHOW fsync", "off");
    asks(cluster_url(cluster), "SHOW synchronous_commit", "on");
    asks(cluster_url(cluster), "SHOW server_encoding", "UTF8");
    asks(cluster_url(cluster), "SELECT lower('ÄÖÜ')", "äöü");
}

static void a_database_is_made_from_a_template_and_dropped(void **state) {
    (void)state;
    char template[DATABASE_URL_SIZE], url[DATABASE_URL_SIZE], name[64];
    assert_done(database_create(cluster_url(cluster), NULL, template, &failure));
    assert_done(
        database_execute(template, "CREATE TABLE t (n int); INSERT INTO t VALUES (7)", &failure));
    assert_done(
        database_create(cluster_url(cluster), database_name(template, name), url, &failure));
    asks(url, "SELECT n FROM t", "7");
    assert_done(database_drop(cluster_url(cluster), url, &failure));
    assert_int_equal(database_execute(url, "SELECT 1", &failure), ERROR_REJECTED);
}

static void what_was_committed_is_there_after_each_way_to_stop(void **state) {
    (void)state;
    int port = cluster_port(cluster);
    assert_done(database_execute(cluster_url(cluster), "CREATE TABLE t (n int)", &failure));
    for (enum cluster_stop mode = CLUSTER_SMART; mode <= CLUSTER_KILL; mode++) {
        assert_done(database_execute(cluster_url(cluster), "INSERT INTO t VALUES (1)", &failure));
        cluster_stop(cluster, mode);
        assert_int_equal(cluster_pid(cluster), 0);
        assert_int_equal(database_execute(cluster_url(cluster), "SELECT 1", &failure),
                         ERROR_REJECTED);
        assert_done(cluster_start(cluster, &failure));
        assert_int_equal(cluster_port(cluster), port);
    }
    asks(cluster_url(cluster), "SELECT count(*) FROM t", "4");
}

static void a_standby_follows_and_can_take_over(void **state) {
    (void)state;
    struct cluster *standby;
    const struct cluster_options options = {
        .standby_of = cluster_url(cluster),
        .standby_name = "second",
        .settings = (const char *const[]){"wal_retrieve_retry_interval=200ms", NULL}};
    assert_done(cluster_open(&options, &standby, &failure));
    assert_done(database_execute(
        cluster_url(cluster), "ALTER SYSTEM SET synchronous_standby_names = 'second'", &failure));
    asks(cluster_url(cluster), "SELECT pg_reload_conf()", "t");
    asks(cluster_url(standby), "SELECT pg_is_in_recovery()", "t");
    assert_done(database_execute(cluster_url(cluster), "CREATE TABLE followed (n int)", &failure));
    cluster_stop(cluster, CLUSTER_IMMEDIATE);
    assert_done(cluster_promote(standby, &failure));
    asks(cluster_url(standby), "SELECT count(*) FROM followed", "0");
    assert_done(
        database_execute(cluster_url(standby), "INSERT INTO followed VALUES (1)", &failure));
    cluster_close(standby);
    assert_done(cluster_start(cluster, &failure));
}

static void a_kept_cluster_is_there_the_next_time(void **state) {
    (void)state;
    char folder[] = "/tmp/ticketd-kept-XXXXXX";
    const struct cluster_options options = {.folder = folder, .is_durable = true};
    assert_non_null(mkdtemp(folder));
    for (int time = 0; time < 2; time++) {
        struct cluster *kept, *second;
        assert_done(cluster_open(&options, &kept, &failure));
        asks(cluster_url(kept), "SHOW fsync", "on");
        if (time == 0) {
            assert_done(database_execute(cluster_url(kept), "CREATE TABLE t (n int)", &failure));
        }
        asks(cluster_url(kept), "SELECT count(*) FROM t", "0");
        assert_int_equal(cluster_open(&options, &second, &failure), ERROR_UNAVAILABLE);
        assert_non_null(strstr(failure.sentence, "postmaster.pid"));
        cluster_close(kept);
        assert_int_equal(access(folder, F_OK), 0);
    }
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void a_name_is_put_into_a_url(void **state) {
    (void)state;
    char url[DATABASE_URL_SIZE], name[64];
    database_url("postgres://u@[::1]:5/a?x=/y", "b", url);
    assert_string_equal(url, "postgres://u@[::1]:5/b?x=/y");
    assert_string_equal(database_name(url, name), "b");
    database_url("postgres://h", "b", url);
    assert_string_equal(url, "postgres://h/b");
}

static void a_missing_program_is_named(void **state) {
    (void)state;
    struct cluster *none = NULL;
    setenv("TICKETD_POSTGRES_BIN", "/nowhere", 1);
    assert_int_equal(cluster_open(&(struct cluster_options){0}, &none, &failure), ERROR_NOT_FOUND);
    assert_non_null(strstr(failure.sentence, "initdb"));
    assert_non_null(strstr(failure.sentence, "/nowhere"));
    unsetenv("TICKETD_POSTGRES_BIN");
}

static void a_setting_that_postgres_refuses_is_told(void **state) {
    (void)state;
    struct cluster *none = NULL;
    const struct cluster_options options = {.settings =
                                                (const char *const[]){"work_mem=plenty", NULL}};
    assert_int_equal(cluster_open(&options, &none, &failure), ERROR_UNAVAILABLE);
    assert_non_null(strstr(failure.sentence, "work_mem"));
}

/* The one who dies tells its folder and its server through a pipe first. */
struct left_behind {
    char folder[256];
    pid_t pid;
};

static void nothing_outlives_a_test_that_is_killed(void **state) {
    (void)state;
    int ends[2];
    struct left_behind left = {.pid = 0};
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct cluster *own;
        if (cluster_open(&(struct cluster_options){0}, &own, &failure) == ERROR_NONE) {
            snprintf(left.folder, sizeof left.folder, "%s", cluster_folder(own));
            left.pid = cluster_pid(own);
        }
        (void)!write(ends[1], &left, sizeof left);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(read(ends[0], &left, sizeof left), sizeof left);
    waitpid(child, NULL, 0);
    assert_int_not_equal(left.pid, 0);
    /* Both are gone soon: the kernel tells nobody when. */
    for (int tries = 0; access(left.folder, F_OK) == 0 || kill(left.pid, 0) == 0; tries++) {
        assert_in_range(tries, 0, 1000);
        usleep(10000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_settings_are_those_asked_for),
        cmocka_unit_test(a_database_is_made_from_a_template_and_dropped),
        cmocka_unit_test(what_was_committed_is_there_after_each_way_to_stop),
        cmocka_unit_test(a_standby_follows_and_can_take_over),
        cmocka_unit_test(a_kept_cluster_is_there_the_next_time),
        cmocka_unit_test(a_name_is_put_into_a_url),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(a_setting_that_postgres_refuses_is_told),
        cmocka_unit_test(nothing_outlives_a_test_that_is_killed),
    };
    return cmocka_run_group_tests(tests, open_one, close_one);
}
