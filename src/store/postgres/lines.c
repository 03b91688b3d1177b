/* Lists of reservations, and of those that became sales, newest first. */
#include "store/postgres/listing.h"

static void line_read(struct cells *cells, void *row) {
    *(struct reservation *)row = cells_reservation(cells, 0);
}

/* $1 to $12 of line_filter_part.sql: what cannot be told there is left to the filter itself. */
static void give_line_filter(const struct listing *listing, struct parameters *parameters) {
    const struct list_filter *filter = &listing->paging.query->filter;
    give_uuid(parameters, 1, filter->user_id);
    give_text(parameters, 2, channel_name(filter->channel));
    give_text(parameters, 3, filter->tender);
    give_uuid(parameters, 4, filter->actor.kind == 0 ? UUID_NONE : filter->actor.id);
    give_uuid(parameters, 5, filter->own_actor);
    give_instant(parameters, 6, filter->own_since);
    give_text(parameters, 7,
              filter->status == 0 ? TEXT_NONE : reservation_status_name(filter->status));
    listing_give_events(filter, parameters, 8);
    give_uuid(parameters, 9, filter->ticket_type_id);
    give_text(parameters, 10, filter->q);
    give_instant(parameters, 11, filter->from);
    give_instant(parameters, 12, filter->to);
}

static void give_active(const struct listing *listing, struct parameters *parameters) {
    give_uuid(parameters, 1, listing->paging.query->filter.ticket_type_id);
    give_uuid(parameters, 2, listing->paging.query->filter.event_id);
}

/* An adopted table may hold its order ids as uuids: another text is then in none of its rows. */
static struct text order_to_look_for(const struct listing *listing) {
    struct text order_id = listing->paging.query->filter.order_id;
    struct uuid id;
    bool is_uuid = listing->reader->store->facts.reservation_order_id_is_uuid;
    return is_uuid && !uuid_parse(order_id, &id) ? TEXT_NONE : order_id;
}

/* The narrowest range that has all rows which the filter can take. */
static void choose_reservations(struct listing *listing, const struct list_filter *filter) {
    bool of_type = !uuid_is_none(filter->ticket_type_id);
    bool of_event = !uuid_is_none(filter->event_id);
    if (!uuid_is_none(filter->reservation_id)) {
        listing_source(listing, QUERY_reservation_below, SOURCE_ID | SOURCE_ROW_ID,
                       filter->reservation_id);
    } else if (!uuid_is_none(filter->cart_id)) {
        listing_source(listing, QUERY_reservations_of_cart, SOURCE_ID | SOURCE_ROW_ID,
                       filter->cart_id);
    } else if (!text_is_absent(filter->order_id)) {
        listing_source(listing, QUERY_reservations_of_order, SOURCE_TEXT | SOURCE_ROW_ID,
                       UUID_NONE);
        listing->text = order_to_look_for(listing);
    } else if (filter->status == RESERVATION_ACTIVE && (of_type || of_event)) {
        listing_source(listing, QUERY_reservations_active, SOURCE_ROW_ID, UUID_NONE);
        listing->give_filter = give_active;
    } else {
        listing_source(listing, QUERY_reservations, SOURCE_ROW_ID | SOURCE_FILTERED, UUID_NONE);
        listing->give_filter = give_line_filter;
    }
}

enum error postgres_list_reservations(struct store_reader *reader, const struct list_query *query,
                                      struct arena *arena, struct page *page,
                                      struct failure *failure) {
    static const struct listing_kind kind = {&paged_reservations, RESERVATION_COLUMNS, line_read,
                                             NULL};
    struct listing listing;
    enum error error = listing_open(&listing, reader, &kind, query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    listing.start = query->after.set ? query->after : POSITION_TOP;
    choose_reservations(&listing, &query->filter);
    return listing_run(&listing, page, failure);
}

static enum error choose_sales(struct listing *listing, const struct list_filter *filter,
                               struct failure *failure) {
    const unsigned place = SOURCE_AT | SOURCE_ROW_ID;
    if (!uuid_is_none(filter->reservation_id)) {
        listing_source(listing, QUERY_sale_below, SOURCE_ID | place, filter->reservation_id);
    } else if (!uuid_is_none(filter->cart_id)) {
        listing_source(listing, QUERY_sales_of_cart, SOURCE_ID | place, filter->cart_id);
    } else if (!text_is_absent(filter->order_id)) {
        listing_source(listing, QUERY_sales_of_order, SOURCE_TEXT | place, UUID_NONE);
        listing->text = order_to_look_for(listing);
    } else {
        listing_source(listing, QUERY_sales_of_types,
                       SOURCE_ID | place | SOURCE_FILTERED | SOURCE_MERGED, filter->ticket_type_id);
        listing->give_filter = give_line_filter;
        return listing_add_types(listing, failure);
    }
    return ERROR_NONE;
}

enum error postgres_list_sales(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind kind = {&paged_sales, RESERVATION_COLUMNS, line_read, NULL};
    struct listing listing;
    enum error error = listing_open(&listing, reader, &kind, query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    listing.start = paging_top(query);
    listing.oldest = paging_oldest(&query->filter);
    error = choose_sales(&listing, &query->filter, failure);
    return error == ERROR_NONE ? listing_run(&listing, page, failure) : error;
}
