/* The members of a JSON object, each read where it is asked for (body.h). */
#include "base/check.h"
#include "routes/body.h"

struct text object_pointer(const struct object *object, const char *name) {
    return arena_printf(call_arena(object->body->call), "%.*s/%s", (int)object->pointer.length,
                        object->pointer.bytes, name);
}

static enum member fault(struct object *object, const char *name, const char *code,
                         const char *detail) {
    body_fault(object->body, object_pointer(object, name), code, detail);
    return MEMBER_ABSENT;
}

/* The one way to a member: notes that it was asked for, and judges that it is missing or null. */
static enum member find(struct object *object, const char *name, enum member_need need,
                        json_t **value) {
    require(object->names_count < MEMBERS_MAX);
    object->names[object->names_count++] = name;
    if (object->json == NULL) {
        return MEMBER_ABSENT;
    }
    *value = json_object_get(object->json, name);
    if (*value == NULL) {
        return need == MEMBER_REQUIRED ? fault(object, name, "required", "This is needed.")
                                       : MEMBER_ABSENT;
    }
    object->found++;
    if (json_is_null(*value)) {
        return need == MEMBER_NULLABLE ? MEMBER_NULL
                                       : fault(object, name, "type", "This must not be null.");
    }
    return MEMBER_GIVEN;
}

/* Characters that a line may not have: controls of both blocks, and line breaks unless allowed. */
static bool has_controls(struct text text, bool breaks_are_fine) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        bool is_break = c == '\n' || c == '\r' || c == '\t';
        if ((c < 0x20 && !(is_break && breaks_are_fine)) || c == 0x7F) {
            return true;
        }
        if (c == 0xC2 && i + 1 < text.length && (unsigned char)text.bytes[i + 1] < 0xA0) {
            return true;
        }
    }
    return false;
}

static const char *of_length(struct object *object, struct text_form form) {
    struct text sentence =
        form.min == form.max
            ? arena_printf(call_arena(object->body->call), "This must have %zu characters.",
                           form.min)
            : arena_printf(call_arena(object->body->call), "This must have %zu to %zu characters.",
                           form.min, form.max);
    return text_is_absent(sentence) ? "The length is wrong." : sentence.bytes;
}

