/* What reports add up: every sale and entry of a type is looked at. */
#include "store/memory/reader.h"

static bool is_within(const struct figures_span *span, struct instant at) {
    return !instant_before(at, span->from) && instant_before(at, span->to);
}

enum error memory_read_sold(struct store_reader *reader, const struct figures_span *span,
                            struct arena *arena, struct figures *figures, struct instant *reached,
                            struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_type *type = memory_type(store, span->ticket_type_id);
    const struct memory_reservation *line = type == NULL ? NULL : type->reservations;
    for (; line != NULL; line = line->next_of_type) {
        const struct reservation *row = &line->row;
        if (row->status == RESERVATION_COMPLETED && is_within(span, row->completed_at)) {
            figures_add(figures, &(struct movement){
                                     .ticket_type_id = row->ticket_type_id,
                                     .at = row->completed_at,
                                     .action = ACTION_SALE,
                                     .channel = row->channel,
                                     .tender = row->tender,
                                     .operator.id = row->sold_by,
                                     .tickets = row->quantity,
                                     .amount = row->quantity * row->unit_price,
                                 });
        }
    }
    *reached = span->to;
    return memory_read(store, ERROR_NONE, failure);
}

static int64_t price_of(const struct memory_store *store, const struct audit_entry *entry) {
    const struct memory_reservation *sale = memory_reservation(store, entry->reservation_id);
    return sale == NULL ? 0 : sale->row.unit_price;
}

enum error memory_read_adjusted(struct store_reader *reader, const struct figures_span *span,
                                struct arena *arena, struct figures *figures,
                                struct instant *reached, struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_type *type = memory_type(store, span->ticket_type_id);
    for (size_t i = 0; type != NULL && i < type->entries.count; i++) {
        const struct audit_entry *entry = type->entries.list[i];
        bool is_rare = entry->action == ACTION_INCREASE || entry->action == ACTION_DECREASE ||
                       entry->action == ACTION_REFUND;
        if (!is_rare || !is_within(span, entry->created_at)) {
            continue;
        }
        int64_t delta = (int64_t)entry->now.total - entry->previous.total;
        figures_add(figures, &(struct movement){
                                 .ticket_type_id = entry->ticket_type_id,
                                 .at = entry->created_at,
                                 .action = entry->action,
                                 .channel = entry->channel,
                                 .tender = entry->tender,
                                 .operator= entry->actor,
                                 .tickets = entry->quantity,
                                 .amount = entry->action == ACTION_REFUND
                                               ? entry->quantity * price_of(store, entry)
                                               : 0,
                                 .increased = delta > 0 ? delta : 0,
                                 .decreased = delta < 0 ? -delta : 0,
                             });
    }
    *reached = span->to;
    return memory_read(store, ERROR_NONE, failure);
}
