/* same.h - do all houses read the same, row by row?
 *
 * For the files of reading.h. Pages may end where each store likes: what is
 * compared is the list. Each comparison puts into reading->excerpt where two
 * of the houses part, and returns false. */
#pragma once

#include "reading.h"

enum { LIST_LIMIT_MAX = 500 };

enum list_kind {
    LIST_VENUES,
    LIST_EVENTS,
    LIST_TYPES,
    LIST_RESERVATIONS,
    LIST_SALES,
    LIST_LOG,
    LIST_SHIFTS
};

/* A list of everything. */
struct list_query same_query(size_t limit);

/* What is done with each row of the first house. */
typedef void visitor(void *context, const void *row);

/* `rows_max` of a list; `visit` may be NULL. */
bool same_list(struct reading *reading, enum list_kind kind, const struct list_query *query,
               uint64_t rows_max, visitor *visit, void *context);

/* Tells what one house has of the thing; its failure is told, too. */
typedef enum error asker(struct house *house, const void *what, struct telling *telling);
bool same_answer(struct reading *reading, const char *name, asker *ask, const void *what);

struct moment {
    struct uuid type;
    struct instant at;
};

/* thing.c: what there is to be asked for. `what` is an id, in ask_history a moment, in the last
 * three nothing. ask_verify fails where verify finds a difference. */
asker ask_reservation, ask_cart, ask_event, ask_sums, ask_entries, ask_history, ask_api_keys,
    ask_due_types, ask_verify;
