/* The members of a JSON object, each read where it is asked for (body.h). */
#include <inttypes.h>

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

/* What a member must be, before anything else about it is judged. */
enum kind { KIND_TEXT, KIND_NUMBER, KIND_FLAG, KIND_LIST };

static const char *const kind_sentences[] = {
    [KIND_TEXT] = "This must be a text.",
    [KIND_NUMBER] = "This must be a whole number.",
    [KIND_FLAG] = "This must be true or false.",
    [KIND_LIST] = "This must be a list.",
};

static bool is_kind(const json_t *value, enum kind kind) {
    switch (kind) {
    case KIND_TEXT:
        return json_is_string(value);
    case KIND_NUMBER:
        return json_is_integer(value);
    case KIND_FLAG:
        return json_is_boolean(value);
    case KIND_LIST:
        return json_is_array(value);
    }
    return false;
}

struct wanted {
    const char *name;
    enum member_need need;
    enum kind kind;
};

/* The one way to a member: notes that it was asked for, and judges whether it is there. */
static enum member find(struct object *object, struct wanted wanted, json_t **value) {
    require(object->names_count < MEMBERS_MAX);
    object->names[object->names_count++] = wanted.name;
    if (object->json == NULL) {
        return MEMBER_ABSENT;
    }
    *value = json_object_get(object->json, wanted.name);
    if (*value == NULL) {
        return wanted.need == MEMBER_REQUIRED
                   ? fault(object, wanted.name, "required", "This is needed.")
                   : MEMBER_ABSENT;
    }
    object->found++;
    if (json_is_null(*value)) {
        return wanted.need == MEMBER_NULLABLE
                   ? MEMBER_NULL
                   : fault(object, wanted.name, "type", "This must not be null.");
    }
    return is_kind(*value, wanted.kind)
               ? MEMBER_GIVEN
               : fault(object, wanted.name, "type", kind_sentences[wanted.kind]);
}

static struct text text_of_json(const json_t *json) {
    return (struct text){json_string_value(json), json_string_length(json)};
}

/* A sentence made for the case, or a plainer one when the arena is spent. */
static const char *sentence(struct text made, const char *plainer) {
    return text_is_absent(made) ? plainer : made.bytes;
}

static enum member judge_text(struct object *object, const char *name, struct form form,
                              struct text text, struct text *value) {
    struct arena *arena = call_arena(object->body->call);
    enum form_fault wrong = form_judge(text, form);
    if (wrong == FORM_TOO_SHORT || wrong == FORM_TOO_LONG) {
        return fault(object, name, "length",
                     sentence(arena_printf(arena, "This must have %zu to %zu characters.", form.min,
                                           form.max),
                              form_sentence(wrong)));
    }
    if (wrong != FORM_SOUND) {
        return fault(object, name, "format", form_sentence(wrong));
    }
    struct text copy = arena_copy(arena, text);
    if (text_is_absent(copy)) {
        return fault(object, name, "length", form_sentence(FORM_TOO_LONG));
    }
    *value = copy;
    return MEMBER_GIVEN;
}

enum member object_text(struct object *object, const char *name, enum member_need need,
                        struct form form, struct text *value) {
    json_t *json;
    enum member member = find(object, (struct wanted){name, need, KIND_TEXT}, &json);
    return member == MEMBER_GIVEN ? judge_text(object, name, form, text_of_json(json), value)
                                  : member;
}

enum member object_trimmed_text(struct object *object, const char *name, enum member_need need,
                                struct form form, struct text *value) {
    json_t *json;
    enum member member = find(object, (struct wanted){name, need, KIND_TEXT}, &json);
    return member == MEMBER_GIVEN
               ? judge_text(object, name, form, text_trimmed(text_of_json(json)), value)
               : member;
}

enum member object_integer(struct object *object, const char *name, enum member_need need,
                           int64_t min, int64_t max, int64_t *value) {
    json_t *json;
    enum member member = find(object, (struct wanted){name, need, KIND_NUMBER}, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    json_int_t number = json_integer_value(json);
    if (number < min || number > max) {
        return fault(
            object, name, "range",
            sentence(arena_printf(call_arena(object->body->call),
                                  "This must be a whole number from %" PRId64 " to %" PRId64 ".",
                                  min, max),
                     "The number is out of range."));
    }
    *value = number;
    return MEMBER_GIVEN;
}

enum member object_boolean(struct object *object, const char *name, enum member_need need,
                           bool *value) {
    json_t *json;
    enum member member = find(object, (struct wanted){name, need, KIND_FLAG}, &json);
    if (member == MEMBER_GIVEN) {
        *value = json_boolean_value(json);
    }
    return member;
}

/* A text that `parse` understands; the code and the sentence for one that it does not. */
static enum member parsed(struct object *object, struct wanted wanted, word_parser *parse,
                          const char *code, const char *detail, void *value) {
    json_t *json;
    enum member member = find(object, wanted, &json);
    if (member == MEMBER_GIVEN && !parse(text_of_json(json), value)) {
        return fault(object, wanted.name, code, detail);
    }
    return member;
}

static bool parse_uuid(struct text text, void *value) {
    return uuid_parse(text, value);
}

static bool parse_instant(struct text text, void *value) {
    return instant_parse(text, value);
}

enum member object_uuid(struct object *object, const char *name, enum member_need need,
                        struct uuid *value) {
    return parsed(object, (struct wanted){name, need, KIND_TEXT}, parse_uuid, "format",
                  "This must be a UUID.", value);
}

enum member object_instant(struct object *object, const char *name, enum member_need need,
                           struct instant *value) {
    return parsed(object, (struct wanted){name, need, KIND_TEXT}, parse_instant, "format",
                  "This must be a time as RFC 3339 writes it, such as 2026-11-22T19:30:00Z.",
                  value);
}

enum member object_word(struct object *object, const char *name, enum member_need need,
                        word_parser *parse, const char *words, void *value) {
    return parsed(object, (struct wanted){name, need, KIND_TEXT}, parse, "enum", words, value);
}

enum member object_array(struct object *object, const char *name, enum member_need need, size_t min,
                         size_t max, json_t **array) {
    json_t *json;
    enum member member = find(object, (struct wanted){name, need, KIND_LIST}, &json);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    if (json_array_size(json) < min || json_array_size(json) > max) {
        return fault(object, name, "length",
                     sentence(arena_printf(call_arena(object->body->call),
                                           "This must have %zu to %zu elements.", min, max),
                              "The length is wrong."));
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
