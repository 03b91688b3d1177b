/* walk.h - rows from newest to oldest, out of one range of an index or several merged.
 *
 * Each stream is one range: a ticket type's entries, its sales, the rows of one
 * order. Within a stream rows come in order; the walk always goes on in the
 * stream whose next row is the newest. So a list of an event, or of everything,
 * needs no index but the one of each type. */
#pragma once

#include "store/sqlite/listing.h"

/* Rows of a stream are at or below `head` in the order of the list. */
struct stream {
    struct uuid id; /* first parameter of the statement */
    struct list_position head;
    bool located; /* head is where the range begins, not only a bound */
};

/* The statement takes: 1 the stream's id (or `text`), 2 to 4 the position at which to begin (at,
 * id, seq); it gives rows at or below it, newest first. */
struct walk {
    enum statement statement;
    struct text text; /* instead of ids, where it is not absent */
    struct stream *streams;
    size_t count;
    bool of_log;                /* entries: none is newer than its type's last_entry_at */
    struct list_position after; /* rows at or above it have been given before */
    struct instant from;        /* older rows are not asked for; none: all are */
    int64_t after_seq;          /* nor are those up to this seq; -1: all are */
    /* Turns the bound of a stream into the place where it begins; NULL: they are the same. */
    int (*locate)(struct sqlite_reader *reader, struct stream *stream);
    void (*bind_more)(const struct listing *listing, sqlite3_stmt *statement); /* or NULL */
};

/* Examines rows until the page is full or there are no more. */
int walk_run(struct walk *walk, struct listing *listing);

/* A walk with one stream for each ticket type that the filter asks for and reaches. Streams begin
 * at `bound`, those of a log where it ends if that is earlier. */
int walk_types(struct walk *walk, struct listing *listing, struct list_position bound);

/* A walk with one stream, in `stream`. */
void walk_one(struct walk *walk, struct stream *stream, struct uuid id, struct list_position bound);
