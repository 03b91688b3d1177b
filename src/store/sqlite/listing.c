#include "store/sqlite/listing.h"

#include <string.h>

enum {
    SEARCH_US = 400000, /* then the page ends early; a snapshot may live for a second */
    LOOK_AT_CLOCK_EVERY = 256,
};

/* Room for one row of any kind. */
union any_row {
    struct venue venue;
    struct event event;
    struct type_reading type;
    struct reservation reservation;
    struct audit_entry entry;
};

int listing_begin(struct listing *listing, struct sqlite_reader *reader,
                  const struct listing_kind *kind, const struct list_query *query,
                  struct arena *arena) {
    *listing = (struct listing){
        .reader = reader,
        .kind = kind,
        .query = query,
        .arena = arena,
        .rows = arena_take_array(arena, query->limit, kind->size),
        .soft_deadline_us = monotonic_us() + SEARCH_US,
    };
    int result = reader_begin(reader, &listing->now);
    return result == SQLITE_OK && listing->rows == NULL ? RESULT_ARENA_SPENT : result;
}

int listing_position(struct listing *listing, sqlite3_stmt *statement,
                     struct list_position *position) {
    union any_row row;
    struct columns columns = {.statement = statement}; /* no arena: texts are not copied */
    listing->kind->read(&columns, &row);
    *position = listing->kind->position(&row);
    return reader_judge(listing->reader, &columns);
}

static int keep(struct listing *listing, sqlite3_stmt *statement) {
    void *row = listing->rows + listing->count * listing->kind->size;
    struct columns columns = {.statement = statement, .arena = listing->arena};
    listing->kind->read(&columns, row);
    int result = reader_judge(listing->reader, &columns);
    if (result == SQLITE_OK && listing->kind->complete != NULL) {
        result = listing->kind->complete(listing, row);
    }
    listing->count++;
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
    if (listing->kind->takes(listing, &row)) {
        if (listing->count == listing->query->limit) {
            listing->more = true;
            *full = true;
            return SQLITE_OK;
        }
        result = keep(listing, statement);
    }
    listing->seen = listing->kind->position(&row);
    listing->seen.set = true;
    listing->examined++;
    if (listing->examined % LOOK_AT_CLOCK_EVERY == 0 &&
        monotonic_us() > listing->soft_deadline_us) {
        listing->late = true;
        *full = true;
    }
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
    if (error != ERROR_NONE) {
        return error;
    }
    *page = (struct page){.rows = listing->rows, .count = listing->count, .as_of = listing->now};
    if (listing->late) {
        page->next = listing->seen;
    } else if (listing->more) {
        page->next =
            listing->kind->position(listing->rows + (listing->count - 1) * listing->kind->size);
        page->next.set = true;
    }
    return ERROR_NONE;
}
