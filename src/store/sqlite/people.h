/* people.h - staff and their sessions in the file. Private to store/sqlite/. */
#pragma once

#include "domain/keys.h"
#include "domain/world.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/reader.h"

/* SQLite's results, or RESULT_... */
int load_people(struct connection *connection, const struct keys *keys, struct world *world);
int write_people(struct connection *connection, const struct world *world);

enum error sqlite_list_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                             struct failure *failure);
enum error sqlite_list_sessions(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure);
