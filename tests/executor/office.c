#include "office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "store/reader.h"

static const int64_t second_us = 1000000;

static struct instant office_now(void *context) {
    struct office *office = context;
    return (struct instant){atomic_fetch_add(&office->now_us, atomic_load(&office->pace_us))};
}

static struct instant office_now_ahead(void *context) {
    const struct office *office = context;
    return (struct instant){office_now(context).us + office->ahead_us};
}

static void office_on_commit(void *context, const struct world *world) {
    struct office *office = context;
    size_t entries = 0;
    uint64_t expiries = 0;
    for (const struct world_entry *entry = world->entries; entry != NULL; entry = entry->next) {
        entries++;
        expiries += !instant_is_none(entry->row.effective_at);
    }
    pthread_mutex_lock(&office->lock);
    office->commits++;
    office->expiries += expiries;
    office->prunes += !instant_is_none(world->prune_before);
    if (entries > office->entries_most) {
        office->entries_most = entries;
    }
    office->lane_is_held = office->holds_lane;
    pthread_cond_broadcast(&office->moved);
    while (office->holds_lane) {
        pthread_cond_wait(&office->moved, &office->lock);
    }
    office->lane_is_held = false;
    pthread_mutex_unlock(&office->lock);
}

static void open_executor(struct office *office, const struct office_options *options) {
    office->ahead_us = options->ahead_seconds * second_us;
    struct executor_options executor = {.clock = {office_now_ahead, office},
                                        .lanes = options->lanes,
                                        .inbox_max = options->inbox_max,
                                        .batch_arena_bytes = options->batch_arena_bytes,
                                        .no_janitor = !options->with_janitor,
                                        .on_commit = office_on_commit,
                                        .context = office};
    enum error error = executor_open(office->store, &executor, &office->executor, NULL);
    require(error == ERROR_NONE);
}

static void open_store(struct office *office, bool on_disk) {
    struct store_options options = {.clock = {office_now, office}};
    char url[96] = "memory:";
    if (on_disk) {
        const char *folder = getenv("TMPDIR");
        snprintf(office->path, sizeof office->path, "%s/ticketd-office-XXXXXX",
                 folder == NULL ? "/tmp" : folder);
        require(mkdtemp(office->path) != NULL);
        snprintf(url, sizeof url, "sqlite:%s/tickets.db", office->path);
    }
    struct failure failure;
    enum error error = store_open(url, &options, &office->store, &failure);
    require(error == ERROR_NONE);
}

void office_open(struct office *office, const struct office_options *options) {
    *office = (struct office){.now_us = INT64_C(1767225600) * second_us}; /* 2026-01-01 */
    pthread_mutex_init(&office->lock, NULL);
    pthread_cond_init(&office->moved, NULL);
    arena_init(&office->arena, 64 << 20);
    open_store(office, options->on_disk);
    open_executor(office, options);
    office->event = office_add_event(office);
    office->type = office_add_type(office, office->event, options->tickets);
}

void office_reopen(struct office *office, const struct office_options *options) {
    executor_close(office->executor);
    open_executor(office, options);
}

