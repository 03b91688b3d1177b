#include "store/reader.h"

#include "domain/opening.h"
#include "store/paging.h"

enum error store_open_reader(struct store *store, struct store_reader **reader,
                             struct failure *failure) {
    return store->operations->open_reader(store, reader, failure);
}

void store_reader_close(struct store_reader *reader) {
    if (reader != NULL) {
        reader->operations->close(reader);
    }
}

enum error reader_venue(struct store_reader *reader, struct uuid id, struct arena *arena,
                        struct venue *venue, struct failure *failure) {
    return reader->operations->venue(reader, id, arena, venue, failure);
}

enum error reader_event(struct store_reader *reader, struct uuid id, struct arena *arena,
                        struct event *event, struct failure *failure) {
    return reader->operations->event(reader, id, arena, event, failure);
}

enum error reader_type(struct store_reader *reader, struct uuid id, struct arena *arena,
                       struct type_reading *type, struct failure *failure) {
    return reader->operations->type(reader, id, arena, type, failure);
}

enum error reader_inventory(struct store_reader *reader, struct uuid event_id, struct arena *arena,
                            struct event *event, struct page *types, struct failure *failure) {
    return reader->operations->inventory(reader, event_id, arena, event, types, failure);
}

enum error reader_reservation(struct store_reader *reader, struct uuid id, struct arena *arena,
                              struct reservation *reservation, struct instant *as_of,
                              struct failure *failure) {
    return reader->operations->reservation(reader, id, arena, reservation, as_of, failure);
}

enum error reader_cart(struct store_reader *reader, struct uuid id, struct arena *arena,
                       struct cart *cart, struct page *lines, struct failure *failure) {
    return reader->operations->cart(reader, id, arena, cart, lines, failure);
}

enum error reader_venues(struct store_reader *reader, const struct list_query *query,
                         struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->venues(reader, query, arena, page, failure);
}

enum error reader_events(struct store_reader *reader, const struct list_query *query,
                         struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->events(reader, query, arena, page, failure);
}

enum error reader_types(struct store_reader *reader, const struct list_query *query,
                        struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->types(reader, query, arena, page, failure);
}

enum error reader_reservations(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->reservations(reader, query, arena, page, failure);
}

enum error reader_sales(struct store_reader *reader, const struct list_query *query,
                        struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->sales(reader, query, arena, page, failure);
}

enum error reader_audit_log(struct store_reader *reader, const struct list_query *query,
                            struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->audit_log(reader, query, arena, page, failure);
}

enum error reader_shifts(struct store_reader *reader, const struct list_query *query,
                         struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->shifts(reader, query, arena, page, failure);
}

static enum error one_shift(struct store_reader *reader, const struct list_filter *filter,
                            struct arena *arena, struct shift_reading *shift,
                            struct failure *failure) {
    struct list_query query = {.filter = *filter, .limit = 1};
    struct page page;
    enum error error = reader_shifts(reader, &query, arena, &page, failure);
    if (error == ERROR_NONE && page.count == 0) {
        error = failure_set(failure, ERROR_NOT_FOUND, "there is no such row");
    }
    if (error == ERROR_NONE) {
        *shift = *(const struct shift_reading *)page.rows;
    }
    return error;
}

enum error reader_shift(struct store_reader *reader, struct uuid id, struct arena *arena,
                        struct shift_reading *shift, struct failure *failure) {
    struct list_filter filter = PAGING_ALL;
    filter.shift_id = id;
    return one_shift(reader, &filter, arena, shift, failure);
}

void shift_sums_add(struct shift_sums *sums, bool is_logged, const struct shift_total *amount) {
    struct shift_total *list = is_logged ? sums->logged : sums->kept;
    size_t *count = is_logged ? &sums->logged_count : &sums->kept_count;
    size_t at = 0;
    while (at < *count && !text_equals(list[at].tender, amount->tender)) {
        at++;
    }
    if (at == SHIFT_TENDERS_MAX) {
        return; /* no shift meets more: it is told of those that it has */
    }
    if (at == *count) {
        list[(*count)++] = (struct shift_total){.tender = amount->tender};
    }
    list[at].sales += amount->sales;
    list[at].tickets_sold += amount->tickets_sold;
    list[at].tickets_refunded += amount->tickets_refunded;
    list[at].gross += amount->gross;
    list[at].refunds += amount->refunds;
}

enum error reader_shift_sums(struct store_reader *reader, struct uuid shift_id, struct arena *arena,
                             struct shift_sums *sums, struct failure *failure) {
    return reader->operations->shift_sums(reader, shift_id, arena, sums, failure);
}

