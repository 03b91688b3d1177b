/* verify.h - do the log, the counts, the reservations and the carts say the same?
 *
 * Replays the audit log of every ticket type from its opening entry, checks each
 * step and each hash, and compares where it ends with the row and with what the
 * reservations add up to; then holds each reservation against its own entries
 * and each cart against its lines, and each shift against the entries that name
 * it. Every comparison is of one short snapshot, or
 * is made again when a server changed the row in between: it may run beside one.
 * Memory does not grow with the store. */
#pragma once

#include "store/reader.h"

enum difference_kind {
    DIFFERENCE_UNREADABLE,  /* a row holds what no ticketd wrote */
    DIFFERENCE_OPENING,     /* R11: the first entry is not the increase to the initial inventory */
    DIFFERENCE_ENTRY,       /* an entry does not follow from the one before */
    DIFFERENCE_LOG_END,     /* the log ends before, or goes on after, what the row remembers */
    DIFFERENCE_COUNTS,      /* a count of the row is not what the log leads to */
    DIFFERENCE_HEAD,        /* nor is the hash or the time of the last entry */
    DIFFERENCE_SUMS,        /* a count is not what the reservations add up to */
    DIFFERENCE_RESERVATION, /* a reservation is not what its entries made of it */
    DIFFERENCE_LOST,        /* the log knows a reservation that is not there */
    DIFFERENCE_CART,        /* a cart and its lines are not in one state */
    DIFFERENCE_SHIFT,       /* R17: a shift has not counted what its entries add up to */
};

struct verify_difference {
    enum difference_kind kind;
    struct uuid event_id, ticket_type_id, reservation_id, cart_id, shift_id; /* or none */
    int64_t seq; /* of an entry; 0: none */
    char sentence[256];
};

struct verify_report {
    int64_t types, entries, reservations, carts, shifts; /* looked at */
    int64_t differences;
};

struct verify_listener {
    void (*on_difference)(void *context, const struct verify_difference *difference);
    void (*on_progress)(void *context, const struct verify_report *so_far); /* or NULL */
    void *context;
};

/* *report counts what was looked at, also where an error of the store ends it early. */
MUST_USE enum error verify_run(struct store_reader *reader, const struct verify_listener *listener,
                               struct verify_report *report, struct failure *failure);

/* "entry", "counts", …: for logs and machines. */
const char *difference_kind_name(enum difference_kind kind);
