/* people.h - who works here, and who is signed in?
 *
 * All members of staff and the live sessions, in memory, so that a request with a cookie needs no
 * look into the store. What the executor commits is taken over before it is answered; what other
 * servers commit to a shared database comes with the follower, within a second. Any thread. */
#pragma once

#include "base/arena.h"
#include "base/failure.h"
#include "domain/world.h"

struct executor;
struct people;
struct store;
struct store_reader;

MUST_USE enum error people_open(struct store *store, struct people **people,
                                struct failure *failure);
void people_close(struct people *people); /* accepts NULL */

/* Reads all of them again; what is known already and newer stays. */
MUST_USE enum error people_refresh(struct people *people, struct store_reader *reader,
                                   struct failure *failure);

/* When the last reading that is known began; monotonic. */
int64_t people_refreshed_us(const struct people *people);

void people_on_commit(struct people *people, const struct world *world);

/* Copies, without the password's hash, into the arena; `staff` is as people_refresh() or the last
 * change left it. False: no such session that is alive, the person is disabled, or the arena is
 * spent. */
bool people_find_session(struct people *people, struct uuid session_id, struct instant now,
                         struct arena *arena, struct staff *staff, struct staff_session *session);

/* With the hash. */
bool people_find_email(struct people *people, struct text email, struct arena *arena,
                       struct staff *staff);
bool people_find(struct people *people, struct uuid id, struct arena *arena, struct staff *staff);

/* What a member of staff is called; absent for ids that are none's. */
struct text people_name(struct people *people, struct uuid id, struct arena *arena);

/* Notes that the session was used, at most once a minute. */
void people_touch(struct people *people, struct executor *executor,
                  const struct staff_session *session, struct instant now);
