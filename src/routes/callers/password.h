/* password.h - is this the password? Argon2id, slow and hungry on purpose, on threads of its own.
 *
 * A judgement takes some 50 ms and 32 MiB. Two threads do them, so that neither a loop nor a lane
 * ever waits for one; what waits is bounded. */
#pragma once

#include <stdbool.h>

#include "base/failure.h"
#include "base/text.h"

enum {
    PASSWORD_CHARACTERS_MIN = 8,
    PASSWORD_BYTES_MAX = 1024, /* more is not hashed for anybody */
    PASSWORD_HASH_SIZE = 128,  /* "$argon2id$…" and NUL */
    PASSWORD_MADE_SIZE = 24,   /* a password made here, and NUL */
    PASSWORD_THREADS = 2,
    PASSWORDS_WAITING_MAX = 32, /* under a second for those at the end; then 503 busy */
};

/* False: there is no memory for it now. */
bool password_hash(struct text password, char hash[PASSWORD_HASH_SIZE]);

/* An absent hash matches nothing, and takes as long as another to find that out. */
bool password_matches(struct text password, struct text hash);

/* A random one: four groups of five letters and digits that are not mistaken for each other. */
void password_make(char password[PASSWORD_MADE_SIZE]);

/* --- the threads ------------------------------------------------------------------ */

struct call;
struct passwords;

MUST_USE enum error passwords_open(struct passwords **passwords, struct failure *failure);

/* `work` is called on one of the threads and sees to the call's answer. False: too many wait. */
bool passwords_submit(struct passwords *passwords, struct call *call,
                      void (*work)(struct call *call));

/* Does what waits, takes nothing more, ends the threads. */
void passwords_drain(struct passwords *passwords);
void passwords_close(struct passwords *passwords); /* accepts NULL */
