/* One seed, several stores: the same commands in the same batches must get the same answers and
 * leave the same rows.
 *
 *     differential [--seed N] [--operations N] STORE...
 *
 * STORE is memory, sqlite or postgres, the last in a cluster of its own or
 * $TICKETD_TEST_POSTGRES's. The first one is whom the others are held against, and from whom the
 * clients learn ids. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "reading.h"

enum {
    STORES_MAX = 3,
    EXCERPT_SIZE = 4096,
    STATUS_DIFFERENT = 1,
    STATUS_USAGE = 2,
    LOOK_EVERY = 12 /* batches, at a list */
};

struct options {
    uint64_t seed, operations;
    const char *stores[STORES_MAX];
    size_t count;
};

struct differential {
    struct script script;
    struct house houses[STORES_MAX];
    struct reading reading;
    uint64_t batches;
    char excerpt[EXCERPT_SIZE];
};

static bool parse(int count, char **words, struct options *options) {
    for (int i = 1; i < count; i++) {
        bool seed = strcmp(words[i], "--seed") == 0;
        if (seed || strcmp(words[i], "--operations") == 0) {
            if (++i == count) {
                return false;
            }
            *(seed ? &options->seed : &options->operations) = strtoull(words[i], NULL, 10);
        } else if (options->count < STORES_MAX) {
            options->stores[options->count++] = words[i];
        } else {
            return false;
        }
    }
    return options->count >= 2;
}

static struct instant now(void *context) {
    return ((struct script *)context)->now;
}

static void learn(void *context, size_t index, const struct outcome *outcome) {
    script_learn(context, index, outcome);
}

static void open_houses(struct differential *it, const struct options *options) {
    script_init(&it->script, options->seed);
    for (size_t i = 0; i < options->count; i++) {
        house_open(&it->houses[i], options->stores[i], (struct clock){now, &it->script});
    }
    it->houses[0].on_answer = learn;
    it->houses[0].context = &it->script;
    it->reading = (struct reading){.houses = it->houses,
                                   .count = options->count,
                                   .excerpt = it->excerpt,
                                   .excerpt_size = sizeof it->excerpt};
}

/* The others run first: what the first one says changes what the batch points to. */
static bool run_batch(struct differential *it) {
    bool same = true;
    size_t count = it->script.count;
    for (size_t i = it->reading.count; i-- > 0;) {
        struct house *house = &it->houses[i];
        for (size_t j = 0; j < count; j++) {
            house_submit(house, &it->script.batch[j].command, j);
        }
        house_run(house, count);
    }
    for (size_t i = 1; same && i < it->reading.count; i++) {
        int used = snprintf(it->excerpt, sizeof it->excerpt, "answers of %s and %s:\n",
                            it->houses[0].name, it->houses[i].name);
        same = !telling_differs(&it->houses[0].answers, &it->houses[i].answers, it->excerpt + used,
                                sizeof it->excerpt - (size_t)used);
    }
    it->batches++;
    return same;
}

static bool run(struct differential *it, uint64_t operations) {
    while (it->script.commands < operations) {
        script_next(&it->script);
        if (!run_batch(it) ||
            (it->batches % LOOK_EVERY == 0 && !reading_some(&it->reading, &it->script))) {
            return false;
        }
    }
    return reading_all(&it->reading, &it->script.random);
}

/* They may say how it came to that. */
static void tell_of_rows(struct differential *it) {
    for (size_t i = 0; i < MODEL_TYPES; i++) {
        if (!reading_type(&it->reading, it->script.model.types[i].id)) {
            printf("the rows differ, too: %s\n", it->excerpt);
        }
    }
}

int main(int count, char **words) {
    struct options options = {.seed = 1, .operations = 20000};
    struct differential *it = calloc(1, sizeof *it);
    if (it == NULL || !parse(count, words, &options)) {
        fprintf(stderr, "usage: differential [--seed N] [--operations N] STORE STORE...\n");
        return STATUS_USAGE;
    }
    log_set_level((enum log_level)(LOG_ERROR + 1));
    int64_t began_us = monotonic_us();
    open_houses(it, &options);
    bool same = run(it, options.operations);
    if (same) {
        printf("seed %" PRIu64 ": %" PRIu64 " operations in %" PRIu64 " batches, %" PRIu64
               " rows read, no difference, in %.1f s\n",
               options.seed, it->script.commands, it->batches, it->reading.rows,
               (double)(monotonic_us() - began_us) / 1e6);
    } else {
        printf("seed %" PRIu64 ", batch %" PRIu64 ": %s\n", options.seed, it->batches, it->excerpt);
        tell_of_rows(it);
    }
    for (size_t i = 0; i < options.count; i++) {
        house_close(&it->houses[i]);
    }
    free(it);
    return same ? 0 : STATUS_DIFFERENT;
}
