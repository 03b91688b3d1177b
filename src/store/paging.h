/* paging.h - which of the rows that a store finds make up one page? The same for every store.
 *
 * Rows are looked at one by one, in the order of the list; those that belong
 * are kept. A page that has been searched for long ends early: whoever asks for
 * the next one goes on from there, and no snapshot stays open. */
#pragma once

#include "store/reader.h"

/* What a list is made of: rows of `size` bytes. */
struct paged {
    size_t size;
    bool (*takes)(const struct list_filter *filter, const void *row, struct instant now);
    struct list_position (*position)(const void *row);
};

extern const struct paged paged_venues, paged_events, paged_types, paged_reservations, paged_sales,
    paged_entries;

/* Room for one row of any of them. */
union any_row {
    struct venue venue;
    struct event event;
    struct type_reading type;
    struct reservation reservation;
    struct audit_entry entry;
};

struct paging {
    const struct paged *paged;
    const struct list_query *query;
    struct instant now;
    char *rows;
    size_t count;
    bool is_full;               /* and there is another row */
    struct list_position ended; /* early, behind this place; not set: not so */
};

/* False: a page of rows does not fit into the arena. */
bool paging_begin(struct paging *paging, const struct paged *paged, const struct list_query *query,
                  struct arena *arena);

/* Does the row belong, and is there room for it? Where it does and there is none, the page is full.
 */
bool paging_takes(struct paging *paging, const void *row);

/* Where the next row is to be kept. */
void *paging_keep(struct paging *paging);

struct page paging_page(const struct paging *paging);

/* A filter that takes every row that is not archived. */
#define PAGING_ALL                                                                                 \
    ((struct list_filter){                                                                         \
        .from = INSTANT_NONE, .to = INSTANT_NONE, .own_since = INSTANT_NONE, .after_seq = -1})

/* In ascending order: by time, then id, then seq. */
int position_compare(const struct list_position *a, const struct list_position *b);

/* Above every row. */
#define POSITION_TOP                                                                               \
    ((struct list_position){                                                                       \
        .at = {INT64_MAX},                                                                         \
        .id = {{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},  \
        .seq = INT64_MAX})

/* Of a list from newest to oldest: rows at or above it are not asked for. */
struct list_position paging_top(const struct list_query *query);

/* The oldest time that the filter can take. */
struct instant paging_oldest(const struct list_filter *filter);
