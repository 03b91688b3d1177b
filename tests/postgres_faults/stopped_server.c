/* stopped_server - one of two servers is stopped with SIGSTOP while it holds the row that everybody
 * wants: the other one sells again within 6 s, and when the first goes on it does no harm.
 *
 *     stopped_server ROUNDS [load|commit]
 *
 * `load` stops it when its first trip has been answered, `commit` when all but the COMMIT of the
 * second one has arrived. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "postgres_faults/trial.h"
#include "support/cluster.h"
#include "support/pg_proxy.h"

enum { FIRST, OTHER, STRIKE_MS = 30 * 1000, PATIENCE_MS = 60 * 1000, BOUND_MS = 6000 };

static struct failure failure;

static void must(enum error error, const char *what) {
    if (error != ERROR_NONE) {
        give_up(what, failure.sentence);
    }
}

/* How long the other server needed to decide about both ticket types. */
static int64_t stop_and_continue(struct trial *trial, struct pg_proxy *proxy, enum pg_fault hold) {
    pg_proxy_arm(proxy, hold);
    if (!pg_proxy_await(proxy, STRIKE_MS)) {
        give_up(pg_fault_name(hold), "there was no batch");
    }
    server_signal(trial->servers[FIRST], SIGSTOP);
    int64_t stopped_us = monotonic_us();
    trial_await(trial, OTHER, PATIENCE_MS);
    int64_t took_us = monotonic_us() - stopped_us;
    pg_proxy_release(proxy);
    server_signal(trial->servers[FIRST], SIGCONT);
    trial_await(trial, FIRST, PATIENCE_MS);
    return took_us / 1000;
}

int main(int argc, char **argv) {
    struct cluster *cluster;
    struct pg_proxy *proxy;
    struct trial trial;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    enum pg_fault hold = argc > 2 && strcmp(argv[2], "commit") == 0 ? PG_HOLD_COMMIT : PG_HOLD_LOAD;
    char served[DATABASE_URL_SIZE], title[64];
    must(cluster_open(&(struct cluster_options){0}, &cluster, &failure), "PostgreSQL");
    must(pg_proxy_open(cluster_port(cluster), &proxy, &failure), "the proxy");
    snprintf(served, sizeof served, "postgres://postgres@127.0.0.1:%d/postgres",
             pg_proxy_port(proxy));
    trial_open(&trial, &(struct trial_options){.database = cluster_url(cluster),
                                               .served = {served, cluster_url(cluster)},
                                               .buyers = 8,
                                               .passers_by = 2});
    int64_t longest_ms = 0;
    for (int i = 0; i < rounds; i++) {
        int64_t took_ms = stop_and_continue(&trial, proxy, hold);
        longest_ms = took_ms > longest_ms ? took_ms : longest_ms;
    }
    struct trial_result result = trial_close(&trial);
    snprintf(title, sizeof title, "stopped %d times, %s", rounds, pg_fault_name(hold));
    trial_print(title, &result);
    printf("the other server decided again after %" PRId64 " ms at the latest\n", longest_ms);
    pg_proxy_close(proxy);
    cluster_close(cluster);
    return trial_is_clean(&result) && longest_ms <= BOUND_MS ? 0 : 1;
}
