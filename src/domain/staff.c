/* Staff are taken on, changed, disabled; sign in and out. Passwords were judged before: what comes
 * here is the hash that they were judged by, so that one that has changed meanwhile opens nothing.
 */
#include "domain/staff.h"

#include "domain/decision.h"

bool staff_is_chief(const struct staff *staff) {
    return staff->role == ROLE_ADMIN && staff->events_count == 0 &&
           instant_is_none(staff->disabled_at);
}

struct instant session_ends_at(const struct staff_session *session) {
    struct instant idle = instant_plus_seconds(session->last_seen_at, SESSION_IDLE_SECONDS);
    return instant_before(idle, session->expires_at) ? idle : session->expires_at;
}

static void answer_staff(struct decision *decision, const struct world_staff *staff) {
    struct staff *copy = arena_new(decision->world->arena, struct staff);
    if (copy == NULL) {
        decision->spent = true;
        return;
    }
    *copy = staff->row;
    decision->outcome->staff = copy;
}

/* Else an admin of one event could make an admin of all of them. */
static bool may_manage(struct decision *decision) {
    if (decision->command->caller.events_count == 0) {
        return true;
    }
    decision_refuse(decision, VERDICT_EVENT_OUT_OF_SCOPE);
    return false;
}

static void staff_changed(struct decision *decision, struct world_staff *staff) {
    staff->row.updated_at = decision->world->now;
    staff->row.version++;
    row_changed(&staff->state);
}

static void create(struct decision *decision) {
    struct staff row = decision->command->of.staff.staff;
    if (!may_manage(decision)) {
        return;
    }
    for (const struct world_staff *other = decision->world->staff; other != NULL;
         other = other->next) {
        if (text_equals(other->row.email, row.email)) {
            decision_refuse(decision, VERDICT_EMAIL_TAKEN);
            return;
        }
    }
    row.id = decision_id(decision, NULL);
    row.created_at = row.updated_at = decision->world->now;
    row.disabled_at = row.last_seen_at = INSTANT_NONE;
    row.version = 1;
    struct world_staff *staff = world_add_staff(decision->world, &row);
    if (staff == NULL) {
        decision->spent = true;
        return;
    }
    staff->state = ROW_NEW;
    answer_staff(decision, staff);
}

/* Would nobody be left who can manage people, if this row became that? */
static bool is_last_chief(struct decision *decision, const struct world_staff *staff,
                          const struct staff *then) {
    bool is_needed = staff_is_chief(&staff->row) && !staff_is_chief(then);
    for (const struct world_staff *other = decision->world->staff; is_needed && other != NULL;
         other = other->next) {
        is_needed = other == staff || !staff_is_chief(&other->row);
    }
    if (is_needed) {
        decision_refuse(decision, VERDICT_LAST_ADMIN)->name = staff->row.name;
    }
    return is_needed;
}

static void change(struct decision *decision, struct world_staff *staff) {
    const struct staff_command *asked = &decision->command->of.staff;
    struct staff then = staff->row;
    if ((asked->fields & SETTING_NAME) != 0) {
        then.name = asked->staff.name;
    }
    if ((asked->fields & SETTING_ROLE) != 0) {
        then.role = asked->staff.role;
    }
    if ((asked->fields & SETTING_EVENTS) != 0) {
        then.events = asked->staff.events;
        then.events_count = asked->staff.events_count;
    }
    if (staff->row.version != asked->if_version) {
        answer_staff(decision, staff); /* a mismatch shows the current one */
        decision_refuse(decision, VERDICT_VERSION_MISMATCH);
    } else if (!is_last_chief(decision, staff, &then)) {
        staff->row = then;
        staff_changed(decision, staff);
        answer_staff(decision, staff);
    }
}

static void end_session(struct decision *decision, struct world_session *session) {
    if (instant_before(decision->world->now, session->row.expires_at)) {
        session->row.expires_at = decision->world->now;
        row_changed(&session->state);
    }
}

static void end_sessions(struct decision *decision, struct uuid staff_id) {
    for (struct world_session *session = decision->world->sessions; session != NULL;
         session = session->next) {
        if (uuid_equals(session->row.staff_id, staff_id)) {
            end_session(decision, session);
        }
    }
}

static void disable(struct decision *decision, struct world_staff *staff) {
    struct staff then = staff->row;
    then.disabled_at = decision->world->now;
    if (!instant_is_none(staff->row.disabled_at)) {
        answer_staff(decision, staff);
    } else if (!is_last_chief(decision, staff, &then)) {
        staff->row = then;
        staff_changed(decision, staff);
        end_sessions(decision, staff->row.id);
        answer_staff(decision, staff);
    }
}

