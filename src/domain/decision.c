#include "domain/decision.h"

#include "base/check.h"
#include "domain/limits.h"

struct uuid decision_id(struct decision *decision, const struct world_event *event) {
    require(decision->ids_used < command_ids_max(decision->command));
    struct uuid id = uuid_nth(decision->command->ids, decision->ids_used++);
    return event == NULL ? id : uuid_in_lane(id, event->lane);
}

struct facts *decision_refuse(struct decision *decision, enum verdict verdict) {
    decision->outcome->verdict = verdict;
    return &decision->outcome->facts;
}

void decision_invalid(struct decision *decision, struct text pointer, const char *detail) {
    struct facts *facts = decision_refuse(decision, VERDICT_VALIDATION_FAILED);
    facts->pointer = pointer;
    facts->detail = text_of(detail);
}

void decision_invalid_item(struct decision *decision, size_t index, const char *member,
                           const char *detail) {
    bool alone = decision->command->kind == COMMAND_RESERVE;
    struct arena *arena = decision->world->arena;
    struct text pointer = alone ? arena_printf(arena, "/%s", member)
                                : arena_printf(arena, "/items/%zu/%s", index, member);
    decision->spent |= text_is_absent(pointer);
    decision_invalid(decision, pointer, detail);
}

static void refuse_not_found(struct decision *decision, struct uuid *fact, struct uuid id) {
    decision_refuse(decision, VERDICT_NOT_FOUND);
    *fact = id;
}

/* Scope and soundness of a type that is there. */
static bool type_is_usable(struct decision *decision, const struct world_type *type) {
    if (!caller_reaches_event(&decision->command->caller, type->row.event_id)) {
        decision_refuse(decision, VERDICT_EVENT_OUT_OF_SCOPE)->event_id = type->row.event_id;
        return false;
    }
    if (type->fault != NULL) {
        decision_refuse(decision, VERDICT_INVENTORY_INCONSISTENT)->ticket_type_id = type->row.id;
        return false;
    }
    return true;
}

struct world_type *decision_type(struct decision *decision, struct uuid id) {
    struct world_type *type = world_type(decision->world, id);
    if (type == NULL) {
        refuse_not_found(decision, &decision->outcome->facts.ticket_type_id, id);
        return NULL;
    }
    return type_is_usable(decision, type) ? type : NULL;
}

bool decision_reason(struct decision *decision, struct text reason, bool required,
                     struct text *trimmed) {
    *trimmed = TEXT_NONE;
    if (text_is_absent(reason) && !required) {
        return true;
    }
    struct text inner = text_trimmed(reason);
    size_t characters = text_is_absent(inner) ? 0 : text_characters(inner);
    if (characters < REASON_CHARACTERS_MIN || characters > REASON_CHARACTERS_MAX) {
        decision_invalid(decision, TEXT("/reason"), "A reason of 3 to 500 characters is required.");
        return false;
    }
    *trimmed = inner;
    return true;
}

bool decision_order_id(struct decision *decision, struct text asked, struct text *order_id) {
    *order_id = asked;
    if (!decision->world->order_ids_are_uuids || text_is_absent(asked)) {
        return true;
    }
    struct uuid id;
    if (!uuid_parse(asked, &id)) {
        decision_invalid(decision, TEXT("/order_id"),
                         "The shop's database keeps order ids as UUIDs: this is not one.");
        return false;
    }
    char canonical[UUID_TEXT_SIZE];
    *order_id = arena_copy(decision->world->arena, text_of(uuid_format(id, canonical)));
    decision->spent |= text_is_absent(*order_id);
    return !decision->spent;
}

static bool lines_are_usable(struct decision *decision, const struct lines *lines) {
    for (size_t i = 0; i < lines->count; i++) {
        const struct world_type *type = lines->list[i]->type;
        if (type == NULL) { /* a row without its ticket type: nothing of it can be believed */
            decision_refuse(decision, VERDICT_INVENTORY_INCONSISTENT)->reservation_id =
                lines->list[i]->row.id;
            return false;
        }
        if (!type_is_usable(decision, type)) {
            return false;
        }
    }
    return true;
}

/* What the cart says of itself and what its lines say go together. An active cart with a line whose
 * expiry was written has expired, though the clock may have been set back since: what that line
 * held has been given back. */
static bool lines_agree(struct lines *lines) {
    enum reservation_status stored = lines->cart->row.status;
    for (size_t i = 0; i < lines->count; i++) {
        enum reservation_status of_line = lines->list[i]->row.status;
        if (stored == RESERVATION_ACTIVE && of_line == RESERVATION_EXPIRED) {
            lines->status = RESERVATION_EXPIRED;
        } else if (stored != of_line) {
            return false;
        }
    }
    return lines->count > 0; /* no cart was ever made without a line */
}

