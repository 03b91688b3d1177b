/* reader.h - the port's other half: what is there, as of one short snapshot.
 *
 * Every function reads at `reader_now()` taken inside its snapshot: what is past
 * its time reads as expired and no longer counts as reserved, swept or not (R3).
 * Rows and texts are put into the arena. A reader belongs to one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/instant.h"
#include "domain/access.h"
#include "domain/api_key.h"
#include "domain/audit_entry.h"
#include "domain/event.h"
#include "domain/reservation.h"
#include "domain/shift.h"
#include "domain/staff.h"
#include "domain/ticket_type.h"
#include "store/figures.h"
#include "store/store.h"

/* A ticket type as it reads at `as_of`: row.counts without what has expired by then. */
struct type_reading {
    struct ticket_type row;
    struct instant as_of;
    struct instant next_expiry_at; /* when the counts change by themselves, or none */
    bool event_is_public;          /* published and not archived */
    struct currency currency;      /* the event's */
    int64_t event_version;
};

/* By which it is seen, cheaply and for many types at once, that something has changed: each of the
 * numbers only grows. What expires by itself moves none of them until it is swept. */
struct type_head {
    struct uuid id;
    int64_t audit_seq, settings_version, event_version;
    bool event_is_public;
};

enum list_when { WHEN_ALL, WHEN_UPCOMING, WHEN_PAST };
enum list_shifts { SHIFTS_ALL, SHIFTS_OPEN, SHIFTS_CLOSED };

/* What a list holds. None, absent, 0: not asked. */
struct list_filter {
    struct uuid event_id, venue_id, ticket_type_id, reservation_id, cart_id, user_id;
    struct text order_id, tender, q; /* q: part of a text, letters of either case */
    struct actor actor;              /* kind 0: not asked */
    enum action action;
    enum reservation_status status; /* as it reads now */
    enum channel channel;
    struct instant from, to; /* from <= at < to; of what the list is ordered by */
    int64_t after_seq;       /* with ticket_type_id; -1: not asked */
    enum list_when when;
    enum list_shifts shifts;
    struct uuid shift_id;
    bool public_only; /* published and not archived */
    bool include_archived;
    const struct uuid *events; /* only these events; count 0: all */
    size_t events_count;
    struct uuid own_actor; /* only what this actor did since own_since */
    struct instant own_since;
};

/* Where a page begins: after the row with this order key. `set` false: at the start. */
struct list_position {
    bool set;
    struct instant at;
    struct uuid id;
    int64_t seq;
};

struct list_query {
    struct list_filter filter;
    struct list_position after;
    size_t limit; /* rows, at least 1 */
};

/* `next` is set when there is more. `rows` is an array of the type that the function names. */
struct page {
    void *rows;
    size_t count;
    struct list_position next;
    struct instant as_of;
};

/* Counts at an instant (R11). */
struct history {
    bool known;                /* false: the type did not exist by then, or had not been adopted */
    struct instant adopted_at; /* set where it is not known for the latter reason; else none */
    struct counts counts;
    int64_t seq;               /* of the last entry created by then; 0 for none */
    int64_t expired_unwritten; /* quantity taken off reserved: expiries written later, effective by
                                  then */
};

/* What verify compares in one snapshot: the row, and what its reservations say. */
struct type_sums {
    struct ticket_type row;
    int64_t active_quantity; /* stored status, expired or not */
    int64_t sold_quantity;   /* completed less refunded */
    int64_t active_count;
};

/* What verify compares of a shift in one snapshot: what it has counted, and what the log's entries
 * that name it add up to, by tender, in any order. */
struct shift_sums {
    struct shift_total kept[SHIFT_TENDERS_MAX], logged[SHIFT_TENDERS_MAX];
    size_t kept_count, logged_count;
};

/* For the stores: adds to the total of its tender, in either list. */
void shift_sums_add(struct shift_sums *sums, bool is_logged, const struct shift_total *amount);

/* What a report reads of one ticket type: from <= at < to. */
struct figures_span {
    struct uuid ticket_type_id;
    struct instant from, to;
};