enum member object_text(struct object *object, const char *name, enum member_need need,
                        struct text_form form, struct text *value) {
    json_t *json;
    enum member member = find(object, name, need, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    if (!json_is_string(json)) {
        return fault(object, name, "type", "This must be a text.");
    }
    struct text text = {json_string_value(json), json_string_length(json)};
    struct text trimmed = text_trimmed(text);
    if (form.kind == TEXT_TRIMMED) {
        text = trimmed;
    }
    size_t characters = text_characters(text);
    if (characters < form.min || characters > form.max) {
        return fault(object, name, "length", of_length(object, form));
    }
    if (trimmed.length == 0 && form.min > 0) {
        return fault(object, name, "format", "This must not be blank.");
    }
    if (has_controls(text, form.kind == TEXT_PARAGRAPH)) {
        return fault(object, name, "format", "This must not contain control characters.");
    }
    struct text copy = arena_copy(call_arena(object->body->call), text);
    if (text_is_absent(copy)) {
        return fault(object, name, "length", "This is too long.");
    }
    *value = copy;
    return MEMBER_GIVEN;
}

static const char *of_range(struct object *object, int64_t min, int64_t max) {
    struct text sentence = arena_printf(call_arena(object->body->call),
                                        "This must be a whole number from %lld to %lld.",
                                        (long long)min, (long long)max);
    return text_is_absent(sentence) ? "The number is out of range." : sentence.bytes;
}

enum member object_integer(struct object *object, const char *name, enum member_need need,
                           int64_t min, int64_t max, int64_t *value) {
    json_t *json;
    enum member member = find(object, name, need, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    if (!json_is_integer(json)) {
        return fault(object, name, "type", "This must be a whole number.");
    }
    json_int_t number = json_integer_value(json);
    if (number < min || number > max) {
        return fault(object, name, "range", of_range(object, min, max));
    }
    *value = number;
    return MEMBER_GIVEN;
}

enum member object_boolean(struct object *object, const char *name, enum member_need need,
                           bool *value) {
    json_t *json;
    enum member member = find(object, name, need, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    if (!json_is_boolean(json)) {
        return fault(object, name, "type", "This must be true or false.");
    }
    *value = json_boolean_value(json);
    return MEMBER_GIVEN;
}

/* A string that `parse` understands; the code and the sentence for one that it does not. */
static enum member parsed(struct object *object, const char *name, enum member_need need,
                          word_parser *parse, const char *code, const char *detail, void *value) {
    json_t *json;
    enum member member = find(object, name, need, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    if (!json_is_string(json)) {
        return fault(object, name, "type", "This must be a text.");
    }
    if (!parse((struct text){json_string_value(json), json_string_length(json)}, value)) {
        return fault(object, name, code, detail);
    }
    return MEMBER_GIVEN;
}

static bool parse_uuid(struct text text, void *value) {
    return uuid_parse(text, value);
}

static bool parse_instant(struct text text, void *value) {
    return instant_parse(text, value);
}

enum member object_uuid(struct object *object, const char *name, enum member_need need,
                        struct uuid *value) {
    return parsed(object, name, need, parse_uuid, "format", "This must be a UUID.", value);
}

enum member object_instant(struct object *object, const char *name, enum member_need need,
                           struct instant *value) {
    return parsed(object, name, need, parse_instant, "format",
                  "This must be a time as RFC 3339 writes it, such as 2026-11-22T19:30:00Z.",
                  value);
}

enum member object_word(struct object *object, const char *name, enum member_need need,
                        word_parser *parse, const char *words, void *value) {
    return parsed(object, name, need, parse, "enum", words, value);
}

enum member object_array(struct object *object, const char *name, enum member_need need, size_t min,
                         size_t max, json_t **array) {
    json_t *json;
    enum member member = find(object, name, need, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    if (!json_is_array(json)) {
        return fault(object, name, "type", "This must be a list.");
    }
    if (json_array_size(json) < min || json_array_size(json) > max) {
        struct text sentence = arena_printf(call_arena(object->body->call),
                                            "This must have %zu to %zu elements.", min, max);
        return fault(object, name, "length",
                     text_is_absent(sentence) ? "The length is wrong." : sentence.bytes);
    }
    *array = json;
    return MEMBER_GIVEN;
}

struct object object_element(struct object *object, const char *name, json_t *array, size_t index) {
    struct object element = {.body = object->body};
    element.pointer = arena_printf(call_arena(object->body->call), "%.*s/%s/%zu",
                                   (int)object->pointer.length, object->pointer.bytes, name, index);
    json_t *json = json_array_get(array, index);
    if (json_is_object(json)) {
        element.json = json;
    } else {
        body_fault(object->body, element.pointer, "type", "This must be an object.");
    }
    return element;
}

static bool was_asked_for(const struct object *object, const char *name) {
    for (size_t i = 0; i < object->names_count; i++) {
        if (strcmp(object->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A name as a JSON pointer spells it (RFC 6901). */
static struct text escaped_pointer(const struct object *object, const char *name) {
    char *escaped = arena_take(call_arena(object->body->call), 2 * strlen(name) + 1);
    if (escaped == NULL) {
        return TEXT_NONE;
    }
    char *out = escaped;
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '~' || *at == '/') {
            *out++ = '~';
            *out++ = *at == '~' ? '0' : '1';
        } else {
            *out++ = *at;
        }
    }
    return object_pointer(object, escaped);
}

void object_close(struct object *object) {
    if (object->json == NULL || object->found == json_object_size(object->json)) {
        return;
    }
    const char *name;
    json_t *value;
    json_object_foreach(object->json, name, value) {
        if (!was_asked_for(object, name)) {
            body_fault(object->body, escaped_pointer(object, name), "unknown",
                       "There is no such member here.");
        }
    }
}
