/* What a lane does when time is short: driven without a thread, with time of the test's own. */
#include "executor/lane.h"

#include "domain/limits.h"
#include "store/memory/memory_store.h"
#include "support/unit.h"

struct bench {
    struct lane lane;
    struct store *store;
    struct instant wall;
    int64_t monotonic_us;
    uint64_t blocks;
    struct uuid event, type, other;
};

static struct instant bench_now(void *context) {
    return ((struct bench *)context)->wall;
}

static int64_t bench_monotonic_us(void *context) {
    return ((struct bench *)context)->monotonic_us;
}

static struct uuid bench_ids(void *context, uint32_t count) {
    struct bench *bench = context;
    (void)count;
    struct uuid id = {.bytes = {[6] = 0x70, [8] = 0x80}};
    bench->blocks++;
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(bench->blocks >> (8 * (5 - i)));
    }
    return id;
}

struct answer {
    struct submission submission; /* first: the submission is the answer's address */
    struct item item;
    enum verdict verdict;
    struct uuid id;
    int order; /* of all answers */
    bool is_answered;
};

static int answers_given;

static void on_done(struct submission *submission, const struct outcome *outcome) {
    struct answer *answer = (struct answer *)submission;
    answer->verdict = outcome->verdict;
    answer->is_answered = true;
    answer->order = ++answers_given;
    answer->id = outcome->event != NULL && outcome->type == NULL ? outcome->event->id
                 : outcome->type != NULL                         ? outcome->type->id
                                                                 : UUID_NONE;
}

static void send(struct bench *bench, struct answer *answer, struct command command) {
    command.caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    answer->submission = (struct submission){.command = command, .on_done = on_done};
    answer->is_answered = false;
    assert_int_equal(lane_submit(&bench->lane, &answer->submission, false), INBOX_TAKEN);
}

static void send_reserve(struct bench *bench, struct answer *answer, struct uuid type,
                         int32_t quantity, int32_t seconds) {
    answer->item = (struct item){type, quantity};
    send(bench, answer,
         (struct command){.kind = COMMAND_RESERVE,
                          .of.reserve = {.items = {&answer->item, 1}, .seconds = seconds}});
}

static struct uuid make_type(struct bench *bench, int32_t tickets) {
    struct answer answer;
    send(bench, &answer,
         (struct command){.kind = COMMAND_TYPE_CREATE,
                          .of.type.type = {.event_id = bench->event,
                                           .name = TEXT("Stalls"),
                                           .initial = tickets,
                                           .sales_start = INSTANT_NONE,
                                           .sales_end = INSTANT_NONE}});
    assert_true(lane_run_once(&bench->lane));
    return answer.id;
}

enum { HELD = EXPIRED_PER_BATCH_MAX + 500 };

static void bench_open(struct bench *bench) {
    *bench = (struct bench){.wall = {INT64_C(1767225600000000)}, .monotonic_us = 1};
    struct store_options store = {.clock = {bench_now, bench}};
    assert_int_equal(memory_store_open(&store, &bench->store, NULL), ERROR_NONE);
    struct lane_options lane = {
        .sources = {.ids = bench_ids, .monotonic_us = bench_monotonic_us, .context = bench}};
    assert_int_equal(store_open_writer(bench->store, &lane.writer, NULL), ERROR_NONE);
    lane_init(&bench->lane, &lane);
    struct answer event;
    send(bench, &event,
         (struct command){.kind = COMMAND_EVENT_CREATE,
                          .of.event.event = {.name = TEXT("An evening"),
                                             .time_zone = TEXT("UTC"),
                                             .currency = {"EUR"},
                                             .start_date = {INT64_C(2767225600000000)},
                                             .end_date = INSTANT_NONE,
                                             .published = true}});
    assert_true(lane_run_once(&bench->lane));
    bench->event = event.id;
    bench->type = make_type(bench, HELD);
    bench->other = make_type(bench, 10);
}

static void bench_close(struct bench *bench) {
    lane_finish(&bench->lane);
    store_close(bench->store);
}

/* A type that is sold out by reservations which all end now: more than one commit releases. */
static void let_all_expire(struct bench *bench) {
    struct answer *answers = test_calloc(HELD, sizeof *answers);
    for (int i = 0; i < HELD; i++) {
        send_reserve(bench, &answers[i], bench->type, 1, 60);
        if (i % 1000 == 999 || i == HELD - 1) {
            while (lane_run_once(&bench->lane)) {
            }
        }
    }
    for (int i = 0; i < HELD; i++) {
        assert_int_equal(answers[i].verdict, VERDICT_GRANTED);
    }
    test_free(answers);
    bench->wall = instant_plus_seconds(bench->wall, 60);
}