static void enable(struct decision *decision, struct world_staff *staff) {
    if (!instant_is_none(staff->row.disabled_at)) {
        staff->row.disabled_at = INSTANT_NONE;
        staff_changed(decision, staff);
    }
    answer_staff(decision, staff);
}

/* --- sessions ----------------------------------------------------------------- */

static bool is_live(const struct decision *decision, const struct world_session *session) {
    return instant_before(decision->world->now, session_ends_at(&session->row));
}

/* The live sessions of one person are few: the one that was used least recently goes. */
static void make_room(struct decision *decision, struct uuid staff_id) {
    struct world_session *oldest = NULL;
    size_t count = 0;
    for (struct world_session *each = decision->world->sessions; each != NULL; each = each->next) {
        if (!uuid_equals(each->row.staff_id, staff_id) || !is_live(decision, each)) {
            continue;
        }
        count++;
        if (oldest == NULL || instant_before(each->row.last_seen_at, oldest->row.last_seen_at)) {
            oldest = each;
        }
    }
    if (count >= SESSIONS_PER_STAFF_MAX) {
        end_session(decision, oldest);
    }
}

static void begin_session(struct decision *decision, struct world_staff *staff) {
    struct instant now = decision->world->now;
    const struct staff_session row = {
        .id = decision->command->of.staff.session_id,
        .staff_id = staff->row.id,
        .created_at = now,
        .last_seen_at = now,
        .expires_at = instant_plus_seconds(now, SESSION_SECONDS_MAX),
    };
    make_room(decision, staff->row.id);
    struct world_session *session = world_add_session(decision->world, &row);
    if (session == NULL) {
        decision->spent = true;
        return;
    }
    session->state = ROW_NEW;
    staff->row.last_seen_at = now;
    answer_staff(decision, staff);
}

/* The password that was judged is still this person's, and the person may come in. */
static bool is_known(struct decision *decision, const struct world_staff *staff) {
    struct text judged = decision->command->of.staff.judged_hash;
    if (instant_is_none(staff->row.disabled_at) && !text_is_absent(judged) &&
        text_equals(judged, staff->row.password_hash)) {
        return true;
    }
    decision_refuse(decision, VERDICT_UNAUTHENTICATED);
    return false;
}

/* Whoever changes the own password stays signed in, in a session of its own that nobody else can
 * have; all others end. */
static void change_password(struct decision *decision, struct world_staff *staff) {
    const struct staff_command *asked = &decision->command->of.staff;
    bool is_own = !uuid_is_none(asked->session_id);
    if (is_own ? !is_known(decision, staff) : !may_manage(decision)) {
        return;
    }
    staff->row.password_hash = asked->staff.password_hash;
    staff_changed(decision, staff);
    end_sessions(decision, staff->row.id);
    if (is_own) {
        begin_session(decision, staff);
    } else {
        answer_staff(decision, staff);
    }
}

static struct world_staff *find(struct decision *decision) {
    struct world_staff *staff = world_staff(decision->world, decision->command->of.staff.staff.id);
    if (staff == NULL) {
        decision_refuse(decision, VERDICT_NOT_FOUND);
    }
    return staff;
}

void decide_staff(struct decision *decision) {
    if (decision->command->kind == COMMAND_STAFF_CREATE) {
        create(decision);
        return;
    }
    struct world_staff *staff = find(decision);
    if (staff == NULL) {
        return;
    }
    if (decision->command->kind == COMMAND_STAFF_PASSWORD) {
        change_password(decision, staff);
    } else if (may_manage(decision)) {
        if (decision->command->kind == COMMAND_STAFF_CHANGE) {
            change(decision, staff);
        } else if (decision->command->of.staff.disable) {
            disable(decision, staff);
        } else {
            enable(decision, staff);
        }
    }
}

void decide_session(struct decision *decision) {
    const struct staff_command *asked = &decision->command->of.staff;
    struct world_staff *staff = find(decision);
    if (staff == NULL) {
        return;
    }
    if (decision->command->kind == COMMAND_SESSION_BEGIN) {
        if (is_known(decision, staff)) {
            begin_session(decision, staff);
        }
        return;
    }
    /* One that has ended is not loaded, and stays as it is. */
    struct world_session *session = world_session(decision->world, asked->session_id);
    if (session != NULL && decision->command->kind == COMMAND_SESSION_END) {
        end_session(decision, session);
    } else if (session != NULL && is_live(decision, session)) {
        session->row.last_seen_at = instant_later(session->row.last_seen_at, decision->world->now);
        row_changed(&session->state);
    }
    answer_staff(decision, staff);
}
