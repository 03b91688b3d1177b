/* backends - PostgreSQL's processes end under load, again and again: nothing acknowledged is lost,
 * nothing happens twice.
 *
 *     backends ROUNDS [terminate|crash|immediate]
 *
 * `terminate` ends one of ticketd's connections, preferably one that is committing; `crash` kills
 * one with SIGKILL, after which PostgreSQL ends them all and recovers; `immediate` stops the whole
 * server as `pg_ctl stop -m immediate` does, and starts it again. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "postgres_faults/trial.h"
#include "support/cluster.h"

enum { RECOVERY_MS = 60 * 1000 };

static struct failure failure;

static void must(enum error error, const char *what) {
    if (error != ERROR_NONE) {
        give_up(what, failure.sentence);
    }
}

/* False: there was none at that moment. */
static bool choose_backend(const struct cluster *cluster, char pid[16]) {
    enum error error =
        database_ask(cluster_url(cluster),
                     "SELECT pid FROM pg_stat_activity WHERE application_name = 'ticketd'"
                     " ORDER BY query ILIKE 'commit%' AND state = 'active' DESC, random() LIMIT 1",
                     pid, 16, &failure);
    if (error != ERROR_NONE && error != ERROR_NOT_FOUND) {
        give_up("pg_stat_activity", failure.sentence);
    }
    return error == ERROR_NONE;
}

static void end_one(const struct cluster *cluster, bool crashes) {
    char pid[16], sql[64], ended[8];
    if (!choose_backend(cluster, pid)) {
        return;
    }
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%s)", pid);
    if (crashes) {
        kill((pid_t)atoi(pid), SIGKILL);
    } else {
        must(database_ask(cluster_url(cluster), sql, ended, sizeof ended, &failure), sql);
    }
}

static void restart(struct cluster *cluster) {
    cluster_stop(cluster, CLUSTER_IMMEDIATE);
    must(cluster_start(cluster, &failure), "PostgreSQL after its end");
}

/* A crash ends the test's own connections, too, until recovery is over. */
static void await_recovery(const struct cluster *cluster) {
    time_t deadline = time(NULL) + RECOVERY_MS / 1000;
    char one[8];
    while (database_ask(cluster_url(cluster), "SELECT 1", one, sizeof one, &failure) !=
           ERROR_NONE) {
        if (time(NULL) > deadline) {
            give_up("PostgreSQL does not recover", failure.sentence);
        }
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    }
}

int main(int argc, char **argv) {
    struct cluster *cluster;
    struct trial trial;
    char title[64];
    int rounds = argc > 1 ? atoi(argv[1]) : 10;
    const char *kind = argc > 2 ? argv[2] : "terminate";
    /* A COMMIT takes a moment, so that many are struck in the middle of it. */
    static const char *const settings[] = {"commit_delay=3000", "commit_siblings=0", NULL};
    must(cluster_open(&(struct cluster_options){.is_durable = true, .settings = settings}, &cluster,
                      &failure),
         "PostgreSQL");
    trial_open(&trial, &(struct trial_options){.database = cluster_url(cluster),
                                               .served = {cluster_url(cluster)},
                                               .buyers = 8,
                                               .passers_by = 2});
    for (int i = 0; i < rounds; i++) {
        if (strcmp(kind, "immediate") == 0) {
            restart(cluster);
        } else {
            end_one(cluster, strcmp(kind, "crash") == 0);
            await_recovery(cluster);
        }
        trial_await(&trial, 0, RECOVERY_MS);
    }
    struct trial_result result = trial_close(&trial);
    snprintf(title, sizeof title, "backends, %d rounds of %s", rounds, kind);
    trial_print(title, &result);
    cluster_close(cluster);
    return trial_is_clean(&result) ? 0 : 1;
}
