/* Members of staff: taken on, changed, disabled and back, given a new password. A password that is
 * made here is shown by the reply that makes it and kept nowhere. */
#include <stdlib.h>

#include "routes/answer.h"
#include "routes/callers/password.h"
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/resources/settings.h"
#include "routes/resources/staff_forms.h"
#include "routes/wire/render.h"

static bool parse_role(struct text word, void *value) {
    enum role role;
    if (!role_parse(word, &role) || role == ROLE_CHECKOUT) {
        return false;
    }
    *(enum role *)value = role;
    return true;
}

static int compare_ids(const void *a, const void *b) {
    return uuid_compare(*(const struct uuid *)a, *(const struct uuid *)b);
}

/* In the order in which every store gives them back. */
static enum member read_events(struct object *object, struct staff *staff) {
    struct uuid *events = NULL;
    enum member member = object_event_ids(object, &events, &staff->events_count);
    if (staff->events_count > 0) {
        qsort(events, staff->events_count, sizeof *events, compare_ids);
    }
    staff->events = events;
    return member;
}

static void read_settings(struct object *object, bool is_new, struct staff_command *command) {
    enum member_need need = is_new ? MEMBER_REQUIRED : MEMBER_OPTIONAL;
    struct staff *staff = &command->staff;
    staff->created_at = staff->updated_at = INSTANT_NONE;
    staff->disabled_at = staff->last_seen_at = INSTANT_NONE;
    settings_note(&command->fields, SETTING_NAME,
                  object_text(object, "name", need, FORM_NAME, &staff->name));
    settings_note(&command->fields, SETTING_ROLE,
                  object_word(object, "role", need, parse_role,
                              "This must be one of admin, event_manager, box_office, viewer.",
                              &staff->role));
    settings_note(&command->fields, SETTING_EVENTS, read_events(object, staff));
}

/* --- passwords --------------------------------------------------------------------------- */

/* What waits for a thread that hashes. */
struct hashing {
    struct text password;
    char made[PASSWORD_MADE_SIZE];
    char hash[PASSWORD_HASH_SIZE];
};

static void hash_and_submit(struct call *call) {
    struct hashing *hashing = call->subject;
    if (!password_hash(hashing->password, hashing->hash)) {
        call_refuse(call, PROBLEM_BUSY, NULL);
        return;
    }
    call->submission.command.of.staff.staff.password_hash = text_of(hashing->hash);
    executor_submit(call->routes->executor, &call->submission);
}

