/* people.h - staff and their sessions in memory. Private to store/memory/. */
#pragma once

#include "store/memory/reader.h"

/* False: the world's arena is spent. */
bool memory_load_people(const struct memory_store *store, const struct keys *keys,
                        struct world *world);

void memory_write_people(struct memory_store *store, const struct world *world);

/* Those that expired before; but the last one of each person stays. */
void memory_prune_sessions(struct memory_store *store, struct instant before);

enum error memory_list_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                             struct failure *failure);
enum error memory_list_sessions(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure);
