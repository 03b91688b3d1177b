#include "domain/access.h"

/* A right's reach by role: nobody, viewer, checkout, box office, event manager, admin. */
#define N REACH_NOTHING
#define P REACH_PUBLIC
#define O REACH_OWN
#define A REACH_ALL
static const enum reach table[][ROLE_ADMIN + 1] = {
    /*                          nobody viewer checkout box_office manager admin */
    [RIGHT_NONE] = {A, A, A, A, A, A},
    [RIGHT_PUBLIC_READ] = {P, A, P, A, A, A},
    [RIGHT_RESERVE] = {N, N, A, A, A, A},
    [RIGHT_COMPLETE] = {N, N, A, A, A, A},
    [RIGHT_SELL] = {N, N, N, A, A, A},
    [RIGHT_REFUND] = {N, N, A, O, A, A},
    [RIGHT_ADJUST] = {N, N, N, N, A, A},
    [RIGHT_PEOPLE] = {N, N, N, N, N, A},
    [RIGHT_READ] = {N, A, A, O, A, A},
    [RIGHT_READ_COUNTS] = {N, A, N, A, A, A},
    [RIGHT_READ_LOG] = {N, A, N, O, A, A},
    [RIGHT_READ_HISTORY] = {N, A, N, N, A, A},
    [RIGHT_RELEASE_EXPIRED] = {N, N, A, A, A, A},
    [RIGHT_SIGNED_IN] = {N, A, A, A, A, A},
};
#undef N
#undef P
#undef O
#undef A

enum reach access_reach(enum role role, enum right right) {
    return table[right][role];
}

bool caller_is_public(const struct caller *caller) {
    return caller->role == ROLE_NOBODY || caller->role == ROLE_CHECKOUT;
}

bool caller_has_till(const struct caller *caller) {
    return access_reach(caller->role, RIGHT_SELL) != REACH_NOTHING &&
           !uuid_is_none(caller->actor.id);
}

bool caller_sees_all_shifts(const struct caller *caller) {
    return access_reach(caller->role, RIGHT_READ_LOG) == REACH_ALL && caller->events_count == 0;
}

bool caller_reaches_event(const struct caller *caller, struct uuid event_id) {
    if (caller->events_count == 0) {
        return true;
    }
    for (size_t i = 0; i < caller->events_count; i++) {
        if (uuid_equals(caller->events[i], event_id)) {
            return true;
        }
    }
    return false;
}

struct text role_name(enum role role) {
    switch (role) {
    case ROLE_NOBODY:
        return TEXT("nobody");
    case ROLE_VIEWER:
        return TEXT("viewer");
    case ROLE_CHECKOUT:
        return TEXT("checkout");
    case ROLE_BOX_OFFICE:
        return TEXT("box_office");
    case ROLE_EVENT_MANAGER:
        return TEXT("event_manager");
    case ROLE_ADMIN:
        return TEXT("admin");
    }
    return TEXT_NONE;
}

bool role_parse(struct text name, enum role *role) {
    for (enum role each = ROLE_VIEWER; each <= ROLE_ADMIN; each++) {
        if (text_equals(role_name(each), name)) {
            *role = each;
            return true;
        }
    }
    return false;
}
