/* io_faults - every call of SQLite's to the disk fails once, and from then on, in each way.
 *
 *     io_faults [lying-sync | early-answer | STRIDE]
 *
 * For each the shop goes on as the executor would, then the power is cut, and
 * what the disk holds is held against what the shop was told. With a word
 * the disk or the shop is broken on purpose, and it must be noticed; with a number, no multiple of
 * CUTS, only every so many-th call fails. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "fault_vfs.h"
#include "ledger.h"
#include "store/reader.h"
#include "till.h"

enum { BATCHES = 4, GROWN_PAGES = 1100, PATH_SIZE = 160 };

static struct {
    char folder[64];
    bool early_answer;
    long runs, injected, violations, unknown, refused, acknowledged;
    uint64_t keys;
} trial;

static const char *path_of(char path[PATH_SIZE], const char *name, const char *ending) {
    snprintf(path, PATH_SIZE, "%s/%s%s", trial.folder, name, ending);
    return path;
}

static void remove_files(const char *name) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        unlink(path_of(path, name, endings[i]));
    }
}

static void copy_files(const char *from, const char *to, enum cut cut, uint64_t seed) {
    static const char *const endings[] = {"", "-wal"};
    char source[PATH_SIZE];
    char target[PATH_SIZE];
    remove_files(to);
    for (size_t i = 0; i < 2; i++) {
        path_of(source, from, endings[i]);
        if (access(source, F_OK) == 0) {
            fault_vfs_cut(source, path_of(target, to, endings[i]), cut, seed + i);
        }
    }
}

static void violation(const char *where, enum fault_kind kind, bool sticky, long call,
                      const char *sentence) {
    trial.violations++;
    if (trial.violations <= 5) {
        printf("%s, %s %s at call %ld: %s\n", where, fault_kind_name(kind),
               sticky ? "from then on" : "once", call, sentence);
    }
}

/* --- the shop --- */

static struct uuid reservation_of(const struct ledger *ledger, size_t back, size_t which) {
    if (ledger->count <= back) {
        return UUID_NONE;
    }
    const struct ledger_batch *batch = &ledger->batches[ledger->count - 1 - back];
    return batch->fate == FATE_ACKNOWLEDGED ? batch->made[which] : UUID_NONE;
}

static enum fate fate_of(struct till *till, enum error error) {
    if (error == ERROR_NONE) {
        return FATE_ACKNOWLEDGED;
    }
    if (error != ERROR_UNKNOWN) {
        return FATE_REFUSED;
    }
    bool committed = false;
    if (store_settle(till->writer, &till->witness, &committed, &till->failure) != ERROR_NONE) {
        return FATE_UNKNOWN;
    }
    return committed ? FATE_ACKNOWLEDGED : FATE_REFUSED;
}

static void run_batch(struct till *till, struct ledger *ledger) {
    struct ledger_batch batch = {.fate = FATE_REFUSED};
    struct command commands[LEDGER_MADE + 2];
    struct outcome outcomes[LEDGER_MADE + 2];
    struct item item = {ledger->type, 2};
    size_t count = 0;
    for (; count < LEDGER_MADE; count++) {
        snprintf(batch.keys[count], sizeof batch.keys[count], "key-%" PRIu64, trial.keys++);
        commands[count] = till_reserve(till, &item, 7200, batch.keys[count]);
        /* The first fresh id is the reservation's: known even if no answer ever comes. */
        commands[count].ids = uuid_block(instant_now(), command_ids_max(&commands[count]));
    }
    batch.completed = reservation_of(ledger, 0, 1);
    batch.released = reservation_of(ledger, 0, 2);
    if (!uuid_is_none(batch.completed)) {
        commands[count++] = till_complete(till, batch.completed, false, "order-1");
        commands[count++] = till_release(till, batch.released, false);
    }
    memset(outcomes, 0, sizeof outcomes);
    enum error error = till_batch(till, commands, count, outcomes);
    for (size_t i = 0; i < LEDGER_MADE; i++) {
        bool decided = outcomes[i].lines_count == 1;
        batch.made[i] = decided ? outcomes[i].lines[0].id : commands[i].ids;
    }
    batch.fate = trial.early_answer ? FATE_ACKNOWLEDGED : fate_of(till, error);
    if (trial.early_answer && error == ERROR_UNKNOWN) {
        (void)fate_of(till, error);
    }
    ensure(ledger->count < LEDGER_BATCHES_MAX);
    ledger->batches[ledger->count++] = batch;
    trial.acknowledged += batch.fate == FATE_ACKNOWLEDGED;
    trial.refused += batch.fate == FATE_REFUSED;
    trial.unknown += batch.fate == FATE_UNKNOWN;
    store_idle(till->writer);
}

