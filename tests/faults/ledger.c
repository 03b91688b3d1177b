#include "ledger.h"

#include <stdio.h>

#include "store/verify.h"
#include "till.h"

struct check {
    const struct ledger *ledger;
    struct store_reader *reader;
    struct arena arena;
    char *sentence;
    size_t size;
    bool failed;
};

static void fail(struct check *check, const char *what, size_t batch, const char *more) {
    if (!check->failed) {
        snprintf(check->sentence, check->size, "batch %zu: %s %s", batch, what, more);
    }
    check->failed = true;
}

static void note_difference(void *context, const struct verify_difference *difference) {
    fail(context, "verify:", 0, difference->sentence);
}

static enum error read(struct check *check, struct uuid id, struct reservation *reservation) {
    struct instant as_of;
    struct failure failure;
    arena_reset(&check->arena);
    return reader_reservation(check->reader, id, &check->arena, reservation, &as_of, &failure);
}

/* Was the batch's first reservation found? All others must agree. */
static bool is_there(struct check *check, const struct ledger_batch *batch, size_t number) {
    struct reservation row;
    bool there = read(check, batch->made[0], &row) == ERROR_NONE;
    for (size_t i = 1; i < LEDGER_MADE; i++) {
        if ((read(check, batch->made[i], &row) == ERROR_NONE) != there) {
            fail(check, "a part of it is there", number, "");
        }
    }
    return there;
}

static void expect_status(struct check *check, struct uuid id, enum reservation_status status,
                          bool reached, size_t number) {
    struct reservation row;
    if (uuid_is_none(id) || read(check, id, &row) != ERROR_NONE) {
        return;
    }
    if ((row.status == status) != reached) {
        fail(check, reached ? "is there, but not its change of" : "is not there, but its change of",
             number, reservation_status_name(status).bytes);
    }
}

static void check_batch(struct check *check, size_t number) {
    const struct ledger_batch *batch = &check->ledger->batches[number];
    bool there = is_there(check, batch, number);
    if (batch->fate == FATE_ACKNOWLEDGED && !there) {
        fail(check, "was acknowledged and is lost", number, "");
    }
    if (batch->fate == FATE_REFUSED && there) {
        fail(check, "was refused and is there", number, "");
    }
    expect_status(check, batch->completed, RESERVATION_COMPLETED, there, number);
    expect_status(check, batch->released, RESERVATION_RELEASED, there, number);
}

/* I4, I5: a retry gives the stored answer where there is one, and has its effect once. */
static void retry(struct check *check, struct store_writer *writer) {
    struct till till;
    struct item item = {check->ledger->type, 2};
    till_open(&till, writer);
    for (size_t b = 0; b < check->ledger->count && !check->failed; b++) {
        const struct ledger_batch *batch = &check->ledger->batches[b];
        struct command command = till_reserve(&till, &item, 7200, batch->keys[0]);
        struct outcome outcome;
        if (till_batch(&till, &command, 1, &outcome) != ERROR_NONE) {
            fail(check, "a retry cannot be written:", b, till.failure.sentence);
            break;
        }
        bool same = outcome.verdict == VERDICT_GRANTED && outcome.lines_count == 1 &&
                    uuid_equals(outcome.lines[0].id, batch->made[0]);
        struct reservation row;
        bool was_there = read(check, batch->made[0], &row) == ERROR_NONE;
        if (was_there != (outcome.replayed && same)) {
            fail(check, "a retry was not answered from the store", b, "");
        }
    }
    till_close(&till);
}

static void check_all(struct check *check, struct store *store) {
    const struct verify_listener listener = {.on_difference = note_difference, .context = check};
    struct verify_report report;
    struct failure failure;
    if (verify_run(check->reader, &listener, &report, &failure) != ERROR_NONE) {
        fail(check, "verify cannot read:", 0, failure.sentence);
    }
    for (size_t b = 0; b < check->ledger->count; b++) {
        check_batch(check, b);
    }
    struct store_writer *writer;
    if (!check->failed && store_open_writer(store, &writer, &failure) == ERROR_NONE) {
        retry(check, writer);
        store_writer_close(writer);
        (void)!verify_run(check->reader, &listener, &report, &failure);
    }
}

bool ledger_holds(const struct ledger *ledger, const char *url, char *sentence, size_t size) {
    struct check check = {.ledger = ledger, .sentence = sentence, .size = size};
    struct store *store;
    struct failure failure;
    if (store_open(url, NULL, &store, &failure) != ERROR_NONE) {
        fail(&check, "the file cannot be opened:", 0, failure.sentence);
        return false;
    }
    arena_init(&check.arena, 1 << 20);
    if (store_open_reader(store, &check.reader, &failure) != ERROR_NONE) {
        fail(&check, "the file cannot be read:", 0, failure.sentence);
    } else {
        check_all(&check, store);
        store_reader_close(check.reader);
    }
    arena_finish(&check.arena);
    store_close(store);
    return !check.failed;
}
