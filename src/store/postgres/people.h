/* people.h - staff and their sessions in the database. Private to store/postgres/. */
#pragma once

#include "store/postgres/loading.h"
#include "store/postgres/reader.h"

/* Sends the lock, behind all others; then, when the time is known, what goes with it. */
void people_lock(struct session *session, const struct keys *keys);
void people_ask(struct session *session, const struct keys *keys);

/* Take what came back, at the same places. False: the world's arena is spent. */
void people_take_lock(struct session *session, const struct keys *keys);
bool people_take(struct session *session, const struct keys *keys, struct world *world);

void people_write(struct session *session, const struct world *world);

enum error postgres_list_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                               struct failure *failure);
enum error postgres_list_sessions(struct store_reader *reader, struct arena *arena,
                                  struct page *page, struct failure *failure);
