/* form.h - does this text of the caller's look as it should?
 *
 * What needs no store to be judged: lengths, characters, words; the same over HTTP and in the
 * library. Lengths count characters. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "domain/event.h"

enum form_kind {
    FORM_LINE,      /* no control characters; not all blank */
    FORM_PARAGRAPH, /* line breaks and tabs are fine, and so is nothing at all */
};

struct form {
    size_t min, max;
    enum form_kind kind;
};

enum form_fault {
    FORM_SOUND,
    FORM_NOT_UTF8,
    FORM_TOO_SHORT,
    FORM_TOO_LONG,
    FORM_BLANK,
    FORM_CONTROLS,
};

enum form_fault form_judge(struct text text, struct form form);

/* The fault for people; NULL for a sound text. */
const char *form_sentence(enum form_fault fault);

/* A word of small letters, digits and _, such as cash. */
bool form_is_tender(struct text tender);

/* Three capital letters (ISO 4217). */
bool form_is_currency(struct text code);

/* "https://" and a host, nothing that could end an attribute. */
bool form_is_url(struct text url);

/* 1 to 255 visible ASCII characters. */
bool form_is_idempotency_key(struct text key);
