/* Each reservation against its own entries, each cart against its lines. */
#include <inttypes.h>

#include "domain/opening.h"
#include "store/verifying.h"

/* What the entries of one reservation made of it. */
struct traces {
    int64_t active, sold, refunded;
    int64_t entries;
    struct audit_entry first, last;
    struct text sold_under; /* the order id of its sale */
    bool of_another_type;
    bool was_adopted; /* it is older than the log */
};

static struct verify_difference about_line(const struct reservation *line) {
    return (struct verify_difference){
        .kind = DIFFERENCE_RESERVATION,
        .event_id = line->event_id,
        .ticket_type_id = line->ticket_type_id,
        .reservation_id = line->id,
        .cart_id = line->cart_id,
    };
}

static void add_trace(struct traces *traces, const struct reservation *line,
                      const struct audit_entry *entry) {
    switch (entry->action) {
    case ACTION_RESERVE:
        traces->active += entry->quantity;
        break;
    case ACTION_RELEASE:
        traces->active -= entry->quantity;
        break;
    case ACTION_SALE: /* of an active reservation, or direct and late */
        traces->active += (int64_t)entry->now.reserved - entry->previous.reserved;
        traces->sold += entry->quantity;
        traces->sold_under = entry->order_id;
        break;
    case ACTION_REFUND:
        traces->refunded += entry->quantity;
        break;
    case ACTION_INCREASE:
    case ACTION_DECREASE:
        break;
    }
    if (traces->entries == 0) {
        traces->last = *entry; /* newest first */
    }
    traces->first = *entry;
    traces->entries++;
    traces->of_another_type |= !uuid_equals(entry->ticket_type_id, line->ticket_type_id);
}

static enum error read_traces(struct verifying *verifying, const struct reservation *line,
                              struct arena *arena, struct traces *traces) {
    struct list_query query = verify_query();
    query.filter.reservation_id = line->id;
    *traces = (struct traces){.entries = 0};
    enum error error = ERROR_NONE;
    do {
        struct page page = {.count = 0};
        error = reader_audit_log(verifying->reader, &query, arena, &page, verifying->failure);
        const struct audit_entry *rows = page.rows;
        for (size_t i = 0; error == ERROR_NONE && i < page.count; i++) {
            add_trace(traces, line, &rows[i]);
        }
        query.after = page.next;
    } while (error == ERROR_NONE && query.after.set);
    return error;
}

/* What an adopted reservation was when the log of its type began: what its first entry presumes,
 * or, where it has none, what it still is. */
static void add_adopted(struct traces *traces, const struct reservation *line) {
    bool untouched = traces->entries == 0;
    enum action first = traces->first.action;
    bool was_active = untouched ? line->status == RESERVATION_ACTIVE
                                : first == ACTION_RELEASE ||
                                      (first == ACTION_SALE && traces->first.now.reserved <
                                                                   traces->first.previous.reserved);
    bool was_sold = untouched ? line->status == RESERVATION_COMPLETED : first == ACTION_REFUND;
    traces->was_adopted = true;
    if (was_active) {
        traces->active += line->quantity;
    }
    if (was_sold) {
        traces->sold += line->quantity;
        traces->sold_under = line->order_id;
    }
    if (was_sold && traces->refunded <= line->refunded_quantity) {
        traces->refunded = line->refunded_quantity; /* some of it, perhaps, before */
    }
}

/* When ticketd took the type over; none: it was made by ticketd. Lines of one type are many, and
 * types are remembered. */
static enum error read_adopted_at(struct verifying *verifying, struct uuid type_id,
                                  struct arena *arena, struct instant *adopted_at) {
    struct known_type *known = &verifying->types[uuid_hash(type_id) % VERIFY_TYPES_KNOWN];
    if (!uuid_equals(known->id, type_id)) {
        struct page page;
        enum error error =
            reader_entries(verifying->reader, type_id, 0, 1, arena, &page, verifying->failure);
        if (error != ERROR_NONE) {
            return error;
        }
        const struct audit_entry *opening = page.rows;
        bool is_adopted = page.count == 1 && opening_is_adoption(opening);
        *known = (struct known_type){
            .id = type_id,
            .adopted_at = is_adopted ? opening->created_at : INSTANT_NONE,
        };
    }
    *adopted_at = known->adopted_at;
    return ERROR_NONE;
}

