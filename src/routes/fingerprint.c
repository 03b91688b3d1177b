#include "routes/fingerprint.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#include "base/json_writer.h"

static_assert(FINGERPRINT_SIZE == crypto_generichash_BYTES, "a fingerprint is BLAKE2b-256");

static void write_value(struct json_writer *json, const json_t *value);

/* Objects are small (EventCreate has ten members): insertion sort. */
static void write_object(struct json_writer *json, const json_t *object) {
    size_t size = json_object_size(object), count = 0;
    const char **names = arena_array(json->arena, const char *, size + 1);
    if (names == NULL) {
        json->failed = true;
        return;
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        size_t at = count++;
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--) {
            names[at] = names[at - 1];
        }
        names[at] = name;
    }
    json_object_begin(json);
    for (size_t i = 0; i < count; i++) {
        json_name(json, names[i]);
        write_value(json, json_object_get(object, names[i]));
    }
    json_object_end(json);
}

static void write_array(struct json_writer *json, const json_t *array) {
    json_array_begin(json);
    for (size_t i = 0; i < json_array_size(array); i++) {
        write_value(json, json_array_get(array, i));
    }
    json_array_end(json);
}

static void write_value(struct json_writer *json, const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(json, value);
        return;
    case JSON_ARRAY:
        write_array(json, value);
        return;
    case JSON_STRING:
        json_text(json, (struct text){json_string_value(value), json_string_length(value)});
        return;
    case JSON_INTEGER:
        json_int(json, json_integer_value(value));
        return;
    case JSON_REAL: { /* no member takes one, so this is never reached by a sound body */
        char digits[32];
        int length = snprintf(digits, sizeof digits, "%.17g", json_real_value(value));
        json_text(json, (struct text){digits, (size_t)length});
        return;
    }
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(json, json_boolean_value(value));
        return;
    case JSON_NULL:
        json_nil(json);
        return;
    }
}

bool fingerprint_take(const struct http_request *request, const json_t *body,
                      uint8_t fingerprint[FINGERPRINT_SIZE]) {
    struct json_writer json;
    json_writer_init(&json, request->arena);
    json_array_begin(&json);
    json_text(&json, text_of(http_method_name(request->method)));
    json_text(&json, request->path);
    if (body == NULL) { /* no body and an empty object say the same */
        json_object_begin(&json);
        json_object_end(&json);
    } else {
        write_value(&json, body);
    }
    json_array_end(&json);
    struct text written = json_written(&json);
    if (text_is_absent(written)) {
        return false;
    }
    crypto_generichash(fingerprint, FINGERPRINT_SIZE, (const unsigned char *)written.bytes,
                       written.length, NULL, 0);
    return true;
}
