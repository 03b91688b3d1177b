#include "trial.h"

#include <string.h>

#include "base/check.h"

enum {
    RECKONING_EVERY = 256, /* batches between two full comparisons */
    FLOOD_TICKETS = 6000,
    SMALL_ARENA_BYTES = 400 << 10, /* some batches do not fit, each command alone does */
};

static const int64_t second_us = 1000000;

/* --- what the lane is given instead of the world --- */

static struct instant trial_now(void *context) {
    return ((struct trial *)context)->wall;
}

static int64_t trial_monotonic_us(void *context) {
    return ((struct trial *)context)->monotonic_us;
}

/* In order, and unlike each other in the bits that are not counted up. */
static struct uuid trial_ids(void *context, uint32_t count) {
    struct trial *trial = context;
    (void)count; /* a block has 26 bits of its own */
    uint64_t block = ++trial->ids_made;
    uint64_t salt = block * UINT64_C(0x9e3779b97f4a7c15);
    struct uuid id = {.bytes = {[6] = 0x70, [8] = 0x80}};
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(block >> (8 * (5 - i)));
        id.bytes[10 + i] = (uint8_t)(salt >> (8 * i));
    }
    return id;
}

/* After a commit, before its replies: the log is followed. */
static void trial_on_commit(void *context, const struct world *world) {
    struct trial *trial = context;
    for (const struct world_type *each = world->types; each != NULL; each = each->next) {
        struct truth_type *type =
            each->state == ROW_LOADED ? NULL : truth_type(&trial->truth, each->row.id);
        if (type != NULL) {
            truth_follow(&trial->truth, type);
        }
    }
}

static void open_lane(struct trial *trial) {
    struct lane_options options = {
        .sources = {.ids = trial_ids, .monotonic_us = trial_monotonic_us, .context = trial},
        .on_commit = trial_on_commit,
        .context = trial};
    if (!trial->is_flood && random_chance(&trial->random, 150)) {
        options.batch_arena_bytes = SMALL_ARENA_BYTES;
    }
    enum error error = store_open_writer(trial->store, &options.writer, NULL);
    require(error == ERROR_NONE);
    lane_init(&trial->lane, &options);
    trial->free_attempts = NULL;
    for (size_t i = 0; i < ATTEMPTS; i++) {
        trial->attempts[i].next_free = trial->free_attempts;
        trial->free_attempts = &trial->attempts[i];
    }
    for (size_t i = 0; i < REQUESTS; i++) {
        trial->requests[i].in_flight = 0;
    }
}

static void close_lane(struct trial *trial) {
    struct executor_statistics statistics = {0};
    tally_add_up(&trial->lane.tally, &statistics);
    trial->counts.retries += statistics.retries;
    trial->counts.splits += statistics.splits;
    trial->counts.expiries += statistics.expiries;
    lane_finish(&trial->lane);
}

/* --- faults --- */

static struct memory_faults no_faults(const struct trial *trial) {
    return (struct memory_faults){.poison_user = trial->poison_user};
}

/* What goes wrong in the next run, and what may be said because of it. */
static enum trouble choose_fault(struct trial *trial, struct memory_faults *faults) {
    switch (random_below(&trial->random, 10)) {
    case 0:
        faults->load = ERROR_UNAVAILABLE;
        return TROUBLE_AWAY;
    case 1:
        faults->persist = random_chance(&trial->random, 500) ? ERROR_UNAVAILABLE : ERROR_FULL;
        return TROUBLE_AWAY;
    case 2: /* settled: it is there */
        faults->persist = ERROR_UNKNOWN;
        faults->persist_applies = true;
        return TROUBLE_UNKNOWN; /* a batch of settings alone cannot be settled */
    case 3:                     /* settled: it is not, so it runs again */
        faults->persist = ERROR_UNKNOWN;
        return TROUBLE_UNKNOWN;
    case 4:
    case 5: /* not to be settled */
        faults->persist = ERROR_UNKNOWN;
        faults->persist_applies = random_chance(&trial->random, 500);
        faults->settles_unknown = 1;
        return TROUBLE_UNKNOWN;
    case 6:
        faults->persist = ERROR_RETRY;
        return TROUBLE_NONE;
    case 7:
        faults->persist = ERROR_TWIN;
        return TROUBLE_NONE;
    case 8:
        faults->persist = ERROR_REJECTED;
        return TROUBLE_REJECTED;
    default: /* the process dies before or after the commit */
        faults->persist = ERROR_UNKNOWN;
        faults->persist_applies = random_chance(&trial->random, 500);
        faults->settles_unknown = 1;
        return TROUBLE_CRASH;
    }
}

