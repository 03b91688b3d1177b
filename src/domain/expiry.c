/* R3: what is past its time holds nothing, and the log says since when. Before anything is decided,
 * what the store handed over is checked: it is input like any other. */
#include "domain/decide.h"

#include <stdlib.h>

#include "domain/ledger.h"
#include "domain/limits.h"

static const char *type_fault(const struct world_type *type) {
    const struct ticket_type *row = &type->row;
    if (type->event == NULL) {
        return "its event is missing";
    }
    if (!counts_are_valid(row->counts) || row->initial < 0 || row->price < 0 ||
        row->price > PRICE_MAX || row->max_per_order < 0 || row->max_per_customer < 0) {
        return "its counts or settings are outside their bounds";
    }
    if (row->audit_seq != type->log_seq) {
        return "the log does not end at its audit_seq";
    }
    if (memcmp(row->audit_hash.bytes, type->log_hash.bytes, CHAIN_HASH_SIZE) != 0) {
        return "the log's last hash is not its audit_hash";
    }
    if (type->live_reserved > row->counts.reserved) {
        return "its active reservations hold more than it counts as reserved";
    }
    if (type->live_sold + row->adopted_sold > row->counts.sold) {
        return "its sales are more than it counts as sold";
    }
    return NULL;
}

static const char *reservation_fault(const struct world_reservation *reservation) {
    const struct reservation *row = &reservation->row;
    bool in_bounds = row->quantity >= 1 && row->refunded_quantity >= 0 &&
                     row->refunded_quantity <= row->quantity && row->unit_price >= 0 &&
                     row->status >= RESERVATION_ACTIVE && row->status <= RESERVATION_EXPIRED;
    if (!in_bounds || !uuid_equals(row->event_id, reservation->type->row.event_id) ||
        (row->status == RESERVATION_ACTIVE && instant_is_none(row->expires_at))) {
        return "one of its reservations is outside the bounds of a row";
    }
    return NULL;
}

static void quarantine(struct world *world) {
    for (struct world_type *type = world->types; type != NULL; type = type->next) {
        type->fault = type_fault(type);
    }
    for (struct world_reservation *each = world->reservations; each != NULL; each = each->next) {
        if (each->type != NULL && each->type->fault == NULL) {
            each->type->fault = reservation_fault(each);
        }
    }
}

static bool expire(struct world *world, struct world_reservation *reservation) {
    struct world_type *type = reservation->type;
    struct reservation *row = &reservation->row;
    struct uuid id = uuid_nth(world->batch_ids, world->batch_ids_used++);
    const struct audit_entry *entry =
        ledger_post(world, type,
                    &(struct posting){.action = ACTION_RELEASE,
                                      .quantity = row->quantity,
                                      .delta = {.reserved = -(int64_t)row->quantity},
                                      .id = uuid_in_lane(id, type->event->lane),
                                      .actor = {.kind = ACTOR_SYSTEM},
                                      .user_id = row->user_id,
                                      .reason = TEXT("Reservation expired"),
                                      .effective_at = row->expires_at,
                                      .about = row});
    if (entry == NULL) {
        return false;
    }
    row->status = RESERVATION_EXPIRED;
    row->updated_at = world->now;
    row_changed(&reservation->state);
    type->expired_released++;
    return true;
}

static bool is_due(const struct world *world, const struct world_reservation *reservation) {
    const struct reservation *row = &reservation->row;
    return row->status == RESERVATION_ACTIVE &&
           status_at(row->status, row->expires_at, world->now) == RESERVATION_EXPIRED &&
           reservation->type != NULL && reservation->type->fault == NULL;
}

static int by_expiry(const void *first, const void *second) {
    const struct reservation *a = &(*(struct world_reservation *const *)first)->row;
    const struct reservation *b = &(*(struct world_reservation *const *)second)->row;
    if (a->expires_at.us != b->expires_at.us) {
        return a->expires_at.us < b->expires_at.us ? -1 : 1;
    }
    return uuid_compare(a->id, b->id);
}

/* Oldest first, in whatever order the store read them: the log is the same from every store. */
bool decide_begin(struct world *world) {
    quarantine(world);
    size_t count = 0;
    for (struct world_reservation *each = world->reservations; each != NULL; each = each->next) {
        count += is_due(world, each);
    }
    struct world_reservation **due = arena_array(world->arena, struct world_reservation *, count);
    bool enough = due != NULL || count == 0;
    size_t found = 0;
    for (struct world_reservation *each = world->reservations; enough && each != NULL;
         each = each->next) {
        if (is_due(world, each)) {
            due[found++] = each;
        }
    }
    if (found > 1) {
        qsort(due, found, sizeof(struct world_reservation *), by_expiry);
    }
    for (size_t i = 0; enough && i < found; i++) {
        enough = expire(world, due[i]);
    }
    return enough;
}

static bool type_waits(const struct world *world, struct uuid id) {
    const struct world_type *type = world_type(world, id);
    return type != NULL && type->more_expired && type->fault == NULL;
}

/* R15: a limit that this batch has set, of customers that it has not read. */
static bool limit_waits(const struct world *world, struct uuid id) {
    const struct world_type *type = world_type(world, id);
    return type != NULL && type->row.max_per_customer != 0 && !type->customers_loaded;
}

static bool items_wait(const struct world *world, struct items items) {
    for (size_t i = 0; i < items.count; i++) {
        if (type_waits(world, items.list[i].id) || limit_waits(world, items.list[i].id)) {
            return true;
        }
    }
    return false;
}

static bool target_waits(const struct world *world, struct target target) {
    if (!target.is_cart) {
        const struct world_reservation *line = world_reservation(world, target.id);
        return line != NULL && type_waits(world, line->row.ticket_type_id);
    }
    const struct world_cart *cart = world_cart(world, target.id);
    const struct world_reservation *line = cart == NULL ? NULL : cart->lines;
    for (; line != NULL; line = line->next_in_cart) {
        if (type_waits(world, line->row.ticket_type_id)) {
            return true;
        }
    }
    return false;
}

bool decide_must_wait(const struct world *world, const struct command *command) {
    switch (command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        return items_wait(world, command->of.reserve.items);
    case COMMAND_CART_REPLACE:
        return items_wait(world, command->of.reserve.items) ||
               target_waits(world, (struct target){command->of.reserve.cart_id, true});
    case COMMAND_SELL:
        return items_wait(world, command->of.sell.items);
    case COMMAND_COMPLETE:
        return target_waits(world, command->of.complete.target);
    case COMMAND_RELEASE:
        return target_waits(world, command->of.release.target);
    case COMMAND_EXTEND:
        return target_waits(world, command->of.extend.target);
    case COMMAND_REFUND:
        return target_waits(world, command->of.refund.target);
    case COMMAND_ADJUST:
        return type_waits(world, command->of.adjust.ticket_type_id);
    case COMMAND_SWEEP: /* it is what the others wait for */
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_KEY_CREATE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
    case COMMAND_STAFF_CREATE:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
    case COMMAND_PRUNE:
    case COMMAND_SHIFT_OPEN:
    case COMMAND_SHIFT_CLOSE:
        return false;
    }
    return false;
}
