#include "store/store.h"

#include <string.h>

#include "store/memory/memory_store.h"
#include "store/postgres/postgres_store.h"
#include "store/sqlite/sqlite_store.h"

/* What follows `prefix` in `url`; NULL where it is not there. */
static const char *after(const char *url, const char *prefix) {
    size_t length = strlen(prefix);
    return strncmp(url, prefix, length) == 0 ? url + length : NULL;
}

enum error store_open(const char *url, const struct store_options *options, struct store **store,
                      struct failure *failure) {
    static const struct store_options plain;
    if (options == NULL) {
        options = &plain;
    }
    if (strcmp(url, "memory:") == 0) {
        return memory_store_open(options, store, failure);
    }
    if (store_url_is_of_server(url)) {
        return postgres_store_open(url, options, store, failure);
    }
    const char *path = after(url, "sqlite:");
    if (path == NULL || *path == '\0') {
        char shown[STORE_URL_SHOWN_SIZE];
        return failure_set(
            failure, ERROR_INVALID,
            "\"%.100s\" names no database: write sqlite:FILE, postgres://… or memory:",
            store_url_shown(url, shown));
    }
    const char *absolute = after(path, "//");
    return sqlite_store_open(absolute != NULL && *absolute == '/' ? absolute : path, options, store,
                             failure);
}

void store_close(struct store *store) {
    if (store != NULL) {
        store->operations->close(store);
    }
}

enum error store_open_writer(struct store *store, struct store_writer **writer,
                             struct failure *failure) {
    return store->operations->open_writer(store, writer, failure);
}

void store_writer_close(struct store_writer *writer) {
    if (writer != NULL) {
        writer->operations->close(writer);
    }
}

enum error store_load(struct store_writer *writer, const struct keys *keys, struct world *world,
                      struct failure *failure) {
    return writer->operations->load(writer, keys, world, failure);
}

enum error store_persist(struct store_writer *writer, struct world *world,
                         struct failure *failure) {
    return writer->operations->persist(writer, world, failure);
}

void store_rollback(struct store_writer *writer) {
    writer->operations->rollback(writer);
}

enum error store_vouch(struct store_writer *writer, struct failure *failure) {
    if (writer->operations->vouch != NULL) {
        return writer->operations->vouch(writer, failure);
    }
    store_rollback(writer);
    return ERROR_NONE;
}

enum error store_settle(struct store_writer *writer, const struct witness *witness, bool *committed,
                        struct failure *failure) {
    return writer->operations->settle(writer, witness, committed, failure);
}

bool store_idle(struct store_writer *writer) {
    return writer->operations->idle(writer);
}
