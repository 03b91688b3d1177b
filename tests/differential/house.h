/* house.h - one store with a lane of its own in front, driven without a thread.
 *
 * Houses that get the same commands in the same batches, at the same time by the
 * same clock, say the same: each answer is kept as text. */
#pragma once

#include "executor/lane.h"
#include "store/reader.h"
#include "support/migrated.h"
#include "telling.h"

enum { HOUSE_BATCH_MAX = 48 };

struct house;

struct house_submission {
    struct submission submission;
    struct house *house;
    size_t index; /* in its batch */
};

struct house {
    const char *name;
    char folder[64];          /* of a SQLite file; or empty */
    struct migrated migrated; /* where it is in PostgreSQL */
    char url[DATABASE_URL_SIZE];
    struct store *store;
    struct store_reader *reader;
    struct lane lane;
    struct arena arena; /* of what was read last */
    uint64_t ids_made;
    struct house_submission submissions[HOUSE_BATCH_MAX];
    size_t answered;
    struct telling answers; /* to the last batch, in the order in which they were given */
    void (*on_answer)(void *context, size_t index, const struct outcome *outcome); /* or NULL */
    void *context;
};

/* `kind` is memory, sqlite or postgres. Exits with a sentence where it cannot be had. */
void house_open(struct house *house, const char *kind, struct clock clock);
void house_close(struct house *house);

/* The next of a batch. What the command points to stays until it has been run. */
void house_submit(struct house *house, const struct command *command, size_t index);

/* Until all `count` have been answered: at once, since nothing else waits. */
void house_run(struct house *house, size_t count);
