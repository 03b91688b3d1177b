/* disk_full - the disk fills up under a rush, and has room again later.
 *
 * A tmpfs of 4 MiB, which takes the right to mount: without it the test is
 * skipped (exit status 77). While the disk is full every command is refused in
 * so many words; what was granted before stays; once there is room the shop
 * sells on, without a restart. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "executor/executor.h"
#include "store/verify.h"
#include "till.h"

enum {
    BUYERS = 8,
    GRANTED_MAX = 20000,
    FILLER_BYTES = 1 << 20,
    RECOVERY_US = 10 * 1000 * 1000,
    PROBES = 256, /* 1 MiB */
    SKIPPED = 77,
};

struct buyer {
    struct executor *executor;
    struct uuid type;
    struct uuid granted[GRANTED_MAX / BUYERS];
    size_t granted_count;
    enum verdict refusal; /* what ended the buying */
    pthread_t thread;
};

static enum verdict reserve(struct executor *executor, struct uuid type, struct uuid *id) {
    struct till words = {.caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE}};
    struct item item = {type, 1};
    struct command command = till_reserve(&words, &item, 7200, NULL);
    struct arena arena;
    struct outcome outcome;
    arena_init(&arena, 1 << 20);
    require(executor_call(executor, &command, &arena, &outcome) == ERROR_NONE);
    if (outcome.verdict == VERDICT_GRANTED) {
        *id = outcome.lines[0].id;
    }
    arena_finish(&arena);
    return outcome.verdict;
}

static void *buy(void *context) {
    struct buyer *buyer = context;
    while (buyer->granted_count < GRANTED_MAX / BUYERS) {
        buyer->refusal =
            reserve(buyer->executor, buyer->type, &buyer->granted[buyer->granted_count]);
        if (buyer->refusal != VERDICT_GRANTED) {
            return NULL;
        }
        buyer->granted_count++;
    }
    return NULL;
}

/* A mount that no other process sees and that ends with this one. */
static bool mount_small(const char *folder) {
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", folder, "tmpfs", 0, "size=4m") == 0;
}

static void fill(const char *path) {
    static const char zeroes[FILLER_BYTES];
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    require(file >= 0 && write(file, zeroes, sizeof zeroes) == (ssize_t)sizeof zeroes);
    close(file);
}

static struct uuid open_shop(struct executor *executor) {
    struct till words = {.caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE}};
    struct arena arena;
    struct outcome outcome;
    arena_init(&arena, 1 << 20);
    struct command command = till_event(&words, "Winter Gala");
    require(executor_call(executor, &command, &arena, &outcome) == ERROR_NONE);
    command = till_type(&words, outcome.event->id, GRANTED_MAX * 2);
    require(executor_call(executor, &command, &arena, &outcome) == ERROR_NONE);
    struct uuid type = outcome.type->id;
    arena_finish(&arena);
    return type;
}

/* Until each buyer has been refused. */
static bool rush(struct executor *executor, struct uuid type, struct buyer *buyers) {
    for (size_t i = 0; i < BUYERS; i++) {
        buyers[i].executor = executor;
        buyers[i].type = type;
        require(pthread_create(&buyers[i].thread, NULL, buy, &buyers[i]) == 0);
    }
    bool refused_clearly = true;
    for (size_t i = 0; i < BUYERS; i++) {
        pthread_join(buyers[i].thread, NULL);
        enum verdict refusal = buyers[i].refusal;
        refused_clearly &=
            refusal == VERDICT_STORE_UNAVAILABLE || refusal == VERDICT_OUTCOME_UNKNOWN;
    }
    return refused_clearly;
}

static void tell(void *context, const struct verify_difference *difference) {
    (void)context;
    printf("verify: %s\n", difference->sentence);
}