/* Submits `kind` with the hash of the body's `password`, or of one that is made. */
static struct answered submit_hashed(struct body *body, struct object *object,
                                     enum command_kind kind) {
    struct call *call = body->call;
    struct answered answered = {call};
    struct hashing *hashing = arena_new(call_arena(call), struct hashing);
    if (hashing == NULL) {
        body_close(body);
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    if (object_password(object, "password", MEMBER_NULLABLE, PASSWORD_CHARACTERS_MIN,
                        &hashing->password) != MEMBER_GIVEN) {
        password_make(hashing->made);
        hashing->password = text_of(hashing->made);
        call->secret = hashing->made;
    }
    if (!body_passes(body, &answered)) {
        return answered;
    }
    call->subject = hashing;
    call->submission.command.kind = kind;
    call->submission.command.caller = call->caller;
    call->submission.on_done = answer_outcome;
    call->submission.owner = call;
    return passwords_submit(call->routes->passwords, call, false, hash_and_submit)
               ? answered
               : call_refuse(call, PROBLEM_BUSY, NULL);
}

static bool carries_key(struct call *call, struct answered *refused) {
    if (text_is_absent(call->headers.idempotency_key)) {
        return false;
    }
    *refused =
        call_refuse(call, PROBLEM_BAD_HEADER,
                    "What has to do with a secret is not stored: leave Idempotency-Key out.");
    return true;
}

/* --- operations ------------------------------------------------------------------------------ */

struct answered route_staff_create(struct call *call) {
    struct answered answered = {call};
    if (carries_key(call, &answered)) {
        return answered;
    }
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct staff_command *command = &call->submission.command.of.staff;
    object_email(object, &command->staff.email);
    read_settings(object, true, command);
    return submit_hashed(&body, object, COMMAND_STAFF_CREATE);
}

struct answered route_staff_password(struct call *call) {
    struct answered answered = {call};
    if (carries_key(call, &answered)) {
        return answered;
    }
    struct body body;
    struct object *object = body_open(&body, call, BODY_OPTIONAL);
    call->submission.command.of.staff.staff.id = call->id;
    return submit_hashed(&body, object, COMMAND_STAFF_PASSWORD);
}

static struct answered disable(struct call *call, bool is_disabled) {
    struct body body;
    body_open(&body, call, BODY_OPTIONAL);
    call->submission.command.of.staff.staff.id = call->id;
    call->submission.command.of.staff.disable = is_disabled;
    return body_submit(&body, COMMAND_STAFF_DISABLE);
}

struct answered route_staff_disable(struct call *call) {
    return disable(call, true);
}

struct answered route_staff_enable(struct call *call) {
    return disable(call, false);
}

/* Staff are few: all are read. */
static enum error read_one(struct store_reader *reader, struct uuid id, struct arena *arena,
                           struct staff *staff, struct failure *failure) {
    struct page page;
    enum error error = reader_staff(reader, arena, &page, failure);
    const struct staff *rows = error == ERROR_NONE ? page.rows : NULL;
    for (size_t i = 0; rows != NULL && i < page.count; i++) {
        if (uuid_equals(rows[i].id, id)) {
            *staff = rows[i];
            return ERROR_NONE;
        }
    }
    return error == ERROR_NONE ? ERROR_NOT_FOUND : error;
}

static enum error find(struct store_reader *reader, struct uuid id, struct arena *arena,
                       struct uuid *event_id, struct failure *failure) {
    struct staff staff;
    *event_id = UUID_NONE;
    return read_one(reader, id, arena, &staff, failure);
}

struct answered route_staff_update(struct call *call) {
    struct body body;
    struct staff_command *command = &call->submission.command.of.staff;
    read_settings(body_open(&body, call, BODY_REQUIRED), false, command);
    command->staff.id = call->id;
    return settings_change(&body, COMMAND_STAFF_CHANGE, &command->if_version, find);
}

static struct answered reply_one(struct call *call, struct store_reader *reader) {
    struct staff staff;
    struct failure failure;
    enum error error = read_one(reader, call->id, call_scratch(call), &staff, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    json_writer_init(&json, call_scratch(call));
    render_staff(&json, &staff, NULL);
    reply_header(&headers, TEXT("ETag"), version_etag(staff.version, call_arena(call)));
    return call_reply(call, 200, &json, &headers);
}

struct answered route_staff_get(struct call *call) {
    return call_query(call, reply_one, NULL);
}

/* --- the list ----------------------------------------------------------------------------------
 */

static enum error read_staff(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure) {
    struct page all;
    enum error error = reader_staff(reader, arena, &all, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    struct staff *rows = all.rows;
    size_t from = 0;
    for (size_t i = 0; i < all.count && query->after.set; i++) {
        if (uuid_equals(rows[i].id, query->after.id)) {
            from = i + 1;
        }
    }
    size_t count = all.count - from < query->limit ? all.count - from : query->limit;
    *page = (struct page){.rows = rows + from, .count = count, .as_of = all.as_of};
    if (from + count < all.count) {
        page->next = (struct list_position){
            .set = true, .at = INSTANT_NONE, .id = rows[from + count - 1].id};
    }
    return ERROR_NONE;
}

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    (void)request;
    row_staff(fields, row);
}

static const struct staff sample = {
    .role = ROLE_VIEWER,
    .created_at = NO_INSTANT,
    .updated_at = NO_INSTANT,
    .disabled_at = NO_INSTANT,
    .last_seen_at = NO_INSTANT,
};

static const struct list staff_list = {
    .read = read_staff,
    .row_size = sizeof(struct staff),
    .row = write_row,
    .sample = &sample,
};

struct answered route_staff_list(struct call *call) {
    return list_answer(call, &staff_list, NULL);
}
