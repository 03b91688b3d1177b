/* actor.h - who did it? */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "base/uuid.h"

enum actor_kind { ACTOR_SYSTEM = 1, ACTOR_KEY, ACTOR_STAFF, ACTOR_USER };

/* `id` is none for the system. */
struct actor {
    enum actor_kind kind;
    struct uuid id;
};

#define ACTOR_NONE ((struct actor){ACTOR_SYSTEM, UUID_NONE})

struct text actor_kind_name(enum actor_kind kind);
bool actor_kind_parse(struct text name, enum actor_kind *kind);
