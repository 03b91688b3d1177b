/* reader.h - a reading connection and its short snapshots. Private to store/sqlite/. */
#pragma once

#include "store/sqlite/column.h"
#include "store/sqlite/opened.h"
#include "store/sqlite/row.h"

struct sqlite_reader {
    struct store_reader port;
    struct sqlite_store *store;
    struct connection connection;
    const char *fault; /* of the row that ended the read with RESULT_ROW_FAULT */
};

static inline struct sqlite_reader *sqlite_reader(struct store_reader *reader) {
    return (struct sqlite_reader *)reader;
}

/* Takes the snapshot, then the time: all that the snapshot holds was written before `now`. */
int reader_begin(struct sqlite_reader *reader, struct instant *now);

/* Lets go of the snapshot and says how the read went. Statements have been reset before. */
enum error reader_end(struct sqlite_reader *reader, int result, struct failure *failure);

/* A statement whose first parameter is an id, at its first row: RESULT_NOT_FOUND for none. */
int reader_find(struct sqlite_reader *reader, enum statement name, const struct uuid *id,
                sqlite3_stmt **statement);

/* SQLITE_OK, or why the row that `columns` read is of no use. */
int reader_judge(struct sqlite_reader *reader, const struct columns *columns);

/* The row of type_reading.sql and its kind, without and then with what has expired by `now`. */
struct type_reading read_type_reading(struct columns *columns);
int reader_type_counts(struct sqlite_reader *reader, struct type_reading *reading,
                       struct instant now);

/* lists.c */
enum error sqlite_read_inventory(struct store_reader *reader, struct uuid event_id,
                                 struct arena *arena, struct event *event, struct page *types,
                                 struct failure *failure);
enum error sqlite_list_venues(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure);
enum error sqlite_list_events(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure);
enum error sqlite_list_types(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure);
enum error sqlite_list_api_keys(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure);
enum error sqlite_list_due_types(struct store_reader *reader, struct uuid after, size_t limit,
                                 struct arena *arena, struct page *page, struct failure *failure);

/* lines.c */
enum error sqlite_list_reservations(struct store_reader *reader, const struct list_query *query,
                                    struct arena *arena, struct page *page,
                                    struct failure *failure);
enum error sqlite_list_sales(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure);

/* log.c */
enum error sqlite_list_audit_log(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure);
enum error sqlite_read_entries(struct store_reader *reader, struct uuid ticket_type_id,
                               int64_t after_seq, size_t limit, struct arena *arena,
                               struct page *page, struct failure *failure);

/* history.c */
enum error sqlite_read_history(struct store_reader *reader, struct uuid ticket_type_id,
                               struct instant at, struct arena *arena, struct history *history,
                               struct failure *failure);
enum error sqlite_read_sums(struct store_reader *reader, struct uuid ticket_type_id,
                            struct arena *arena, struct type_sums *sums, struct failure *failure);

/* The largest seq whose entry was created by `at`, 0 for none: created_at never falls along seq,
 * so that a bisection finds it without an index on time. */
int reader_seq_at(struct sqlite_reader *reader, struct uuid ticket_type_id, struct instant at,
                  int64_t *seq);

/* figures.c */
enum error sqlite_read_sold(struct store_reader *reader, const struct figures_span *span,
                            struct arena *arena, struct figures *figures, struct instant *reached,
                            struct failure *failure);
enum error sqlite_read_adjusted(struct store_reader *reader, const struct figures_span *span,
                                struct arena *arena, struct figures *figures,
                                struct instant *reached, struct failure *failure);

/* shifts.c */
enum error sqlite_list_shifts(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure);
enum error sqlite_read_shift_sums(struct store_reader *reader, struct uuid shift_id,
                                  struct arena *arena, struct shift_sums *sums,
                                  struct failure *failure);
