/* away - the database is gone for some seconds: whoever asks is told so and when to come again,
 * /readyz says why, and it goes on by itself.
 *
 *     away ROUNDS [stop|silence]
 *
 * `stop`: PostgreSQL is stopped, and a connection refused; `silence`: the network swallows
 * everything. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "postgres_faults/trial.h"
#include "support/cluster.h"
#include "support/pg_proxy.h"

enum {
    TOLD_MS = 40 * 1000,
    RECOVERY_MS = 60 * 1000,
    /* Attempts to connect are at most 2 s apart; one that is under way may have to time out. */
    BACK_BOUND_MS = 10 * 1000,
    /* A trip under way (10 s) and the settling of its COMMIT (8 s). */
    ANSWER_BOUND_MS = 25 * 1000,
};

struct away {
    struct cluster *cluster;
    struct pg_proxy *proxy;
    struct trial trial;
    bool is_silent;
    int64_t longest_back_ms, longest_answer_ms;
    unsigned wrong;
};

static struct failure failure;

static void must(enum error error, const char *what) {
    if (error != ERROR_NONE) {
        give_up(what, failure.sentence);
    }
}

static void go(struct away *away) {
    if (away->is_silent) {
        pg_proxy_set_silent(away->proxy, true);
    } else {
        cluster_stop(away->cluster, CLUSTER_FAST);
    }
}

static void come_back(struct away *away) {
    if (away->is_silent) {
        pg_proxy_set_silent(away->proxy, false);
    } else {
        must(cluster_start(away->cluster, &failure), "PostgreSQL after its end");
    }
}

static void expect(struct away *away, bool claim, const char *what, const char *answer) {
    if (!claim) {
        fprintf(stderr, "%s:\n%s\n", what, answer);
        away->wrong++;
    }
}

/* A write says 503, in bounded time, and when to come again. */
static void ask_for_write(struct away *away) {
    char answer[ANSWER_SIZE];
    int64_t asked_us = monotonic_us();
    int status = trial_ask(&away->trial, 0, "POST", "/v1/reservations/release-expired", answer);
    int64_t took_ms = (monotonic_us() - asked_us) / 1000;
    away->longest_answer_ms = took_ms > away->longest_answer_ms ? took_ms : away->longest_answer_ms;
    expect(away, status == 503 && strstr(answer, "store_unavailable") != NULL, "not 503", answer);
    expect(away, strcasestr(answer, "\r\nRetry-After: ") != NULL, "no Retry-After", answer);
}

static void ask_whether_ready(struct away *away) {
    char answer[ANSWER_SIZE];
    int status = trial_ask(&away->trial, 0, "GET", "/readyz", answer);
    expect(away, status == 503, "ready without a database", answer);
    expect(away, strstr(answer, "the database ") != NULL, "it does not say why", answer);
}

static void play(struct away *away) {
    char answer[ANSWER_SIZE];
    struct shop_figures before;
    shop_figures(away->trial.shop, &before);
    go(away);
    if (!shop_await_unavailable(away->trial.shop, before.unavailable + 1, TOLD_MS)) {
        give_up("the shop", "nobody was told that the database is away");
    }
    ask_for_write(away);
    ask_whether_ready(away);
    come_back(away);
    int64_t back_us = monotonic_us();
    trial_await(&away->trial, 0, RECOVERY_MS);
    int64_t took_ms = (monotonic_us() - back_us) / 1000;
    away->longest_back_ms = took_ms > away->longest_back_ms ? took_ms : away->longest_back_ms;
    int64_t until_us = monotonic_us() + INT64_C(1000) * RECOVERY_MS;
    while (trial_ask(&away->trial, 0, "GET", "/readyz", answer) != 200) {
        if (monotonic_us() > until_us) {
            give_up("it does not become ready again", answer);
        }
    }
}

int main(int argc, char **argv) {
    static struct away away;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    char served[DATABASE_URL_SIZE], title[64];
    away.is_silent = argc > 2 && strcmp(argv[2], "silence") == 0;
    must(cluster_open(&(struct cluster_options){0}, &away.cluster, &failure), "PostgreSQL");
    must(pg_proxy_open(cluster_port(away.cluster), &away.proxy, &failure), "the proxy");
    snprintf(served, sizeof served, "postgres://postgres@127.0.0.1:%d/postgres",
             pg_proxy_port(away.proxy));
    trial_open(&away.trial, &(struct trial_options){.database = cluster_url(away.cluster),
                                                    .served = {served},
                                                    .buyers = 8,
                                                    .passers_by = 2});
    for (int i = 0; i < rounds; i++) {
        play(&away);
    }
    struct trial_result result = trial_close(&away.trial);
    snprintf(title, sizeof title, "away %d times, %s", rounds,
             away.is_silent ? "silence" : "stopped");
    trial_print(title, &result);
    printf("it sold again %" PRId64 " ms after the database was back, and said 503 within %" PRId64
           " ms, at the latest\n",
           away.longest_back_ms, away.longest_answer_ms);
    pg_proxy_close(away.proxy);
    cluster_close(away.cluster);
    return trial_is_clean(&result) && away.wrong == 0 && away.longest_back_ms <= BACK_BOUND_MS &&
                   away.longest_answer_ms <= ANSWER_BOUND_MS
               ? 0
               : 1;
}
