/* Any bytes are a list of commands: what domain, executor and memory store say must be what a plain
 * reading of the rules says (commands_model.h), verdict by verdict and count by count.
 *
 * Each byte that is read chooses among a few values, good ones and bad ones; commands run in
 * batches, and time goes on between them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "commands_model.h"
#include "executor/lane.h"
#include "store/memory/memory_store.h"
#include "store/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COMMANDS_MAX = 200, BATCH_MAX = 4, ARENA_BYTES = 8 << 20 };

struct fuzz;

struct sent {
    struct submission submission;
    struct fuzz *fuzz;
    struct item items[3];
    struct model_verdict expected;
    char key[MODEL_TEXT_SIZE];
    bool is_answered, is_alone;
};

struct fuzz {
    const uint8_t *at, *end;
    struct instant now;
    struct store *store;
    struct store_reader *reader;
    struct lane lane;
    struct arena arena;
    struct model model;
    struct sent batch[BATCH_MAX], last; /* last: the one with a key, to be repeated */
    uint64_t ids_made;
    size_t commands;
};

static uint8_t next(struct fuzz *fuzz) {
    return fuzz->at < fuzz->end ? *fuzz->at++ : 0;
}

#define CHOOSE(fuzz, list) ((list)[next(fuzz) % (sizeof(list) / sizeof *(list))])

/* --- what the lane is given --------------------------------------------------------- */

static struct instant fuzz_now(void *context) {
    return ((struct fuzz *)context)->now;
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

static struct uuid person(unsigned number) {
    return number == 0 ? UUID_NONE : (struct uuid){{0x55, [15] = (uint8_t)number}};
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

static const struct reservation *line_of_type(const struct outcome *outcome, struct uuid type) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        if (uuid_equals(outcome->lines[i].ticket_type_id, type)) {
            return &outcome->lines[i];
        }
    }
    return NULL;
}

static int by_id(const void *a, const void *b) {
    return uuid_compare(((const struct model_line *)a)->id, ((const struct model_line *)b)->id);
}

/* A later command of the same batch may have gone on with it: then only ids are learnt. */
static void learn(struct fuzz *fuzz, const struct sent *sent, const struct outcome *outcome) {
    struct model_thing *thing = sent->expected.thing;
    if (outcome->cart != NULL) {
        thing->id = outcome->cart->id;
    } else if (!thing->is_cart) {
        thing->id = outcome->lines[0].id;
    }
    for (size_t i = 0; i < thing->lines_count; i++) {
        struct model_line *line = &thing->lines[i];
        const struct reservation *got = line_of_type(outcome, fuzz->model.types[line->type].id);
        if (got != NULL) {
            line->id = got->id;
        }
    }
    qsort(thing->lines, thing->lines_count, sizeof *thing->lines, by_id);
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
        hold(sent, "status", (int64_t)status_at(line->status, line->expires_at, fuzz->now),
             (int64_t)model_status(thing, fuzz->now));
        if (model_status(thing, fuzz->now) == RESERVATION_ACTIVE) {
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
        learn(sent->fuzz, sent, outcome);
        if (sent->is_alone) {
            hold_lines(sent->fuzz, sent, outcome);
        }
    }
}

