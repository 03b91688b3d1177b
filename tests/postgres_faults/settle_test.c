/* After a COMMIT whose answer was not heard, the store tells for certain whether it happened. */
#include <stdio.h>

#include "store/migrate.h"
#include "support/cluster.h"
#include "support/pg_proxy.h"
#include "support/unit.h"
#include "till.h"

enum { SOON_MS = 10 * 1000, TRIES = 3 };

static struct cluster *cluster;
static struct pg_proxy *proxy;
static struct store *store;
static struct store_writer *writer;
static struct till till;
static struct uuid event_id, type_id;
static struct failure failure;

static void must(enum error error) {
    if (error != ERROR_NONE) {
        fail_msg("%s", failure.sentence);
    }
}

/* Waits for whoever still writes. */
static int64_t count(const char *what) {
    char sql[256], text[24];
    snprintf(sql, sizeof sql, "BEGIN; LOCK %s IN EXCLUSIVE MODE; COMMIT", what);
    must(database_execute(cluster_url(cluster), sql, &failure));
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    must(database_ask(cluster_url(cluster), sql, text, sizeof text, &failure));
    return strtoll(text, NULL, 10);
}

/* The batch's own word, or after it the settled one: is it there? */
static bool is_told_committed(enum pg_fault fault, enum error error) {
    bool committed = error == ERROR_NONE;
    if (error == ERROR_UNKNOWN) {
        error = store_settle(writer, &till.witness, &committed, &failure);
        if (error != ERROR_NONE) {
            fail_msg("%s: it cannot be settled", pg_fault_name(fault));
        }
    } else if (error != ERROR_NONE && error != ERROR_RETRY) {
        fail_msg("%s: %s", pg_fault_name(fault), till.failure.sentence);
    }
    return committed;
}

static enum error run_under(enum pg_fault fault, struct command *command) {
    struct outcome outcome;
    pg_proxy_arm(proxy, fault);
    enum error error = till_batch(&till, command, 1, &outcome);
    if (error == ERROR_RETRY && !pg_proxy_await(proxy, 0)) {
        error = till_batch(&till, command, 1, &outcome); /* the connection was half-closed */
    }
    return error;
}

static const enum pg_fault faults[] = {
    PG_CUT_BEFORE_COMMIT, PG_CUT_AFTER_COMMIT,   PG_CUT_ANSWER,
    PG_RESET_ANSWER,      PG_RESET_AFTER_COMMIT, PG_LATE_COMMIT,
    PG_CUT_WITHIN_ANSWER, PG_HALF_CLOSE_CLIENT,  PG_HALF_CLOSE_SERVER,
};
enum { FAULTS = sizeof faults / sizeof faults[0] };

static void expect_strike(enum pg_fault fault) {
    if (!pg_proxy_await(proxy, SOON_MS)) {
        fail_msg("%s has not struck", pg_fault_name(fault));
    }
}

/* One command under each fault: what the store says is what the table shows. `table` gets a row
 * more when it happened. */
static void hold_to_its_word(const char *table, struct command (*make)(unsigned number)) {
    for (unsigned i = 0; i < FAULTS; i++) {
        int64_t before = count(table);
        struct command command = make(i);
        enum error error = run_under(faults[i], &command);
        bool committed = is_told_committed(faults[i], error);
        expect_strike(faults[i]);
        int64_t more = count(table) - before;
        if (more != (committed ? 1 : 0)) {
            fail_msg("%s: told %s, but %d rows more", pg_fault_name(faults[i]),
                     committed ? "committed" : "not committed", (int)more);
        }
        bool is_certain = faults[i] != PG_CUT_AFTER_COMMIT && faults[i] != PG_RESET_AFTER_COMMIT;
        if (is_certain && committed != (faults[i] != PG_CUT_BEFORE_COMMIT)) {
            fail_msg("%s: the test did not do what it says", pg_fault_name(faults[i]));
        }
    }
}

static struct item one_ticket;

static struct command make_reservation(unsigned number) {
    (void)number;
    one_ticket = (struct item){type_id, 1};
    return till_reserve(&till, &one_ticket, 7200, NULL);
}

static void a_sale_is_settled_by_its_log_entry(void **state) {
    (void)state;
    hold_to_its_word("ticket_reservations", make_reservation);
}

static struct command make_event_with_key(unsigned number) {
    static char key[32];
    struct command command = till_event(&till, "Keyed");
    snprintf(key, sizeof key, "key-%u", number);
    command.idempotency.key = text_of(key);
    return command;
}

/* Nothing is locked before its rows are written, which may still be on their way when their key is
 * looked for: then it is run again, and whichever comes first, the other one is its twin. */
