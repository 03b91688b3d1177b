/* password.h - is this the password? Argon2id, slow and hungry on purpose, on a thread of its own.
 *
 * A judgement takes some 50 ms and 32 MiB. One thread does them, behind all else that has something
 * to do, so that neither a loop nor a lane ever waits for one; two of them, on two busy cores, made
 * a reservation take ten times as long. What waits is bounded, and a part of the room is kept for
 * those who are known. */
#pragma once

#include <stdbool.h>

#include "base/failure.h"
#include "base/text.h"

enum {
    PASSWORD_CHARACTERS_MIN = 8,
    PASSWORD_BYTES_MAX = 1024,       /* more is not hashed for anybody */
    PASSWORD_HASH_SIZE = 128,        /* "$argon2id$…" and NUL */
    PASSWORD_MADE_SIZE = 24,         /* a password made here, and NUL */
    PASSWORDS_WAITING_MAX = 32,      /* two seconds for those at the end; then 503 busy */
    PASSWORDS_OF_STRANGERS_MAX = 24, /* of these, from whoever may be anybody */
};

/* False: there is no memory for it now. */
bool password_hash(struct text password, char hash[PASSWORD_HASH_SIZE]);

/* Not judged: there is no memory for it now. An absent hash matches nothing, and takes as long as
 * another to find that out. */
enum password_verdict { PASSWORD_WRONG, PASSWORD_RIGHT, PASSWORD_NOT_JUDGED };
enum password_verdict password_judge(struct text password, struct text hash);

/* A random one: four groups of five letters and digits that are not mistaken for each other. */
void password_make(char password[PASSWORD_MADE_SIZE]);

/* --- the thread ------------------------------------------------------------------ */

struct call;
struct passwords;

MUST_USE enum error passwords_open(struct passwords **passwords, struct failure *failure);

/* `work` is called on the thread and sees to the call's answer. False: too many wait. */
bool passwords_submit(struct passwords *passwords, struct call *call, bool is_stranger,
                      void (*work)(struct call *call));

/* Does what waits, takes nothing more, ends the thread. */
void passwords_drain(struct passwords *passwords);
void passwords_close(struct passwords *passwords); /* accepts NULL */
