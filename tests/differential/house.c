#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"

enum { READING_BYTES = 256 << 20, RUNS_MAX = 8 };

static void refuse(const char *name, const char *why) {
    fprintf(stderr, "%s: %s\n", name, why);
    exit(2);
}

static int64_t no_time_passes(void *context) {
    (void)context;
    return 0; /* nothing ever waits too long */
}

/* The same in every house, as long as they are asked as often. */
static struct uuid house_ids(void *context, uint32_t count) {
    struct house *house = context;
    struct uuid id = {.bytes = {[6] = 0x70, [8] = 0x80}};
    (void)count; /* a block has bits of its own to count in */
    house->ids_made++;
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(house->ids_made >> (8 * (5 - i)));
    }
    return id;
}

static void choose_url(struct house *house) {
    const char *fast = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    if (strcmp(house->name, "sqlite") == 0) {
        snprintf(house->folder, sizeof house->folder, "%s/ticketd-differential-XXXXXX", fast);
        require(mkdtemp(house->folder) != NULL);
        snprintf(house->url, sizeof house->url, "sqlite:%s/t.db", house->folder);
    } else if (strcmp(house->name, "memory") == 0) {
        snprintf(house->url, sizeof house->url, "memory:");
    } else if (strcmp(house->name, "postgres") == 0) {
        struct failure failure;
        if (migrated_open(&house->migrated, &failure) != ERROR_NONE ||
            migrated_database(&house->migrated, house->url, &failure) != ERROR_NONE) {
            refuse(house->name, failure.sentence);
        }
    } else {
        refuse(house->name, "is no store");
    }
}

void house_open(struct house *house, const char *kind, struct clock clock) {
    const struct store_options options = {.clock = clock};
    struct lane_options lane = {
        .sources = {.ids = house_ids, .monotonic_us = no_time_passes, .context = house}};
    struct failure failure;
    house->name = kind;
    arena_init(&house->arena, READING_BYTES);
    choose_url(house);
    if (store_open(house->url, &options, &house->store, &failure) != ERROR_NONE ||
        store_open_reader(house->store, &house->reader, &failure) != ERROR_NONE ||
        store_open_writer(house->store, &lane.writer, &failure) != ERROR_NONE) {
        refuse(kind, failure.sentence);
    }
    lane_init(&house->lane, &lane);
}

static void remove_file(const struct house *house, const char *name) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", house->folder, name);
    unlink(path);
}

void house_close(struct house *house) {
    lane_finish(&house->lane);
    store_reader_close(house->reader);
    store_close(house->store);
    arena_finish(&house->arena);
    telling_finish(&house->answers);
    if (house->folder[0] != '\0') {
        static const char *const names[] = {"t.db", "t.db-wal", "t.db-shm", "t.db.lock"};
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            remove_file(house, names[i]);
        }
        rmdir(house->folder);
    }
    if (strcmp(house->name, "postgres") == 0) {
        struct failure unsaid;
        (void)!database_drop(house->migrated.maintenance, house->url, &unsaid);
        migrated_close(&house->migrated);
    }
}

static void note_answer(struct submission *submission, const struct outcome *outcome) {
    struct house_submission *sent = (struct house_submission *)submission;
    struct house *house = sent->house;
    tell(&house->answers, "#%zu ", sent->index);
    tell_outcome(&house->answers, outcome);
    house->answered++;
    if (house->on_answer != NULL) {
        house->on_answer(house->context, sent->index, outcome);
    }
}

void house_submit(struct house *house, const struct command *command, size_t index) {
    require(index < HOUSE_BATCH_MAX);
    struct house_submission *sent = &house->submissions[index];
    *sent = (struct house_submission){.submission = {.command = *command, .on_done = note_answer},
                                      .house = house,
                                      .index = index};
    require(lane_submit(&house->lane, &sent->submission, false) == INBOX_TAKEN);
}

void house_run(struct house *house, size_t count) {
    telling_clear(&house->answers);
    house->answered = 0;
    for (int runs = 0; house->answered < count; runs++) {
        require(runs < RUNS_MAX && lane_run_once(&house->lane));
    }
    tell(&house->answers, "ids %llu\n", (unsigned long long)house->ids_made);
}