/* Asked only of one that its own entries do not explain. */
static enum error look_for_adoption(struct verifying *verifying, const struct reservation *line,
                                    struct arena *arena, struct traces *traces) {
    struct instant adopted_at;
    enum error error = read_adopted_at(verifying, line->ticket_type_id, arena, &adopted_at);
    bool has_beginning = traces->entries > 0 && traces->first.action == ACTION_RESERVE;
    if (error == ERROR_NONE && !has_beginning && !instant_before(adopted_at, line->created_at)) {
        add_adopted(traces, line);
    }
    return error;
}

/* The first thing that is wrong with the reservation, as a sentence; NULL: nothing is. */
static const char *line_fault(const struct reservation *line, const struct traces *traces) {
    if (traces->entries == 0 && !traces->was_adopted) {
        return "the log does not know it";
    }
    if (traces->of_another_type) {
        return "the log knows it under another ticket type";
    }
    bool ended = traces->active == 0 && traces->sold == 0 && traces->last.action == ACTION_RELEASE;
    bool by_expiry = !instant_is_none(traces->last.effective_at);
    switch (line->status) {
    case RESERVATION_ACTIVE:
        if (traces->sold != 0 || traces->active != line->quantity) {
            return "it is active, but the log does not hold its quantity for it";
        }
        return NULL;
    case RESERVATION_COMPLETED:
        if (traces->active != 0 || traces->sold != line->quantity) {
            return "it is completed, but the log did not sell its quantity";
        }
        if (traces->refunded != line->refunded_quantity) {
            return "refunded_quantity is not what the log refunded";
        }
        return text_equals(line->order_id, traces->sold_under)
                   ? NULL
                   : "its order_id is not the one it was sold under";
    case RESERVATION_RELEASED:
    case RESERVATION_EXPIRED:
        if (traces->entries == 0) {
            return NULL;
        }
        if (!ended || traces->last.quantity != line->quantity) {
            return "it has ended, but the log did not give its quantity back";
        }
        return by_expiry == (line->status == RESERVATION_EXPIRED)
                   ? NULL
                   : "it expired by the log and was released by its status, or the reverse";
    }
    return NULL;
}

static bool is_unchanged(const struct reservation *a, const struct reservation *b) {
    return a->status == b->status && a->quantity == b->quantity &&
           a->refunded_quantity == b->refunded_quantity && a->updated_at.us == b->updated_at.us;
}

/* Row and entries are read one after the other: a difference counts only when the row is still the
 * same after its entries have been read. */
static enum error verify_line(struct verifying *verifying, struct reservation line,
                              struct arena *arena) {
    arena_reset(arena); /* not at each turn: the line read again lies in it */
    for (;;) {
        struct traces traces;
        enum error error = read_traces(verifying, &line, arena, &traces);
        const char *fault = error == ERROR_NONE ? line_fault(&line, &traces) : NULL;
        if (fault != NULL) {
            error = look_for_adoption(verifying, &line, arena, &traces);
            fault = error == ERROR_NONE ? line_fault(&line, &traces) : NULL;
        }
        if (error != ERROR_NONE || fault == NULL) {
            return error;
        }
        struct reservation again;
        struct instant as_of;
        error = reader_reservation(verifying->reader, line.id, arena, &again, &as_of,
                                   verifying->failure);
        if (error != ERROR_NONE) {
            return error;
        }
        if (is_unchanged(&line, &again)) {
            struct verify_difference difference = about_line(&line);
            difference.seq = traces.entries == 0 ? 0 : traces.last.seq;
            verify_tell(verifying, &difference, "%s", fault);
            return ERROR_NONE;
        }
        line = again;
    }
}

