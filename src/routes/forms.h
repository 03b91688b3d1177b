/* forms.h - members that several bodies share: their names, lengths and what they may look like. */
#pragma once

#include "domain/form.h"
#include "domain/limits.h"
#include "routes/body.h"

#define FORM_NAME        ((struct form){1, NAME_CHARACTERS_MAX, FORM_LINE})
#define FORM_DESCRIPTION ((struct form){0, DESCRIPTION_CHARACTERS_MAX, FORM_PARAGRAPH})
#define FORM_ADDRESS     ((struct form){0, ADDRESS_CHARACTERS_MAX, FORM_PARAGRAPH})

/* Without the white space at its ends. */
enum member object_reason(struct object *object, enum member_need need, struct text *reason);
enum member object_order_id(struct object *object, enum member_need need, struct text *order_id);
enum member object_tender(struct object *object, struct text *tender);
enum member object_channel(struct object *object, enum member_need need, enum channel *channel);
enum member object_disposition(struct object *object, enum disposition *disposition);
enum member object_quantity(struct object *object, enum member_need need, int32_t *quantity);
enum member object_seconds(struct object *object, enum member_need need, int32_t *seconds);
enum member object_currency(struct object *object, enum member_need need,
                            struct currency *currency);
enum member object_time_zone(struct object *object, enum member_need need, struct text *zone);
enum member object_image_url(struct object *object, struct text *url);

/* `items`: a list of {`id_name`, quantity}. */
enum member object_items(struct object *object, const char *id_name, enum member_need need,
                         struct items *items);
