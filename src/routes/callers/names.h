/* names.h - what is whoever did something called? Members of staff and API keys, as they are called
 * now. Any thread. */
#pragma once

#include "base/arena.h"
#include "domain/actor.h"

struct key_ring;
struct people;

struct names {
    struct people *people;
    const struct key_ring *keys;
};

/* In the arena or as long as the ring; absent for those who have no name here. `names` NULL: nobody
 * has. */
struct text names_actor(const struct names *names, struct actor actor, struct arena *arena);
