/* list.h - a page of rows, as JSON or as CSV: the same for every list. */
#pragma once

#include "routes/query.h"
#include "routes/wire/rows.h"

/* INSTANT_NONE where C wants a constant: in rows that are samples. */
#define NO_INSTANT                                                                                 \
    { INT64_MIN }

struct list_request;

typedef enum error list_reader(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure);

/* What a list is of. */
struct list {
    unsigned parameters; /* filters; limit, cursor and format are there always */
    list_reader *read;
    size_t row_size;
    void (*row)(struct fields *fields, const void *row, const struct list_request *request);
    const void *sample; /* any sound row, for the names of the columns */
    /* Asked on the reader's thread before the first page; false: it has answered. May be NULL. */
    bool (*admit)(struct list_request *request, struct store_reader *reader);
};

/* A list on its way. */
struct list_request {
    struct call *call;
    const struct list *list;
    struct list_query query;
    struct query parameters;
    bool all_counts;      /* ticket types: the caller sees more than what is available */
    struct instant as_of; /* of the page that is being written */
};

/* Answers the list. `narrow` (may be NULL) adds to the filter what the route itself says. */
struct answered list_answer(struct call *call, const struct list *list,
                            void (*narrow)(struct list_request *request));

static inline const void *list_row(const struct list *list, const struct page *page, size_t index) {
    return (const char *)page->rows + index * list->row_size;
}

/* The Accept header names CSV, and not JSON as well. */
bool list_wants_csv(const struct call *call);
