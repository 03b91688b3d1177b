/* reader.h - a reading connection and its short snapshots. Private to store/postgres/.
 *
 * A snapshot is one trip: it is begun, asked and ended without waiting in
 * between, so that none stays open over a wait, and one that was lost with its
 * connection is simply taken once more. */
#pragma once

#include "store/postgres/opened.h"
#include "store/postgres/row.h"
#include "store/postgres/session.h"
#include "store/reader.h"

struct postgres_reader {
    struct store_reader port;
    struct postgres_store *store;
    struct session session;
};

static inline struct postgres_reader *postgres_reader(struct store_reader *reader) {
    return (struct postgres_reader *)reader;
}

struct snapshot {
    struct session *session;
    struct arena *arena; /* where what is read is put */
    struct instant now;  /* none beforehand: the clock's */
    int limit_ms;        /* of each statement; 0: the second that a snapshot may live */

    bool missing, spent; /* there is no such row; the arena is spent */
    const char *fault;   /* of a row that cannot be read */
};

/* What is asked in a snapshot, and how the answers are taken: all of it may happen twice. */
struct reading {
    void (*send)(struct session *session, const void *context);
    void (*take)(struct snapshot *snapshot, void *context);
};

/* Takes the snapshot, then its time: all that it holds was written before `now`. */
enum error postgres_read(struct postgres_reader *reader, const struct reading *reading,
                         struct snapshot *snapshot, void *context, struct failure *failure);

/* The rows of the next statement, none where the trip has failed. */
struct cells snapshot_take(struct snapshot *snapshot, enum query query, int *rows);

/* Moves to a row and forgets what was wrong with the last one. */
struct cells *snapshot_row(struct cells *cells, int row);

/* True: the row that `cells` read is good. Else the snapshot knows why it is of no use. */
bool snapshot_judge(struct snapshot *snapshot, const struct cells *cells);

/* The columns of type_reading_part.sql. */
enum { TYPE_READING_COLUMNS = TYPE_COLUMNS + 7 };
struct type_reading row_type_reading(struct cells *cells);

/* lists.c */
enum error postgres_read_inventory(struct store_reader *reader, struct uuid event_id,
                                   struct arena *arena, struct event *event, struct page *types,
                                   struct failure *failure);
enum error postgres_list_venues(struct store_reader *reader, const struct list_query *query,
                                struct arena *arena, struct page *page, struct failure *failure);
enum error postgres_list_events(struct store_reader *reader, const struct list_query *query,
                                struct arena *arena, struct page *page, struct failure *failure);
enum error postgres_list_types(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure);
enum error postgres_list_api_keys(struct store_reader *reader, struct arena *arena,
                                  struct page *page, struct failure *failure);
enum error postgres_list_due_types(struct store_reader *reader, struct uuid after, size_t limit,
                                   struct arena *arena, struct page *page, struct failure *failure);
enum error postgres_list_type_heads(struct store_reader *reader, const struct uuid *ids,
                                    size_t count, struct arena *arena, struct page *page,
                                    struct failure *failure);

/* lines.c */
enum error postgres_list_reservations(struct store_reader *reader, const struct list_query *query,
                                      struct arena *arena, struct page *page,
                                      struct failure *failure);
enum error postgres_list_sales(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure);

/* log.c */
enum error postgres_list_audit_log(struct store_reader *reader, const struct list_query *query,
                                   struct arena *arena, struct page *page, struct failure *failure);
enum error postgres_read_entries_of(struct store_reader *reader, const struct uuid *ids,
                                    size_t count, size_t limit, struct arena *arena,
                                    struct page *page, struct failure *failure);
enum error postgres_read_entries(struct store_reader *reader, struct uuid ticket_type_id,
                                 int64_t after_seq, size_t limit, struct arena *arena,
                                 struct page *page, struct failure *failure);

/* history.c */
enum error postgres_read_history(struct store_reader *reader, struct uuid ticket_type_id,
                                 struct instant at, struct arena *arena, struct history *history,
                                 struct failure *failure);
enum error postgres_read_histories(struct store_reader *reader, struct uuid ticket_type_id,
                                   const struct instant *ats, size_t count, struct arena *arena,
                                   struct history *histories, struct failure *failure);
enum error postgres_read_sums(struct store_reader *reader, struct uuid ticket_type_id,
                              struct arena *arena, struct type_sums *sums, struct failure *failure);

/* figures.c */
enum error postgres_read_sold(struct store_reader *reader, const struct figures_span *span,
                              struct arena *arena, struct figures *figures, struct instant *reached,
                              struct failure *failure);
enum error postgres_read_adjusted(struct store_reader *reader, const struct figures_span *span,
                                  struct arena *arena, struct figures *figures,
                                  struct instant *reached, struct failure *failure);

/* shifts.c */
enum error postgres_list_shifts(struct store_reader *reader, const struct list_query *query,
                                struct arena *arena, struct page *page, struct failure *failure);
enum error postgres_read_shift_sums(struct store_reader *reader, struct uuid shift_id,
                                    struct arena *arena, struct shift_sums *sums,
                                    struct failure *failure);
