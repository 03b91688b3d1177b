/* bench.h - a store on the test bench: opened fresh for each test, with a clock that stands.
 *
 * The suite is one program; its argument, `memory`, `sqlite` or `postgres`, says
 * which store it holds to its word. Batches are written row by row, without decisions, so
 * that a test can write what no decision would. */
#pragma once

#include "domain/limits.h"
#include "store/reader.h"
#include "store/store.h"
#include "support/unit.h"

enum { BENCH_URL_SIZE = 256 };

struct bench {
    char folder[64]; /* of a store in a file; else empty */
    char url[BENCH_URL_SIZE];
    struct instant now; /* the clock's */
    struct store *store;
    struct store_writer *writer;
    struct store_reader *reader;
    struct arena arena;      /* of the batch */
    struct arena read_arena; /* of what was read, until the test ends */
    struct keys keys;
    struct world world;
    struct failure failure;
};

/* Before main runs a test: which store. False, with a sentence on stderr: it cannot be had. */
bool bench_choose(const char *kind);
void bench_leave(void); /* after the last test */

/* What it holds outlives it: it is not in memory. */
bool bench_is_durable(void);
bool bench_is_shared(void);              /* others may write to it meanwhile */
const char *bench_maintenance_url(void); /* of the cluster, where it is PostgreSQL */

/* cmocka's setup and teardown: *state is a struct bench. */
int bench_open(void **state);
int bench_close(void **state);

/* The clock that stands; `context` is the bench. */
struct instant bench_clock(void *context);

/* Closes the store for good: the test goes on beside it. */
void bench_shut(struct bench *bench);

/* Closes the store and opens it again: what is there was written. Memory keeps its store. */
void bench_reopen(struct bench *bench);

/* A batch: keys may be set between begin and load. */
void bench_begin(struct bench *bench);
void bench_load(struct bench *bench);
enum error bench_persist(struct bench *bench);
#define bench_commit(bench) assert_int_equal(bench_persist(bench), ERROR_NONE)

/* Set one key for the load; more than one: bench_keys. */
void bench_key(struct bench *bench, struct id_set *set, struct uuid id);
void bench_keys(struct bench *bench, struct id_set *set, const struct uuid *ids, size_t count);

/* The same id for the same number, ascending; kinds never meet. */
struct uuid bench_id(unsigned char kind, unsigned number);

/* Rows with nothing optional in them. */
struct venue bench_venue(struct bench *bench, unsigned number);
struct event bench_event(struct bench *bench, unsigned number);
struct ticket_type bench_type(struct bench *bench, struct uuid event_id, unsigned number);
struct reservation bench_reservation(struct bench *bench, struct uuid event_id, struct uuid type_id,
                                     unsigned number);
struct audit_entry bench_entry(const struct ticket_type *type, unsigned number);

/* Into the world, as new. */
void bench_add_venue(struct bench *bench, const struct venue *row);
void bench_add_event(struct bench *bench, const struct event *row);
void bench_add_type(struct bench *bench, const struct ticket_type *row);
void bench_add_reservation(struct bench *bench, const struct reservation *row);
void bench_add_cart(struct bench *bench, const struct cart *row);
void bench_add_entry(struct bench *bench, const struct audit_entry *row);
void bench_add_api_key(struct bench *bench, const struct api_key *row);
void bench_add_idempotency(struct bench *bench, struct uuid principal, struct text key,
                           const char *outcome);

/* Event 1 with type 1 of 100 tickets and no entry yet, committed. */
struct uuid bench_shop(struct bench *bench);

/* A list of everything, 50 rows a page. */
struct list_query bench_query(void);
