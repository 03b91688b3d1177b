#include "bench.h"

#include <stdio.h>
#include <unistd.h>

#include "support/migrated.h"

static const char *chosen = "memory";
static struct migrated migrated; /* of PostgreSQL: each test has a copy */

bool bench_choose(const char *kind) {
    struct failure failure;
    chosen = kind;
    if (strcmp(kind, "postgres") == 0 && migrated_open(&migrated, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return false;
    }
    return true;
}

void bench_leave(void) {
    migrated_close(&migrated);
}

bool bench_is_durable(void) {
    return strcmp(chosen, "memory") != 0;
}

bool bench_is_shared(void) {
    return strcmp(chosen, "postgres") == 0;
}

const char *bench_maintenance_url(void) {
    return migrated.maintenance;
}

struct instant bench_clock(void *context) {
    return ((struct bench *)context)->now;
}

static void open_store(struct bench *bench) {
    const struct store_options options = {.clock = {bench_clock, bench}};
    if (bench->store == NULL) {
        enum error error = store_open(bench->url, &options, &bench->store, &bench->failure);
        assert_string_equal(error == ERROR_NONE ? "" : bench->failure.sentence, "");
    }
    assert_int_equal(store_open_writer(bench->store, &bench->writer, &bench->failure), ERROR_NONE);
    assert_int_equal(store_open_reader(bench->store, &bench->reader, &bench->failure), ERROR_NONE);
}

static void make_place(struct bench *bench) {
    if (strcmp(chosen, "sqlite") == 0) {
        snprintf(bench->folder, sizeof bench->folder, "/tmp/ticketd-contract-XXXXXX");
        assert_non_null(mkdtemp(bench->folder));
        snprintf(bench->url, sizeof bench->url, "sqlite:%s/t.db", bench->folder);
    } else if (bench_is_shared()) {
        enum error error = migrated_database(&migrated, bench->url, &bench->failure);
        assert_string_equal(error == ERROR_NONE ? "" : bench->failure.sentence, "");
    } else {
        snprintf(bench->url, sizeof bench->url, "memory:");
    }
}

int bench_open(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    assert_true(instant_parse(TEXT("2026-11-22T19:00:00Z"), &bench->now));
    arena_init(&bench->arena, 256 << 20);
    arena_init(&bench->read_arena, 256 << 20);
    make_place(bench);
    open_store(bench);
    *state = bench;
    return 0;
}

static void close_ends(struct bench *bench) {
    store_reader_close(bench->reader);
    store_writer_close(bench->writer);
    bench->reader = NULL;
    bench->writer = NULL;
}

static void remove_place(struct bench *bench) {
    static const char *const names[] = {"t.db", "t.db-wal", "t.db-shm", "t.db.lock"};
    char path[128];
    for (size_t i = 0; bench->folder[0] != '\0' && i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, names[i]);
        unlink(path);
    }
    if (bench->folder[0] != '\0') {
        rmdir(bench->folder);
    } else if (bench_is_shared()) {
        assert_int_equal(database_drop(migrated.maintenance, bench->url, &bench->failure),
                         ERROR_NONE);
    }
}

void bench_shut(struct bench *bench) {
    close_ends(bench);
    store_close(bench->store);
    bench->store = NULL;
}

int bench_close(void **state) {
    struct bench *bench = *state;
    bench_shut(bench);
    remove_place(bench);
    arena_finish(&bench->arena);
    arena_finish(&bench->read_arena);
    free(bench);
    return 0;
}

void bench_reopen(struct bench *bench) {
    if (bench_is_durable()) {
        bench_shut(bench);
    } else {
        close_ends(bench);
    }
    open_store(bench);
}

void bench_begin(struct bench *bench) {
    arena_reset(&bench->arena);
    keys_init(&bench->keys, &bench->arena);
    world_init(&bench->world, &bench->arena);
}

void bench_load(struct bench *bench) {
    enum error error = store_load(bench->writer, &bench->keys, &bench->world, &bench->failure);
    assert_string_equal(error == ERROR_NONE ? "" : bench->failure.sentence, "");
}

enum error bench_persist(struct bench *bench) {
    return store_persist(bench->writer, &bench->world, &bench->failure);
}

void bench_keys(struct bench *bench, struct id_set *set, const struct uuid *ids, size_t count) {
    set->list = arena_array(&bench->arena, struct uuid, count);
    assert_non_null(set->list);
    memcpy(set->list, ids, count * sizeof *ids);
    set->count = count;
}

void bench_key(struct bench *bench, struct id_set *set, struct uuid id) {
    bench_keys(bench, set, &id, 1);
}

struct uuid bench_id(unsigned char kind, unsigned number) {
    struct uuid id = {{0x01, 0x9a, 0, 0, 0, 0, 0x70, 0, 0x80, 0}};
    id.bytes[8] = (unsigned char)(0x80 | (number >> 24));
    id.bytes[9] = (unsigned char)(number >> 16);
    id.bytes[10] = (unsigned char)(number >> 8);
    id.bytes[11] = (unsigned char)number;
    id.bytes[15] = kind;
    return id;
}