/* A line of an active cart may have been swept already; the cart's own status is not. */
static const char *cart_fault(const struct cart *cart, const struct reservation *line) {
    if (!uuid_equals(cart->event_id, line->event_id)) {
        return "a line is of another event";
    }
    if (cart->expires_at.us != line->expires_at.us) {
        return "a line ends at another time than its cart";
    }
    switch (cart->status) {
    case RESERVATION_ACTIVE:
    case RESERVATION_EXPIRED:
        return line->status == RESERVATION_ACTIVE || line->status == RESERVATION_EXPIRED
                   ? NULL
                   : "a line has ended, but its cart has not";
    case RESERVATION_COMPLETED:
        if (line->status != RESERVATION_COMPLETED) {
            return "it is completed, but a line is not";
        }
        return text_equals(cart->order_id, line->order_id)
                   ? NULL
                   : "a line was sold under another order id";
    case RESERVATION_RELEASED:
        return line->status == RESERVATION_RELEASED ? NULL : "it is released, but a line is not";
    }
    return NULL;
}

static enum error verify_cart(struct verifying *verifying, const struct reservation *member,
                              struct arena *arena) {
    struct cart cart;
    struct page page;
    arena_reset(arena);
    verifying->report->carts++;
    enum error error =
        reader_cart(verifying->reader, member->cart_id, arena, &cart, &page, verifying->failure);
    struct verify_difference difference = about_line(member);
    difference.kind = DIFFERENCE_CART;
    if (error == ERROR_NOT_FOUND) {
        verify_tell(verifying, &difference, "a reservation names a cart that is not there");
        return ERROR_NONE;
    }
    if (error != ERROR_NONE) {
        return verify_unreadable(verifying, &difference, error);
    }
    const struct reservation *lines = page.rows;
    for (size_t i = 0; i < page.count; i++) {
        const char *fault = cart_fault(&cart, &lines[i]);
        if (fault != NULL) {
            difference.ticket_type_id = lines[i].ticket_type_id;
            difference.reservation_id = lines[i].id;
            verify_tell(verifying, &difference, "%s", fault);
            return ERROR_NONE;
        }
    }
    return ERROR_NONE;
}

/* Most reservations are what their entries say: those of a whole page are read at once, and only
 * the others looked at one by one. */
static enum error find_explained(struct verifying *verifying, const struct page *page,
                                 struct arena *arena, bool explained[VERIFY_PAGE_ROWS]) {
    const struct reservation *lines = page->rows;
    struct uuid ids[VERIFY_PAGE_ROWS];
    struct page found;
    memset(explained, 0, VERIFY_PAGE_ROWS * sizeof *explained);
    for (size_t i = 0; i < page->count; i++) {
        ids[i] = lines[i].id;
    }
    arena_reset(arena);
    enum error error = reader_entries_of(verifying->reader, ids, page->count, VERIFY_ENTRIES_MAX,
                                         arena, &found, verifying->failure);
    if (error == ERROR_CORRUPT || error == ERROR_MEMORY) {
        return ERROR_NONE; /* one of them cannot be read: it will be told which */
    }
    if (error != ERROR_NONE || found.next.set) {
        return error;
    }
    const struct audit_entry *entry = found.rows, *end = entry + found.count;
    for (size_t i = 0; i < page->count; i++) {
        struct traces traces = {.entries = 0};
        for (; entry < end && uuid_equals(entry->reservation_id, ids[i]); entry++) {
            add_trace(&traces, &lines[i], entry);
        }
        explained[i] = line_fault(&lines[i], &traces) == NULL;
    }
    return ERROR_NONE;
}

static enum error look_at_lines(struct verifying *verifying, const struct page *page,
                                struct arena *arena) {
    const struct reservation *lines = page->rows;
    bool explained[VERIFY_PAGE_ROWS];
    enum error error = find_explained(verifying, page, arena, explained);
    for (size_t i = 0; error == ERROR_NONE && i < page->count; i++) {
        error = explained[i] ? ERROR_NONE : verify_line(verifying, lines[i], arena);
        struct verify_difference unreadable = about_line(&lines[i]);
        error = verify_unreadable(verifying, &unreadable, error);
        verifying->report->reservations++;
        /* The lines of a cart were made together: their ids are neighbours. */
        if (error == ERROR_NONE && !uuid_is_none(lines[i].cart_id) &&
            !uuid_equals(lines[i].cart_id, verifying->last_cart)) {
            verifying->last_cart = lines[i].cart_id;
            error = verify_cart(verifying, &lines[i], arena);
        }
    }
    verify_progress(verifying);
    return error;
}

enum error verify_lines(struct verifying *verifying) {
    return verify_pages(verifying, reader_reservations, look_at_lines);
}
