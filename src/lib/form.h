/* form.h - does this text of the caller's look as it should?
 *
 * What needs no store to be judged: lengths, characters, words. Lengths count characters, and fit
 * the arrays of ticketd.h in any case. */
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

/* What is wrong with `text`, as a sentence; NULL when all is well. */
const char *form_fault(struct text text, struct form form);

/* A word of small letters, digits and _, such as cash. */
bool form_is_tender(struct text tender);

/* Three capital letters (ISO 4217). */
bool form_is_currency(struct text code);

/* "https://" and a host, nothing that could end an attribute. */
bool form_is_url(struct text url);

/* A zone that this system knows. */
bool form_is_time_zone(struct text zone);

/* 1 to 255 visible ASCII characters. */
bool form_is_idempotency_key(struct text key);
