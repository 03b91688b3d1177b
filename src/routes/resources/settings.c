#include "routes/resources/settings.h"

/* `"7"` is version 7. Another tag in quotes is of no version there ever was: -1. */
static bool parse_version(struct text tag, int64_t *version) {
    if (tag.length < 3 || tag.bytes[0] != '"' || tag.bytes[tag.length - 1] != '"') {
        return false;
    }
    int64_t number = 0;
    for (size_t i = 1; i + 1 < tag.length && number >= 0; i++) {
        char c = tag.bytes[i];
        bool is_digit = c >= '0' && c <= '9' && tag.length <= 2 + 18;
        number = is_digit ? number * 10 + (c - '0') : -1;
    }
    *version = number;
    return true;
}

/* Without If-Match: is there anything that it could have named? */
static struct answered ask_for_version(struct call *call, struct store_reader *reader) {
    settings_finder **find = call->subject;
    struct failure failure;
    struct uuid event_id = UUID_NONE;
    enum error error = (*find)(reader, call->id, call_scratch(call), &event_id, &failure);
    if (error != ERROR_NONE) {
        return call_refuse_error(call, error, &failure);
    }
    if (!caller_reaches_event(&call->caller, event_id)) {
        return call_refuse(call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
    }
    return call_refuse(call, PROBLEM_PRECONDITION_REQUIRED,
                       "Send If-Match with the ETag that a GET of this address answers.");
}

struct answered settings_change(struct body *body, enum command_kind kind, int64_t *if_version,
                                settings_finder *find) {
    struct call *call = body->call;
    struct answered answered = {call};
    if (text_is_absent(call->headers.if_match)) {
        settings_finder **subject = arena_new(call_arena(call), settings_finder *);
        if (!body_passes(body, &answered)) {
            return answered;
        }
        if (subject == NULL) {
            return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        }
        *subject = find;
        return call_query(call, ask_for_version, subject);
    }
    if (!parse_version(call->headers.if_match, if_version)) {
        body_close(body);
        return call_refuse(call, PROBLEM_BAD_HEADER,
                           "If-Match must be the ETag that was seen, in double quotes.");
    }
    return body_submit(body, kind);
}

struct answered settings_archive(struct call *call, enum command_kind kind, bool archive) {
    struct body body;
    body_open(&body, call, BODY_OPTIONAL);
    call->submission.command.of.archive = (struct archive_command){call->id, archive};
    return body_submit(&body, kind);
}