static void set_faults(struct trial *trial) {
    struct memory_faults faults = no_faults(trial);
    trial->trouble = TROUBLE_NONE;
    if (random_chance(&trial->random, trial->faults_per_mille)) {
        trial->trouble = choose_fault(trial, &faults);
        trial->counts.faults++;
    }
    memory_store_set_faults(trial->store, &faults);
}

static void change_poison(struct trial *trial) {
    if (trial->faults_per_mille == 0 || !random_chance(&trial->random, 10)) {
        return;
    }
    bool ends = !uuid_is_none(trial->poison_user);
    trial->poison_user = ends ? UUID_NONE : trial_ids(trial, 1);
}

static void move_clocks(struct trial *trial) {
    struct random *random = &trial->random;
    /* Quarters of a second: deadlines, whole seconds later, are often hit to the microsecond. */
    int64_t step = random_below(random, 4) * second_us / 4;
    trial->monotonic_us += step;
    trial->wall.us += step;
    if (random_chance(random, 5)) { /* the wall clock jumps */
        int64_t reach = random_chance(random, 800) ? 10 : 7200;
        trial->wall.us += (random_between(random, 0, 2 * (int32_t)reach) - reach) * second_us;
        trial->counts.jumps++;
    }
}

/* --- one run of the lane --- */

/* Extensions write no entry: after a commit of which nobody was told, the promised ends are read
 * again. */
static void reread_deadlines(struct trial *trial) {
    for (size_t i = 0; i < trial->truth.types_count; i++) {
        struct truth_reservation *each = trial->truth.types[i].reservations;
        for (; each != NULL; each = each->next_of_type) {
            struct reservation row;
            struct instant as_of;
            if (each->active > 0 &&
                reader_reservation(trial->reader, each->id, &trial->truth.scratch, &row, &as_of,
                                   NULL) == ERROR_NONE) {
                each->expires_at = row.expires_at;
            }
        }
    }
}

static void check_batch(struct trial *trial) {
    for (size_t i = 0; i < trial->truth.types_count && !trial->finding.found; i++) {
        size_t untold = truth_follow(&trial->truth, &trial->truth.types[i]);
        if (untold > 0 && !trial->commits_are_unknown) {
            finding_report(&trial->finding, "%zu entries were committed without a word", untold);
        }
    }
    if (trial->commits_are_unknown) {
        reread_deadlines(trial);
    }
    truth_end_batch(&trial->truth, trial->wall, !trial->commits_are_unknown);
    if (++trial->counts.batches % RECKONING_EVERY == 0) {
        truth_compare(&trial->truth);
    }
}

static void crash(struct trial *trial) {
    trial->counts.crashes++;
    close_lane(trial);
    open_lane(trial);
}

/* False: nothing is waiting. */
static bool run_once(struct trial *trial) {
    set_faults(trial);
    trial->commits_are_unknown = false;
    bool ran = lane_run_once(&trial->lane);
    check_batch(trial);
    if (trial->trouble == TROUBLE_CRASH && trial->commits_are_unknown) {
        crash(trial);
    }
    trial->trouble = TROUBLE_NONE;
    return ran;
}

static void drain(struct trial *trial) {
    while (!trial->finding.found && run_once(trial)) {
    }
}

static void submit_some(struct trial *trial) {
    uint32_t count =
        1 + random_below(&trial->random, random_chance(&trial->random, 100) ? 200 : 40);
    for (uint32_t i = 0; i < count; i++) {
        struct request *request = shop_next(trial);
        if (request == NULL) {
            continue;
        }
        shop_submit(trial, request);
        bool keyed = !text_is_absent(request->command.idempotency.key);
        if (keyed && random_chance(&trial->random, 40)) {
            shop_submit(trial, request); /* a twin, likely in the same batch */
        }
    }
}

/* --- the beginning --- */

static void keep_made_id(struct submission *submission, const struct outcome *outcome) {
    require(outcome->verdict == VERDICT_GRANTED);
    struct uuid *id = submission->owner;
    *id = outcome->type != NULL ? outcome->type->id : outcome->event->id;
}

static void make(struct trial *trial, const struct command *command, struct uuid *id) {
    struct submission submission = {.command = *command, .on_done = keep_made_id, .owner = id};
    submission.command.caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    require(lane_submit(&trial->lane, &submission, false) == INBOX_TAKEN);
    require(lane_run_once(&trial->lane));
}