enum error reader_open_shift(struct store_reader *reader, struct uuid operator_id,
                             struct arena *arena, struct shift_reading *shift,
                             struct failure *failure) {
    struct list_filter filter = PAGING_ALL;
    filter.own_actor = operator_id;
    filter.shifts = SHIFTS_OPEN;
    return one_shift(reader, &filter, arena, shift, failure);
}

/* No entry by then, and the first one says that there was a time before it. */
static enum error look_before_adoption(struct store_reader *reader, struct uuid ticket_type_id,
                                       struct arena *arena, struct history *history,
                                       struct failure *failure) {
    struct page page;
    enum error error = reader_entries(reader, ticket_type_id, 0, 1, arena, &page, failure);
    const struct audit_entry *first = page.rows;
    if (error == ERROR_NONE && page.count == 1 && opening_is_adoption(first)) {
        *history = (struct history){.known = false, .adopted_at = first->created_at};
    }
    return error;
}

enum error reader_history(struct store_reader *reader, struct uuid ticket_type_id,
                          struct instant at, struct arena *arena, struct history *history,
                          struct failure *failure) {
    struct history found = {.known = false};
    enum error error =
        reader->operations->history(reader, ticket_type_id, at, arena, &found, failure);
    found.adopted_at = INSTANT_NONE;
    if (error == ERROR_NONE && found.known && found.seq == 0) {
        error = look_before_adoption(reader, ticket_type_id, arena, &found, failure);
    }
    if (error == ERROR_NONE) {
        *history = found;
    }
    return error;
}

enum error reader_histories(struct store_reader *reader, struct uuid ticket_type_id,
                            const struct instant *ats, size_t count, struct arena *arena,
                            struct history *histories, struct failure *failure) {
    enum error error = ERROR_NONE;
    bool at_once = reader->operations->histories != NULL;
    if (at_once) {
        error = reader->operations->histories(reader, ticket_type_id, ats, count, arena, histories,
                                              failure);
    }
    for (size_t i = 0; error == ERROR_NONE && i < count; i++) {
        /* No entry by then: before an adoption, perhaps. */
        bool is_open = at_once && histories[i].known && histories[i].seq == 0;
        if (!at_once || is_open) {
            error = reader_history(reader, ticket_type_id, ats[i], arena, &histories[i], failure);
        }
    }
    return error;
}

enum error reader_entries(struct store_reader *reader, struct uuid ticket_type_id,
                          int64_t after_seq, size_t limit, struct arena *arena, struct page *page,
                          struct failure *failure) {
    return reader->operations->entries(reader, ticket_type_id, after_seq, limit, arena, page,
                                       failure);
}

enum error reader_entries_of(struct store_reader *reader, const struct uuid *ids, size_t count,
                             size_t limit, struct arena *arena, struct page *page,
                             struct failure *failure) {
    if (reader->operations->entries_of == NULL) {
        *page = (struct page){.next.set = true};
        return ERROR_NONE;
    }
    return reader->operations->entries_of(reader, ids, count, limit, arena, page, failure);
}

enum error reader_sums(struct store_reader *reader, struct uuid ticket_type_id, struct arena *arena,
                       struct type_sums *sums, struct failure *failure) {
    return reader->operations->sums(reader, ticket_type_id, arena, sums, failure);
}

enum error reader_api_keys(struct store_reader *reader, struct arena *arena, struct page *page,
                           struct failure *failure) {
    return reader->operations->api_keys(reader, arena, page, failure);
}

enum error reader_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                        struct failure *failure) {
    return reader->operations->staff(reader, arena, page, failure);
}

enum error reader_sessions(struct store_reader *reader, struct arena *arena, struct page *page,
                           struct failure *failure) {
    return reader->operations->sessions(reader, arena, page, failure);
}

enum error reader_due_types(struct store_reader *reader, struct uuid after, size_t limit,
                            struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->due_types(reader, after, limit, arena, page, failure);
}

enum error reader_type_heads(struct store_reader *reader, const struct uuid *ids, size_t count,
                             struct arena *arena, struct page *page, struct failure *failure) {
    return reader->operations->type_heads(reader, ids, count, arena, page, failure);
}

enum error reader_sold(struct store_reader *reader, const struct figures_span *span,
                       struct arena *arena, struct figures *figures, struct instant *reached,
                       struct failure *failure) {
    return reader->operations->sold(reader, span, arena, figures, reached, failure);
}

enum error reader_adjusted(struct store_reader *reader, const struct figures_span *span,
                           struct arena *arena, struct figures *figures, struct instant *reached,
                           struct failure *failure) {
    return reader->operations->adjusted(reader, span, arena, figures, reached, failure);
}
