/* A connection that is asked many things at once, against a real database. */
#include "store/postgres/session.h"
#include "support/cluster.h"
#include "support/unit.h"

enum { TRIP_MS = 5000 };

static struct cluster *cluster;
static struct address address;
static struct queries queries;
static struct session session;
static struct failure failure;

static int open_cluster(void **state) {
    (void)state;
    static const struct schema_facts facts;
    if (cluster_open(&(struct cluster_options){.port = 0}, &cluster, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return -1;
    }
    return address_parse(cluster_url(cluster), &address, &failure) == ERROR_NONE &&
                   queries_make(&queries, &facts, &failure) == ERROR_NONE
               ? 0
               : -1;
}

static int close_cluster(void **state) {
    (void)state;
    queries_finish(&queries);
    address_finish(&address);
    cluster_close(cluster);
    return 0;
}

static int open_session(void **state) {
    (void)state;
    session_init(&session, &address, &queries);
    return session_connect(&session, &failure) == ERROR_NONE ? 0 : -1;
}

static int close_session(void **state) {
    (void)state;
    session_finish(&session);
    return 0;
}

/* Another text for a query: the session cares only for its name. */
static void ask(enum query query, const char *text) {
    free(queries.texts[query]);
    queries.texts[query] = strdup(text);
}

static void answers_come_in_the_order_of_the_questions(void **state) {
    (void)state;
    ask(QUERY_carts, "SELECT $1::int8 + 1");
    session_begin_trip(&session, TRIP_MS);
    for (int i = 0; i < 20; i++) {
        give_int8(session_parameters(&session), 1, i);
        session_send(&session, QUERY_carts);
    }
    session_depart(&session);
    for (int i = 0; i < 20; i++) {
        PGresult *result = session_take(&session, QUERY_carts);
        assert_non_null(result);
        assert_int_equal(PQgetvalue(result, 0, 0)[7], i + 1);
    }
    assert_int_equal(session_arrive(&session, &failure), ERROR_NONE);
}

static void after_an_error_the_rest_is_not_carried_out(void **state) {
    (void)state;
    ask(QUERY_carts, "CREATE TABLE made_after_an_error (a int)");
    ask(QUERY_guard, "SELECT 1 / 0");
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_begin);
    session_send(&session, QUERY_guard);
    session_send(&session, QUERY_carts);
    session_send(&session, QUERY_commit);
    session_depart(&session);
    assert_null(session_pass_to(&session, QUERY_commit));
    assert_int_equal(session_arrive(&session, &failure), ERROR_RETRY);
    assert_false(session.lost);
    assert_true(session.in_transaction);
    session_rollback(&session);
    assert_non_null(session.connection);
    ask(QUERY_carts, "SELECT to_regclass('made_after_an_error') IS NULL");
    session.prepared[QUERY_carts] = false;
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_carts);
    session_depart(&session);
    PGresult *result = session_take(&session, QUERY_carts);
    assert_non_null(result);
    assert_int_equal(*PQgetvalue(result, 0, 0), 1);
    assert_int_equal(session_arrive(&session, &failure), ERROR_NONE);
}

static void a_statement_that_an_error_kept_from_being_prepared_is_prepared_later(void **state) {
    (void)state;
    ask(QUERY_guard, "SELECT 1 / 0");
    ask(QUERY_carts, "SELECT 7::int4");
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_guard);
    session_send(&session, QUERY_carts);
    session_depart(&session);
    assert_int_equal(session_arrive(&session, &failure), ERROR_RETRY); /* though it was not taken */
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_carts);
    session_depart(&session);
    assert_non_null(session_take(&session, QUERY_carts));
    assert_int_equal(session_arrive(&session, &failure), ERROR_NONE);
}

static void what_takes_too_long_is_given_up_with_its_connection(void **state) {
    (void)state;
    ask(QUERY_carts, "SELECT pg_sleep(20)");
    session_begin_trip(&session, 50);
    session_send(&session, QUERY_carts);
    session_depart(&session);
    assert_null(session_take(&session, QUERY_carts));
    assert_int_equal(session_arrive(&session, &failure), ERROR_RETRY);
    assert_true(session.lost);
    assert_null(session.connection);
    assert_int_equal(session_connect(&session, &failure), ERROR_NONE);
}

