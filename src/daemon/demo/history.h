/* history.h - five weeks of plausible sales, made the way real ones are.
 *
 * Every reservation, sale, refund and adjustment goes through the executor under
 * a clock that is moved by hand, so that all of it is true: it verifies, and
 * every number can be explained. */
#pragma once

#include <stdbool.h>

#include "base/failure.h"
#include "base/uuid.h"
#include "domain/access.h"
#include "routes/callers/key_secret.h"
#include "routes/callers/password.h"

enum { DEMO_PEOPLE = 5 };

/* Who can sign in; an admin first. */
struct demo_person {
    const char *name, *email;
    enum role role;
    char password[PASSWORD_MADE_SIZE]; /* "" where it was made by an earlier demonstration */
};

struct demo_history {
    struct demo_person people[DEMO_PEOPLE];
    char admin_key[KEY_SECRET_TEXT_SIZE], shop_key[KEY_SECRET_TEXT_SIZE];
    struct uuid event_id, ticket_type_id; /* one of each, to show */
    bool is_kept;                         /* of an earlier demonstration, on the same database */
};

/* Nothing is made where an earlier demonstration did so, but keys, which nobody can read again.
 * ERROR_INVALID: `database` has events, and they are not a demonstration's. */
MUST_USE enum error demo_history_make(const char *database, struct demo_history *history,
                                      struct failure *failure);