static bool cart_lines(struct decision *decision, struct uuid id, struct lines *lines) {
    struct world_cart *cart = world_cart(decision->world, id);
    if (cart == NULL) {
        refuse_not_found(decision, &decision->outcome->facts.cart_id, id);
        return false;
    }
    *lines = (struct lines){
        .cart = cart,
        .status = status_at(cart->row.status, cart->row.expires_at, decision->world->now),
        .expires_at = cart->row.expires_at,
        .created_at = cart->row.created_at,
        .order_id = cart->row.order_id,
        .event_id = cart->row.event_id,
    };
    for (struct world_reservation *line = cart->lines; line != NULL; line = line->next_in_cart) {
        if (!cart_shows_line(&cart->row, &line->row)) {
            continue;
        }
        if (lines->count == CART_LINES_MAX) {
            decision_refuse(decision, VERDICT_INVENTORY_INCONSISTENT)->cart_id = id;
            return false;
        }
        lines->list[lines->count++] = line;
    }
    if (!lines_agree(lines)) {
        decision_refuse(decision, VERDICT_INVENTORY_INCONSISTENT)->cart_id = id;
        return false;
    }
    return true;
}

static bool single_line(struct decision *decision, struct uuid id, bool whole_only,
                        struct lines *lines) {
    struct world_reservation *line = world_reservation(decision->world, id);
    if (line == NULL) {
        refuse_not_found(decision, &decision->outcome->facts.reservation_id, id);
        return false;
    }
    *lines = (struct lines){
        .list = {line},
        .count = 1,
        .status = status_at(line->row.status, line->row.expires_at, decision->world->now),
        .expires_at = line->row.expires_at,
        .created_at = line->row.created_at,
        .order_id = line->row.order_id,
        .event_id = line->row.event_id,
    };
    if (whole_only && !uuid_is_none(line->row.cart_id) &&
        caller_reaches_event(&decision->command->caller, line->row.event_id)) {
        struct facts *facts = decision_refuse(decision, VERDICT_BELONGS_TO_CART);
        facts->reservation_id = id;
        facts->cart_id = line->row.cart_id;
        return false;
    }
    return true;
}

bool decision_lines(struct decision *decision, struct target target, bool whole_only,
                    struct lines *lines) {
    bool found = target.is_cart ? cart_lines(decision, target.id, lines)
                                : single_line(decision, target.id, whole_only, lines);
    return found && lines_are_usable(decision, lines);
}

void decision_touch_line(struct decision *decision, struct world_reservation *line) {
    line->row.updated_at = decision->world->now;
    row_changed(&line->state);
}

void decision_touch_cart(struct decision *decision, struct world_cart *cart) {
    cart->row.updated_at = decision->world->now;
    row_changed(&cart->state);
}

static void name_target(const struct lines *lines, struct facts *facts) {
    if (lines->cart != NULL) {
        facts->cart_id = lines->cart->row.id;
    } else {
        facts->reservation_id = lines->list[0]->row.id;
    }
}

void decision_refuse_status(struct decision *decision, const struct lines *lines) {
    require(lines->status != RESERVATION_ACTIVE);
    struct facts *facts = &decision->outcome->facts;
    switch (lines->status) {
    case RESERVATION_ACTIVE:
        break;
    case RESERVATION_COMPLETED:
        decision_refuse(decision, VERDICT_RESERVATION_COMPLETED);
        facts->order_id = lines->order_id;
        break;
    case RESERVATION_RELEASED:
        decision_refuse(decision, VERDICT_RESERVATION_RELEASED);
        break;
    case RESERVATION_EXPIRED:
        decision_refuse(decision, VERDICT_RESERVATION_EXPIRED);
        facts->at = lines->expires_at;
        break;
    }
    name_target(lines, facts);
}

void decision_answer_reservation(struct decision *decision,
                                 const struct world_reservation *reservation) {
    struct reservation *row = arena_new(decision->world->arena, struct reservation);
    if (row == NULL) {
        decision->spent = true;
        return;
    }
    *row = reservation->row;
    decision->outcome->lines = row;
    decision->outcome->lines_count = 1;
}

void decision_answer_cart(struct decision *decision, const struct world_cart *cart) {
    struct arena *arena = decision->world->arena;
    struct cart *row = arena_new(arena, struct cart);
    struct reservation *lines = arena_array(arena, struct reservation, cart->lines_count + 1);
    if (row == NULL || lines == NULL) {
        decision->spent = true;
        return;
    }
    *row = cart->row;
    size_t count = 0;
    for (const struct world_reservation *line = cart->lines; line != NULL;
         line = line->next_in_cart) {
        if (cart_shows_line(&cart->row, &line->row)) {
            lines[count++] = line->row;
        }
    }
    decision->outcome->cart = row;
    decision->outcome->lines = lines;
    decision->outcome->lines_count = count;
}

void decision_answer_lines(struct decision *decision, const struct lines *lines) {
    if (lines->cart != NULL) {
        decision_answer_cart(decision, lines->cart);
    } else {
        decision_answer_reservation(decision, lines->list[0]);
    }
}

void decision_answer_type(struct decision *decision, const struct world_type *type) {
    struct ticket_type *row = arena_new(decision->world->arena, struct ticket_type);
    struct event *event = arena_new(decision->world->arena, struct event);
    if (row == NULL || event == NULL) {
        decision->spent = true;
        return;
    }
    *row = type->row;
    *event = type->event->row;
    decision->outcome->type = row;
    decision->outcome->event = event; /* for its currency */
}
