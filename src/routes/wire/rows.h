/* rows.h - how each kind of row looks to a client; the same everywhere it is shown. */
#pragma once

#include "domain/outcome.h"
#include "routes/wire/fields.h"
#include "store/reader.h"

void row_venue(struct fields *fields, const struct venue *venue);
void row_event(struct fields *fields, const struct event *event);

/* `all_counts` false: of the counts only what is available, as the public sees it. */
void row_type(struct fields *fields, const struct ticket_type *type, struct currency currency,
              bool all_counts);

/* As it reads at `now`. */
void row_reservation(struct fields *fields, const struct reservation *reservation,
                     struct instant now);
/* `actor_name`: what the actor is called, or absent. */
void row_entry(struct fields *fields, const struct audit_entry *entry, struct text actor_name);
/* `operator_name`: absent where it is not known. Its totals by tender stand in JSON alone. */
void row_shift(struct fields *fields, const struct shift_reading *shift, struct text operator_name);
void row_api_key(struct fields *fields, const struct api_key *key);
void row_staff(struct fields *fields, const struct staff *staff);

/* initial, total, sold, reserved, available. */
void row_counts(struct fields *fields, int64_t initial, struct counts counts);

/* What was sold and taken back, in tickets and money. */
void row_money(struct fields *fields, const struct figure *figure);
