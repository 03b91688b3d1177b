/* with_postgres [-c NAME=VALUE]... [--keep FOLDER] [--port PORT] COMMAND...
 *
 * Runs a command with a PostgreSQL of its own: TICKETD_TEST_POSTGRES in its environment is the
 * maintenance URL. Ends as the command does, and the cluster with it; signals go to the command.
 *
 *     -c NAME=VALUE   a setting of PostgreSQL, as of `postgres -c`
 *     --keep FOLDER   there and durable, and left for the next time; else it is gone afterwards
 *     --port PORT     on this port, not on any that is free */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cluster.h"

enum { SETTINGS_MAX = 64, STATUS_USAGE = 2, STATUS_NO_CLUSTER = 99 };

static bool parse(int count, char **words, struct cluster_options *options,
                  const char *settings[SETTINGS_MAX + 1]) {
    static const struct option longer[] = {
        {"keep", required_argument, NULL, 'k'}, {"port", required_argument, NULL, 'p'}, {0}};
    int letter;
    size_t settings_count = 0;
    while ((letter = getopt_long(count, words, "+c:", longer, NULL)) != -1) {
        if (letter == 'c' && settings_count < SETTINGS_MAX && strchr(optarg, '=') != NULL) {
            settings[settings_count++] = optarg;
        } else if (letter == 'k') {
            options->folder = optarg;
            options->is_durable = true;
        } else if (letter == 'p' && atoi(optarg) > 0 && atoi(optarg) < 65536) {
            options->port = atoi(optarg);
        } else {
            return false;
        }
    }
    options->settings = settings;
    return optind < count;
}

static pid_t start(char **words, const char *url, const sigset_t *mask) {
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        sigprocmask(SIG_SETMASK, mask, NULL);
        setenv("TICKETD_TEST_POSTGRES", url, 1);
        execvp(words[0], words);
        fprintf(stderr, "%s: %s\n", words[0], strerror(errno));
        _exit(127);
    }
    return child;
}

/* A signal of the terminal has reached the command already: only others are passed on. */
static int await(pid_t child, const sigset_t *signals) {
    int status;
    while (waitpid(child, &status, WNOHANG) == 0) {
        siginfo_t signal;
        int number = sigwaitinfo(signals, &signal);
        if (number > 0 && number != SIGCHLD && signal.si_code != SI_KERNEL) {
            kill(child, number);
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **words) {
    const char *settings[SETTINGS_MAX + 1] = {NULL};
    struct cluster_options options = {.folder = NULL};
    struct cluster *cluster;
    struct failure failure;
    sigset_t signals, before;
    if (!parse(count, words, &options, settings)) {
        fprintf(stderr, "usage: with_postgres [-c NAME=VALUE]... [--keep FOLDER] [--port PORT] "
                        "COMMAND...\n");
        return STATUS_USAGE;
    }
    sigemptyset(&signals);
    static const int ours[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        sigaddset(&signals, ours[i]);
    }
    sigprocmask(SIG_BLOCK, &signals, &before);
    if (cluster_open(&options, &cluster, &failure) != ERROR_NONE) {
        fprintf(stderr, "with_postgres: %s\n", failure.sentence);
        return STATUS_NO_CLUSTER;
    }
    pid_t child = start(words + optind, cluster_url(cluster), &before);
    int status = child < 0 ? STATUS_NO_CLUSTER : await(child, &signals);
    cluster_close(cluster);
    return status;
}
