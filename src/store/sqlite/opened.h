/* opened.h - what writer and readers of one open SQLite store share. */
#pragma once

#include "store/reader.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/lock.h"
#include "store/store.h"

struct sqlite_store {
    struct store port;
    struct clock clock;
    char *path;
    bool read_only;
    bool has_writer;
    struct lock lock;             /* not held where read_only */
    struct connection connection; /* the only one that writes; the writer uses it */
};

enum error sqlite_open_writer(struct store *store, struct store_writer **writer,
                              struct failure *failure);
enum error sqlite_open_reader(struct store *store, struct store_reader **reader,
                              struct failure *failure);
