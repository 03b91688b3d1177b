#include "domain/taking.h"

#include "domain/ledger.h"
#include "domain/limits.h"

static struct want *want_of(struct wants *wants, const struct world_type *type) {
    for (size_t i = 0; i < wants->count; i++) {
        if (wants->list[i].type == type) {
            return &wants->list[i];
        }
    }
    return NULL;
}

bool taking_gather(struct decision *decision, struct items items, struct wants *wants) {
    wants->count = 0;
    wants->event = NULL;
    if (items.count == 0 || items.count > CART_LINES_MAX) {
        decision_invalid(decision, TEXT("/items"), "Between 1 and 50 items are required.");
        return false;
    }
    for (size_t i = 0; i < items.count; i++) {
        struct world_type *type = decision_type(decision, items.list[i].id);
        if (type == NULL) {
            return false;
        }
        if (items.list[i].quantity < 1) {
            decision_invalid_item(decision, i, "quantity", "A quantity is at least 1.");
            return false;
        }
        if (wants->event != NULL && wants->event != type->event) {
            decision_invalid_item(decision, i, "ticket_type_id",
                                  "All ticket types must belong to one event.");
            return false;
        }
        wants->event = type->event;
        struct want *want = want_of(wants, type);
        if (want == NULL) {
            want = &wants->list[wants->count++];
            *want = (struct want){.type = type, .index = i, .unit_price = type->row.price};
        }
        want->quantity += items.list[i].quantity;
        want->additional = want->quantity;
    }
    return true;
}

static struct facts *refuse_type(struct decision *decision, const struct world_type *type,
                                 enum verdict verdict) {
    struct facts *facts = decision_refuse(decision, verdict);
    facts->ticket_type_id = type->row.id;
    facts->event_id = type->row.event_id;
    facts->name = type->row.name;
    return facts;
}

static bool sales_are_open(struct decision *decision, const struct world_type *type) {
    struct instant now = decision->world->now;
    const struct ticket_type *row = &type->row;
    struct instant end = event_end(&type->event->row);
    if (!instant_is_none(row->sales_end) && instant_before(row->sales_end, end)) {
        end = row->sales_end;
    }
    if (!instant_is_none(row->sales_start) && instant_before(now, row->sales_start)) {
        struct facts *facts = refuse_type(decision, type, VERDICT_SALES_CLOSED);
        facts->at = row->sales_start;
        return false;
    }
    if (!instant_before(now, end)) {
        struct facts *facts = refuse_type(decision, type, VERDICT_SALES_CLOSED);
        facts->at = end;
        return false;
    }
    return true;
}

static bool within_limits(struct decision *decision, const struct want *want,
                          struct uuid customer) {
    const struct world_type *type = want->type;
    if (type->row.max_per_order != 0 && want->quantity > type->row.max_per_order) {
        struct facts *facts = refuse_type(decision, type, VERDICT_LIMIT_PER_ORDER);
        facts->requested = want->quantity;
        facts->limit = type->row.max_per_order;
        return false;
    }
    if (type->row.max_per_customer == 0) {
        return true;
    }
    if (uuid_is_none(customer)) {
        decision_invalid(decision, TEXT("/user_id"),
                         "This ticket type is limited per customer: say who it is for.");
        return false;
    }
    const struct world_customer *known = world_customer(decision->world, type->row.id, customer);
    int64_t has = known == NULL ? 0 : known->quantity;
    if (has + want->additional > type->row.max_per_customer) {
        struct facts *facts = refuse_type(decision, type, VERDICT_LIMIT_PER_CUSTOMER);
        facts->requested = want->additional;
        facts->limit = type->row.max_per_customer;
        facts->customer_has = has;
        return false;
    }
    return true;
}

static bool open_to_public(struct decision *decision, const struct want *want,
                           struct uuid customer) {
    if (!want->type->event->row.published) {
        refuse_type(decision, want->type, VERDICT_NOT_PUBLISHED);
        return false;
    }
    return sales_are_open(decision, want->type) && within_limits(decision, want, customer);
}

