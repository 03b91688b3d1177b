#include "same.h"

#include <stdio.h>

enum { HOUSES_MAX = 3 };

typedef enum error list_reader(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure);

static const struct list {
    const char *name;
    list_reader *read;
    size_t row_size;
    teller *how;
} lists[] = {
    [LIST_VENUES] = {"venues", reader_venues, sizeof(struct venue), tell_venue},
    [LIST_EVENTS] = {"events", reader_events, sizeof(struct event), tell_event},
    [LIST_TYPES] = {"types", reader_types, sizeof(struct type_reading), tell_type_reading},
    [LIST_RESERVATIONS] = {"reservations", reader_reservations, sizeof(struct reservation),
                           tell_reservation},
    [LIST_SALES] = {"sales", reader_sales, sizeof(struct reservation), tell_reservation},
    [LIST_SHIFTS] = {"shifts", reader_shifts, sizeof(struct shift_reading), tell_shift},
    [LIST_LOG] = {"audit log", reader_audit_log, sizeof(struct audit_entry), tell_entry},
};

/* --- one way through a list, in all houses at once ---------------------------------- */

struct walk {
    struct house *house;
    const struct list *list;
    struct list_query query;
    struct page page;
    size_t at;
    bool began;
    struct telling row;
};

/* Tells the next row; an empty text is the end. */
static void walk_on(struct walk *walk) {
    telling_clear(&walk->row);
    while (walk->at == walk->page.count) {
        if (walk->began && !walk->page.next.set) {
            return;
        }
        struct failure failure;
        walk->query.after = walk->began ? walk->page.next : walk->query.after;
        arena_reset(&walk->house->arena);
        if (walk->list->read(walk->house->reader, &walk->query, &walk->house->arena, &walk->page,
                             &failure) != ERROR_NONE) {
            tell(&walk->row, "%s: %s", walk->house->name, failure.sentence);
            return;
        }
        walk->began = true;
        walk->at = 0;
    }
    const char *rows = walk->page.rows;
    walk->list->how(&walk->row, rows + walk->at++ * walk->list->row_size);
    tell_instant(&walk->row, "as_of", walk->page.as_of);
}

static bool differ(struct reading *reading, const char *what, size_t other,
                   const struct telling *first, const struct telling *second) {
    int used = snprintf(reading->excerpt, reading->excerpt_size, "%s of %s and %s:\n", what,
                        reading->houses[0].name, reading->houses[other].name);
    return telling_differs(first, second, reading->excerpt + used,
                           reading->excerpt_size - (size_t)used);
}

bool same_list(struct reading *reading, enum list_kind kind, const struct list_query *query,
               uint64_t rows_max, visitor *visit, void *context) {
    const struct list *list = &lists[kind];
    struct walk walks[HOUSES_MAX] = {{.house = NULL}};
    bool same = true, ended = false;
    for (size_t i = 0; i < reading->count; i++) {
        walks[i] = (struct walk){.house = &reading->houses[i], .list = list, .query = *query};
    }
    for (uint64_t rows = 0; same && !ended && rows < rows_max; rows++) {
        for (size_t i = 0; same && i < reading->count; i++) {
            walk_on(&walks[i]);
            same = i == 0 || !differ(reading, list->name, i, &walks[0].row, &walks[i].row);
        }
        ended = walks[0].row.length == 0;
        reading->rows += !ended;
        if (same && !ended && visit != NULL) {
            const char *page = walks[0].page.rows;
            visit(context, page + (walks[0].at - 1) * list->row_size);
        }
    }
    for (size_t i = 0; i < reading->count; i++) {
        telling_finish(&walks[i].row);
    }
    return same;
}

struct list_query same_query(size_t limit) {
    return (struct list_query){.filter = {.after_seq = -1,
                                          .from = INSTANT_NONE,
                                          .to = INSTANT_NONE,
                                          .own_since = INSTANT_NONE,
                                          .include_archived = true},
                               .limit = limit};
}

bool same_answer(struct reading *reading, const char *name, asker *ask, const void *what) {
    struct telling tellings[HOUSES_MAX] = {{.bytes = NULL}};
    bool same = true;
    for (size_t i = 0; i < reading->count; i++) {
        struct house *house = &reading->houses[i];
        arena_reset(&house->arena);
        enum error error = ask(house, what, &tellings[i]);
        tell(&tellings[i], " error=%s", error_name(error));
        same = same && (i == 0 || !differ(reading, name, i, &tellings[0], &tellings[i]));
    }
    reading->rows++;
    for (size_t i = 0; i < reading->count; i++) {
        telling_finish(&tellings[i]);
    }
    return same;
}
