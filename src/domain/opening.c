#include "domain/opening.h"

#include "base/check.h"

static struct text reason_adopted(void) {
    return TEXT("Adopted");
}

static void post(struct opening *opening, const struct opening_request *request, enum action action,
                 int64_t quantity, struct text reason) {
    if (quantity == 0) {
        return;
    }
    ensure(opening->count < OPENING_ENTRIES_MAX);
    const struct audit_entry *before =
        opening->count == 0 ? NULL : &opening->entries[opening->count - 1];
    static const struct chain_hash no_hash;
    struct audit_entry *entry = &opening->entries[opening->count];
    struct uuid id = uuid_nth(request->ids, (uint32_t)opening->count);
    *entry = (struct audit_entry){
        .id = uuid_in_lane(id, uuid_lane_of_event(request->event_id)),
        .event_id = request->event_id,
        .ticket_type_id = request->ticket_type_id,
        .seq = (int64_t)opening->count + 1,
        .action = action,
        .quantity = (int32_t)quantity,
        .previous = before == NULL ? (struct counts){0} : before->now,
        .reason = reason,
        .created_at = request->now,
        .effective_at = INSTANT_NONE,
        .actor = {.kind = ACTOR_SYSTEM},
    };
    struct counts_delta delta = {
        .total = action == ACTION_INCREASE ? quantity : 0,
        .sold = action == ACTION_SALE ? quantity : 0,
        .reserved = action == ACTION_RESERVE   ? quantity
                    : action == ACTION_RELEASE ? -quantity
                                               : 0,
    };
    bool conserved = counts_apply(entry->previous, delta, &entry->now);
    ensure(conserved);
    entry->chain_hash = audit_entry_hash(entry, before == NULL ? &no_hash : &before->chain_hash);
    opening->count++;
}

struct opening opening_make(const struct opening_request *request) {
    const struct counts *found = &request->found;
    require(counts_are_valid(*found) && request->active >= 0 &&
            found->sold + request->active <= found->total);
    struct opening opening = {.count = 0};
    int64_t missing = request->active - found->reserved;
    post(&opening, request, ACTION_INCREASE, found->total, reason_adopted());
    post(&opening, request, ACTION_SALE, found->sold, reason_adopted());
    post(&opening, request, ACTION_RESERVE, found->reserved, reason_adopted());
    post(&opening, request, missing < 0 ? ACTION_RELEASE : ACTION_RESERVE,
         missing < 0 ? -missing : missing, TEXT("Adopted: as its active reservations add up"));
    return opening;
}

bool opening_is_adoption(const struct audit_entry *first) {
    return first->seq == 1 && first->action == ACTION_INCREASE &&
           first->actor.kind == ACTOR_SYSTEM && text_equals(first->reason, reason_adopted());
}