/* A file with an event, a type and one batch; `grown`: with a WAL that the next idle moment
 * checkpoints, as a killed process leaves it. */
static struct ledger make_base(const char *name, bool grown) {
    struct ledger ledger = {.count = 0};
    struct store *store;
    struct store_writer *writer;
    struct failure failure;
    struct till till;
    char url[PATH_SIZE + 8];
    char path[PATH_SIZE];
    remove_files("base");
    snprintf(url, sizeof url, "sqlite:%s", path_of(path, "base", ""));
    require(store_open(url, NULL, &store, &failure) == ERROR_NONE);
    require(store_open_writer(store, &writer, &failure) == ERROR_NONE);
    till_open(&till, writer);
    ledger.event = till_do(&till, till_event(&till, "Winter Gala")).event->id;
    ledger.type = till_do(&till, till_type(&till, ledger.event, 1000000)).type->id;
    run_batch(&till, &ledger);
    struct item item = {ledger.type, 1};
    for (int i = 0; grown && i < GROWN_PAGES / 8; i++) { /* each changes at least eight pages */
        till_do(&till, till_reserve(&till, &item, 7200, NULL));
    }
    till_close(&till);
    store_writer_close(writer);
    if (grown) {
        copy_files("base", name, CUT_KEEPS_ALL, 0);
        store_close(store);
    } else {
        store_close(store);
        copy_files("base", name, CUT_KEEPS_ALL, 0);
    }
    return ledger;
}

/* --- one run --- */

struct run {
    const char *base;
    struct ledger ledger;
    enum fault_kind kind;
    bool sticky, while_opening;
    long call;
};

static void check_cut_of(const char *name, const struct run *run, const char *where, enum cut cut) {
    char path[PATH_SIZE];
    char url[PATH_SIZE + 8];
    char sentence[400];
    copy_files(name, "cut", cut, (uint64_t)run->call);
    snprintf(url, sizeof url, "sqlite:%s", path_of(path, "cut", ""));
    if (!ledger_holds(&run->ledger, url, sentence, sizeof sentence)) {
        violation(where, run->kind, run->sticky, run->call, sentence);
    }
}

static void check_cut(const struct run *run, const char *where, enum cut cut) {
    check_cut_of("run", run, where, cut);
}

/* The process is killed after the fault, another one goes on with its files and sells; then the
 * power is cut. What a failed sync left in the page cache alone must not carry what was sold since.
 */
static void check_restart(const struct run *run) {
    static const char *const endings[] = {"", "-wal"};
    struct run next = *run;
    char from[PATH_SIZE];
    char path[PATH_SIZE];
    char url[PATH_SIZE + 8];
    struct store *store;
    struct store_writer *writer;
    struct failure failure;
    struct till till;
    remove_files("next");
    for (size_t i = 0; i < 2; i++) {
        fault_vfs_kill(path_of(from, "run", endings[i]), path_of(path, "next", endings[i]));
    }
    snprintf(url, sizeof url, "sqlite:%s", path_of(path, "next", ""));
    if (store_open(url, NULL, &store, &failure) != ERROR_NONE) {
        violation("a restart after the fault", run->kind, run->sticky, run->call, failure.sentence);
        return;
    }
    require(store_open_writer(store, &writer, &failure) == ERROR_NONE);
    till_open(&till, writer);
    run_batch(&till, &next.ledger);
    check_cut_of("next", &next, "power cut after a restart", CUT_KEEPS_NONE);
    till_close(&till);
    store_writer_close(writer);
    store_close(store);
}

