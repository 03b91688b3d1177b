#include "routes/callers/people.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/log.h"
#include "executor/executor.h"
#include "store/reader.h"

enum {
    SLOTS_FIRST = 64,
    TOUCH_SECONDS = 60,
    PEOPLE_BYTES_MAX = 64 * 1024 * 1024,
    PERSON_BYTES_MAX = 64 * 1024, /* 100 events and some texts are about 3 KiB */
};

/* One row, and the memory that its texts are in. */
struct person {
    struct staff row;
    struct arena arena;
};

struct people {
    pthread_mutex_t lock;
    struct person **staff; /* dozens, seldom hundreds */
    size_t staff_count, staff_capacity;
    struct staff_session *slots; /* open addressing; an id of none: free */
    size_t slots_count, slots_capacity;
    atomic_int_fast64_t refreshed_us;
};

/* --- staff -------------------------------------------------------------------------- */

/* False: the arena is spent. */
static bool copy_staff(struct arena *arena, const struct staff *from, struct staff *to) {
    struct uuid *events = arena_array(arena, struct uuid, from->events_count + 1);
    struct staff copy = *from;
    if (events == NULL) {
        return false;
    }
    if (from->events_count > 0) {
        memcpy(events, from->events, from->events_count * sizeof *events);
    }
    copy.events = events;
    copy.email = arena_copy(arena, from->email);
    copy.name = arena_copy(arena, from->name);
    copy.password_hash = arena_copy(arena, from->password_hash);
    if (text_is_absent(copy.email) || text_is_absent(copy.name) ||
        text_is_absent(copy.password_hash) != text_is_absent(from->password_hash)) {
        return false;
    }
    *to = copy;
    return true;
}

static struct person *person_create(const struct staff *row) {
    struct person *person = calloc(1, sizeof *person);
    if (person == NULL) {
        return NULL;
    }
    arena_init(&person->arena, PERSON_BYTES_MAX);
    if (!copy_staff(&person->arena, row, &person->row)) {
        arena_finish(&person->arena);
        free(person);
        return NULL;
    }
    return person;
}

static void person_destroy(struct person *person) {
    if (person != NULL) {
        arena_finish(&person->arena);
        free(person);
    }
}

static struct person **find_staff(const struct people *people, struct uuid id) {
    for (size_t i = 0; i < people->staff_count; i++) {
        if (uuid_equals(people->staff[i]->row.id, id)) {
            return &people->staff[i];
        }
    }
    return NULL;
}

static struct person **staff_room(struct people *people) {
    if (people->staff_count == people->staff_capacity) {
        size_t larger = people->staff_capacity == 0 ? 16 : people->staff_capacity * 2;
        struct person **list = realloc(people->staff, larger * sizeof *list);
        if (list == NULL) {
            return NULL;
        }
        people->staff = list;
        people->staff_capacity = larger;
    }
    return &people->staff[people->staff_count];
}

/* A row that is older than the one that is known changes nothing. */
static bool take_staff(struct people *people, const struct staff *row) {
    struct person **place = find_staff(people, row->id);
    if (place != NULL && (*place)->row.version >= row->version) {
        return true;
    }
    struct person *person = person_create(row);
    if (person != NULL && place != NULL) {
        person_destroy(*place);
        *place = person;
        return true;
    }
    place = person == NULL ? NULL : staff_room(people);
    if (place == NULL) {
        person_destroy(person);
        return false;
    }
    *place = person;
    people->staff_count++;
    return true;
}

/* --- sessions ------------------------------------------------------------------------- */

