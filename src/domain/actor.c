#include "domain/actor.h"

struct text actor_kind_name(enum actor_kind kind) {
    switch (kind) {
    case ACTOR_SYSTEM:
        return TEXT("system");
    case ACTOR_KEY:
        return TEXT("key");
    case ACTOR_STAFF:
        return TEXT("staff");
    case ACTOR_USER:
        return TEXT("user");
    }
    return TEXT_NONE;
}

bool actor_kind_parse(struct text name, enum actor_kind *kind) {
    for (enum actor_kind each = ACTOR_SYSTEM; each <= ACTOR_USER; each++) {
        if (text_equals(actor_kind_name(each), name)) {
            *kind = each;
            return true;
        }
    }
    return false;
}
