/* failover - the primary dies under load and its standby is promoted: with a synchronous standby
 * nothing acknowledged is lost.
 *
 *     failover ROUNDS [synchronous|asynchronous|cancelled|restarted]
 *
 * ticketd is given both hosts. After each round the dead one comes back as the other one's standby,
 * and the next round is the other way round. `asynchronous` is the control, whose standby is behind
 * when its primary dies: answers must be missed. `cancelled`: the standby is silent, somebody
 * cancels the wait for it, and only then the primary dies: those who waited were told that nobody
 * knows. `restarted`: the standby is silent while the primary crashes and comes back, with all that
 * the standby lacks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/instant.h"
#include "postgres_faults/trial.h"
#include "support/cluster.h"
#include "support/pg_proxy.h"

enum { PATIENCE_MS = 60 * 1000, SALES_BETWEEN = 50, LOOK_AGAIN_MS = 20, ASKED_AGAIN_MS = 1000 };

enum kind { SYNCHRONOUS, ASYNCHRONOUS, CANCELLED, RESTARTED };

struct pair {
    struct cluster *primary, *standby;
    struct pg_proxy *wire; /* between them */
    enum kind kind;
};

static struct failure failure;

static void must(enum error error, const char *what) {
    if (error != ERROR_NONE) {
        give_up(what, failure.sentence);
    }
}

/* Waits until a query says "t". */
static void await_true(const struct cluster *cluster, const char *sql) {
    int64_t until_us = monotonic_us() + INT64_C(1000) * PATIENCE_MS;
    char answer[8] = "";
    while (database_ask(cluster_url(cluster), sql, answer, sizeof answer, &failure) != ERROR_NONE ||
           strcmp(answer, "t") != 0) {
        if (monotonic_us() > until_us) {
            give_up(sql, "it does not become true");
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_MS * 1000000L}, NULL);
    }
}

