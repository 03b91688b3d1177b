#include "store/sqlite/listing.h"

#include <string.h>

enum {
    SEARCH_US = 400000, /* then the page ends early; a snapshot may live for a second */
    LOOK_AT_CLOCK_EVERY = 256,
};

int listing_begin(struct listing *listing, struct sqlite_reader *reader,
                  const struct listing_kind *kind, const struct list_query *query,
                  struct arena *arena) {
    *listing = (struct listing){
        .reader = reader,
        .kind = kind,
        .arena = arena,
        .soft_deadline_us = monotonic_us() + SEARCH_US,
    };
    bool has_room = paging_begin(&listing->paging, kind->paged, query, arena);
    int result = reader_begin(reader, &listing->paging.now);
    return result == SQLITE_OK && !has_room ? RESULT_ARENA_SPENT : result;
}

int listing_position(struct listing *listing, sqlite3_stmt *statement,
                     struct list_position *position) {
    union any_row row;
    struct columns columns = {.statement = statement}; /* no arena: texts are not copied */
    listing->kind->read(&columns, &row);
    *position = listing->kind->paged->position(&row);
    return reader_judge(listing->reader, &columns);
}

static int keep(struct listing *listing, sqlite3_stmt *statement) {
    void *row = paging_keep(&listing->paging);
    struct columns columns = {.statement = statement, .arena = listing->arena};
    listing->kind->read(&columns, row);
    int result = reader_judge(listing->reader, &columns);
    if (result == SQLITE_OK && listing->kind->complete != NULL) {
        result = listing->kind->complete(listing, row);
    }
    return result;
}

int listing_examine(struct listing *listing, sqlite3_stmt *statement, bool *full) {
    union any_row row;
    struct columns columns = {.statement = statement};
    listing->kind->read(&columns, &row);
    int result = reader_judge(listing->reader, &columns);
    if (result != SQLITE_OK) {
        return result;
    }
    if (paging_takes(&listing->paging, &row)) {
        result = keep(listing, statement);
    }
    listing->examined++;
    if (!listing->paging.is_full && listing->examined % LOOK_AT_CLOCK_EVERY == 0 &&
        monotonic_us() > listing->soft_deadline_us) {
        listing->paging.ended = listing->kind->paged->position(&row);
    }
    *full = listing->paging.is_full || listing->paging.ended.set;
    return result;
}

int listing_examine_all(struct listing *listing, sqlite3_stmt *statement) {
    bool row;
    bool full = false;
    int result = statement_step(statement, &row);
    while (result == SQLITE_OK && row && !full) {
        result = listing_examine(listing, statement, &full);
        if (result == SQLITE_OK && !full) {
            result = statement_step(statement, &row);
        }
    }
    return result;
}

enum error listing_end(struct listing *listing, int result, struct page *page,
                       struct failure *failure) {
    enum error error = reader_end(listing->reader, result, failure);
    if (error == ERROR_NONE) {
        *page = paging_page(&listing->paging);
    }
    return error;
}
