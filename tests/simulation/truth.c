#include "truth.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

bool finding_report(struct finding *finding, const char *format, ...) {
    if (!finding->found) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(finding->sentence, sizeof finding->sentence, format, arguments);
        va_end(arguments);
        finding->found = true;
    }
    return false;
}

enum { SCRATCH_BYTES = 64 << 20, PAGE = 512, PUBLIC_MARK = 0xAB };

struct uuid actor_of_request(uint64_t request, bool is_public) {
    struct uuid actor = {.bytes = {is_public ? PUBLIC_MARK : 0xAC}};
    memcpy(actor.bytes + 8, &request, sizeof request);
    return actor;
}

uint64_t request_of_actor(struct uuid actor) {
    uint64_t request;
    memcpy(&request, actor.bytes + 8, sizeof request);
    return request;
}

static uint64_t request_of_entry(const struct audit_entry *entry) {
    return drawer_is_operator(entry->actor.id) ? drawer_request(entry->reason)
                                               : request_of_actor(entry->actor.id);
}

void truth_init(struct truth *truth, struct arena *arena, struct finding *finding) {
    *truth = (struct truth){.finding = finding, .arena = arena, .trace = 14695981039346656037U};
    arena_init(&truth->scratch, SCRATCH_BYTES);
}

void truth_finish(struct truth *truth) {
    arena_finish(&truth->scratch);
}

struct truth_type *truth_type(struct truth *truth, struct uuid id) {
    for (size_t i = 0; i < truth->types_count; i++) {
        if (uuid_equals(truth->types[i].id, id)) {
            return &truth->types[i];
        }
    }
    return NULL;
}

struct truth_reservation *truth_reservation(const struct truth *truth, struct uuid id) {
    struct truth_reservation *found;
    for (size_t at = 0; (found = map_next(&truth->reservations, uuid_hash(id), &at)) != NULL;) {
        if (uuid_equals(found->id, id)) {
            return found;
        }
    }
    return NULL;
}

int64_t truth_held(const struct truth_type *type, struct uuid user_id) {
    int64_t held = 0;
    const struct truth_reservation *each = type->reservations;
    for (; each != NULL; each = each->next_of_type) {
        if (uuid_equals(each->user_id, user_id)) {
            held += each->active + each->sold - each->refunded;
        }
    }
    return held;
}

/* --- one entry --- */

static bool wrong(struct truth *truth, const struct audit_entry *entry, const char *what) {
    return finding_report(truth->finding, "log: seq %" PRId64 ", %.*s of %" PRId32 ": %s",
                          entry->seq, (int)action_name(entry->action).length,
                          action_name(entry->action).bytes, entry->quantity, what);
}

/* The row is read only for what the log does not say: its deadline, user, cart and price. */
static struct truth_reservation *reservation_of(struct truth *truth, struct truth_type *type,
                                                const struct audit_entry *entry) {
    struct truth_reservation *known = truth_reservation(truth, entry->reservation_id);
    struct reservation row;
    struct instant as_of;
    if (known == NULL) {
        if (reader_reservation(truth->reader, entry->reservation_id, &truth->scratch, &row, &as_of,
                               NULL) != ERROR_NONE) {
            wrong(truth, entry, "its reservation is not in the store");
            return NULL;
        }
        known = arena_new(truth->arena, struct truth_reservation);
        *known = (struct truth_reservation){.id = row.id,
                                            .user_id = row.user_id,
                                            .cart_id = row.cart_id,
                                            .type = type,
                                            .currency = row.currency,
                                            .unit_price = row.unit_price,
                                            .expires_at = row.expires_at,
                                            .next_of_type = type->reservations};
        type->reservations = known;
        map_put(&truth->reservations, truth->arena, uuid_hash(row.id), known);
    }
    return known;
}

static bool follow_taking(struct truth *truth, struct truth_type *type,
                          const struct audit_entry *entry, struct truth_reservation *about) {
    int64_t available = (int64_t)type->counts.total - type->counts.sold - type->counts.reserved;
    if (available < entry->quantity) {
        return wrong(truth, entry, "it takes more than there is");
    }
    bool is_new_taking = entry->action == ACTION_RESERVE || instant_is_none(about->expires_at);
    if (type->max_per_customer > 0 && is_new_taking && entry->actor.id.bytes[0] == PUBLIC_MARK &&
        truth_held(type, about->user_id) + entry->quantity > type->max_per_customer) {
        return wrong(truth, entry, "the customer has more than the limit");
    }
    return true;
}

