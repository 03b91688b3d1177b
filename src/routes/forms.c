#include "routes/forms.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "routes/routes.h"

static const char zone_directory[] = "/usr/share/zoneinfo/";

enum member object_reason(struct object *object, enum member_need need, struct text *reason) {
    return object_text(object, "reason", need, FORM_REASON, reason);
}

enum member object_order_id(struct object *object, enum member_need need, struct text *order_id) {
    return object_text(object, "order_id", need, FORM_ORDER_ID, order_id);
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

bool tender_is_well_formed(struct text tender) {
    for (size_t i = 0; i < tender.length; i++) {
        char c = tender.bytes[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!is_letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_'))) {
            return false;
        }
    }
    return tender.length >= 1 && tender.length <= TENDER_CHARACTERS_MAX;
}

enum member object_tender(struct object *object, struct text *tender) {
    struct text_form form = {1, TENDER_CHARACTERS_MAX, TEXT_LINE};
    struct text word = TEXT_NONE;
    enum member member = object_text(object, "tender", MEMBER_OPTIONAL, form, &word);
    if (member == MEMBER_GIVEN && !tender_is_well_formed(word)) {
        body_fault(object->body, object_pointer(object, "tender"), "format",
                   "This must be a word of small letters, digits and _, such as cash or card.");
        return MEMBER_ABSENT;
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

bool currency_is_well_formed(struct text code) {
    for (size_t i = 0; i < code.length; i++) {
        if (code.bytes[i] < 'A' || code.bytes[i] > 'Z') {
            return false;
        }
    }
    return code.length == 3;
}

static bool parse_currency(struct text code, void *value) {
    if (currency_is_well_formed(code)) {
        memcpy(((struct currency *)value)->code, code.bytes, code.length);
        return true;
    }
    return false;
}

enum member object_currency(struct object *object, struct currency *currency) {
    return object_word(object, "currency", MEMBER_OPTIONAL, parse_currency,
                       "This must be a currency as ISO 4217 writes it, such as EUR.", currency);
}

/* --- time zones --------------------------------------------------------------------- */

/* Letters, digits, '_', '+', '-', in parts between slashes: nothing that leaves the directory. */
static bool is_zone_name(struct text zone) {
    bool part_begins = true;
    for (size_t i = 0; i < zone.length; i++) {
        char c = zone.bytes[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
        if (c == '/' ? part_begins : !is_letter && !is_other) {
            return false;
        }
        part_begins = c == '/';
    }
    return zone.length >= 1 && zone.length <= TIME_ZONE_CHARACTERS_MAX && !part_begins;
}

bool time_zone_exists(struct text zone) {
    if (text_equals(zone, TEXT("UTC"))) {
        return true;
    }
    /* Copies of all zones with other rules of counting; their names are no zones. */
    if (!is_zone_name(zone) || text_starts_with(zone, TEXT("posix/")) ||
        text_starts_with(zone, TEXT("right/"))) {
        return false;
    }
    char path[sizeof zone_directory + TIME_ZONE_CHARACTERS_MAX];
    snprintf(path, sizeof path, "%s%.*s", zone_directory, (int)zone.length, zone.bytes);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        return false;
    }
    char magic[4];
    bool is_zone =
        read(file, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(file);
    return is_zone;
}

static enum member faulty(struct object *object, const char *name, const char *detail) {
    body_fault(object->body, object_pointer(object, name), "format", detail);
    return MEMBER_ABSENT;
}

enum member object_time_zone(struct object *object, enum member_need need, struct text *zone) {
    struct text_form form = {1, TIME_ZONE_CHARACTERS_MAX, TEXT_LINE};
    struct text name = TEXT_NONE;
    enum member member = object_text(object, "time_zone", need, form, &name);
    if (member == MEMBER_GIVEN && !time_zone_exists(name)) {
        return faulty(object, "time_zone",
                      "This must be a time zone that this server knows, such as Europe/Berlin.");
    }
    *zone = name;
    return member;
}

/* --- addresses ------------------------------------------------------------------------ */

static bool is_https_url(struct text url) {
    static const struct text scheme = {"https://", 8};
    if (!text_starts_with(url, scheme)) {
        return false;
    }
    for (size_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.bytes[i];
        if (c <= ' ' || strchr("\"<>\\^`{|}", c) != NULL) {
            return false;
        }
    }
    char host = url.length > scheme.length ? url.bytes[scheme.length] : '/';
    return host != '/' && host != '?' && host != '#' && host != ':' && host != '@';
}

enum member object_image_url(struct object *object, struct text *url) {
    struct text_form form = {1, URL_CHARACTERS_MAX, TEXT_LINE};
    struct text address = TEXT_NONE;
    enum member member = object_text(object, "image_url", MEMBER_NULLABLE, form, &address);
    if (member == MEMBER_GIVEN && !is_https_url(address)) {
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