struct store_reader_operations {
    void (*close)(struct store_reader *reader);
    enum error (*venue)(struct store_reader *, struct uuid, struct arena *, struct venue *,
                        struct failure *);
    enum error (*venues)(struct store_reader *, const struct list_query *, struct arena *,
                         struct page *, struct failure *);
    enum error (*event)(struct store_reader *, struct uuid, struct arena *, struct event *,
                        struct failure *);
    enum error (*events)(struct store_reader *, const struct list_query *, struct arena *,
                         struct page *, struct failure *);
    enum error (*type)(struct store_reader *, struct uuid, struct arena *, struct type_reading *,
                       struct failure *);
    enum error (*types)(struct store_reader *, const struct list_query *, struct arena *,
                        struct page *, struct failure *);
    enum error (*inventory)(struct store_reader *, struct uuid, struct arena *, struct event *,
                            struct page *, struct failure *);
    enum error (*reservation)(struct store_reader *, struct uuid, struct arena *,
                              struct reservation *, struct instant *, struct failure *);
    enum error (*cart)(struct store_reader *, struct uuid, struct arena *, struct cart *,
                       struct page *, struct failure *);
    enum error (*reservations)(struct store_reader *, const struct list_query *, struct arena *,
                               struct page *, struct failure *);
    enum error (*sales)(struct store_reader *, const struct list_query *, struct arena *,
                        struct page *, struct failure *);
    enum error (*audit_log)(struct store_reader *, const struct list_query *, struct arena *,
                            struct page *, struct failure *);
    enum error (*history)(struct store_reader *, struct uuid, struct instant, struct arena *,
                          struct history *, struct failure *);
    enum error (*histories)(struct store_reader *, struct uuid, const struct instant *, size_t,
                            struct arena *, struct history *, struct failure *); /* or NULL */
    enum error (*entries)(struct store_reader *, struct uuid, int64_t, size_t, struct arena *,
                          struct page *, struct failure *);
    enum error (*entries_of)(struct store_reader *, const struct uuid *, size_t, size_t,
                             struct arena *, struct page *, struct failure *); /* or NULL */
    enum error (*sums)(struct store_reader *, struct uuid, struct arena *, struct type_sums *,
                       struct failure *);
    enum error (*shifts)(struct store_reader *, const struct list_query *, struct arena *,
                         struct page *, struct failure *);
    enum error (*shift_sums)(struct store_reader *, struct uuid, struct arena *,
                             struct shift_sums *, struct failure *);
    enum error (*api_keys)(struct store_reader *, struct arena *, struct page *, struct failure *);
    enum error (*staff)(struct store_reader *, struct arena *, struct page *, struct failure *);
    enum error (*sessions)(struct store_reader *, struct arena *, struct page *, struct failure *);
    enum error (*due_types)(struct store_reader *, struct uuid, size_t, struct arena *,
                            struct page *, struct failure *);
    enum error (*type_heads)(struct store_reader *, const struct uuid *, size_t, struct arena *,
                             struct page *, struct failure *);
    enum error (*sold)(struct store_reader *, const struct figures_span *, struct arena *,
                       struct figures *, struct instant *, struct failure *);
    enum error (*adjusted)(struct store_reader *, const struct figures_span *, struct arena *,
                           struct figures *, struct instant *, struct failure *);
};

struct store_reader {
    const struct store_reader_operations *operations;
};

MUST_USE enum error store_open_reader(struct store *store, struct store_reader **reader,
                                      struct failure *failure);
void store_reader_close(struct store_reader *reader);

/* One row; ERROR_NOT_FOUND where there is none. */
MUST_USE enum error reader_venue(struct store_reader *reader, struct uuid id, struct arena *arena,
                                 struct venue *venue, struct failure *failure);
MUST_USE enum error reader_event(struct store_reader *reader, struct uuid id, struct arena *arena,
                                 struct event *event, struct failure *failure);
MUST_USE enum error reader_type(struct store_reader *reader, struct uuid id, struct arena *arena,
                                struct type_reading *type, struct failure *failure);
/* The event, and all its types (struct type_reading, archived ones too) in creation order. */
MUST_USE enum error reader_inventory(struct store_reader *reader, struct uuid event_id,
                                     struct arena *arena, struct event *event, struct page *types,
                                     struct failure *failure);
/* As stored; status_at(…, *as_of) tells how it reads. */
MUST_USE enum error reader_reservation(struct store_reader *reader, struct uuid id,
                                       struct arena *arena, struct reservation *reservation,
                                       struct instant *as_of, struct failure *failure);
/* The cart as stored and its lines (struct reservation) in order of their ids. */
MUST_USE enum error reader_cart(struct store_reader *reader, struct uuid id, struct arena *arena,
                                struct cart *cart, struct page *lines, struct failure *failure);

/* Pages. Venues (struct venue) by name, then id; events (struct event) by start_date then id,
 * upcoming and all ascending, past descending; types (struct type_reading) by id; reservations
 * (struct reservation) by id, newest first; sales (struct reservation) by completed_at then id,
 * newest first; the log (struct audit_entry) by created_at, then ticket type and seq, newest first.
 */
MUST_USE enum error reader_venues(struct store_reader *reader, const struct list_query *query,
                                  struct arena *arena, struct page *page, struct failure *failure);
MUST_USE enum error reader_events(struct store_reader *reader, const struct list_query *query,
                                  struct arena *arena, struct page *page, struct failure *failure);