struct venue bench_venue(struct bench *bench, unsigned number) {
    return (struct venue){
        .id = bench_id('v', number),
        .name = TEXT("Old Mill"),
        .created_at = bench->now,
        .updated_at = bench->now,
        .archived_at = INSTANT_NONE,
        .version = 1,
    };
}

struct event bench_event(struct bench *bench, unsigned number) {
    return (struct event){
        .id = bench_id('e', number),
        .name = TEXT("Winter Gala"),
        .time_zone = TEXT("Europe/Berlin"),
        .currency = {"EUR"},
        .start_date = instant_plus_seconds(bench->now, 7200),
        .end_date = INSTANT_NONE,
        .created_at = bench->now,
        .updated_at = bench->now,
        .archived_at = INSTANT_NONE,
        .version = 1,
    };
}

struct ticket_type bench_type(struct bench *bench, struct uuid event_id, unsigned number) {
    return (struct ticket_type){
        .id = bench_id('t', number),
        .event_id = event_id,
        .name = TEXT("Balcony"),
        .price = 2500,
        .initial = 100,
        .counts = {100, 0, 0},
        .sales_start = INSTANT_NONE,
        .sales_end = INSTANT_NONE,
        .settings_version = 1,
        .last_entry_at = INSTANT_NONE,
        .created_at = bench->now,
        .updated_at = bench->now,
        .archived_at = INSTANT_NONE,
    };
}

struct reservation bench_reservation(struct bench *bench, struct uuid event_id, struct uuid type_id,
                                     unsigned number) {
    return (struct reservation){
        .id = bench_id('r', number),
        .event_id = event_id,
        .ticket_type_id = type_id,
        .quantity = 2,
        .status = RESERVATION_ACTIVE,
        .unit_price = 2500,
        .currency = {"EUR"},
        .expires_at = instant_plus_seconds(bench->now, 900),
        .created_at = bench->now,
        .updated_at = bench->now,
        .completed_at = INSTANT_NONE,
    };
}

struct audit_entry bench_entry(const struct ticket_type *type, unsigned number) {
    struct audit_entry entry = {
        .id = bench_id('a', number),
        .event_id = type->event_id,
        .ticket_type_id = type->id,
        .seq = type->audit_seq + 1,
        .action = ACTION_INCREASE,
        .quantity = 1,
        .previous = type->counts,
        .now = type->counts,
        .created_at = type->updated_at,
        .effective_at = INSTANT_NONE,
        .actor = ACTOR_NONE,
    };
    entry.chain_hash.bytes[0] = (uint8_t)number;
    return entry;
}

void bench_add_venue(struct bench *bench, const struct venue *row) {
    world_add_venue(&bench->world, row)->state = ROW_NEW;
}

void bench_add_event(struct bench *bench, const struct event *row) {
    world_add_event(&bench->world, row)->state = ROW_NEW;
}

void bench_add_type(struct bench *bench, const struct ticket_type *row) {
    world_add_type(&bench->world, row)->state = ROW_NEW;
}

void bench_add_reservation(struct bench *bench, const struct reservation *row) {
    world_add_reservation(&bench->world, row)->state = ROW_NEW;
}

void bench_add_cart(struct bench *bench, const struct cart *row) {
    world_add_cart(&bench->world, row)->state = ROW_NEW;
}

void bench_add_entry(struct bench *bench, const struct audit_entry *row) {
    struct world_entry *entry = arena_new(&bench->arena, struct world_entry);
    assert_non_null(entry);
    entry->row = *row;
    *bench->world.entries_end = entry;
    bench->world.entries_end = &entry->next;
}

void bench_add_api_key(struct bench *bench, const struct api_key *row) {
    world_add_api_key(&bench->world, row)->state = ROW_NEW;
}

void bench_add_idempotency(struct bench *bench, struct uuid principal, struct text key,
                           const char *outcome) {
    uint8_t fingerprint[FINGERPRINT_SIZE];
    memset(fingerprint, (int)key.length, sizeof fingerprint);
    world_add_idempotency(&bench->world, principal, key, fingerprint, text_of(outcome))->state =
        ROW_NEW;
}

struct uuid bench_shop(struct bench *bench) {
    bench_begin(bench);
    bench_load(bench);
    struct event event = bench_event(bench, 1);
    struct ticket_type type = bench_type(bench, event.id, 1);
    bench_add_event(bench, &event);
    bench_add_type(bench, &type);
    bench_commit(bench);
    return type.id;
}

struct list_query bench_query(void) {
    return (struct list_query){
        .filter = {.after_seq = -1,
                   .from = INSTANT_NONE,
                   .to = INSTANT_NONE,
                   .own_since = INSTANT_NONE,
                   .include_archived = true},
        .limit = 50,
    };
}
