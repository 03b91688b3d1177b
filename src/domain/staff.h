/* staff.h - a person who works here, and the sessions in which this person is signed in.
 *
 * Neither a password nor a session's secret comes here: a member of staff has the hash of the one,
 * and a session is known by a hash of the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/access.h"

enum {
    SESSION_IDLE_SECONDS = 12 * 3600,
    SESSION_SECONDS_MAX = 7 * 24 * 3600,
    SESSIONS_PER_STAFF_MAX = 32, /* live ones: the one used least recently makes room */
};

struct staff {
    struct uuid id;
    struct text email; /* in small letters (ASCII): unique */
    struct text name;
    enum role role;            /* any but nobody and checkout */
    const struct uuid *events; /* those it is scoped to; NULL with 0: all */
    size_t events_count;
    struct text password_hash; /* or absent: nobody can sign in with it */
    struct instant created_at, updated_at;
    struct instant disabled_at;  /* or none */
    struct instant last_seen_at; /* of all sessions; or none; never written: sessions say it */
    int64_t version;             /* moves with every change, the password's too */
};

struct staff_session {
    struct uuid id; /* a hash of the secret in the cookie */
    struct uuid staff_id;
    struct instant created_at, last_seen_at;
    struct instant expires_at; /* at the latest; when it was ended, if it was */
};

/* It can change everything that belongs to people: an admin for all events who is not disabled. */
bool staff_is_chief(const struct staff *staff);

/* When it ends if nothing more happens. */
struct instant session_ends_at(const struct staff_session *session);
