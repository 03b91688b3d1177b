/* verifying.h - what the parts of verify share. Private to store/. */
#pragma once

#include "store/verify.h"

enum {
    VERIFY_PAGE_ROWS = 500,
    VERIFY_ENTRIES_MAX = 4 * VERIFY_PAGE_ROWS, /* of a page of reservations; most have two */
    VERIFY_TYPES_KNOWN = 1024,
    VERIFY_ARENA_BYTES = 16 << 20, /* a page of entries with the longest texts takes about 2 MiB */
};

/* Of a ticket type whose reservations are looked at. */
struct known_type {
    struct uuid id;
    struct instant adopted_at; /* or none */
};

struct verifying {
    struct known_type types[VERIFY_TYPES_KNOWN]; /* by a hash of the id */
    struct uuid last_cart;                       /* looked at */
    struct store_reader *reader;
    const struct verify_listener *listener;
    struct verify_report *report;
    struct failure *failure;
};

/* Tells of one difference; kind and ids are taken from `about`. */
void verify_tell(struct verifying *verifying, const struct verify_difference *about,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A row that cannot be read is a difference, told with the failure's sentence, and the reading goes
 * on elsewhere; every other error ends it. */
enum error verify_unreadable(struct verifying *verifying, const struct verify_difference *about,
                             enum error error);

void verify_progress(const struct verifying *verifying);

/* All of the list, nothing filtered. */
struct list_query verify_query(void);

typedef enum error verify_list(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure);
typedef enum error verify_page(struct verifying *verifying, const struct page *page,
                               struct arena *arena);

/* The same, page by page; the arena is for what a page needs beside it. */
enum error verify_pages(struct verifying *verifying, verify_list *list, verify_page *look_at);

/* verify_type.c */
enum error verify_types(struct verifying *verifying);

/* verify_line.c */
enum error verify_lines(struct verifying *verifying);

/* verify_shift.c */
enum error verify_shifts(struct verifying *verifying);