static void remove_database(const char *folder) {
    static const char *const names[] = {"tickets.db", "tickets.db-wal", "tickets.db-shm",
                                        "tickets.db.lock", "tickets.db.sock"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

void office_close(struct office *office) {
    executor_close(office->executor);
    store_close(office->store);
    if (office->path[0] != '\0') {
        remove_database(office->path);
    }
    arena_finish(&office->arena);
    pthread_cond_destroy(&office->moved);
    pthread_mutex_destroy(&office->lock);
}

static struct caller staff(void) {
    return (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
}

static struct outcome call(struct office *office, const struct command *command) {
    struct outcome outcome;
    arena_reset(&office->arena);
    enum error error = executor_call(office->executor, command, &office->arena, &outcome);
    require(error == ERROR_NONE);
    return outcome;
}

struct uuid office_add_event(struct office *office) {
    struct command command = {
        .kind = COMMAND_EVENT_CREATE,
        .caller = staff(),
        .of.event.event = {.name = TEXT("An evening"),
                           .time_zone = TEXT("Europe/Vienna"),
                           .currency = {"EUR"},
                           .start_date = {atomic_load(&office->now_us) + 1000000000 * second_us},
                           .end_date = INSTANT_NONE,
                           .published = true}};
    struct outcome outcome = call(office, &command);
    require(outcome.verdict == VERDICT_GRANTED);
    return outcome.event->id;
}

struct uuid office_add_type(struct office *office, struct uuid event, int32_t tickets) {
    struct command command = {.kind = COMMAND_TYPE_CREATE,
                              .caller = staff(),
                              .of.type.type = {.event_id = event,
                                               .name = TEXT("Stalls"),
                                               .price = 2500,
                                               .initial = tickets,
                                               .sales_start = INSTANT_NONE,
                                               .sales_end = INSTANT_NONE}};
    struct outcome outcome = call(office, &command);
    require(outcome.verdict == VERDICT_GRANTED);
    return outcome.type->id;
}

struct uuid office_adopt_type(struct office *office, int32_t tickets, uint16_t lane,
                              int64_t audit_seq) {
    struct store_writer *writer;
    struct keys keys;
    struct world world;
    arena_reset(&office->arena);
    keys_init(&keys, &office->arena);
    world_init(&world, &office->arena);
    require(store_open_writer(office->store, &writer, NULL) == ERROR_NONE);
    require(keys_add(&keys, &(struct command){.kind = COMMAND_EVENT_CHANGE,
                                              .of.event.event.id = office->event}));
    keys_seal(&keys);
    require(store_load(writer, &keys, &world, NULL) == ERROR_NONE);
    struct ticket_type row = {
        .id = uuid_in_lane(uuid_block(world.now, 1), lane),
        .event_id = office->event,
        .name = TEXT("Adopted"),
        .initial = tickets,
        .counts.total = tickets,
        .sales_start = INSTANT_NONE,
        .sales_end = INSTANT_NONE,
        .settings_version = 1,
        .audit_seq = audit_seq,
        .last_entry_at = INSTANT_NONE,
        .created_at = world.now,
        .updated_at = world.now,
        .archived_at = INSTANT_NONE,
    };
    world_add_type(&world, &row)->state = ROW_NEW;
    require(store_persist(writer, &world, NULL) == ERROR_NONE);
    store_writer_close(writer);
    return row.id;
}

void office_pass_seconds(struct office *office, int64_t seconds) {
    atomic_fetch_add(&office->now_us, seconds * second_us);
}

static void forget(struct submission *submission, const struct outcome *outcome) {
    require(outcome->verdict == VERDICT_GRANTED);
    free(submission);
}

void office_hold_lane(struct office *office) {
    struct submission *bait = calloc(1, sizeof *bait);
    require(bait != NULL);
    bait->on_done = forget;
    bait->command = (struct command){.kind = COMMAND_VENUE_CREATE,
                                     .caller = staff(),
                                     .of.venue.venue = {.name = TEXT("The hall")}};
    pthread_mutex_lock(&office->lock);
    office->holds_lane = true;
    pthread_mutex_unlock(&office->lock);
    executor_submit_internal(office->executor, bait);
    pthread_mutex_lock(&office->lock);
    while (!office->lane_is_held) {
        pthread_cond_wait(&office->moved, &office->lock);
    }
    pthread_mutex_unlock(&office->lock);
}

void office_let_lane_go(struct office *office) {
    pthread_mutex_lock(&office->lock);
    office->holds_lane = false;
    pthread_cond_broadcast(&office->moved);
    pthread_mutex_unlock(&office->lock);
}

static void await(struct office *office, const uint64_t *number, uint64_t wanted) {
    pthread_mutex_lock(&office->lock);
    while (*number < wanted) {
        pthread_cond_wait(&office->moved, &office->lock);
    }
    pthread_mutex_unlock(&office->lock);
}

void office_await_expiries(struct office *office, uint64_t expiries) {
    await(office, &office->expiries, expiries);
}

void office_await_prunes(struct office *office, uint64_t prunes) {
    await(office, &office->prunes, prunes);
}

struct executor_statistics office_statistics(const struct office *office) {
    struct executor_statistics statistics;
    executor_statistics(office->executor, &statistics);
    return statistics;
}

void office_set_faults(struct office *office, struct memory_faults faults) {
    memory_store_set_faults(office->store, &faults);
}

struct counts office_counts(struct office *office, struct uuid id) {
    struct store_reader *reader;
    struct type_reading type;
    arena_reset(&office->arena);
    enum error error = store_open_reader(office->store, &reader, NULL);
    require(error == ERROR_NONE);
    error = reader_type(reader, id, &office->arena, &type, NULL);
    require(error == ERROR_NONE);
    store_reader_close(reader);
    return type.row.counts;
}

/* Keys are texts of eight bytes; they live as long as the program. */
static void set_key(struct command *command, uint64_t key) {
    static char texts[1 << 20][8];
    if (key == 0) {
        return;
    }
    require(key < sizeof texts / sizeof *texts);
    for (int i = 0; i < 8; i++) {
        texts[key][i] = (char)('a' + (key >> (4 * i) & 15));
    }
    command->idempotency.key = (struct text){texts[key], 8};
    command->idempotency.principal.bytes[0] = 1;
}

struct command office_reserve(struct uuid type, int32_t quantity, int32_t seconds, uint64_t key) {
    /* Items are read by the lane: each command needs its own, for as long as it is on its way. */
    static _Atomic size_t next;
    static struct item items[1 << 18];
    struct item *item = &items[atomic_fetch_add(&next, 1) % (sizeof items / sizeof *items)];
    *item = (struct item){type, quantity};
    struct command command = {.kind = COMMAND_RESERVE,
                              .caller = staff(),
                              .of.reserve = {.items = {item, 1}, .seconds = seconds}};
    set_key(&command, key);
    return command;
}

struct command office_complete(struct uuid reservation, const char *order_id, uint64_t key) {
    struct command command = {.kind = COMMAND_COMPLETE,
                              .caller = staff(),
                              .of.complete = {.target = {.id = reservation},
                                              .order_id = text_of(order_id),
                                              .channel = CHANNEL_ONLINE}};
    set_key(&command, key);
    return command;
}

struct command office_release(struct uuid reservation) {
    return (struct command){
        .kind = COMMAND_RELEASE, .caller = staff(), .of.release = {.target = {.id = reservation}}};
}

enum verdict office_do(struct office *office, const struct command *command, struct uuid *made) {
    struct outcome outcome = call(office, command);
    if (made != NULL && outcome.lines_count > 0) {
        *made = outcome.lines[0].id;
    }
    return outcome.verdict;
}
