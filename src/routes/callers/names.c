#include "routes/callers/names.h"

#include "routes/callers/key_ring.h"
#include "routes/callers/people.h"

static struct text key_name(const struct key_ring *keys, struct uuid id) {
    const struct key_record *key = key_ring_find(keys, id);
    return key == NULL ? TEXT_NONE : key->name;
}

struct text names_actor(const struct names *names, struct actor actor, struct arena *arena) {
    if (names == NULL) {
        return TEXT_NONE;
    }
    switch (actor.kind) {
    case ACTOR_STAFF:
        return people_name(names->people, actor.id, arena);
    case ACTOR_KEY:
        return key_name(names->keys, actor.id);
    case ACTOR_USER:
    case ACTOR_SYSTEM:
        return TEXT_NONE;
    }
    return TEXT_NONE;
}
