/* reader.h - the reading half of the memory store. Private to store/memory/. */
#pragma once

#include "store/memory/rows.h"

struct memory_reader {
    struct store_reader port;
    struct memory_store *store;
};

/* A read is what stands between these two: the lock is taken, and given back with the result. */
struct memory_store *memory_reading(struct store_reader *reader);
enum error memory_read(struct memory_store *store, enum error error, struct failure *failure);

struct type_reading memory_type_reading(const struct memory_type *type, struct instant now);

/* lists.c */
enum error memory_list_venues(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure);
enum error memory_list_events(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure);
enum error memory_list_types(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure);
enum error memory_list_reservations(struct store_reader *reader, const struct list_query *query,
                                    struct arena *arena, struct page *page,
                                    struct failure *failure);
enum error memory_list_sales(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure);
enum error memory_list_audit_log(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure);
enum error memory_list_api_keys(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure);
enum error memory_list_shifts(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure);
enum error memory_read_shift_sums(struct store_reader *reader, struct uuid shift_id,
                                  struct arena *arena, struct shift_sums *sums,
                                  struct failure *failure);
enum error memory_list_due_types(struct store_reader *reader, struct uuid after, size_t limit,
                                 struct arena *arena, struct page *page, struct failure *failure);

/* figures.c */
enum error memory_read_sold(struct store_reader *reader, const struct figures_span *span,
                            struct arena *arena, struct figures *figures, struct instant *reached,
                            struct failure *failure);
enum error memory_read_adjusted(struct store_reader *reader, const struct figures_span *span,
                                struct arena *arena, struct figures *figures,
                                struct instant *reached, struct failure *failure);