static void a_buyer_waits_for_expiries_rather_than_hear_sold_out(void **state) {
    (void)state;
    struct bench bench;
    struct answer buyers[3];
    bench_open(&bench);
    let_all_expire(&bench);
    send_reserve(&bench, &buyers[0], bench.type, HELD - 1, 60);
    send_reserve(&bench, &buyers[1], bench.type, 1, 60);
    send_reserve(&bench, &buyers[2], bench.other, 1, 60);
    assert_true(lane_run_once(&bench.lane));
    assert_false(buyers[0].is_answered);
    assert_false(buyers[1].is_answered);
    assert_true(buyers[2].is_answered); /* another type has nothing to wait for */
    assert_int_equal(atomic_load(&bench.lane.inbox.waiting), 2);
    assert_true(lane_run_once(&bench.lane));
    assert_int_equal(buyers[0].verdict, VERDICT_GRANTED);
    assert_int_equal(buyers[1].verdict, VERDICT_GRANTED);
    assert_true(buyers[0].order < buyers[1].order);
    assert_false(lane_run_once(&bench.lane));
    bench_close(&bench);
}

static void those_who_wait_keep_their_order_before_those_who_came_later(void **state) {
    (void)state;
    enum { WAITING = 1000 }; /* more than one batch takes */
    struct bench bench;
    struct answer later;
    struct answer *waiting = test_calloc(WAITING, sizeof *waiting);
    bench_open(&bench);
    let_all_expire(&bench);
    for (int i = 0; i < WAITING; i++) {
        send_reserve(&bench, &waiting[i], bench.type, i == 0 ? HELD - WAITING + 1 : 1, 60);
    }
    assert_true(lane_run_once(&bench.lane));
    send_reserve(&bench, &later, bench.type, 1, 60);
    while (lane_run_once(&bench.lane)) {
    }
    for (int i = 0; i < WAITING; i++) {
        assert_int_equal(waiting[i].verdict, VERDICT_GRANTED);
        assert_int_equal(waiting[i].order, waiting[0].order + i);
    }
    assert_int_equal(later.verdict, VERDICT_INSUFFICIENT_INVENTORY);
    bench_close(&bench);
    test_free(waiting);
}

static void who_has_waited_five_seconds_for_expiries_is_told_busy(void **state) {
    (void)state;
    struct bench bench;
    struct answer patient;
    bench_open(&bench);
    let_all_expire(&bench);
    send_reserve(&bench, &patient, bench.type, 1, 60);
    bench.monotonic_us += WAIT_MAX_US;
    assert_true(lane_run_once(&bench.lane));
    assert_false(patient.is_answered); /* not a moment too early */
    bench_close(&bench);

    bench_open(&bench);
    let_all_expire(&bench);
    send_reserve(&bench, &patient, bench.type, 1, 60);
    bench.monotonic_us += WAIT_MAX_US + 1;
    assert_true(lane_run_once(&bench.lane));
    assert_int_equal(patient.verdict, VERDICT_BUSY);
    bench_close(&bench);
}

/* One run of the lane that ends so. */
static void run_with(struct bench *bench, enum error persist) {
    memory_store_set_faults(bench->store, &(struct memory_faults){.persist = persist});
    assert_true(lane_run_once(&bench->lane));
    memory_store_set_faults(bench->store, &(struct memory_faults){.persist = ERROR_NONE});
}

static void a_world_that_keeps_changing_splits_the_batch_after_three_retries(void **state) {
    (void)state;
    struct bench bench;
    struct answer buyers[4];
    bench_open(&bench);
    for (int i = 0; i < 4; i++) {
        send_reserve(&bench, &buyers[i], bench.other, 1, 60);
    }
    for (int run = 0; run <= BATCH_RETRIES_MAX; run++) {
        run_with(&bench, ERROR_RETRY);
        assert_false(buyers[0].is_answered);
    }
    assert_true(lane_run_once(&bench.lane)); /* two of them */
    assert_true(buyers[1].is_answered);
    assert_false(buyers[2].is_answered);
    assert_true(lane_run_once(&bench.lane));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(buyers[i].verdict, VERDICT_GRANTED);
    }
    bench_close(&bench);
}

/* Until it is given up. */
static enum verdict verdict_of_lone(enum error error) {
    struct bench bench;
    struct answer buyer;
    bench_open(&bench);
    send_reserve(&bench, &buyer, bench.other, 1, 60);
    for (int run = 0; run <= BATCH_RETRIES_MAX; run++) {
        assert_false(buyer.is_answered);
        run_with(&bench, error);
    }
    assert_false(lane_run_once(&bench.lane));
    bench_close(&bench);
    return buyer.verdict;
}

