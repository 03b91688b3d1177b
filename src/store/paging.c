#include "store/paging.h"

#include "store/filter.h"

static bool takes_venue(const struct list_filter *filter, const void *row, struct instant now) {
    (void)now;
    return filter_takes_venue(filter, row);
}

static bool takes_event(const struct list_filter *filter, const void *row, struct instant now) {
    return filter_takes_event(filter, row, now);
}

static bool takes_type(const struct list_filter *filter, const void *row, struct instant now) {
    (void)now;
    return filter_takes_type(filter, row);
}

static bool takes_reservation(const struct list_filter *filter, const void *row,
                              struct instant now) {
    return filter_takes_reservation(filter, row, now);
}

static bool takes_sale(const struct list_filter *filter, const void *row, struct instant now) {
    return filter_takes_sale(filter, row, now);
}

static bool takes_entry(const struct list_filter *filter, const void *row, struct instant now) {
    (void)now;
    return filter_takes_entry(filter, row);
}

static struct list_position venue_position(const void *row) {
    return (struct list_position){.set = true, .id = ((const struct venue *)row)->id};
}

static struct list_position event_position(const void *row) {
    const struct event *event = row;
    return (struct list_position){.set = true, .at = event->start_date, .id = event->id};
}

static struct list_position type_position(const void *row) {
    return (struct list_position){.set = true, .id = ((const struct type_reading *)row)->row.id};
}

static struct list_position reservation_position(const void *row) {
    return (struct list_position){.set = true, .id = ((const struct reservation *)row)->id};
}

static struct list_position sale_position(const void *row) {
    const struct reservation *sale = row;
    return (struct list_position){.set = true, .at = sale->completed_at, .id = sale->id};
}

static struct list_position entry_position(const void *row) {
    const struct audit_entry *entry = row;
    return (struct list_position){
        .set = true, .at = entry->created_at, .id = entry->ticket_type_id, .seq = entry->seq};
}

const struct paged paged_venues = {sizeof(struct venue), takes_venue, venue_position};
const struct paged paged_events = {sizeof(struct event), takes_event, event_position};
const struct paged paged_types = {sizeof(struct type_reading), takes_type, type_position};
const struct paged paged_reservations = {sizeof(struct reservation), takes_reservation,
                                         reservation_position};
const struct paged paged_sales = {sizeof(struct reservation), takes_sale, sale_position};
const struct paged paged_entries = {sizeof(struct audit_entry), takes_entry, entry_position};

bool paging_begin(struct paging *paging, const struct paged *paged, const struct list_query *query,
                  struct arena *arena) {
    *paging = (struct paging){
        .paged = paged,
        .query = query,
        .now = INSTANT_NONE,
        .rows = arena_take_array(arena, query->limit, paged->size),
    };
    return paging->rows != NULL;
}

bool paging_takes(struct paging *paging, const void *row) {
    if (!paging->paged->takes(&paging->query->filter, row, paging->now)) {
        return false;
    }
    paging->is_full = paging->count == paging->query->limit;
    return !paging->is_full;
}

void *paging_keep(struct paging *paging) {
    return paging->rows + paging->count++ * paging->paged->size;
}

struct page paging_page(const struct paging *paging) {
    struct page page = {.rows = paging->rows, .count = paging->count, .as_of = paging->now};
    if (paging->ended.set) {
        page.next = paging->ended;
    } else if (paging->is_full) {
        page.next =
            paging->paged->position(paging->rows + (paging->count - 1) * paging->paged->size);
    }
    return page;
}

int position_compare(const struct list_position *a, const struct list_position *b) {
    if (a->at.us != b->at.us) {
        return a->at.us < b->at.us ? -1 : 1;
    }
    int order = uuid_compare(a->id, b->id);
    return order != 0 ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

struct list_position paging_top(const struct list_query *query) {
    struct list_position top = query->after.set ? query->after : POSITION_TOP;
    struct instant to = query->filter.to;
    if (!instant_is_none(to) && to.us <= top.at.us) {
        top = POSITION_TOP;
        top.at = (struct instant){to.us - 1};
    }
    return top;
}

struct instant paging_oldest(const struct list_filter *filter) {
    return uuid_is_none(filter->own_actor) ? filter->from
                                           : instant_later(filter->from, filter->own_since);
}