static void sell(struct run *run, struct store_writer *writer) {
    struct till till;
    till_open(&till, writer);
    bool cut_once = false;
    for (int b = 0; b < BATCHES; b++) {
        run_batch(&till, &run->ledger);
        if (fault_vfs_hits() > 0 && !cut_once) {
            enum fault_kind kind = run->kind;
            fault_vfs_disarm();
            check_cut(run, "power cut after the fault", (enum cut)(run->call % CUTS));
            check_restart(run);
            cut_once = true;
            if (run->sticky) {
                fault_vfs_arm(kind, true, 0);
            }
        }
    }
    long hits = fault_vfs_hits();
    fault_vfs_disarm();
    run_batch(&till, &run->ledger);
    if (run->ledger.batches[run->ledger.count - 1].fate != FATE_ACKNOWLEDGED) {
        violation("the disk is well again", run->kind, run->sticky, run->call,
                  till.failure.sentence);
    }
    trial.injected += hits > 0 || cut_once;
    till_close(&till);
}

/* False: the call is beyond the last one. */
static bool run_once(struct run run) {
    char path[PATH_SIZE];
    char url[PATH_SIZE + 8];
    struct store *store = NULL;
    struct store_writer *writer = NULL;
    struct failure failure;
    fault_vfs_forget();
    copy_files(run.base, "run", CUT_KEEPS_ALL, 0);
    snprintf(url, sizeof url, "sqlite:%s", path_of(path, "run", ""));
    trial.runs++;
    long before = trial.injected;
    if (run.while_opening) {
        fault_vfs_arm(run.kind, run.sticky, run.call);
    }
    if (store_open(url, NULL, &store, &failure) != ERROR_NONE) {
        require(fault_vfs_hits() > 0);
        trial.injected++;
        fault_vfs_disarm();
        check_cut(&run, "opening failed", (enum cut)(run.call % CUTS));
        return true;
    }
    if (!run.while_opening) {
        fault_vfs_arm(run.kind, run.sticky, run.call);
    }
    if (store_open_writer(store, &writer, &failure) == ERROR_NONE) {
        sell(&run, writer);
        check_cut(&run, "power cut at the end", (enum cut)((run.call + 1) % CUTS));
        store_writer_close(writer);
    }
    store_close(store);
    check_cut(&run, "after closing", CUT_KEEPS_NONE);
    return trial.injected > before;
}

/* Every call from the first to the last, `stride` apart. */
static void run_all(const char *base, bool grown, bool while_opening, long stride) {
    struct run run = {.base = base, .while_opening = while_opening};
    run.ledger = make_base(base, grown);
    for (enum fault_kind kind = FAULT_EIO; kind < FAULT_KINDS; kind++) {
        for (int sticky = 0; sticky <= 1; sticky++) {
            run.kind = kind;
            run.sticky = sticky == 1;
            run.call = 0;
            while (run_once(run) && trial.violations < 100) {
                run.call += stride;
            }
        }
    }
}

static int report(const char *control) {
    printf("%ld runs, %ld with a fault; batches: %ld acknowledged, %ld refused, %ld unknown; "
           "%ld violations\n",
           trial.runs, trial.injected, trial.acknowledged, trial.refused, trial.unknown,
           trial.violations);
    if (control != NULL) {
        printf("control: %s\n", trial.violations > 0 ? "noticed" : "NOT NOTICED");
        return trial.violations > 0 ? 0 : 1;
    }
    return trial.violations == 0 ? 0 : 1;
}

int main(int count, char **arguments) {
    long stride = count > 1 ? strtol(arguments[1], NULL, 10) : 1;
    const char *control = stride == 0 ? arguments[1] : NULL;
    require(control != NULL || stride % CUTS != 0); /* or only one kind of cut were tried */
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(trial.folder, sizeof trial.folder, "%s/ticketd-faults-XXXXXX", parent);
    require(mkdtemp(trial.folder) != NULL);
    fault_vfs_install();
    if (control == NULL) {
        run_all("small", false, false, stride);
        run_all("opening", false, true, stride);
        run_all("grown", true, false, 13 * stride);
    } else {
        trial.early_answer = strcmp(control, "early-answer") == 0;
        fault_vfs_lie(strcmp(control, "lying-sync") == 0);
        run_all("small", false, false, 7);
    }
    static const char *const names[] = {"base", "run", "next", "cut", "small", "opening", "grown"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        remove_files(names[i]);
    }
    rmdir(trial.folder);
    return report(control);
}