static bool follow_reserve(struct truth *truth, struct truth_type *type,
                           const struct audit_entry *entry, struct truth_reservation *about) {
    if (!follow_taking(truth, type, entry, about)) {
        return false;
    }
    if (about->sold > 0 || about->was_released || about->was_expired) {
        return wrong(truth, entry, "the reservation had already ended");
    }
    about->active += entry->quantity;
    deadline_push(truth, type, about);
    return true;
}

static bool follow_release(struct truth *truth, const struct audit_entry *entry,
                           struct truth_reservation *about) {
    if (entry->quantity > about->active) {
        return wrong(truth, entry, "it gives back more than was held");
    }
    about->active -= entry->quantity;
    if (instant_is_none(entry->effective_at)) {
        about->was_released |= about->active == 0;
        return true;
    }
    about->was_expired = true;
    if (about->active != 0) {
        return wrong(truth, entry, "it expires in part");
    }
    if (entry->effective_at.us != about->expires_at.us ||
        instant_before(entry->created_at, entry->effective_at)) {
        return wrong(truth, entry, "it expires at another time than was promised");
    }
    return true;
}

static bool follow_sale(struct truth *truth, struct truth_type *type,
                        const struct audit_entry *entry, struct truth_reservation *about) {
    if (about->sold > 0) {
        return wrong(truth, entry, "it is sold twice");
    }
    if (entry->now.reserved != entry->previous.reserved) {
        if (about->active != entry->quantity) {
            return wrong(truth, entry, "it sells what is not held");
        }
        about->active = 0;
    } else if (about->active != 0 || about->was_released) {
        return wrong(truth, entry, "it sells again what is held or was released");
    } else if (!follow_taking(truth, type, entry, about)) {
        return false;
    }
    about->sold = entry->quantity;
    return true;
}

static bool follow_refund(struct truth *truth, const struct audit_entry *entry,
                          struct truth_reservation *about) {
    about->refunded += entry->quantity;
    return about->refunded <= about->sold || wrong(truth, entry, "it refunds more than was sold");
}

static bool follow_reservation(struct truth *truth, struct truth_type *type,
                               const struct audit_entry *entry) {
    if (entry->action == ACTION_INCREASE || entry->action == ACTION_DECREASE) {
        return true;
    }
    struct truth_reservation *about = reservation_of(truth, type, entry);
    if (about == NULL) {
        return false;
    }
    switch (entry->action) {
    case ACTION_RESERVE:
        return follow_reserve(truth, type, entry, about);
    case ACTION_RELEASE:
        return follow_release(truth, entry, about);
    case ACTION_SALE:
        return follow_sale(truth, type, entry, about);
    case ACTION_REFUND:
        return follow_refund(truth, entry, about);
    case ACTION_INCREASE:
    case ACTION_DECREASE:
        break;
    }
    return true;
}

/* R10's table of deltas. */
static struct counts moved(const struct audit_entry *entry) {
    struct counts counts = entry->previous;
    int32_t q = entry->quantity;
    switch (entry->action) {
    case ACTION_INCREASE:
        counts.total += q;
        break;
    case ACTION_DECREASE:
        counts.total -= q;
        break;
    case ACTION_RESERVE:
        counts.reserved += q;
        break;
    case ACTION_RELEASE:
        counts.reserved -= q;
        break;
    case ACTION_SALE:
        counts.sold += q;
        counts.reserved -= entry->now.reserved == counts.reserved ? 0 : q;
        break;
    case ACTION_REFUND:
        counts.sold -= q;
        counts.total -= entry->disposition == DISPOSITION_VOID ? q : 0;
        break;
    }
    return counts;
}

static bool follow_counts(struct truth *truth, struct truth_type *type,
                          const struct audit_entry *entry) {
    struct counts now = entry->now;
    if (entry->seq != type->seq + 1) {
        return wrong(truth, entry, "the entry before it is missing");
    }
    if (!counts_are_same(entry->previous, type->counts)) {
        return wrong(truth, entry, "it does not start where the one before ended");
    }
    if (entry->quantity < 1 || !counts_are_same(now, moved(entry))) {
        return wrong(truth, entry, "its counts do not move as its action says");
    }
    if (now.total < 0 || now.sold < 0 || now.reserved < 0 ||
        (int64_t)now.sold + now.reserved > now.total) {
        return wrong(truth, entry, "more is sold and reserved than there is");
    }
    if (instant_before(entry->created_at, type->last_entry_at)) {
        return wrong(truth, entry, "it is older than the one before");
    }
    if (truth->verify_hashes) {
        struct chain_hash hash = audit_entry_hash(entry, &type->head);
        if (memcmp(hash.bytes, entry->chain_hash.bytes, sizeof hash.bytes) != 0) {
            return wrong(truth, entry, "the hash chain is broken");
        }
    }
    return true;
}