static void a_lone_command_in_a_world_that_keeps_changing_is_given_up(void **state) {
    (void)state;
    assert_int_equal(verdict_of_lone(ERROR_RETRY), VERDICT_STORE_UNAVAILABLE);
}

/* A unique index of the shop's own: asking again would not help. */
static void a_lone_command_whose_twin_never_shows_is_refused_for_good(void **state) {
    (void)state;
    assert_int_equal(verdict_of_lone(ERROR_TWIN), VERDICT_INTERNAL_ERROR);
}

static void
a_store_that_is_behind_too_long_is_not_waited_for_in_ever_smaller_batches(void **state) {
    (void)state;
    struct bench bench;
    struct answer buyers[2];
    bench_open(&bench);
    send_reserve(&bench, &buyers[0], bench.other, 1, 60);
    send_reserve(&bench, &buyers[1], bench.other, 1, 60);
    bench.monotonic_us += WAIT_MAX_US + 1;
    for (int run = 0; run <= BATCH_RETRIES_MAX; run++) {
        run_with(&bench, ERROR_RETRY);
    }
    assert_int_equal(buyers[0].verdict, VERDICT_STORE_UNAVAILABLE);
    assert_int_equal(buyers[1].verdict, VERDICT_STORE_UNAVAILABLE);
    bench_close(&bench);
}

static void a_command_keeps_its_ids_when_it_runs_again(void **state) {
    (void)state;
    struct bench bench;
    struct answer buyer;
    bench_open(&bench);
    send_reserve(&bench, &buyer, bench.other, 1, 60);
    run_with(&bench, ERROR_RETRY);
    struct uuid first = buyer.submission.command.ids;
    assert_false(uuid_is_none(first));
    assert_true(lane_run_once(&bench.lane));
    assert_int_equal(buyer.verdict, VERDICT_GRANTED);
    assert_uuid(buyer.submission.command.ids, first);
    bench_close(&bench);
}

static void what_was_accepted_is_handed_out_though_the_inbox_has_closed(void **state) {
    (void)state;
    struct inbox inbox;
    struct queue queue;
    struct submission first;
    struct submission second;
    inbox_init(&inbox, 0);
    queue_init(&queue);
    assert_int_equal(inbox_put(&inbox, &first, false), INBOX_TAKEN);
    inbox_close(&inbox);
    assert_int_equal(inbox_put(&inbox, &second, false), INBOX_CLOSED);
    assert_int_equal(inbox_wait(&inbox, -1), INBOX_ARRIVED);
    inbox_take(&inbox, &queue);
    assert_ptr_equal(queue_pop(&queue), &first);
    assert_int_equal(inbox_wait(&inbox, -1), INBOX_ENDED);
    inbox_finish(&inbox);
}

static void silence_is_noticed_only_while_nothing_has_arrived(void **state) {
    (void)state;
    struct inbox inbox;
    struct queue queue;
    struct submission first;
    inbox_init(&inbox, 0);
    queue_init(&queue);
    assert_int_equal(inbox_wait(&inbox, 1), INBOX_QUIET);
    assert_int_equal(inbox_put(&inbox, &first, false), INBOX_TAKEN);
    assert_int_equal(inbox_wait(&inbox, 0), INBOX_ARRIVED);
    inbox_take(&inbox, &queue);
    assert_int_equal(inbox_wait(&inbox, 0), INBOX_QUIET);
    inbox_close(&inbox);
    assert_int_equal(inbox_wait(&inbox, 1), INBOX_ENDED);
    inbox_finish(&inbox);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_is_noticed_only_while_nothing_has_arrived),
        cmocka_unit_test(a_buyer_waits_for_expiries_rather_than_hear_sold_out),
        cmocka_unit_test(those_who_wait_keep_their_order_before_those_who_came_later),
        cmocka_unit_test(what_was_accepted_is_handed_out_though_the_inbox_has_closed),
        cmocka_unit_test(who_has_waited_five_seconds_for_expiries_is_told_busy),
        cmocka_unit_test(a_world_that_keeps_changing_splits_the_batch_after_three_retries),
        cmocka_unit_test(a_lone_command_in_a_world_that_keeps_changing_is_given_up),
        cmocka_unit_test(a_lone_command_whose_twin_never_shows_is_refused_for_good),
        cmocka_unit_test(a_store_that_is_behind_too_long_is_not_waited_for_in_ever_smaller_batches),
        cmocka_unit_test(a_command_keeps_its_ids_when_it_runs_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