static struct staff_session *slot_of(struct staff_session *slots, size_t capacity, struct uuid id) {
    size_t at = uuid_hash(id) & (capacity - 1);
    while (!uuid_is_none(slots[at].id) && !uuid_equals(slots[at].id, id)) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

/* Half of the slots stay free. What has ended for longer than any reading of the store can be late
 * is left behind. */
static bool session_room(struct people *people, struct instant now) {
    if (people->slots_count * 2 < people->slots_capacity) {
        return true;
    }
    struct instant gone = instant_plus_seconds(now, -SESSION_SECONDS_MAX);
    size_t kept = 0;
    for (size_t i = 0; i < people->slots_capacity; i++) {
        kept +=
            !uuid_is_none(people->slots[i].id) && instant_before(gone, people->slots[i].created_at);
    }
    size_t capacity = SLOTS_FIRST;
    while (capacity < kept * 4) {
        capacity *= 2;
    }
    struct staff_session *slots = calloc(capacity, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < people->slots_capacity; i++) {
        const struct staff_session *old = &people->slots[i];
        if (!uuid_is_none(old->id) && instant_before(gone, old->created_at)) {
            *slot_of(slots, capacity, old->id) = *old;
        }
    }
    free(people->slots);
    people->slots = slots;
    people->slots_capacity = capacity;
    people->slots_count = kept;
    return true;
}

/* A session only ever ends earlier and is used later: the order of the news does not matter. */
static bool take_session(struct people *people, const struct staff_session *row,
                         struct instant now) {
    if (!session_room(people, now)) {
        return false;
    }
    struct staff_session *slot = slot_of(people->slots, people->slots_capacity, row->id);
    if (uuid_is_none(slot->id)) {
        *slot = *row;
        people->slots_count++;
        return true;
    }
    slot->last_seen_at = instant_later(slot->last_seen_at, row->last_seen_at);
    if (instant_before(row->expires_at, slot->expires_at)) {
        slot->expires_at = row->expires_at;
    }
    return true;
}

/* --- taking over ------------------------------------------------------------------------ */

static void complain(bool fits) {
    if (!fits) {
        log_line(LOG_ERROR, "people_full", "effect",
                 "a change of staff or a session is not known until the next start", NULL);
    }
}

void people_on_commit(struct people *people, const struct world *world) {
    if (world->staff == NULL) {
        return;
    }
    bool fits = true;
    pthread_mutex_lock(&people->lock);
    for (const struct world_staff *each = world->staff; each != NULL; each = each->next) {
        fits = (each->state == ROW_LOADED || take_staff(people, &each->row)) && fits;
    }
    for (const struct world_session *each = world->sessions; each != NULL; each = each->next) {
        fits = (each->state == ROW_LOADED || take_session(people, &each->row, world->now)) && fits;
    }
    pthread_mutex_unlock(&people->lock);
    complain(fits);
}

enum error people_refresh(struct people *people, struct store_reader *reader,
                          struct failure *failure) {
    struct arena arena;
    struct page staff = {.count = 0}, sessions = {.count = 0};
    bool fits = true;
    int64_t began_us = monotonic_us();
    arena_init(&arena, PEOPLE_BYTES_MAX);
    enum error error = reader_staff(reader, &arena, &staff, failure);
    if (error == ERROR_NONE) {
        error = reader_sessions(reader, &arena, &sessions, failure);
    }
    const struct staff *rows = staff.rows;
    const struct staff_session *begun = sessions.rows;
    pthread_mutex_lock(&people->lock);
    for (size_t i = 0; error == ERROR_NONE && i < staff.count; i++) {
        fits = take_staff(people, &rows[i]) && fits;
    }
    for (size_t i = 0; error == ERROR_NONE && i < sessions.count; i++) {
        fits = take_session(people, &begun[i], sessions.as_of) && fits;
    }
    pthread_mutex_unlock(&people->lock);
    complain(fits);
    arena_finish(&arena);
    if (error == ERROR_NONE) {
        atomic_store_explicit(&people->refreshed_us, began_us, memory_order_relaxed);
    }
    return error;
}

int64_t people_refreshed_us(const struct people *people) {
    return atomic_load_explicit(&people->refreshed_us, memory_order_relaxed);
}

/* --- asking -------------------------------------------------------------------------------- */

static const struct staff_session *find_live(const struct people *people, struct uuid id,
                                             struct instant now) {
    if (people->slots_capacity == 0 || uuid_is_none(id)) {
        return NULL;
    }
    const struct staff_session *slot = slot_of(people->slots, people->slots_capacity, id);
    bool is_live = uuid_equals(slot->id, id) && instant_before(now, session_ends_at(slot));
    return is_live ? slot : NULL;
}

bool people_find_session(struct people *people, struct uuid session_id, struct instant now,
                         struct arena *arena, struct staff *staff, struct staff_session *session) {
    pthread_mutex_lock(&people->lock);
    const struct staff_session *slot = find_live(people, session_id, now);
    struct person **person = slot == NULL ? NULL : find_staff(people, slot->staff_id);
    bool found = person != NULL && instant_is_none((*person)->row.disabled_at);
    if (found) {
        struct staff row = (*person)->row;
        row.password_hash = TEXT_NONE;
        found = copy_staff(arena, &row, staff);
        *session = *slot;
    }
    pthread_mutex_unlock(&people->lock);
    return found;
}

bool people_find_email(struct people *people, struct text email, struct arena *arena,
                       struct staff *staff) {
    bool found = false;
    pthread_mutex_lock(&people->lock);
    for (size_t i = 0; i < people->staff_count && !found; i++) {
        if (text_equals(people->staff[i]->row.email, email)) {
            found = copy_staff(arena, &people->staff[i]->row, staff);
            break;
        }
    }
    pthread_mutex_unlock(&people->lock);
    return found;
}

bool people_find(struct people *people, struct uuid id, struct arena *arena, struct staff *staff) {
    pthread_mutex_lock(&people->lock);
    struct person **person = find_staff(people, id);
    bool found = person != NULL && copy_staff(arena, &(*person)->row, staff);
    pthread_mutex_unlock(&people->lock);
    return found;
}

struct text people_name(struct people *people, struct uuid id, struct arena *arena) {
    pthread_mutex_lock(&people->lock);
    struct person **person = find_staff(people, id);
    struct text name = person == NULL ? TEXT_NONE : arena_copy(arena, (*person)->row.name);
    pthread_mutex_unlock(&people->lock);
    return name;
}

/* --- last seen -------------------------------------------------------------------------------- */

static void on_touched(struct submission *submission, const struct outcome *outcome) {
    (void)outcome; /* a lost note of use is made up for a minute later */
    free(submission);
}

void people_touch(struct people *people, struct executor *executor,
                  const struct staff_session *session, struct instant now) {
    struct instant due = instant_plus_seconds(session->last_seen_at, TOUCH_SECONDS);
    if (instant_before(now, due)) {
        return;
    }
    pthread_mutex_lock(&people->lock);
    struct staff_session *slot = slot_of(people->slots, people->slots_capacity, session->id);
    bool is_first = slot->last_seen_at.us == session->last_seen_at.us; /* of those here at once */
    if (is_first) {
        slot->last_seen_at = now;
    }
    pthread_mutex_unlock(&people->lock);
    struct submission *submission = is_first ? calloc(1, sizeof *submission) : NULL;
    if (submission == NULL) {
        return;
    }
    submission->command = (struct command){
        .kind = COMMAND_SESSION_TOUCH,
        .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
        .of.staff = {.staff.id = session->staff_id, .session_id = session->id},
    };
    submission->on_done = on_touched;
    executor_submit_internal(executor, submission);
}

/* --- life ----------------------------------------------------------------------------------------
 */

enum error people_open(struct store *store, struct people **out, struct failure *failure) {
    struct people *people = calloc(1, sizeof *people);
    if (people == NULL) {
        return failure_set(failure, ERROR_MEMORY, "There is no memory for the staff.");
    }
    pthread_mutex_init(&people->lock, NULL);
    struct store_reader *reader;
    enum error error = store_open_reader(store, &reader, failure);
    if (error == ERROR_NONE) {
        error = people_refresh(people, reader, failure);
        store_reader_close(reader);
    }
    if (error != ERROR_NONE) {
        people_close(people);
        return error;
    }
    *out = people;
    return ERROR_NONE;
}

void people_close(struct people *people) {
    if (people == NULL) {
        return;
    }
    for (size_t i = 0; i < people->staff_count; i++) {
        person_destroy(people->staff[i]);
    }
    free(people->staff);
    free(people->slots);
    pthread_mutex_destroy(&people->lock);
    free(people);
}