static bool follow_effect(struct truth *truth, const struct audit_entry *entry) {
    uint64_t request = request_of_entry(entry);
    struct truth_effect *effect = &truth->effects[request % TRUTH_EFFECTS];
    if (effect->request != request) {
        *effect = (struct truth_effect){.request = request, .commit = truth->commit};
    }
    effect->entries_count++;
    if (!drawers_follow(truth, entry, effect->entries_count == 1)) {
        return false;
    }
    return effect->commit == truth->commit ||
           wrong(truth, entry, "its request has had an effect before");
}

static bool follow_entry(struct truth *truth, struct truth_type *type,
                         const struct audit_entry *entry) {
    bool of_request = entry->actor.kind == ACTOR_KEY;
    if (!follow_counts(truth, type, entry) || !follow_reservation(truth, type, entry) ||
        (of_request && !follow_effect(truth, entry))) {
        return false;
    }
    type->counts = entry->now;
    type->seq = entry->seq;
    type->head = entry->chain_hash;
    type->last_entry_at = entry->created_at;
    type->pending = truth_grown(truth, type->pending, type->pending_count, &type->pending_capacity,
                                sizeof *type->pending);
    type->pending[type->pending_count++] = (struct pending_entry){
        .request = of_request ? request_of_entry(entry) : 0, .now = entry->now};
    uint64_t facts = (uint64_t)entry->seq << 32 ^ (uint64_t)entry->quantity << 8 ^ entry->action;
    truth->trace = (truth->trace ^ facts) * UINT64_C(0x100000001b3);
    truth->entries++;
    return true;
}

size_t truth_follow(struct truth *truth, struct truth_type *type) {
    size_t followed = 0;
    struct page page;
    do {
        arena_reset(&truth->scratch);
        if (reader_entries(truth->reader, type->id, type->seq, PAGE, &truth->scratch, &page,
                           NULL) != ERROR_NONE) {
            finding_report(truth->finding, "the log cannot be read");
            return followed;
        }
        const struct audit_entry *entries = page.rows;
        for (size_t i = 0; i < page.count && !truth->finding->found; i++) {
            follow_entry(truth, type, &entries[i]);
        }
        followed += page.count;
    } while (page.next.set && !truth->finding->found);
    return followed;
}

void truth_add_type(struct truth *truth, struct uuid id, int32_t max_per_customer) {
    struct truth_type *type = &truth->types[truth->types_count++];
    *type = (struct truth_type){
        .id = id, .max_per_customer = max_per_customer, .last_entry_at = INSTANT_NONE};
    truth_follow(truth, type);
    type->answered = type->counts;
    type->pending_count = 0;
}

/* --- answers, in their order --- */

/* What the system did comes before what was asked for: it needs no answer. */
static void skip_systems_own(struct truth_type *type) {
    while (type->pending_seen < type->pending_count &&
           type->pending[type->pending_seen].request == 0) {
        type->answered = type->pending[type->pending_seen++].now;
    }
}

bool truth_answered(struct truth *truth, uint64_t request, size_t count) {
    size_t seen = 0;
    for (size_t i = 0; i < truth->types_count; i++) {
        struct truth_type *type = &truth->types[i];
        skip_systems_own(type);
        while (type->pending_seen < type->pending_count &&
               type->pending[type->pending_seen].request == request) {
            type->answered = type->pending[type->pending_seen++].now;
            seen++;
        }
    }
    return seen == count ||
           finding_report(truth->finding,
                          "request %" PRIu64 " was granted with %zu entries in the log, not %zu",
                          request, seen, count);
}

void truth_end_batch(struct truth *truth, struct instant now, bool complete) {
    for (size_t i = 0; i < truth->types_count; i++) {
        struct truth_type *type = &truth->types[i];
        skip_systems_own(type);
        if (complete && type->pending_seen < type->pending_count) {
            finding_report(truth->finding, "request %" PRIu64 " had an effect but was not told so",
                           type->pending[type->pending_seen].request);
        }
        const struct deadline *first = type->touched ? deadline_first(truth, type) : NULL;
        if (first != NULL && !instant_before(now, first->at)) {
            finding_report(truth->finding,
                           "something was decided while an expired reservation held %" PRId32
                           " tickets",
                           first->reservation->active);
        }
        type->answered = type->counts;
        type->pending_count = type->pending_seen = 0;
        type->touched = false;
    }
    drawers_end_batch(truth, complete);
    truth->commit++;
}
