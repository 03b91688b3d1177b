/* opened.h - the database as the whole process has it open. Private to store/postgres/. */
#pragma once

#include "store/postgres/address.h"
#include "store/postgres/migration.h"
#include "store/postgres/query.h"
#include "store/store.h"

struct postgres_store {
    struct store port;
    struct address address;
    struct queries queries;
    struct schema_facts facts;
    bool read_only;
    struct clock clock; /* now NULL: the database's own, which all servers share */
};

/* The given clock's time, or none: now.sql then asks the database's. */
static inline struct instant postgres_given_time(const struct postgres_store *store) {
    return store->clock.now == NULL ? INSTANT_NONE : clock_now(store->clock);
}

enum error postgres_open_writer(struct store *store, struct store_writer **writer,
                                struct failure *failure);
enum error postgres_open_reader(struct store *store, struct store_reader **reader,
                                struct failure *failure);