bool taking_enough(struct decision *decision, const struct world_type *type, int64_t additional,
                   enum verdict verdict) {
    if (counts_available(type->row.counts) >= additional) {
        return true;
    }
    struct facts *facts = refuse_type(decision, type, verdict);
    facts->requested = additional;
    facts->available = counts_available(type->row.counts);
    facts->reserved = type->row.counts.reserved;
    facts->next_expiry_at = type->next_expiry_at;
    return false;
}

bool taking_allowed(struct decision *decision, const struct wants *wants, struct uuid customer) {
    for (size_t i = 0; i < wants->count; i++) {
        const struct want *want = &wants->list[i];
        if (want->additional <= 0) {
            continue; /* giving back is always allowed */
        }
        if (!instant_is_none(want->type->row.archived_at) ||
            !instant_is_none(want->type->event->row.archived_at)) {
            refuse_type(decision, want->type, VERDICT_ARCHIVED);
            return false;
        }
        if (caller_is_public(&decision->command->caller) &&
            !open_to_public(decision, want, customer)) {
            return false;
        }
        if (!taking_enough(decision, want->type, want->additional,
                           VERDICT_INSUFFICIENT_INVENTORY)) {
            return false;
        }
    }
    return true;
}

bool taking_amount(struct decision *decision, const struct wants *wants) {
    int64_t sum = 0;
    for (size_t i = 0; i < wants->count; i++) {
        int64_t amount;
        if (!amount_of(wants->list[i].quantity, wants->list[i].unit_price, &amount) ||
            sum + amount > AMOUNT_MAX) {
            decision_invalid_item(decision, wants->list[i].index, "quantity",
                                  "The price of all tickets together is too large.");
            return false;
        }
        sum += amount;
    }
    return true;
}

struct world_reservation *taking_reserve(struct decision *decision, const struct want *want,
                                         const struct reservation *pattern) {
    struct reservation row = *pattern;
    row.id = decision_id(decision, want->type->event);
    row.event_id = want->type->row.event_id;
    row.ticket_type_id = want->type->row.id;
    row.quantity = (int32_t)want->quantity;
    row.unit_price = want->unit_price;
    row.currency = want->type->event->row.currency;
    struct world_reservation *made = world_add_reservation(decision->world, &row);
    if (made == NULL) {
        decision->spent = true;
        return NULL;
    }
    made->state = ROW_NEW;
    want->type->event->has_history = true;
    ledger_customer(decision->world, &made->row, want->quantity);
    struct instant *next = &want->type->next_expiry_at;
    if (row.status == RESERVATION_ACTIVE &&
        (instant_is_none(*next) || instant_before(row.expires_at, *next))) {
        *next = row.expires_at;
    }
    return made;
}

struct world_cart *taking_new_cart(struct decision *decision, const struct cart *row) {
    struct world_cart *cart = world_add_cart(decision->world, row);
    if (cart == NULL) {
        decision->spent = true;
        return NULL;
    }
    cart->state = ROW_NEW;
    return cart;
}

struct reservation taking_pattern(const struct decision *decision, struct uuid customer,
                                  struct uuid cart_id, struct instant expires_at) {
    struct instant now = decision->world->now;
    return (struct reservation){.cart_id = cart_id,
                                .user_id = customer,
                                .status = RESERVATION_ACTIVE,
                                .expires_at = expires_at,
                                .created_at = now,
                                .updated_at = now,
                                .completed_at = INSTANT_NONE};
}

void taking_record(struct decision *decision, const struct world_reservation *line,
                   int32_t quantity) {
    ledger_record(decision, line->type,
                  (struct posting){.action = ACTION_RESERVE,
                                   .quantity = quantity,
                                   .delta = {.reserved = quantity},
                                   .about = &line->row});
}
