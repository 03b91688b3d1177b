/* Any bytes are a list of commands: what domain, executor and memory store say must be what a plain
 * reading of the rules says (commands_model.h), verdict by verdict and count by count.
 *
 * Each byte that is read chooses among a few values, good ones and bad ones; commands run in
 * batches, and time goes on between them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "commands_choice.h"
#include "executor/lane.h"
#include "store/memory/memory_store.h"
#include "store/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COMMANDS_MAX = 200, BATCH_MAX = 4, ARENA_BYTES = 8 << 20 };

struct fuzz;

struct sent {
    struct submission submission;
    struct fuzz *fuzz;
    struct item items[CHOICE_ITEMS_MAX];
    struct model_verdict expected;
    char key[MODEL_TEXT_SIZE];
    bool is_answered, is_alone;
};

struct fuzz {
    struct choice choice; /* the bytes, and the time */
    struct store *store;
    struct store_reader *reader;
    struct lane lane;
    struct arena arena;
    struct model model;
    struct sent batch[BATCH_MAX], last; /* last: the one with a key, to be repeated */
    uint64_t ids_made;
    size_t commands;
};

/* --- what the lane is given --------------------------------------------------------- */

static struct instant fuzz_now(void *context) {
    return ((struct fuzz *)context)->choice.now;
}

static int64_t fuzz_monotonic_us(void *context) {
    (void)context;
    return 0; /* nothing ever waits too long */
}

static struct uuid fuzz_ids(void *context, uint32_t count) {
    struct fuzz *fuzz = context;
    (void)count; /* a block has bits of its own to count in */
    struct uuid id = {.bytes = {[6] = 0x70, [8] = 0x80}};
    fuzz->ids_made++;
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(fuzz->ids_made >> (8 * (5 - i)));
    }
    return id;
}

/* --- comparing ---------------------------------------------------------------------- */

static void differ(const struct sent *sent, const char *what, int64_t got, int64_t expected) {
    fprintf(stderr, "command kind %d: %s is %lld, the rules say %lld\n",
            (int)sent->submission.command.kind, what, (long long)got, (long long)expected);
    abort();
}

static void hold(const struct sent *sent, const char *what, int64_t got, int64_t expected) {
    if (got != expected) {
        differ(sent, what, got, expected);
    }
}

/* Alone in its batch, what it answered is how the thing stands. */
static void hold_lines(struct fuzz *fuzz, const struct sent *sent, const struct outcome *outcome) {
    const struct model_thing *thing = sent->expected.thing;
    if (outcome->cart != NULL || !thing->is_cart) {
        hold(sent, "how many lines", (int64_t)outcome->lines_count, (int64_t)thing->lines_count);
    }
    for (size_t i = 0; i < outcome->lines_count; i++) {
        const struct reservation *line = &outcome->lines[i];
        const struct model_line *expected = NULL;
        for (size_t j = 0; j < thing->lines_count; j++) {
            expected = uuid_equals(thing->lines[j].id, line->id) ? &thing->lines[j] : expected;
        }
        if (expected == NULL) {
            differ(sent, "a line", (int64_t)i, -1);
            return;
        }
        hold(sent, "quantity", line->quantity, expected->quantity);
        hold(sent, "refunded", line->refunded_quantity, expected->refunded);
        hold(sent, "unit price", line->unit_price, expected->price);
        hold(sent, "status", (int64_t)status_at(line->status, line->expires_at, fuzz->choice.now),
             (int64_t)model_status(thing, fuzz->choice.now));
        if (model_status(thing, fuzz->choice.now) == RESERVATION_ACTIVE) {
            hold(sent, "expires_at", line->expires_at.us, thing->expires.us);
        }
    }
}

static void on_done(struct submission *submission, const struct outcome *outcome) {
    struct sent *sent = submission->owner;
    require(!sent->is_answered);
    sent->is_answered = true;
    hold(sent, "verdict", (int64_t)outcome->verdict, (int64_t)sent->expected.verdict);
    hold(sent, "replayed", outcome->replayed, sent->expected.replayed);
    if (sent->expected.thing != NULL) {
        model_learn(&sent->fuzz->model, sent->expected.thing, outcome);
        if (sent->is_alone) {
            hold_lines(sent->fuzz, sent, outcome);
        }
    }
}