/* The primary's standby, on a port of its own or the one of the host that was. */
static void attach_standby(struct pair *pair, int port) {
    static const char *const settings[] = {"wal_retrieve_retry_interval=200ms", NULL};
    char url[DATABASE_URL_SIZE];
    must(pg_proxy_open(cluster_port(pair->primary), &pair->wire, &failure), "the wire");
    snprintf(url, sizeof url, "postgres://postgres@127.0.0.1:%d/postgres",
             pg_proxy_port(pair->wire));
    must(cluster_open(
             &(struct cluster_options){
                 .standby_of = url, .standby_name = "second", .port = port, .settings = settings},
             &pair->standby, &failure),
         "the standby");
    if (pair->kind == ASYNCHRONOUS) {
        await_true(pair->primary,
                   "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
        return;
    }
    must(database_execute(cluster_url(pair->primary),
                          "ALTER SYSTEM SET synchronous_standby_names = 'second'", &failure),
         "ALTER SYSTEM");
    must(database_execute(cluster_url(pair->primary), "SELECT pg_reload_conf()", &failure),
         "pg_reload_conf");
    await_true(pair->primary,
               "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
}

/* The standby hears no more of what is sold. */
static void fall_behind(struct pair *pair, struct trial *trial) {
    pg_proxy_set_silent(pair->wire, true);
    if (!shop_await(trial->shop, 0, SALES_BETWEEN, PATIENCE_MS)) {
        give_up("the shop", "it does not sell without the standby");
    }
}

/* Whoever is told of an unknown outcome asks again: that must not be granted while only the primary
 * knows of it. */
static void cancel_wait(struct pair *pair, struct trial *trial) {
    char count[16];
    struct shop_figures before;
    shop_figures(trial->shop, &before);
    pg_proxy_set_silent(pair->wire, true);
    await_true(pair->primary,
               "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    must(database_ask(cluster_url(pair->primary),
                      "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
                      " WHERE wait_event = 'SyncRep'",
                      count, sizeof count, &failure),
         "pg_cancel_backend");
    if (!shop_await_unknown(trial->shop, before.unknown + 1, PATIENCE_MS)) {
        give_up("a cancelled wait", "nobody was told that nobody knows");
    }
    (void)shop_await_unknown_done(trial->shop, before.unknown_done + 1, ASKED_AGAIN_MS);
}

/* What was committed and not answered is there again, and must not be told of either. */
static void restart_alone(struct pair *pair, struct trial *trial) {
    pg_proxy_set_silent(pair->wire, true);
    await_true(pair->primary,
               "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    cluster_stop(pair->primary, CLUSTER_IMMEDIATE);
    must(cluster_start(pair->primary, &failure), "the primary after its end");
    if (shop_await(trial->shop, 0, 1, ASKED_AGAIN_MS)) {
        fprintf(stderr, "it granted without the standby\n");
    }
}

/* How long until it sells again. */
static int64_t fail_over(struct pair *pair, struct trial *trial, int round) {
    if (pair->kind == ASYNCHRONOUS) {
        fall_behind(pair, trial);
    } else if (pair->kind == CANCELLED) {
        cancel_wait(pair, trial);
    } else if (pair->kind == RESTARTED) {
        restart_alone(pair, trial);
    }
    int64_t died_us = monotonic_us();
    cluster_stop(pair->primary, round % 2 == 0 ? CLUSTER_KILL : CLUSTER_IMMEDIATE);
    must(cluster_promote(pair->standby, &failure), "promote");
    if (!shop_await(trial->shop, 0, 1, PATIENCE_MS)) {
        give_up("the shop", "it has not sold since");
    }
    int64_t took_us = monotonic_us() - died_us;
    int port = cluster_port(pair->primary);
    cluster_close(pair->primary);
    pg_proxy_close(pair->wire);
    pair->primary = pair->standby;
    attach_standby(pair, port);
    if (!shop_await(trial->shop, 0, SALES_BETWEEN, PATIENCE_MS)) {
        give_up("the shop", "it has not sold with the new standby");
    }
    return took_us / 1000;
}

static enum kind kind_of(const char *word) {
    return strcmp(word, "asynchronous") == 0 ? ASYNCHRONOUS
           : strcmp(word, "cancelled") == 0  ? CANCELLED
           : strcmp(word, "restarted") == 0  ? RESTARTED
                                             : SYNCHRONOUS;
}

int main(int argc, char **argv) {
    struct pair pair;
    struct trial trial;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    const char *word = argc > 2 ? argv[2] : "synchronous";
    char url[DATABASE_URL_SIZE], title[64];
    int64_t longest_ms = 0;
    pair.kind = kind_of(word);
    must(cluster_open(&(struct cluster_options){0}, &pair.primary, &failure), "PostgreSQL");
    attach_standby(&pair, 0);
    snprintf(url, sizeof url,
             "postgres://postgres@127.0.0.1:%d,127.0.0.1:%d/postgres"
             "?target_session_attrs=read-write",
             cluster_port(pair.primary), cluster_port(pair.standby));
    /* A lone buyer's second try is not in one batch with sales that wait for the standby. */
    bool is_alone = pair.kind == CANCELLED || pair.kind == RESTARTED;
    trial_open(&trial, &(struct trial_options){.database = url,
                                               .served = {url},
                                               .buyers = is_alone ? 1 : 8,
                                               .passers_by = is_alone ? 0 : 2});
    for (int i = 0; i < rounds; i++) {
        int64_t took_ms = fail_over(&pair, &trial, i);
        longest_ms = took_ms > longest_ms ? took_ms : longest_ms;
    }
    struct trial_result result = trial_close(&trial);
    snprintf(title, sizeof title, "failover, %d times, %s", rounds, word);
    trial_print(title, &result);
    printf("it sold again %" PRId64 " ms after the primary's death at the latest\n", longest_ms);
    cluster_close(pair.standby);
    cluster_close(pair.primary);
    pg_proxy_close(pair.wire);
    if (pair.kind == ASYNCHRONOUS) {
        return result.reckoning.lost > 0 ? 0 : 1;
    }
    return trial_is_clean(&result) ? 0 : 1;
}
