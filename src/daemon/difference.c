#include "daemon/difference.h"

#include <inttypes.h>

static void name(FILE *out, const char *what, struct uuid id) {
    char text[UUID_TEXT_SIZE];
    if (!uuid_is_none(id)) {
        fprintf(out, " %s %s", what, uuid_format(id, text));
    }
}

void difference_print(FILE *out, const struct verify_difference *difference) {
    fprintf(out, "%s:", difference_kind_name(difference->kind));
    name(out, "ticket type", difference->ticket_type_id);
    name(out, "reservation", difference->reservation_id);
    name(out, "cart", difference->cart_id);
    name(out, "shift", difference->shift_id);
    if (difference->seq != 0) {
        fprintf(out, " entry %" PRId64, difference->seq);
    }
    fprintf(out, ": %s\n", difference->sentence);
}