static void a_backend_that_is_ended_is_noticed_and_another_one_serves(void **state) {
    (void)state;
    ask(QUERY_carts, "SELECT pg_terminate_backend(pg_backend_pid())");
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_begin);
    session_send(&session, QUERY_carts);
    session_send(&session, QUERY_commit);
    session_depart(&session);
    assert_null(session_pass_to(&session, QUERY_commit));
    assert_int_equal(session_arrive(&session, &failure), ERROR_RETRY);
    assert_null(session.connection);
    assert_false(session.in_transaction);
    assert_int_equal(session_connect(&session, &failure), ERROR_NONE);
}

static void a_refusal_of_what_is_sent_is_no_loss(void **state) {
    (void)state;
    ask(QUERY_carts, "SELECT nothing FROM nowhere");
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_carts);
    session_depart(&session);
    assert_null(session_take(&session, QUERY_carts));
    assert_int_equal(session_arrive(&session, &failure), ERROR_CORRUPT);
    assert_non_null(strstr(failure.sentence, "42P01"));
    assert_non_null(session.connection);
}

/* What a trigger of the shop's says looks the same as a standby that was not waited for. */
static void only_a_warning_of_the_commit_itself_is_one(void **state) {
    (void)state;
    ask(QUERY_carts, "DO 'BEGIN RAISE WARNING ''of a trigger''; END'");
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_begin);
    session_send(&session, QUERY_carts);
    session_send(&session, QUERY_commit);
    session_depart(&session);
    assert_non_null(session_pass_to(&session, QUERY_commit));
    assert_int_equal(session_arrive(&session, &failure), ERROR_NONE);
    assert_false(session.warned);
    ask(QUERY_commit, "DO 'BEGIN RAISE WARNING ''of the commit''; END'");
    session_drop(&session);
    assert_int_equal(session_connect(&session, &failure), ERROR_NONE);
    session_begin_trip(&session, TRIP_MS);
    session_send(&session, QUERY_commit);
    session_depart(&session);
    assert_non_null(session_pass_to(&session, QUERY_commit));
    assert_int_equal(session_arrive(&session, &failure), ERROR_NONE);
    assert_true(session.warned);
    ask(QUERY_commit, "COMMIT");
}

static void more_than_a_socket_holds_goes_both_ways(void **state) {
    (void)state;
    enum { LARGE = 3 * 1000 * 1000 };
    char *letters = malloc(LARGE);
    memset(letters, 'x', LARGE);
    ask(QUERY_carts, "SELECT $1::text");
    session_begin_trip(&session, TRIP_MS);
    for (int i = 0; i < 4; i++) {
        give_text(session_parameters(&session), 1, (struct text){letters, LARGE});
        session_send(&session, QUERY_carts);
    }
    session_depart(&session);
    for (int i = 0; i < 4; i++) {
        PGresult *result = session_take(&session, QUERY_carts);
        assert_non_null(result);
        assert_int_equal(PQgetlength(result, 0, 0), LARGE);
    }
    assert_int_equal(session_arrive(&session, &failure), ERROR_NONE);
    free(letters);
}

static void nobody_waits_for_an_attempt_to_connect_right_after_one_that_failed(void **state) {
    (void)state;
    session_drop(&session);
    cluster_stop(cluster, CLUSTER_FAST);
    assert_int_equal(session_connect(&session, &failure), ERROR_UNAVAILABLE);
    int backoff_ms = session.backoff_ms;
    assert_int_equal(session_connect(&session, &failure), ERROR_UNAVAILABLE);
    assert_int_equal(session.backoff_ms, backoff_ms); /* it was no attempt */
    assert_int_equal(cluster_start(cluster, &failure), ERROR_NONE);
    session.next_attempt_us = 0;
    assert_int_equal(session_connect(&session, &failure), ERROR_NONE);
    assert_int_equal(session.backoff_ms, 0);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_session, close_session)

int main(void) {
    const struct CMUnitTest tests[] = {
        HOLDS(answers_come_in_the_order_of_the_questions),
        HOLDS(after_an_error_the_rest_is_not_carried_out),
        HOLDS(a_statement_that_an_error_kept_from_being_prepared_is_prepared_later),
        HOLDS(what_takes_too_long_is_given_up_with_its_connection),
        HOLDS(a_backend_that_is_ended_is_noticed_and_another_one_serves),
        HOLDS(a_refusal_of_what_is_sent_is_no_loss),
        HOLDS(only_a_warning_of_the_commit_itself_is_one),
        HOLDS(more_than_a_socket_holds_goes_both_ways),
        HOLDS(nobody_waits_for_an_attempt_to_connect_right_after_one_that_failed),
    };
    return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