static void make_event(struct trial *trial, size_t i) {
    static const struct currency currencies[EVENTS] = {{"EUR"}, {"USD"}};
    make(trial,
         &(struct command){
             .kind = COMMAND_EVENT_CREATE,
             .of.event.event = {.name = TEXT("An evening"),
                                .time_zone = TEXT("Europe/Vienna"),
                                .currency = currencies[i],
                                .start_date = instant_plus_seconds(trial->wall, 4000000000),
                                .end_date = INSTANT_NONE,
                                .published = true}},
         &trial->events[i]);
}

static void make_type(struct trial *trial, size_t i) {
    bool floods = trial->is_flood && i == 0;
    int32_t limit =
        floods || random_chance(&trial->random, 700) ? 0 : random_between(&trial->random, 2, 9);
    make(trial,
         &(struct command){.kind = COMMAND_TYPE_CREATE,
                           .of.type.type = {.event_id = trial->events[i % EVENTS],
                                            .name = TEXT("Stalls"),
                                            .price = 2500 + 100 * (int64_t)i,
                                            .initial = floods
                                                           ? FLOOD_TICKETS
                                                           : random_between(&trial->random, 5, 400),
                                            .sales_start = INSTANT_NONE,
                                            .sales_end = INSTANT_NONE,
                                            .max_per_customer = limit}},
         &trial->types[i]);
    truth_add_type(&trial->truth, trial->types[i], limit);
}

static void begin(struct trial *trial, uint64_t seed) {
    memset(trial, 0, sizeof *trial);
    trial->random.state = seed * UINT64_C(0xd1342543de82ef95) + 1;
    trial->wall.us = INT64_C(1767225600) * second_us; /* 2026-01-01 */
    trial->monotonic_us = second_us;
    trial->trace = UINT64_C(14695981039346656037);
    trial->is_flood = seed % 64 == 7;
    /* Every eighth: the hash costs as much as all the other checks. */
    trial->verify_hashes = seed % 8 == 3;
    static const uint32_t faults[] = {0, 5, 20, 100};
    trial->faults_per_mille = faults[random_below(&trial->random, 4)];

    arena_init(&trial->arena, SIZE_MAX);
    struct store_options options = {.clock = {trial_now, trial}};
    enum error error = memory_store_open(&options, &trial->store, NULL);
    require(error == ERROR_NONE);
    error = store_open_reader(trial->store, &trial->reader, NULL);
    require(error == ERROR_NONE);
    truth_init(&trial->truth, &trial->arena, &trial->finding);
    trial->truth.reader = trial->reader;
    trial->truth.verify_hashes = trial->verify_hashes;
    open_lane(trial);
    for (size_t i = 0; i < USERS; i++) {
        trial->users[i] = trial_ids(trial, 1);
    }
    for (size_t i = 0; i < EVENTS; i++) {
        make_event(trial, i);
    }
    for (size_t i = 0; i < TYPES; i++) {
        make_type(trial, i);
    }
    truth_end_batch(&trial->truth, trial->wall, true);
}

static void end(struct trial *trial) {
    trial->counts.entries = trial->truth.entries;
    trial->trace ^= trial->truth.trace;
    close_lane(trial);
    truth_finish(&trial->truth);
    store_reader_close(trial->reader);
    store_close(trial->store);
    arena_finish(&trial->arena);
}

/* An opening minute: thousands of reservations that end in one instant, and buyers who wait. */
static void flood(struct trial *trial) {
    for (int i = 0; i < FLOOD_TICKETS - 100; i++) {
        struct request *request = shop_reserve(trial, 0, 1, 30);
        if (request != NULL) {
            shop_submit(trial, request);
        }
        if (i % 1024 == 1023) {
            drain(trial);
        }
    }
    drain(trial);
    trial->wall.us += 30 * second_us;
    trial->monotonic_us += 30 * second_us;
}

bool trial_run(struct trial *trial, uint64_t seed, uint64_t operations) {
    begin(trial, seed);
    if (trial->is_flood) {
        flood(trial);
    }
    while (!trial->finding.found && trial->counts.operations < operations) {
        move_clocks(trial);
        change_poison(trial);
        submit_some(trial);
        if (random_chance(&trial->random, 900)) {
            drain(trial);
        } else {
            run_once(trial); /* the rest waits, and others come behind it */
        }
        if (!trial->finding.found && trial->faults_per_mille > 0 &&
            random_chance(&trial->random, 2)) {
            crash(trial); /* between two batches, with what was waiting */
        }
    }
    drain(trial);
    truth_compare(&trial->truth);
    end(trial);
    return !trial->finding.found;
}
