/* Each fault of the proxy does what its name says, as libpq and the table see it. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cluster.h"
#include "support/pg_proxy.h"
#include "support/unit.h"

enum { SOON_MS = 10 * 1000 };

static struct cluster *cluster;
static struct pg_proxy *proxy;

static struct failure failure;

static void must(enum error error) {
    if (error != ERROR_NONE) {
        fail_msg("%s", failure.sentence);
    }
}

static PGconn *connect_through(void) {
    char url[128];
    snprintf(url, sizeof url, "postgres://postgres@127.0.0.1:%d/postgres", pg_proxy_port(proxy));
    PGconn *connection = PQconnectdb(url);
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    return connection;
}

static void run(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(connection));
    }
}

/* Two trips as a batch takes them: false, the COMMIT was not answered with "COMMIT". */
static bool commit_row(PGconn *connection, bool prepares) {
    run(connection, "BEGIN");
    run(connection, "INSERT INTO rows VALUES (1)");
    bool is_sent = true;
    if (prepares) {
        PQclear(PQprepare(connection, "commit", "COMMIT", 0, NULL));
        is_sent = PQsendQueryPrepared(connection, "commit", 0, NULL, NULL, NULL, 1) == 1;
    } else {
        is_sent = PQsendQueryParams(connection, "COMMIT", 0, NULL, NULL, NULL, NULL, 1) == 1;
    }
    PGresult *result = is_sent ? PQgetResult(connection) : NULL;
    bool is_committed =
        PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    return is_committed;
}

static int rows(void) {
    char count[16];
    must(database_ask(cluster_url(cluster), "SELECT count(*) FROM rows", count, sizeof count,
                      &failure));
    return atoi(count);
}

/* Waits for whoever still writes. */
static int rows_in_the_end(void) {
    must(database_execute(cluster_url(cluster), "BEGIN; LOCK rows IN EXCLUSIVE MODE; COMMIT",
                          &failure));
    return rows();
}

static void empty_table(void) {
    must(database_execute(cluster_url(cluster), "TRUNCATE rows", &failure));
}

/* The client hears nothing good; so many rows are there afterwards (-1: it is not certain). */
static void expect_cut(enum pg_fault fault, int expected) {
    for (int prepares = 0; prepares < 2; prepares++) {
        empty_table();
        PGconn *connection = connect_through();
        pg_proxy_arm(proxy, fault);
        bool is_committed = commit_row(connection, prepares);
        PQfinish(connection);
        assert_true(pg_proxy_await(proxy, SOON_MS));
        int found = rows_in_the_end();
        if (is_committed || (expected >= 0 && found != expected)) {
            fail_msg("%s: %d rows, answered: %d", pg_fault_name(fault), found, is_committed);
        }
    }
}

static void without_a_fault_everything_passes(void **state) {
    (void)state;
    empty_table();
    PGconn *connection = connect_through();
    assert_true(commit_row(connection, true));
    assert_true(commit_row(connection, false));
    PQfinish(connection);
    assert_int_equal(rows(), 2);
}

static void what_is_cut_before_the_commit_is_not_there(void **state) {
    (void)state;
    expect_cut(PG_CUT_BEFORE_COMMIT, 0);
}

static void what_is_cut_after_the_commit_may_be_there(void **state) {
    (void)state;
    expect_cut(PG_CUT_AFTER_COMMIT, -1);
    expect_cut(PG_RESET_AFTER_COMMIT, -1);
}

static void what_is_cut_after_the_answer_is_there(void **state) {
    (void)state;
    expect_cut(PG_CUT_ANSWER, 1);
    expect_cut(PG_RESET_ANSWER, 1);
    expect_cut(PG_CUT_WITHIN_ANSWER, 1);
    expect_cut(PG_HALF_CLOSE_CLIENT, 1);
}

static void a_late_commit_arrives_when_its_client_is_gone(void **state) {
    (void)state;
    expect_cut(PG_LATE_COMMIT, 1); /* behind the lock that it still holds */
    empty_table();
    PGconn *connection = connect_through();
    pg_proxy_arm(proxy, PG_LATE_COMMIT);
    assert_false(commit_row(connection, true));
    assert_int_equal(rows(), 0); /* who does not wait for the lock sees nothing */
    PQfinish(connection);
    assert_int_equal(rows_in_the_end(), 1);
}

static void a_half_closed_database_still_answers(void **state) {
    (void)state;
    empty_table();
    PGconn *connection = connect_through();
    pg_proxy_arm(proxy, PG_HALF_CLOSE_SERVER);
    assert_true(commit_row(connection, true));
    assert_true(pg_proxy_await(proxy, SOON_MS));
    PQclear(PQexec(connection, "SELECT 1"));
    assert_int_equal(PQstatus(connection), CONNECTION_BAD);
    PQfinish(connection);
    assert_int_equal(rows(), 1);
}

/* Sends a COMMIT and does not wait for its answer. */
static PGconn *send_commit(void) {
    PGconn *connection = connect_through();
    run(connection, "BEGIN");
    run(connection, "INSERT INTO rows VALUES (1)");
    assert_int_equal(PQsendQueryParams(connection, "COMMIT", 0, NULL, NULL, NULL, NULL, 1), 1);
    return connection;
}

