#include "routes/resources/staff_forms.h"

#include "domain/limits.h"
#include "routes/callers/password.h"

/* Something before the last @ and a host behind it; whether post arrives there only post can tell.
 */
static bool looks_like_email(struct text email) {
    const char *at = memrchr(email.bytes, '@', email.length);
    return at != NULL && at > email.bytes && at + 1 < email.bytes + email.length &&
           memchr(email.bytes, ' ', email.length) == NULL;
}

enum member object_email(struct object *object, struct text *email) {
    struct text asked = TEXT_NONE;
    enum member member =
        object_trimmed_text(object, "email", MEMBER_REQUIRED,
                            (struct form){3, EMAIL_CHARACTERS_MAX, FORM_LINE}, &asked);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    struct text small = arena_copy(call_arena(object->body->call), asked);
    if (text_is_absent(small) || !looks_like_email(small)) {
        body_fault(object->body, object_pointer(object, "email"), "format",
                   "This must be an e-mail address.");
        return MEMBER_ABSENT;
    }
    for (size_t i = 0; i < small.length; i++) {
        char *c = (char *)(uintptr_t)&small.bytes[i];
        if (*c >= 'A' && *c <= 'Z') {
            *c = (char)(*c - 'A' + 'a');
        }
    }
    *email = small;
    return MEMBER_GIVEN;
}

enum member object_password(struct object *object, const char *name, enum member_need need,
                            size_t min, struct text *password) {
    struct text asked = TEXT_NONE;
    enum member member =
        object_text(object, name, need, (struct form){min, PASSWORD_BYTES_MAX, FORM_LINE}, &asked);
    if (member == MEMBER_GIVEN && asked.length > PASSWORD_BYTES_MAX) {
        body_fault(object->body, object_pointer(object, name), "length",
                   "A password has at most 1,024 bytes.");
        return MEMBER_ABSENT;
    }
    *password = asked;
    return member;
}

static bool is_repeated(const struct uuid *list, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (uuid_equals(list[i], list[index])) {
            return true;
        }
    }
    return false;
}

enum member object_event_ids(struct object *object, struct uuid **events, size_t *count) {
    json_t *array;
    enum member member =
        object_array(object, "event_ids", MEMBER_NULLABLE, 1, KEY_EVENTS_MAX, &array);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    struct arena *arena = call_arena(object->body->call);
    size_t asked = json_array_size(array);
    struct uuid *list = arena_array(arena, struct uuid, asked);
    for (size_t i = 0; i < asked && list != NULL; i++) {
        const json_t *id = json_array_get(array, i);
        struct text text = {json_string_value(id), json_string_length(id)};
        struct text pointer = arena_printf(arena, "/event_ids/%zu", i);
        if (!json_is_string(id)) {
            body_fault(object->body, pointer, "type", "This must be a text.");
        } else if (!uuid_parse(text, &list[i])) {
            body_fault(object->body, pointer, "format", "This must be a UUID.");
        } else if (is_repeated(list, i)) {
            body_fault(object->body, pointer, "duplicate", "This event is here already.");
        }
    }
    if (list == NULL) { /* never somebody without limits where limits were asked for */
        body_fault(object->body, TEXT_NONE, "length", NULL);
        return MEMBER_ABSENT;
    }
    *events = list;
    *count = asked;
    return MEMBER_GIVEN;
}