/* R3, R11: the counts as they read, and what the log alone says of them. */
static void hold_counts(struct fuzz *fuzz) {
    for (int i = 0; i < MODEL_TYPES; i++) {
        struct counts expected = model_counts(&fuzz->model, i, fuzz->choice.now);
        struct type_reading type;
        struct history history;
        arena_reset(&fuzz->arena);
        require(reader_type(fuzz->reader, fuzz->model.types[i].id, &fuzz->arena, &type, NULL) ==
                ERROR_NONE);
        require(reader_history(fuzz->reader, fuzz->model.types[i].id, fuzz->choice.now,
                               &fuzz->arena, &history, NULL) == ERROR_NONE);
        const struct counts got[] = {type.row.counts, history.counts};
        for (size_t j = 0; j < 2; j++) {
            if (memcmp(&got[j], &expected, sizeof expected) != 0) {
                fprintf(stderr, "type %d: %d %d %d, the rules say %d %d %d\n", i, got[j].total,
                        got[j].sold, got[j].reserved, expected.total, expected.sold,
                        expected.reserved);
                abort();
            }
        }
    }
}

/* R10: from the first entry to the last, each follows from the one before. */
static void hold_log(struct fuzz *fuzz) {
    for (int i = 0; i < MODEL_TYPES; i++) {
        struct ticket_type replay = {.last_entry_at = INSTANT_NONE};
        struct page page;
        arena_reset(&fuzz->arena);
        require(reader_entries(fuzz->reader, fuzz->model.types[i].id, 0, 10000, &fuzz->arena, &page,
                               NULL) == ERROR_NONE);
        for (size_t j = 0; j < page.count; j++) {
            const struct audit_entry *entry = (const struct audit_entry *)page.rows + j;
            require(audit_entry_fault(entry, &replay) == NULL);
            replay.counts = entry->now;
            replay.audit_seq = entry->seq;
            replay.audit_hash = entry->chain_hash;
            replay.last_entry_at = entry->created_at;
        }
    }
}

/* --- batches ------------------------------------------------------------------------ */

static bool has_items(enum command_kind kind) {
    return kind == COMMAND_RESERVE || kind == COMMAND_CART_CREATE || kind == COMMAND_CART_REPLACE ||
           kind == COMMAND_SELL;
}

static void copy_sent(struct sent *to, const struct sent *from) {
    *to = *from;
    struct command *command = &to->submission.command;
    command->idempotency.key = text_of(to->key);
    if (command->kind == COMMAND_SELL) {
        command->of.sell.items.list = to->items;
    } else if (has_items(command->kind)) {
        command->of.reserve.items.list = to->items;
    }
}

/* A key for this request (perhaps one that another had), or the last request that had one again. */
static void choose_key(struct fuzz *fuzz, struct sent *sent) {
    struct command *command = &sent->submission.command;
    uint8_t byte = choice_next(&fuzz->choice);
    if (byte % 4 == 1 && fuzz->last.key[0] != '\0') {
        copy_sent(sent, &fuzz->last);
    } else if (byte % 4 == 0 && command->kind != COMMAND_SWEEP) {
        snprintf(sent->key, sizeof sent->key, "k%u", byte / 8u);
        command->idempotency.principal = choice_person(30);
        command->idempotency.key = text_of(sent->key);
        command->idempotency.fingerprint[0] = (uint8_t)fuzz->commands;
        copy_sent(&fuzz->last, sent);
    }
}

static void run_batch(struct fuzz *fuzz, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct sent *sent = &fuzz->batch[i];
        sent->fuzz = fuzz;
        sent->is_alone = count == 1;
        sent->is_answered = false;
        sent->submission.on_done = on_done;
        sent->submission.owner = sent;
        require(lane_submit(&fuzz->lane, &sent->submission, false) == INBOX_TAKEN);
    }
    for (size_t i = 0; i < count; i++) {
        for (int runs = 0; !fuzz->batch[i].is_answered; runs++) {
            require(runs < 4 && lane_run_once(&fuzz->lane));
        }
    }
    hold_counts(fuzz);
}

static void choose_batch(struct fuzz *fuzz) {
    size_t most = 1 + choice_next(&fuzz->choice) % BATCH_MAX;
    size_t count = 0;
    bool goes_on = true;
    while (goes_on && count < most && fuzz->commands < COMMANDS_MAX) {
        struct sent *sent = &fuzz->batch[count++];
        *sent = (struct sent){.key = ""};
        choose_command(&fuzz->choice, sent->items, &sent->submission.command);
        choose_key(fuzz, sent);
        sent->expected = model_decide(&fuzz->model, &sent->submission.command, fuzz->choice.now);
        fuzz->commands++;
        /* A limit per customer that the batch has set makes others wait: the order would change. */
        goes_on = sent->submission.command.kind != COMMAND_TYPE_CHANGE;
    }
    run_batch(fuzz, count);
}

static struct instant next_expiry(const struct fuzz *fuzz) {
    struct instant first = INSTANT_NONE;
    for (size_t i = 0; i < fuzz->model.things_count; i++) {
        const struct model_thing *thing = &fuzz->model.things[i];
        if (model_status(thing, fuzz->choice.now) == RESERVATION_ACTIVE &&
            (instant_is_none(first) || thing->expires.us < first.us)) {
            first = thing->expires;
        }
    }
    return first;
}