MUST_USE enum error reader_types(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure);
MUST_USE enum error reader_reservations(struct store_reader *reader, const struct list_query *query,
                                        struct arena *arena, struct page *page,
                                        struct failure *failure);
MUST_USE enum error reader_sales(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure);
MUST_USE enum error reader_audit_log(struct store_reader *reader, const struct list_query *query,
                                     struct arena *arena, struct page *page,
                                     struct failure *failure);

/* Shifts (struct shift_reading), newest first by id; from and to select by opened_at, own_actor by
 * the operator alone. */
MUST_USE enum error reader_shifts(struct store_reader *reader, const struct list_query *query,
                                  struct arena *arena, struct page *page, struct failure *failure);
MUST_USE enum error reader_shift(struct store_reader *reader, struct uuid id, struct arena *arena,
                                 struct shift_reading *shift, struct failure *failure);
/* The one that this operator has open. */
MUST_USE enum error reader_open_shift(struct store_reader *reader, struct uuid operator_id,
                                      struct arena *arena, struct shift_reading *shift,
                                      struct failure *failure);

MUST_USE enum error reader_shift_sums(struct store_reader *reader, struct uuid shift_id,
                                      struct arena *arena, struct shift_sums *sums,
                                      struct failure *failure);

/* The counts of a type at an instant. */
MUST_USE enum error reader_history(struct store_reader *reader, struct uuid ticket_type_id,
                                   struct instant at, struct arena *arena, struct history *history,
                                   struct failure *failure);
/* At each of several instants, each exact by itself: with fewer trips where a question costs one.
 */
MUST_USE enum error reader_histories(struct store_reader *reader, struct uuid ticket_type_id,
                                     const struct instant *ats, size_t count, struct arena *arena,
                                     struct history *histories, struct failure *failure);
/* Entries (struct audit_entry) of a type with seq > after_seq, ascending. */
MUST_USE enum error reader_entries(struct store_reader *reader, struct uuid ticket_type_id,
                                   int64_t after_seq, size_t limit, struct arena *arena,
                                   struct page *page, struct failure *failure);
/* Entries (struct audit_entry) of these reservations, in the order of `ids`, newest first of each.
 * page->next.set: not all of them; where a question costs no trip, and it is no gain to ask many at
 * once, none. */
MUST_USE enum error reader_entries_of(struct store_reader *reader, const struct uuid *ids,
                                      size_t count, size_t limit, struct arena *arena,
                                      struct page *page, struct failure *failure);
MUST_USE enum error reader_sums(struct store_reader *reader, struct uuid ticket_type_id,
                                struct arena *arena, struct type_sums *sums,
                                struct failure *failure);
/* All keys (struct api_key), revoked ones too, newest first. One that cannot be read is left out.
 */
MUST_USE enum error reader_api_keys(struct store_reader *reader, struct arena *arena,
                                    struct page *page, struct failure *failure);
/* All members of staff (struct staff), disabled ones too, newest first. Who cannot be read is left
 * out. */
MUST_USE enum error reader_staff(struct store_reader *reader, struct arena *arena,
                                 struct page *page, struct failure *failure);
/* Sessions (struct staff_session) begun in the last SESSIONS_LISTED_SECONDS, ended ones too, in any
 * order: every one that can be alive is among them. */
enum { SESSIONS_LISTED_SECONDS = SESSION_SECONDS_MAX + 24 * 3600 };
MUST_USE enum error reader_sessions(struct store_reader *reader, struct arena *arena,
                                    struct page *page, struct failure *failure);
/* Ids (struct uuid) of types above `after` with an expired reservation that is not swept. */
MUST_USE enum error reader_due_types(struct store_reader *reader, struct uuid after, size_t limit,
                                     struct arena *arena, struct page *page,
                                     struct failure *failure);
/* Heads (struct type_head) of those of `ids` that exist, in any order; `ids` are distinct. */
MUST_USE enum error reader_type_heads(struct store_reader *reader, const struct uuid *ids,
                                      size_t count, struct arena *arena, struct page *page,
                                      struct failure *failure);

/* Adds what was sold in the span, by completed_at; and what the log has in it of refunds, with the
 * prices at which they were sold, increases and decreases, by created_at. All before *reached has
 * been added: a long span takes several calls, each a short snapshot. The arena is for the read
 * alone. After a failure the figures are of no use. */
MUST_USE enum error reader_sold(struct store_reader *reader, const struct figures_span *span,
                                struct arena *arena, struct figures *figures,
                                struct instant *reached, struct failure *failure);
MUST_USE enum error reader_adjusted(struct store_reader *reader, const struct figures_span *span,
                                    struct arena *arena, struct figures *figures,
                                    struct instant *reached, struct failure *failure);
