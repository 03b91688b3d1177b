#include "routes/forms.h"

#include "base/time_zone.h"

enum member object_reason(struct object *object, enum member_need need, struct text *reason) {
    struct form form = {REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX, FORM_LINE};
    return object_trimmed_text(object, "reason", need, form, reason);
}

enum member object_order_id(struct object *object, enum member_need need, struct text *order_id) {
    struct form form = {1, ORDER_ID_CHARACTERS_MAX, FORM_LINE};
    return object_text(object, "order_id", need, form, order_id);
}

enum member object_quantity(struct object *object, enum member_need need, int32_t *quantity) {
    int64_t number = 0;
    enum member member = object_integer(object, "quantity", need, 1, COUNT_MAX, &number);
    *quantity = (int32_t)number;
    return member;
}

enum member object_seconds(struct object *object, enum member_need need, int32_t *seconds) {
    int64_t number = RESERVATION_SECONDS_DEFAULT;
    enum member member =
        object_integer(object, "expires_in_seconds", need, 1, RESERVATION_SECONDS_MAX, &number);
    *seconds = (int32_t)number;
    return member;
}

/* --- words ------------------------------------------------------------------------ */

static enum member faulty(struct object *object, const char *name, const char *detail) {
    body_fault(object->body, object_pointer(object, name), "format", detail);
    return MEMBER_ABSENT;
}

enum member object_tender(struct object *object, struct text *tender) {
    struct form form = {1, TENDER_CHARACTERS_MAX, FORM_LINE};
    struct text word = TEXT_NONE;
    enum member member = object_text(object, "tender", MEMBER_OPTIONAL, form, &word);
    if (member == MEMBER_GIVEN && !form_is_tender(word)) {
        return faulty(object, "tender",
                      "This must be a word of small letters, digits and _, such as cash or card.");
    }
    *tender = word;
    return member;
}

static bool parse_channel(struct text word, void *value) {
    return channel_parse(word, value);
}

static bool parse_disposition(struct text word, void *value) {
    return disposition_parse(word, value);
}

enum member object_channel(struct object *object, enum member_need need, enum channel *channel) {
    return object_word(object, "channel", need, parse_channel,
                       "This must be one of online, box_office, partner, comp.", channel);
}

enum member object_disposition(struct object *object, enum disposition *disposition) {
    *disposition = DISPOSITION_RETURN;
    return object_word(object, "disposition", MEMBER_OPTIONAL, parse_disposition,
                       "This must be return or void.", disposition);
}

static bool parse_currency(struct text code, void *value) {
    if (form_is_currency(code)) {
        memcpy(((struct currency *)value)->code, code.bytes, code.length);
        return true;
    }
    return false;
}

enum member object_currency(struct object *object, enum member_need need,
                            struct currency *currency) {
    return object_word(object, "currency", need, parse_currency,
                       "This must be a currency as ISO 4217 writes it, such as EUR.", currency);
}

enum member object_time_zone(struct object *object, enum member_need need, struct text *zone) {
    struct form form = {1, TIME_ZONE_CHARACTERS_MAX, FORM_LINE};
    struct text name = TEXT_NONE;
    enum member member = object_text(object, "time_zone", need, form, &name);
    if (member == MEMBER_GIVEN && !time_zone_exists(name)) {
        return faulty(object, "time_zone",
                      "This must be a time zone that this server knows, such as Europe/Berlin.");
    }
    *zone = name;
    return member;
}

enum member object_image_url(struct object *object, struct text *url) {
    struct form form = {1, URL_CHARACTERS_MAX, FORM_LINE};
    struct text address = TEXT_NONE;
    enum member member = object_text(object, "image_url", MEMBER_NULLABLE, form, &address);
    if (member == MEMBER_GIVEN && !form_is_url(address)) {
        return faulty(object, "image_url", "This must be an address that begins with https://.");
    }
    *url = address;
    return member;
}

/* --- items ------------------------------------------------------------------------------ */

enum member object_items(struct object *object, const char *id_name, enum member_need need,
                         struct items *items) {
    json_t *array;
    enum member member = object_array(object, "items", need, 1, CART_LINES_MAX, &array);
    if (member != MEMBER_GIVEN) {
        return member;
    }
    size_t count = json_array_size(array);
    struct item *list = arena_array(call_arena(object->body->call), struct item, count);
    if (list == NULL) {
        body_fault(object->body, TEXT_NONE, "length", NULL);
        return MEMBER_ABSENT;
    }
    for (size_t i = 0; i < count; i++) {
        struct object element = object_element(object, "items", array, i);
        object_uuid(&element, id_name, MEMBER_REQUIRED, &list[i].id);
        object_quantity(&element, MEMBER_REQUIRED, &list[i].quantity);
        object_close(&element);
    }
    *items = (struct items){list, count};
    return MEMBER_GIVEN;
}
