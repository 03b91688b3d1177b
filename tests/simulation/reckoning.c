/* The store's rows and sums against the log (I2, I3, R17). */
#include <inttypes.h>

#include "truth.h"

static void compare_sums(struct truth *truth, const struct truth_type *type,
                         const struct type_sums *sums) {
    const struct ticket_type *row = &sums->row;
    if (!counts_are_same(row->counts, type->counts) || row->audit_seq != type->seq) {
        finding_report(truth->finding, "a ticket type's row is not where its log ends");
    } else if (memcmp(row->audit_hash.bytes, type->head.bytes, sizeof type->head.bytes) != 0) {
        finding_report(truth->finding, "a ticket type's hash is not that of its last entry");
    } else if (sums->active_quantity != row->counts.reserved ||
               sums->sold_quantity + row->adopted_sold != row->counts.sold) {
        finding_report(truth->finding,
                       "reservations hold %" PRId64 " and sold %" PRId64 ", the counts say %" PRId32
                       " and %" PRId32,
                       sums->active_quantity, sums->sold_quantity, row->counts.reserved,
                       row->counts.sold);
    }
}

static void compare_reservations(struct truth *truth, const struct truth_type *type) {
    int64_t reserved = 0;
    int64_t sold = 0;
    const struct truth_reservation *each = type->reservations;
    for (; each != NULL; each = each->next_of_type) {
        reserved += each->active;
        sold += each->sold - each->refunded;
    }
    if (reserved != type->counts.reserved || sold != type->counts.sold) {
        finding_report(truth->finding, "the log's entries do not add up to its counts");
    }
}

void truth_compare(struct truth *truth) {
    for (size_t i = 0; i < truth->types_count && !truth->finding->found; i++) {
        struct type_sums sums;
        arena_reset(&truth->scratch);
        if (reader_sums(truth->reader, truth->types[i].id, &truth->scratch, &sums, NULL) !=
            ERROR_NONE) {
            finding_report(truth->finding, "a ticket type is gone");
            return;
        }
        compare_sums(truth, &truth->types[i], &sums);
        compare_reservations(truth, &truth->types[i]);
    }
    drawers_compare(truth);
}
