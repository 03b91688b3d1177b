/* staff_forms.h - members of bodies about people. */
#pragma once

#include "routes/body.h"

enum { EMAIL_CHARACTERS_MAX = 254 };

/* In small letters, without white space at its ends. */
enum member object_email(struct object *object, struct text *email);

/* As it is: blanks are part of it. At least `min` characters, at most PASSWORD_BYTES_MAX bytes. */
enum member object_password(struct object *object, const char *name, enum member_need need,
                            size_t min, struct text *password);

/* `event_ids`, in their order; untouched where none are given: all events. */
enum member object_event_ids(struct object *object, struct uuid **events, size_t *count);
