/* network - the wire between ticketd and its database breaks around COMMIT, in every way, under
 * load: nothing acknowledged is lost, nothing happens twice.
 *
 *     network ROUNDS quick|hole|stall|silence|blind
 *
 * In each round every fault of that kind strikes once, and all is sold again before the next one.
 * After none of the `quick` ones may anything stay unknown, nor in a black hole that swallows one
 * connection with its COMMIT answered (`hole`) or stuck (`stall`). In `silence` the whole database
 * is out of reach, too long to find out. `blind` is the control: buyers who then ask again with a
 * fresh key buy twice, and the reckoning must find that out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_faults/trial.h"
#include "support/cluster.h"
#include "support/pg_proxy.h"

enum {
    STRIKE_MS = 30 * 1000,
    /* A trip that is not answered (10 s), then settling (8 s), on a busy machine. */
    RECOVERY_MS = 60 * 1000,
};

static const enum pg_fault quick_faults[] = {
    PG_CUT_BEFORE_COMMIT,  PG_CUT_AFTER_COMMIT,  PG_CUT_ANSWER,
    PG_RESET_AFTER_COMMIT, PG_RESET_ANSWER,      PG_CUT_WITHIN_ANSWER,
    PG_LATE_COMMIT,        PG_HALF_CLOSE_CLIENT, PG_HALF_CLOSE_SERVER,
};

static struct failure failure;

static void must(enum error error, const char *what) {
    if (error != ERROR_NONE) {
        give_up(what, failure.sentence);
    }
}

static void strike(struct trial *trial, struct pg_proxy *proxy, enum pg_fault fault) {
    pg_proxy_arm(proxy, fault);
    if (!pg_proxy_await(proxy, STRIKE_MS)) {
        give_up(pg_fault_name(fault), "it has not struck");
    }
    trial_await(trial, 0, RECOVERY_MS);
    pg_proxy_release(proxy);
}

/* The network is silent from the answer to a COMMIT on, until a buyer has been told that nobody
 * knows. */
static void stay_silent(struct trial *trial, struct pg_proxy *proxy) {
    struct shop_figures before;
    shop_figures(trial->shop, &before);
    pg_proxy_arm(proxy, PG_SILENCE_AFTER_ANSWER);
    if (!pg_proxy_await(proxy, STRIKE_MS)) {
        give_up("silence", "there was no COMMIT");
    }
    if (!shop_await_unknown(trial->shop, before.unknown + 1, RECOVERY_MS)) {
        give_up("silence", "nobody was told of an unknown outcome");
    }
    pg_proxy_set_silent(proxy, false);
    trial_await(trial, 0, RECOVERY_MS);
}

static void play(struct trial *trial, struct pg_proxy *proxy, const char *kind) {
    if (strcmp(kind, "quick") == 0) {
        for (size_t i = 0; i < sizeof quick_faults / sizeof quick_faults[0]; i++) {
            strike(trial, proxy, quick_faults[i]);
        }
    } else if (strcmp(kind, "hole") == 0) {
        strike(trial, proxy, PG_BLACK_HOLE);
    } else if (strcmp(kind, "stall") == 0) {
        strike(trial, proxy, PG_BLACK_HOLE_BEFORE_COMMIT);
    } else {
        stay_silent(trial, proxy);
    }
}

int main(int argc, char **argv) {
    struct cluster *cluster;
    struct pg_proxy *proxy;
    struct trial trial;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    const char *kind = argc > 2 ? argv[2] : "quick";
    char served[DATABASE_URL_SIZE], title[64];
    must(cluster_open(&(struct cluster_options){0}, &cluster, &failure), "PostgreSQL");
    must(pg_proxy_open(cluster_port(cluster), &proxy, &failure), "the proxy");
    snprintf(served, sizeof served, "postgres://postgres@127.0.0.1:%d/postgres",
             pg_proxy_port(proxy));
    bool is_blind = strcmp(kind, "blind") == 0;
    trial_open(&trial, &(struct trial_options){.database = cluster_url(cluster),
                                               .served = {served},
                                               .buyers = 8,
                                               .passers_by = is_blind ? 0 : 2,
                                               .are_blind = is_blind});
    for (int i = 0; i < rounds; i++) {
        play(&trial, proxy, kind);
    }
    struct trial_result result = trial_close(&trial);
    snprintf(title, sizeof title, "network, %d rounds of %s", rounds, kind);
    trial_print(title, &result);
    pg_proxy_close(proxy);
    cluster_close(cluster);
    if (is_blind) {
        return result.reckoning.wrong > 0 ? 0 : 1;
    }
    bool tells_all = strcmp(kind, "silence") == 0 || result.figures.unknown == 0;
    return trial_is_clean(&result) && tells_all ? 0 : 1;
}