static void what_locks_nothing_is_done_once_by_its_key(void **state) {
    (void)state;
    for (unsigned i = 0; i < FAULTS; i++) {
        int64_t before = count("events");
        struct command command = make_event_with_key(i);
        struct outcome outcome;
        enum error error = run_under(faults[i], &command);
        bool committed = is_told_committed(faults[i], error);
        expect_strike(faults[i]);
        for (int tries = 0; !committed && tries < TRIES; tries++) {
            committed = till_batch(&till, &command, 1, &outcome) == ERROR_NONE;
        }
        assert_true(committed);
        assert_int_equal(count("events") - before, 1);
    }
}

/* Another server runs the same command, sent again by its client, while the first looks for it. */
static void a_key_that_a_twin_wrote_is_not_taken_for_ones_own(void **state) {
    (void)state;
    struct command command = make_event_with_key(FAULTS);
    struct command again = command;
    struct outcome outcome;
    char bytes[4096];
    bool committed = true;
    assert_int_equal(run_under(PG_CUT_BEFORE_COMMIT, &command), ERROR_UNKNOWN);
    expect_strike(PG_CUT_BEFORE_COMMIT);
    struct witness witness = till.witness;
    assert_true(witness.outcome.length <= sizeof bytes);
    memcpy(bytes, witness.outcome.bytes, witness.outcome.length);
    witness.outcome.bytes = bytes; /* the till forgets it with its next batch */
    must(till_batch(&till, &again, 1, &outcome));
    must(store_settle(writer, &witness, &committed, &failure));
    assert_false(committed);
    must(store_settle(writer, &till.witness, &committed, &failure));
    assert_true(committed);
}

static struct command make_type(unsigned number) {
    (void)number;
    return till_type(&till, event_id, 100);
}

static void a_new_ticket_type_is_settled_by_its_log_entry(void **state) {
    (void)state;
    hold_to_its_word("ticket_types", make_type);
}

static void what_leaves_no_trace_of_its_own_stays_unknown(void **state) {
    (void)state;
    struct command command = till_event(&till, "Nameless");
    bool committed = false;
    assert_int_equal(run_under(PG_CUT_ANSWER, &command), ERROR_UNKNOWN);
    assert_int_equal(store_settle(writer, &till.witness, &committed, &failure), ERROR_UNKNOWN);
}

static void what_a_silent_database_did_stays_unknown(void **state) {
    (void)state;
    struct command command = make_reservation(0);
    bool committed = false;
    assert_int_equal(run_under(PG_CUT_ANSWER, &command), ERROR_UNKNOWN);
    pg_proxy_set_silent(proxy, true);
    assert_int_equal(store_settle(writer, &till.witness, &committed, &failure), ERROR_UNKNOWN);
    pg_proxy_set_silent(proxy, false);
    assert_int_equal(store_settle(writer, &till.witness, &committed, &failure), ERROR_NONE);
    assert_true(committed);
}

static void open_shop(void) {
    struct outcome outcome = till_do(&till, till_event(&till, "Settling"));
    event_id = outcome.event->id;
    outcome = till_do(&till, till_type(&till, event_id, 1000));
    type_id = outcome.type->id;
}

static int open_all(void **state) {
    (void)state;
    char url[128];
    struct migrate_result result;
    struct migrate_options options = {.out = fopen("/dev/null", "we")};
    must(cluster_open(&(struct cluster_options){0}, &cluster, &failure));
    must(store_migrate(cluster_url(cluster), &options, &result, &failure));
    fclose(options.out);
    must(pg_proxy_open(cluster_port(cluster), &proxy, &failure));
    snprintf(url, sizeof url, "postgres://postgres@127.0.0.1:%d/postgres", pg_proxy_port(proxy));
    must(store_open(url, NULL, &store, &failure));
    must(store_open_writer(store, &writer, &failure));
    till_open(&till, writer);
    till.caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    open_shop();
    return 0;
}

static int close_all(void **state) {
    (void)state;
    till_close(&till);
    store_writer_close(writer);
    store_close(store);
    pg_proxy_close(proxy);
    cluster_close(cluster);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sale_is_settled_by_its_log_entry),
        cmocka_unit_test(a_new_ticket_type_is_settled_by_its_log_entry),
        cmocka_unit_test(what_locks_nothing_is_done_once_by_its_key),
        cmocka_unit_test(a_key_that_a_twin_wrote_is_not_taken_for_ones_own),
        cmocka_unit_test(what_leaves_no_trace_of_its_own_stays_unknown),
        cmocka_unit_test(what_a_silent_database_did_stays_unknown),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
