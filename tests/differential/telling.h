/* telling.h - rows and answers as text, member by member: the same text says the same thing. */
#pragma once

#include "domain/outcome.h"
#include "store/reader.h"

/* Grows as it must; freed by telling_finish. Zero is empty. */
struct telling {
    char *bytes;
    size_t length, capacity;
};

void telling_finish(struct telling *telling);
void telling_clear(struct telling *telling);

void tell(struct telling *telling, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One row each, as its type says. */
typedef void teller(struct telling *telling, const void *row);
teller tell_venue, tell_event, tell_type, tell_type_reading, tell_reservation, tell_cart,
    tell_entry, tell_api_key, tell_shift, tell_history, tell_sums, tell_id;

void tell_instant(struct telling *telling, const char *name, struct instant at);

/* All of it: the verdict, each fact, each row. */
void tell_outcome(struct telling *telling, const struct outcome *outcome);

/* Where the two part, a few lines of each; into `excerpt`. False: they say the same. */
bool telling_differs(const struct telling *a, const struct telling *b, char *excerpt, size_t size);
