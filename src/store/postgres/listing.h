/* listing.h - one page of a list, out of one range of an index or several merged.
 *
 * Each stream is one range: a ticket type's entries, its sales, the rows of one
 * order. Streams are read in chunks, each a short snapshot of its own at the
 * time of the first one: what orders a merged list never changes, so that no row
 * is seen twice. What a filter can tell in SQL does not come over the wire; a
 * chunk then ends with the row looked at last, whether it belongs or not. */
#pragma once

#include "store/paging.h"
#include "store/postgres/reader.h"

struct listing;

/* What a list is made of: rows as row.h reads them. */
struct listing_kind {
    const struct paged *paged;
    int columns;
    void (*read)(struct cells *cells, void *row);
    bool (*is_one)(const struct cells *cells); /* NULL: each row that is given is one */
};

/* The parameters of a query, in this order behind those of its filter. The last ones are how many
 * rows are looked at in each stream and, of a filtered one, how many are given at most. */
enum source_part {
    SOURCE_ID = 1,     /* the stream's id */
    SOURCE_TEXT = 2,   /* or the listing's text */
    SOURCE_AT = 4,     /* rows beyond this place, not at it */
    SOURCE_ROW_ID = 8, /* its id */
    SOURCE_SEQ = 16,
    SOURCE_FILTERED = 32, /* behind the columns: how many were looked at when the row was given */
    SOURCE_MERGED = 64,   /* arrays with one element a stream; behind the columns its number */
};

enum { STREAMS_MAX = 64 }; /* that are read in one chunk */

struct stream {
    struct uuid id;
    struct list_position head; /* the next row, or a bound: rows are beyond it */
    bool located;              /* head.seq is known, too */
    bool exhausted;            /* nothing is left but the rows of the chunk */
    struct chunk *chunk;       /* or NULL: none is fetched */
    int row, end;              /* of the chunk's result: what is not yet looked at */
};

struct listing {
    struct postgres_reader *reader;
    const struct listing_kind *kind;
    struct arena *arena;
    struct paging paging;

    enum query query;
    unsigned parts;   /* of enum source_part */
    struct text text; /* of SOURCE_TEXT */
    /* Gives $1 and following; NULL: there are none. */
    void (*give_filter)(const struct listing *listing, struct parameters *parameters);
    /* Before streams are fetched: makes their heads exact, or says that they are exhausted. NULL:
     * they are as they should be. */
    enum error (*prepare)(struct listing *listing, struct stream *const *streams, size_t count,
                          struct failure *failure);
    struct instant oldest;      /* older rows end their stream; none: they do not */
    struct list_position start; /* where streams begin */

    struct stream *streams; /* a heap, the one with the newest head on top */
    size_t count;
    struct stream only; /* where there is but one */

    struct chunk *chunks;
    size_t reach; /* rows to look at in the next chunk */
    int64_t deadline_us;
};

/* ERROR_MEMORY where a page of rows does not fit. One stream without an id, at `start`. */
enum error listing_open(struct listing *listing, struct store_reader *reader,
                        const struct listing_kind *kind, const struct list_query *query,
                        struct arena *arena, struct failure *failure);

/* The query of the list, with one stream from `start` on. */
void listing_source(struct listing *listing, enum query query, unsigned parts, struct uuid id);

/* One stream for each ticket type that the filter asks for and reaches. */
enum error listing_add_types(struct listing *listing, struct failure *failure);

/* Asks at the time of the listing, which is that of its first question. */
enum error listing_ask(struct listing *listing, const struct reading *reading, void *context,
                       struct failure *failure);

/* Looks at rows until the page is full or there are no more. Closes the listing. */
enum error listing_run(struct listing *listing, struct page *page, struct failure *failure);

/* The events that the filter is about: none asked for gives an empty list. */
void listing_give_events(const struct list_filter *filter, struct parameters *parameters,
                         int parameter);
