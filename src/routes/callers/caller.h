/* caller.h - who is asking, and may they? The only place that asks the table of access.h. */
#pragma once

#include "routes/call.h"

/* Finds out who asks and what the route lets them reach. False: the call's answer is the problem,
 * with the sentence: 401 without (sound) credentials, 403 for a role that may not. */
bool caller_admit(struct call *call, enum problem *problem, const char **detail);

/* Only the first half: who asks? For routes that are open to all but tell some more. */
bool caller_identify(struct call *call, enum problem *problem, const char **detail);

/* What the caller may do beyond what the route asks for. */
enum reach caller_reach(const struct call *call, enum right right);

/* The caller sees everything of this event; else it sees what the public sees. */
bool caller_sees_all(const struct call *call, struct uuid event_id);

/* What everyone may see. */
static inline bool event_is_public(const struct event *event) {
    return event->published && instant_is_none(event->archived_at);
}

/* 401, or 403 with the roles that may use `right`. */
struct answered call_refuse_role(struct call *call, enum right right, const char *detail);
