#include "domain/form.h"

#include <stdint.h>

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

enum form_fault form_judge(struct text text, struct form form) {
    if (!text_is_utf8(text)) {
        return FORM_NOT_UTF8;
    }
    size_t characters = text_characters(text);
    if (characters < form.min) {
        return FORM_TOO_SHORT;
    }
    if (characters > form.max) {
        return FORM_TOO_LONG;
    }
    if (form.min > 0 && text_trimmed(text).length == 0) {
        return FORM_BLANK;
    }
    return has_controls(text, form.kind == FORM_PARAGRAPH) ? FORM_CONTROLS : FORM_SOUND;
}

const char *form_sentence(enum form_fault fault) {
    switch (fault) {
    case FORM_SOUND:
        break;
    case FORM_NOT_UTF8:
        return "This is not well-formed UTF-8.";
    case FORM_TOO_SHORT:
        return "This is too short.";
    case FORM_TOO_LONG:
        return "This is too long.";
    case FORM_BLANK:
        return "This must not be blank.";
    case FORM_CONTROLS:
        return "This must not contain control characters.";
    }
    return NULL;
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

bool form_is_idempotency_key(struct text key) {
    for (size_t i = 0; i < key.length; i++) {
        if (key.bytes[i] < '!' || key.bytes[i] > '~') {
            return false;
        }
    }
    return key.length >= 1 && key.length <= IDEMPOTENCY_KEY_CHARACTERS_MAX;
}
