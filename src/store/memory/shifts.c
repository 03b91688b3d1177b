/* A shift's totals, and what the log says of them. */
#include "store/memory/reader.h"

/* The lines of a cart are one sale: it is counted with the first of them. */
static bool is_first_of_sale(const struct memory_store *store,
                             const struct memory_reservation *line) {
    const struct memory_cart *cart =
        uuid_is_none(line->row.cart_id) ? NULL : memory_cart(store, line->row.cart_id);
    const struct memory_reservation *first = cart == NULL ? line : cart->lines;
    while (first->row.status != RESERVATION_COMPLETED) {
        first = first->next_in_cart;
    }
    return first == line;
}

static struct shift_total counted(const struct memory_store *store,
                                  const struct audit_entry *entry) {
    const struct memory_reservation *line = memory_reservation(store, entry->reservation_id);
    int64_t amount = (int64_t)entry->quantity * line->row.unit_price;
    if (entry->action == ACTION_REFUND) {
        return (struct shift_total){
            .tender = entry->tender, .tickets_refunded = entry->quantity, .refunds = amount};
    }
    return (struct shift_total){.tender = entry->tender,
                                .sales = is_first_of_sale(store, line),
                                .tickets_sold = entry->quantity,
                                .gross = amount};
}

enum error memory_read_shift_sums(struct store_reader *reader, struct uuid shift_id,
                                  struct arena *arena, struct shift_sums *sums,
                                  struct failure *failure) {
    (void)arena; /* texts stay where they are */
    struct memory_store *store = memory_reading(reader);
    *sums = (struct shift_sums){.kept_count = 0};
    const struct memory_shift *shift = memory_shift(store, shift_id);
    for (size_t i = 0; shift != NULL && i < shift->totals_count; i++) {
        shift_sums_add(sums, false, &shift->totals[i]);
    }
    for (const struct memory_type *type = store->types; type != NULL; type = type->next) {
        for (size_t i = 0; i < type->entries.count; i++) {
            const struct audit_entry *entry = type->entries.list[i];
            if (uuid_equals(entry->shift_id, shift_id)) {
                struct shift_total amount = counted(store, entry);
                shift_sums_add(sums, true, &amount);
            }
        }
    }
    return memory_read(store, ERROR_NONE, failure);
}