static void pass_time(struct fuzz *fuzz) {
    static const int64_t seconds[] = {0, 1, 30, 900, 3600, 43200};
    uint8_t byte = choice_next(&fuzz->choice);
    struct instant expiry = next_expiry(fuzz);
    if (byte % 8 < 6) {
        fuzz->choice.now = instant_plus_seconds(fuzz->choice.now,
                                                byte < 250 ? seconds[byte % 4] : seconds[byte % 6]);
    } else if (!instant_is_none(expiry)) { /* to its very instant, or one microsecond before */
        struct instant to = {expiry.us - (byte % 8 == 7)};
        fuzz->choice.now = instant_later(fuzz->choice.now, to);
    }
    hold_counts(fuzz);
}

/* --- the house ---------------------------------------------------------------------- */

static const struct caller admin = {.role = ROLE_ADMIN};

/* A command of the setting-up: granted, and the id of what it made. */
static void keep_id(struct submission *submission, const struct outcome *outcome) {
    struct uuid *id = submission->owner;
    require(outcome->verdict == VERDICT_GRANTED);
    *id = outcome->type != NULL ? outcome->type->id : outcome->event->id;
}

static struct uuid set_up(struct fuzz *fuzz, struct command command) {
    struct uuid id = UUID_NONE;
    command.caller = admin;
    struct submission submission = {.command = command, .on_done = keep_id, .owner = &id};
    require(lane_submit(&fuzz->lane, &submission, false) == INBOX_TAKEN);
    require(lane_run_once(&fuzz->lane) && !uuid_is_none(id));
    return id;
}

static void open_events(struct fuzz *fuzz) {
    for (int i = 0; i < MODEL_EVENTS; i++) {
        struct model_event *event = &fuzz->model.events[i];
        *event = (struct model_event){
            .end = instant_plus_seconds(fuzz->choice.now, i == 0 ? 86400 : 7200),
            .published = true};
        event->version = 1;
        event->id = set_up(fuzz, (struct command){.kind = COMMAND_EVENT_CREATE,
                                                  .of.event.event = {.name = TEXT("event"),
                                                                     .time_zone = TEXT("UTC"),
                                                                     .currency = {"EUR"},
                                                                     .start_date = event->end,
                                                                     .end_date = INSTANT_NONE,
                                                                     .published = true}});
    }
}

static void open_types(struct fuzz *fuzz) {
    static const int32_t totals[] = {10, 4, 0, 100, INT32_MAX};
    for (int i = 0; i < MODEL_TYPES; i++) {
        struct model_type *type = &fuzz->model.types[i];
        *type = (struct model_type){.event = i == MODEL_TYPES - 1,
                                    .total = CHOOSE(&fuzz->choice, totals),
                                    .price = 2500,
                                    .version = 1,
                                    .sales_start = INSTANT_NONE,
                                    .sales_end = INSTANT_NONE};
        type->id = set_up(
            fuzz, (struct command){.kind = COMMAND_TYPE_CREATE,
                                   .of.type.type = {.event_id = fuzz->model.events[type->event].id,
                                                    .name = TEXT("type"),
                                                    .price = type->price,
                                                    .initial = (int32_t)type->total,
                                                    .sales_start = INSTANT_NONE,
                                                    .sales_end = INSTANT_NONE}});
    }
}

static void open_house(struct fuzz *fuzz) {
    struct store_options store = {.clock = {fuzz_now, fuzz}};
    struct lane_options lane = {
        .sources = {.ids = fuzz_ids, .monotonic_us = fuzz_monotonic_us, .context = fuzz}};
    arena_init(&fuzz->arena, ARENA_BYTES);
    require(memory_store_open(&store, &fuzz->store, NULL) == ERROR_NONE);
    require(store_open_reader(fuzz->store, &fuzz->reader, NULL) == ERROR_NONE);
    require(store_open_writer(fuzz->store, &lane.writer, NULL) == ERROR_NONE);
    lane_init(&fuzz->lane, &lane);
    open_events(fuzz);
    open_types(fuzz);
}

static void close_house(struct fuzz *fuzz) {
    lane_finish(&fuzz->lane);
    store_reader_close(fuzz->reader);
    store_close(fuzz->store);
    arena_finish(&fuzz->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz *fuzz = calloc(1, sizeof *fuzz);
    require(fuzz != NULL);
    fuzz->choice = (struct choice){
        .at = data, .end = data + size, .now = {INT64_C(1795374000000000)}, .model = &fuzz->model};
    open_house(fuzz);
    while (fuzz->choice.at < fuzz->choice.end && fuzz->commands < COMMANDS_MAX) {
        choose_batch(fuzz);
        pass_time(fuzz);
    }
    hold_log(fuzz);
    close_house(fuzz);
    free(fuzz);
    return 0;
}
