#include "domain/ledger.h"

#include "base/check.h"

struct audit_entry *ledger_post(struct world *world, struct world_type *type,
                                const struct posting *posting) {
    struct world_entry *node = arena_new(world->arena, struct world_entry);
    if (node == NULL) {
        return NULL;
    }
    struct audit_entry *entry = &node->row;
    const struct reservation *about = posting->about;
    *entry = (struct audit_entry){
        .id = posting->id,
        .event_id = type->row.event_id,
        .ticket_type_id = type->row.id,
        .user_id = posting->user_id,
        .seq = type->row.audit_seq + 1,
        .action = posting->action,
        .quantity = posting->quantity,
        .previous = type->row.counts,
        .reason = posting->reason,
        /* The clock may have been set back; the log's time never is. */
        .created_at = instant_later(world->now, type->row.last_entry_at),
        .effective_at = posting->effective_at,
        .actor = posting->actor,
        .disposition = posting->disposition,
    };
    if (about != NULL) {
        entry->reservation_id = about->id;
        entry->order_id = about->order_id;
        entry->tender = about->tender;
        entry->channel = about->channel;
        entry->shift_id = about->shift_id;
    }
    bool conserved = counts_apply(entry->previous, posting->delta, &entry->now);
    ensure(conserved && entry->quantity >= 1);
    entry->chain_hash = audit_entry_hash(entry, &type->row.audit_hash);

    type->row.counts = entry->now;
    type->row.audit_seq = entry->seq;
    type->row.audit_hash = entry->chain_hash;
    type->row.last_entry_at = entry->created_at;
    type->row.updated_at = entry->created_at;
    row_changed(&type->state);
    *world->entries_end = node;
    world->entries_end = &node->next;
    return entry;
}

struct audit_entry *ledger_record(struct decision *decision, struct world_type *type,
                                  struct posting posting) {
    const struct caller *caller = &decision->command->caller;
    posting.id = decision_id(decision, type->event);
    posting.actor = caller->actor;
    posting.effective_at = INSTANT_NONE;
    posting.user_id = caller->acting_for;
    if (uuid_is_none(posting.user_id) && posting.about != NULL) {
        posting.user_id = posting.about->user_id;
    }
    struct audit_entry *entry = ledger_post(decision->world, type, &posting);
    decision->spent |= entry == NULL;
    return entry;
}

void ledger_customer(struct world *world, const struct reservation *reservation, int64_t delta) {
    if (uuid_is_none(reservation->user_id)) {
        return;
    }
    struct world_customer *customer =
        world_customer(world, reservation->ticket_type_id, reservation->user_id);
    if (customer != NULL) {
        customer->quantity += delta;
    }
}