static void a_black_hole_tells_nobody(void **state) {
    (void)state;
    empty_table();
    pg_proxy_arm(proxy, PG_BLACK_HOLE);
    PGconn *connection = send_commit();
    assert_true(pg_proxy_await(proxy, SOON_MS));
    assert_int_equal(rows_in_the_end(), 1);
    assert_int_equal(PQconsumeInput(connection), 1);
    assert_int_equal(PQisBusy(connection), 1);
    pg_proxy_release(proxy);
    PQclear(PQgetResult(connection));
    assert_int_equal(PQstatus(connection), CONNECTION_BAD);
    PQfinish(connection);
}

static void a_held_commit_passes_when_it_is_released(void **state) {
    (void)state;
    empty_table();
    pg_proxy_arm(proxy, PG_HOLD_COMMIT);
    PGconn *connection = send_commit();
    assert_true(pg_proxy_await(proxy, SOON_MS));
    assert_int_equal(rows(), 0);
    pg_proxy_release(proxy);
    PGresult *result = PQgetResult(connection);
    assert_string_equal(PQcmdStatus(result), "COMMIT");
    PQclear(result);
    PQfinish(connection);
    assert_int_equal(rows(), 1);
}

static void a_held_first_trip_leaves_its_lock_behind(void **state) {
    (void)state;
    pg_proxy_arm(proxy, PG_HOLD_LOAD);
    PGconn *connection = connect_through();
    assert_int_equal(PQsendQuery(connection, "BEGIN; LOCK rows IN EXCLUSIVE MODE"), 1);
    assert_true(pg_proxy_await(proxy, SOON_MS));
    assert_int_not_equal(database_execute(cluster_url(cluster),
                                          "BEGIN; LOCK rows IN EXCLUSIVE MODE NOWAIT; COMMIT",
                                          &failure),
                         ERROR_NONE);
    pg_proxy_release(proxy);
    for (PGresult *result; (result = PQgetResult(connection)) != NULL;) {
        PQclear(result);
    }
    assert_int_equal(PQtransactionStatus(connection), PQTRANS_INTRANS);
    PQfinish(connection);
}

static void silence_ends_with_resets(void **state) {
    (void)state;
    PGconn *connection = connect_through();
    pg_proxy_set_silent(proxy, true);
    assert_int_equal(PQsendQuery(connection, "SELECT 1"), 1);
    char url[128];
    snprintf(url, sizeof url, "postgres://postgres@127.0.0.1:%d/postgres?connect_timeout=2",
             pg_proxy_port(proxy));
    PGconn *late = PQconnectdb(url);
    assert_int_equal(PQstatus(late), CONNECTION_BAD);
    PQfinish(late);
    pg_proxy_set_silent(proxy, false);
    PQclear(PQgetResult(connection));
    assert_int_equal(PQstatus(connection), CONNECTION_BAD);
    PQfinish(connection);
    PQfinish(connect_through());
}

static void silence_may_begin_with_a_lost_answer(void **state) {
    (void)state;
    empty_table();
    PGconn *connection = connect_through();
    PGconn *other = connect_through();
    pg_proxy_arm(proxy, PG_SILENCE_AFTER_ANSWER);
    assert_false(commit_row(connection, true));
    assert_true(pg_proxy_await(proxy, SOON_MS));
    assert_int_equal(PQsendQuery(other, "INSERT INTO rows VALUES (2)"), 1);
    assert_int_equal(rows_in_the_end(), 1);
    pg_proxy_set_silent(proxy, false);
    PQclear(PQgetResult(other));
    assert_int_equal(PQstatus(other), CONNECTION_BAD);
    PQfinish(other);
    PQfinish(connection);
    assert_int_equal(rows(), 1);
}

static int open_all(void **state) {
    (void)state;
    must(cluster_open(&(struct cluster_options){0}, &cluster, &failure));
    must(pg_proxy_open(cluster_port(cluster), &proxy, &failure));
    must(database_execute(cluster_url(cluster), "CREATE TABLE rows (n int)", &failure));
    return 0;
}

static int close_all(void **state) {
    (void)state;
    pg_proxy_close(proxy);
    cluster_close(cluster);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_fault_everything_passes),
        cmocka_unit_test(what_is_cut_before_the_commit_is_not_there),
        cmocka_unit_test(what_is_cut_after_the_commit_may_be_there),
        cmocka_unit_test(what_is_cut_after_the_answer_is_there),
        cmocka_unit_test(a_late_commit_arrives_when_its_client_is_gone),
        cmocka_unit_test(a_half_closed_database_still_answers),
        cmocka_unit_test(a_black_hole_tells_nobody),
        cmocka_unit_test(a_held_commit_passes_when_it_is_released),
        cmocka_unit_test(a_held_first_trip_leaves_its_lock_behind),
        cmocka_unit_test(silence_ends_with_resets),
        cmocka_unit_test(silence_may_begin_with_a_lost_answer),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