/* R3, R11: the counts as they read, and what the log alone says of them. */
static void hold_counts(struct fuzz *fuzz) {
    for (int i = 0; i < MODEL_TYPES; i++) {
        struct counts expected = model_counts(&fuzz->model, i, fuzz->now);
        struct type_reading type;
        struct history history;
        arena_reset(&fuzz->arena);
        require(reader_type(fuzz->reader, fuzz->model.types[i].id, &fuzz->arena, &type, NULL) ==
                ERROR_NONE);
        require(reader_history(fuzz->reader, fuzz->model.types[i].id, fuzz->now, &fuzz->arena,
                               &history, NULL) == ERROR_NONE);
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

/* --- bytes to commands -------------------------------------------------------------- */

static struct uuid choose_type(struct fuzz *fuzz) {
    uint8_t number = next(fuzz) % 16;
    return number == 15 ? person(99) : fuzz->model.types[number % MODEL_TYPES].id;
}

static struct items choose_items(struct fuzz *fuzz, struct sent *sent, size_t most) {
    static const int32_t quantities[] = {1, 2, 3, 1, 4, 7, 20, INT32_MAX};
    struct items items = {sent->items, 1 + next(fuzz) % most};
    for (size_t i = 0; i < items.count; i++) {
        sent->items[i] = (struct item){choose_type(fuzz), CHOOSE(fuzz, quantities)};
    }
    return items;
}

static int32_t choose_seconds(struct fuzz *fuzz) {
    static const int32_t seconds[] = {900, 60, 1, 600, 7200, 0, 7201, 3600, -1};
    return CHOOSE(fuzz, seconds);
}

/* A thing, or a line of it; now and then one that never was. */
static struct target choose_target(struct fuzz *fuzz) {
    const struct model *model = &fuzz->model;
    uint8_t number = next(fuzz);
    uint8_t part = next(fuzz);
    if (model->things_count == 0 || number == 255) {
        return (struct target){person(98), part % 2 == 0};
    }
    /* The last ones are what most goes on with. */
    const struct model_thing *thing =
        &model->things[model->things_count - 1 - number % model->things_count];
    struct target target = {thing->id, thing->is_cart};
    if (part % 8 == 0) {
        target = (struct target){thing->lines[part / 8 % thing->lines_count].id, false};
    } else if (part % 8 == 1 && thing->removed_count > 0) {
        target = (struct target){thing->removed[0].id, false};
    }
    /* Of what this batch makes, the ids are not known yet. */
    return uuid_is_none(target.id) ? (struct target){person(98), target.is_cart} : target;
}

static struct text choose_reason(struct fuzz *fuzz) {
    static const char *const reasons[] = {"because", NULL, "ab", "because", "because"};
    return text_of(CHOOSE(fuzz, reasons));
}

static struct text choose_order(struct fuzz *fuzz) {
    static const char *const orders[] = {"A-1", "A-2", "A-1", "A-1"};
    return text_of(CHOOSE(fuzz, orders));
}

static enum channel choose_channel(struct fuzz *fuzz) {
    static const enum channel channels[] = {CHANNEL_ONLINE, CHANNEL_BOX_OFFICE, CHANNEL_COMP,
                                            CHANNEL_PARTNER};
    return CHOOSE(fuzz, channels);
}

static struct instant choose_instant(struct fuzz *fuzz) {
    static const int64_t seconds[] = {-3600, 0, 60, 900, 3600};
    uint8_t number = next(fuzz);
    return number % 4 == 0 ? INSTANT_NONE : instant_plus_seconds(fuzz->now, seconds[number % 5]);
}

static void choose_caller(struct fuzz *fuzz, struct caller *caller) {
    static const enum role roles[] = {ROLE_CHECKOUT, ROLE_CHECKOUT, ROLE_BOX_OFFICE,
                                      ROLE_EVENT_MANAGER, ROLE_ADMIN};
    uint8_t byte = next(fuzz);
    caller->role = roles[byte % 5];
    caller->actor = (struct actor){ACTOR_KEY, person(10 + (unsigned)caller->role)};
    caller->acting_for = person(byte / 5 % 4);
    if (byte / 20 % 5 == 4) {
        caller->events = &fuzz->model.events[byte / 100 % MODEL_EVENTS].id;
        caller->events_count = 1;
    }
}

static int64_t choose_version(struct fuzz *fuzz, int64_t version) {
    return version - (next(fuzz) % 8 == 0);
}

static void choose_settings(struct fuzz *fuzz, struct command *command) {
    static const int32_t limits[] = {0, 2, 4, 100};
    static const int64_t prices[] = {0, 2500, INT32_MAX, 1};
    struct type_command *type = &command->of.type;
    unsigned fields = next(fuzz);
    int index = next(fuzz) % MODEL_TYPES;
    command->kind = COMMAND_TYPE_CHANGE;
    *type = (struct type_command){
        .type = {.id = fuzz->model.types[index].id,
                 .price = CHOOSE(fuzz, prices),
                 .sales_start = choose_instant(fuzz),
                 .sales_end = choose_instant(fuzz),
                 .max_per_order = CHOOSE(fuzz, limits),
                 .max_per_customer = CHOOSE(fuzz, limits)},
        .fields = ((fields & 1) != 0 ? SETTING_PRICE : 0u) |
                  ((fields & 2) != 0 ? SETTING_SALES_START : 0u) |
                  ((fields & 4) != 0 ? SETTING_SALES_END : 0u) |
                  ((fields & 8) != 0 ? SETTING_MAX_PER_ORDER : 0u) |
                  ((fields & 16) != 0 ? SETTING_MAX_PER_CUSTOMER : 0u),
        .if_version = choose_version(fuzz, fuzz->model.types[index].version),
    };
}

static void choose_event_change(struct fuzz *fuzz, struct command *command) {
    int index = next(fuzz) % MODEL_EVENTS;
    command->kind = COMMAND_EVENT_CHANGE;
    command->of.event = (struct event_command){
        .event = {.id = fuzz->model.events[index].id, .published = next(fuzz) % 4 != 0},
        .fields = SETTING_PUBLISHED,
        .if_version = choose_version(fuzz, fuzz->model.events[index].version)};
}

static void choose_archive(struct fuzz *fuzz, struct command *command) {
    uint8_t byte = next(fuzz);
    bool is_event = byte % 4 == 0;
    command->kind = is_event ? COMMAND_EVENT_ARCHIVE : COMMAND_TYPE_ARCHIVE;
    command->of.archive.archive = byte / 4 % 3 == 0;
    command->of.archive.id =
        is_event ? fuzz->model.events[byte / 16 % MODEL_EVENTS].id : choose_type(fuzz);
}

static void choose_adjust(struct fuzz *fuzz, struct command *command) {
    static const int32_t quantities[] = {1, 5, 3, 0, INT32_MAX, 10};
    struct uuid id = choose_type(fuzz);
    int index = model_type_index(&fuzz->model, id);
    uint8_t byte = next(fuzz);
    command->kind = COMMAND_ADJUST;
    command->of.adjust = (struct adjust_command){
        .ticket_type_id = id,
        .action = byte % 2 == 0 ? ACTION_INCREASE : ACTION_DECREASE,
        .quantity = CHOOSE(fuzz, quantities),
        .reason = choose_reason(fuzz),
        .expected_total =
            byte % 4 < 2 || index < 0 ? -1 : fuzz->model.types[index].total - (byte == 7)};
}

static void choose_taking(struct fuzz *fuzz, struct sent *sent, enum command_kind kind) {
    struct command *command = &sent->submission.command;
    command->kind = kind;
    command->of.reserve = (struct reserve_command){.user_id = person(next(fuzz) % 4)};
    command->of.reserve.items = choose_items(fuzz, sent, kind == COMMAND_RESERVE ? 1 : 3);
    if (kind == COMMAND_CART_REPLACE) {
        command->of.reserve.cart_id = choose_target(fuzz).id;
    } else {
        command->of.reserve.seconds = choose_seconds(fuzz);
    }
}

static void choose_sale(struct fuzz *fuzz, struct sent *sent) {
    struct command *command = &sent->submission.command;
    command->kind = COMMAND_SELL;
    command->of.sell.items = choose_items(fuzz, sent, 3);
    command->of.sell.user_id = person(next(fuzz) % 4);
    command->of.sell.channel = choose_channel(fuzz);
    command->of.sell.reason = choose_reason(fuzz);
    command->of.sell.order_id = next(fuzz) % 2 == 0 ? choose_order(fuzz) : TEXT_NONE;
}

static void choose_ending(struct fuzz *fuzz, struct command *command, unsigned which) {
    struct target target = choose_target(fuzz);
    if (which == 0) {
        command->kind = COMMAND_COMPLETE;
        command->of.complete = (struct complete_command){.target = target,
                                                         .order_id = choose_order(fuzz),
                                                         .channel = choose_channel(fuzz),
                                                         .reason = choose_reason(fuzz),
                                                         .refuse_if_expired = next(fuzz) % 8 == 7};
    } else if (which == 1) {
        command->kind = COMMAND_RELEASE;
        command->of.release.target = target;
    } else if (which == 2) {
        command->kind = COMMAND_EXTEND;
        command->of.extend = (struct extend_command){target, choose_seconds(fuzz)};
    } else {
        static const int32_t quantities[] = {0, 1, 2, 5, -1};
        command->kind = COMMAND_REFUND;
        command->of.refund = (struct refund_command){
            .target = target,
            .quantity = CHOOSE(fuzz, quantities),
            .reason = choose_reason(fuzz),
            .disposition = next(fuzz) % 3 == 0 ? DISPOSITION_VOID : DISPOSITION_RETURN};
    }
}

static void choose_command(struct fuzz *fuzz, struct sent *sent) {
    struct command *command = &sent->submission.command;
    uint8_t kind = next(fuzz) % 20;
    choose_caller(fuzz, &command->caller);
    if (kind < 4) {
        choose_taking(fuzz, sent, COMMAND_RESERVE);
    } else if (kind < 6) {
        choose_taking(fuzz, sent, COMMAND_CART_CREATE);
    } else if (kind < 8) {
        choose_taking(fuzz, sent, COMMAND_CART_REPLACE);
    } else if (kind < 11) {
        choose_ending(fuzz, command, 0);
    } else if (kind < 15) {
        choose_ending(fuzz, command, kind - 11u);
    } else if (kind == 15) {
        choose_sale(fuzz, sent);
    } else if (kind == 16) {
        choose_adjust(fuzz, command);
    } else if (kind == 17) {
        choose_settings(fuzz, command);
    } else if (kind == 18) {
        choose_archive(fuzz, command);
    } else if (next(fuzz) % 2 == 0) {
        choose_event_change(fuzz, command);
    } else {
        command->kind = COMMAND_SWEEP;
        command->of.sweep = choose_type(fuzz);
    }
    if (command->caller.role == ROLE_CHECKOUT && command->kind == COMMAND_SELL) {
        command->caller.role = ROLE_BOX_OFFICE; /* the routes see to that */
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
    uint8_t byte = next(fuzz);
    if (byte % 4 == 1 && fuzz->last.key[0] != '\0') {
        copy_sent(sent, &fuzz->last);
    } else if (byte % 4 == 0 && command->kind != COMMAND_SWEEP) {
        snprintf(sent->key, sizeof sent->key, "k%u", byte / 8u);
        command->idempotency.principal = person(30);
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
    size_t most = 1 + next(fuzz) % BATCH_MAX;
    size_t count = 0;
    bool goes_on = true;
    while (goes_on && count < most && fuzz->commands < COMMANDS_MAX) {
        struct sent *sent = &fuzz->batch[count++];
        *sent = (struct sent){.key = ""};
        choose_command(fuzz, sent);
        choose_key(fuzz, sent);
        sent->expected = model_decide(&fuzz->model, &sent->submission.command, fuzz->now);
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
        if (model_status(thing, fuzz->now) == RESERVATION_ACTIVE &&
            (instant_is_none(first) || thing->expires.us < first.us)) {
            first = thing->expires;
        }
    }
    return first;
}

static void pass_time(struct fuzz *fuzz) {
    static const int64_t seconds[] = {0, 1, 30, 900, 3600, 43200};
    uint8_t byte = next(fuzz);
    struct instant expiry = next_expiry(fuzz);
    if (byte % 8 < 6) {
        fuzz->now =
            instant_plus_seconds(fuzz->now, byte < 250 ? seconds[byte % 4] : seconds[byte % 6]);
    } else if (!instant_is_none(expiry)) { /* to its very instant, or one microsecond before */
        struct instant to = {expiry.us - (byte % 8 == 7)};
        fuzz->now = instant_later(fuzz->now, to);
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
        *event = (struct model_event){.end = instant_plus_seconds(fuzz->now, i == 0 ? 86400 : 7200),
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
                                    .total = CHOOSE(fuzz, totals),
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
    fuzz->at = data;
    fuzz->end = data + size;
    fuzz->now = (struct instant){INT64_C(1795374000000000)};
    open_house(fuzz);
    while (fuzz->at < fuzz->end && fuzz->commands < COMMANDS_MAX) {
        choose_batch(fuzz);
        pass_time(fuzz);
    }
    hold_log(fuzz);
    close_house(fuzz);
    free(fuzz);
    return 0;
}
