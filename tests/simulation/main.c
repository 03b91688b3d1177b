/* Runs trials and says what they did.
 *
 *     simulation [--seeds N] [--first-seed N] [--operations N]
 *         many trials; the first violation ends it with status 1 and names the seed
 *     simulation --seed N [--operations N]
 *         one trial again
 *     simulation --twice ...
 *         each trial twice: the same seed must do the same
 *     simulation --must-fail ...
 *         for mutants: status 0 only if a violation is found, or one of the program's own
 *         promises stops it */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/log.h"
#include "trial.h"

enum { STATUS_VIOLATION = 1, STATUS_USAGE = 2 };

struct options {
    uint64_t first_seed, seeds, operations; /* operations of each seed */
    bool twice, must_fail;
};

static bool parse_flag(const char *argument, struct options *options) {
    options->twice |= strcmp(argument, "--twice") == 0;
    options->must_fail |= strcmp(argument, "--must-fail") == 0;
    return strcmp(argument, "--twice") == 0 || strcmp(argument, "--must-fail") == 0;
}

static bool parse_number(const char *name, const char *text, struct options *options) {
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (strcmp(name, "--seeds") == 0) {
        options->seeds = value;
    } else if (strcmp(name, "--first-seed") == 0) {
        options->first_seed = value;
    } else if (strcmp(name, "--operations") == 0) {
        options->operations = value;
    } else if (strcmp(name, "--seed") == 0) {
        options->first_seed = value;
        options->seeds = 1;
    } else {
        return false;
    }
    return *text != '\0' && *end == '\0';
}

static bool parse(int count, char **arguments, struct options *options) {
    for (int i = 1; i < count; i++) {
        if (parse_flag(arguments[i], options)) {
            continue;
        }
        if (i + 1 == count || !parse_number(arguments[i], arguments[i + 1], options)) {
            return false;
        }
        i++;
    }
    return true;
}

static void add(struct trial_counts *sum, const struct trial_counts *counts) {
    sum->operations += counts->operations;
    sum->granted += counts->granted;
    sum->refused += counts->refused;
    sum->replayed += counts->replayed;
    sum->failed += counts->failed;
    sum->unanswered += counts->unanswered;
    sum->batches += counts->batches;
    sum->faults += counts->faults;
    sum->crashes += counts->crashes;
    sum->jumps += counts->jumps;
    sum->retries += counts->retries;
    sum->splits += counts->splits;
    sum->expiries += counts->expiries;
    sum->entries += counts->entries;
}

static void print_summary(const struct options *options, const struct trial_counts *sum,
                          uint64_t trace, int64_t took_us) {
    printf("seeds %" PRIu64 "..%" PRIu64 ": %" PRIu64
           " operations in %.1f s (%.0f/s), no violation\n",
           options->first_seed, options->first_seed + options->seeds - 1, sum->operations,
           (double)took_us / 1e6, (double)sum->operations * 1e6 / (double)(took_us + 1));
    printf("  granted %" PRIu64 ", refused %" PRIu64 ", replayed %" PRIu64 ", failed %" PRIu64
           ", unanswered %" PRIu64 "\n",
           sum->granted, sum->refused, sum->replayed, sum->failed, sum->unanswered);
    printf("  batches %" PRIu64 ", entries %" PRIu64 ", expiries %" PRIu64 ", retries %" PRIu64
           ", splits %" PRIu64 "\n",
           sum->batches, sum->entries, sum->expiries, sum->retries, sum->splits);
    printf("  faults %" PRIu64 ", crashes %" PRIu64 ", clock jumps %" PRIu64 "\n  trace %016" PRIx64
           "\n",
           sum->faults, sum->crashes, sum->jumps, trace);
}

static bool run_seed(struct trial *trial, uint64_t seed, const struct options *options) {
    if (!trial_run(trial, seed, options->operations)) {
        return false;
    }
    uint64_t trace = trial->trace;
    if (options->twice && trial_run(trial, seed, options->operations) && trial->trace != trace) {
        finding_report(&trial->finding, "the same seed did something else");
    }
    return !trial->finding.found;
}

static int run(const char *program, const struct options *options) {
    struct trial *trial = malloc(sizeof *trial);
    if (trial == NULL) {
        return STATUS_USAGE;
    }
    struct trial_counts sum = {.operations = 0};
    uint64_t trace = 0;
    int64_t began_us = monotonic_us();
    int status = 0;
    for (uint64_t i = 0; i < options->seeds && status == 0; i++) {
        uint64_t seed = options->first_seed + i;
        if (!run_seed(trial, seed, options)) {
            printf("violation: %s\nagain: %s --operations %" PRIu64 " --seed %" PRIu64 "\n",
                   trial->finding.sentence, program, options->operations, seed);
            status = STATUS_VIOLATION;
        }
        add(&sum, &trial->counts);
        trace = trace * UINT64_C(0x100000001b3) ^ trial->trace;
    }
    if (status == 0) {
        print_summary(options, &sum, trace, monotonic_us() - began_us);
    }
    free(trial);
    return status;
}

/* In a process of its own, because a mutant may abort. */
static int run_mutant(const char *program, const struct options *options) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int status = run(program, options);
        fflush(stdout);
        _exit(status);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("simulation");
        return STATUS_USAGE;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_VIOLATION) {
        puts("caught: the simulation found a violation");
        return 0;
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
        puts("caught: the program stopped itself at a broken promise");
        return 0;
    }
    puts("this mutant lives: the simulation is blind to it");
    return STATUS_VIOLATION;
}

int main(int count, char **arguments) {
    struct options options = {.first_seed = 1, .seeds = 20, .operations = 25000};
    if (!parse(count, arguments, &options)) {
        fprintf(stderr,
                "usage: %s [--seeds N] [--first-seed N] [--operations N] [--seed N] [--twice] "
                "[--must-fail]\n",
                arguments[0]);
        return STATUS_USAGE;
    }
    log_set_level((enum log_level)(LOG_ERROR + 1)); /* what fails here was asked to */
    return options.must_fail ? run_mutant(arguments[0], &options) : run(arguments[0], &options);
}
