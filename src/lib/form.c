#include "lib/form.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "domain/limits.h"

/* Controls of both blocks; line breaks and tabs only where they are allowed. */
static bool has_controls(struct text text, bool breaks_are_fine) {
    for (size_t i = 0; i < text.length; i++) {
        uint8_t c = (uint8_t)text.bytes[i];
        bool is_break = c == '\n' || c == '\r' || c == '\t';
        if ((c < 0x20 && !(is_break && breaks_are_fine)) || c == 0x7F) {
            return true;
        }
        if (c == 0xC2 && i + 1 < text.length && (uint8_t)text.bytes[i + 1] < 0xA0) {
            return true;
        }
    }
    return false;
}

const char *form_fault(struct text text, struct form form) {
    if (!text_is_utf8(text)) {
        return "This is not well-formed UTF-8.";
    }
    size_t characters = text_characters(text);
    if (characters > form.max) {
        return "This is too long.";
    }
    if (characters < form.min) {
        return "This is too short.";
    }
    if (form.min > 0 && text_trimmed(text).length == 0) {
        return "This must not be blank.";
    }
    return has_controls(text, form.kind == FORM_PARAGRAPH)
               ? "This must not contain control characters."
               : NULL;
}

bool form_is_tender(struct text tender) {
    for (size_t i = 0; i < tender.length; i++) {
        char c = tender.bytes[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!is_letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_'))) {
            return false;
        }
    }
    return tender.length >= 1 && tender.length <= TENDER_CHARACTERS_MAX;
}

bool form_is_currency(struct text code) {
    for (size_t i = 0; i < code.length; i++) {
        if (code.bytes[i] < 'A' || code.bytes[i] > 'Z') {
            return false;
        }
    }
    return code.length == sizeof((struct currency){{0}}.code) - 1;
}

bool form_is_url(struct text url) {
    struct text scheme = TEXT("https://");
    if (!text_starts_with(url, scheme) || url.length == scheme.length) {
        return false;
    }
    for (size_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.bytes[i];
        if (c <= ' ' || strchr("\"<>\\^`{|}", c) != NULL) {
            return false;
        }
    }
    return strchr("/?#:@", url.bytes[scheme.length]) == NULL;
}

/* Letters, digits, _, + and - in parts between slashes: nothing that leaves the directory. */
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

bool form_is_time_zone(struct text zone) {
    if (text_equals(zone, TEXT("UTC"))) {
        return true;
    }
    /* Copies of all zones with other rules of counting; their names are no zones. */
    if (!is_zone_name(zone) || text_starts_with(zone, TEXT("posix/")) ||
        text_starts_with(zone, TEXT("right/"))) {
        return false;
    }
    char path[sizeof "/usr/share/zoneinfo/" + TIME_ZONE_CHARACTERS_MAX];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)zone.length, zone.bytes);
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

bool form_is_idempotency_key(struct text key) {
    for (size_t i = 0; i < key.length; i++) {
        if (key.bytes[i] < '!' || key.bytes[i] > '~') {
            return false;
        }
    }
    return key.length >= 1 && key.length <= IDEMPOTENCY_KEY_CHARACTERS_MAX;
}
