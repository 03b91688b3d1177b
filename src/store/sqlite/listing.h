/* listing.h - one page of a list (paging.h), out of the rows of statements, in one snapshot.
 *
 * Texts are copied only for rows that are kept. */
#pragma once

#include "store/paging.h"
#include "store/sqlite/reader.h"

struct listing;

/* What a list is made of. Rows begin at `row`; read sets columns->fault as row.h says. */
struct listing_kind {
    const struct paged *paged;
    void (*read)(struct columns *columns, void *row);
    int (*complete)(struct listing *listing, void *row); /* NULL: nothing more to read */
};

struct listing {
    struct sqlite_reader *reader;
    const struct listing_kind *kind;
    struct arena *arena;
    struct paging paging;
    size_t examined;
    int64_t soft_deadline_us;
};

/* Begins the snapshot. RESULT_ARENA_SPENT where a page of rows does not fit. */
int listing_begin(struct listing *listing, struct sqlite_reader *reader,
                  const struct listing_kind *kind, const struct list_query *query,
                  struct arena *arena);

/* Where the statement's row stands. */
int listing_position(struct listing *listing, sqlite3_stmt *statement,
                     struct list_position *position);

/* Looks at the statement's row; *full: the page is. */
int listing_examine(struct listing *listing, sqlite3_stmt *statement, bool *full);

/* Examines each row of a statement that is bound and not yet stepped. */
int listing_examine_all(struct listing *listing, sqlite3_stmt *statement);

/* Ends the snapshot and gives the page. */
enum error listing_end(struct listing *listing, int result, struct page *page,
                       struct failure *failure);