/* How many granted reservations are gone, or SIZE_MAX where verify finds fault. */
static size_t count_lost(struct store *store, const struct buyer *buyers) {
    struct store_reader *reader;
    struct failure failure;
    struct verify_report report;
    const struct verify_listener listener = {.on_difference = tell};
    require(store_open_reader(store, &reader, &failure) == ERROR_NONE);
    require(verify_run(reader, &listener, &report, &failure) == ERROR_NONE);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    size_t lost = report.differences == 0 ? 0 : SIZE_MAX;
    for (size_t i = 0; i < BUYERS && lost != SIZE_MAX; i++) {
        for (size_t j = 0; j < buyers[i].granted_count; j++) {
            struct reservation row;
            struct instant as_of;
            arena_reset(&arena);
            lost += reader_reservation(reader, buyers[i].granted[j], &arena, &row, &as_of,
                                       &failure) != ERROR_NONE;
        }
    }
    arena_finish(&arena);
    store_reader_close(reader);
    return lost;
}

/* As readiness asks. What a refused batch would have taken may be room for some of these: they end
 * only if each of them is written. */
static bool may_write(struct executor *executor) {
    const struct command command = {.kind = COMMAND_PRUNE,
                                    .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                                    .of.prune.before = {0}};
    struct arena arena;
    struct outcome outcome;
    arena_init(&arena, 1 << 16);
    require(executor_call(executor, &command, &arena, &outcome) == ERROR_NONE);
    arena_finish(&arena);
    return outcome.verdict == VERDICT_GRANTED;
}

static bool sells_again(struct executor *executor, struct uuid type) {
    int64_t until_us = monotonic_us() + RECOVERY_US;
    struct uuid id;
    while (monotonic_us() < until_us) {
        if (reserve(executor, type, &id) == VERDICT_GRANTED) {
            return true;
        }
    }
    return false;
}

static int run(const char *folder) {
    static struct buyer buyers[BUYERS];
    char filler[96];
    char url[96];
    struct store *store;
    struct executor *executor;
    struct failure failure;
    snprintf(filler, sizeof filler, "%s/filler", folder);
    snprintf(url, sizeof url, "sqlite:%s/t.db", folder);
    fill(filler);
    require(store_open(url, NULL, &store, &failure) == ERROR_NONE);
    const struct executor_options options = {.inbox_max = 0};
    require(executor_open(store, &options, &executor, &failure) == ERROR_NONE);
    struct uuid type = open_shop(executor);
    bool refused_clearly = rush(executor, type, buyers);
    bool is_ready_while_full = true;
    for (int i = 0; i < PROBES && is_ready_while_full; i++) {
        is_ready_while_full = may_write(executor);
    }
    bool lost_none_while_full = count_lost(store, buyers) == 0;
    require(unlink(filler) == 0);
    bool recovers = sells_again(executor, type);
    executor_close(executor);
    store_close(store);

    require(store_open(url, NULL, &store, &failure) == ERROR_NONE);
    bool lost_none = count_lost(store, buyers) == 0;
    store_close(store);
    size_t granted = 0;
    for (size_t i = 0; i < BUYERS; i++) {
        granted += buyers[i].granted_count;
    }
    printf("%zu granted before the disk was full; refused clearly: %s; ready: %s; "
           "all granted are there: %s; sells again without a restart: %s\n",
           granted, refused_clearly ? "yes" : "NO", is_ready_while_full ? "YES" : "no",
           lost_none_while_full && lost_none ? "yes" : "NO", recovers ? "yes" : "NO");
    bool passed = granted > 0 && refused_clearly && !is_ready_while_full && lost_none_while_full &&
                  lost_none && recovers;
    return passed ? 0 : 1;
}

int main(void) {
    char folder[] = "/tmp/ticketd-full-XXXXXX";
    require(mkdtemp(folder) != NULL);
    int status = SKIPPED;
    if (mount_small(folder)) {
        log_set_level(LOG_ERROR);
        status = run(folder);
        umount2(folder, MNT_DETACH);
    } else {
        printf("skipped: cannot mount a small tmpfs here (%s)\n", strerror(errno));
    }
    rmdir(folder);
    return status;
}
