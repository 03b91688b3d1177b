/* Lists of reservations, and of those that became sales, newest first. */
#include "store/sqlite/walk.h"

static void line_read(struct columns *columns, void *row) {
    *(struct reservation *)row = read_reservation(columns);
}

static void bind_active(const struct listing *listing, sqlite3_stmt *statement) {
    bind_uuid(statement, 5, &listing->paging.query->filter.event_id);
    bind_instant(statement, 6, listing->paging.now);
}

/* The narrowest range that has all rows which the filter can take. */
static void choose_reservations(struct walk *walk, struct stream *stream,
                                const struct list_filter *filter, struct list_position bound) {
    bool of_type = !uuid_is_none(filter->ticket_type_id);
    bool of_event = !uuid_is_none(filter->event_id);
    walk_one(walk, stream, UUID_NONE, bound);
    walk->statement = STATEMENT_reservations;
    if (!uuid_is_none(filter->reservation_id)) {
        walk->statement = STATEMENT_reservation;
        stream->id = filter->reservation_id;
    } else if (!uuid_is_none(filter->cart_id)) {
        walk->statement = STATEMENT_reservations_of_cart;
        stream->id = filter->cart_id;
    } else if (!text_is_absent(filter->order_id)) {
        walk->statement = STATEMENT_reservations_of_order;
        walk->text = filter->order_id;
    } else if (filter->status == RESERVATION_ACTIVE && (of_type || of_event)) {
        walk->statement = STATEMENT_reservations_active;
        stream->id = filter->ticket_type_id;
        walk->bind_more = bind_active;
    }
}

enum error sqlite_list_reservations(struct store_reader *reader, const struct list_query *query,
                                    struct arena *arena, struct page *page,
                                    struct failure *failure) {
    static const struct listing_kind reservations = {
        .paged = &paged_reservations,
        .read = line_read,
    };
    struct list_position bound = POSITION_TOP;
    if (query->after.set) {
        bound.id = query->after.id;
    }
    struct stream stream;
    struct walk walk = {.from = INSTANT_NONE, .after_seq = -1, .after = query->after};
    walk.after.at = (struct instant){0}; /* the order is that of ids alone */
    walk.after.seq = 0;
    choose_reservations(&walk, &stream, &query->filter, bound);
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &reservations, query, arena);
    result = result == SQLITE_OK ? walk_run(&walk, &listing) : result;
    return listing_end(&listing, result, page, failure);
}

/* False: the sales of each type, merged. */
static bool choose_sales(struct walk *walk, struct stream *stream, const struct list_filter *filter,
                         struct list_position bound) {
    walk_one(walk, stream, UUID_NONE, bound);
    if (!uuid_is_none(filter->reservation_id)) {
        walk->statement = STATEMENT_reservation;
        stream->id = filter->reservation_id;
    } else if (!uuid_is_none(filter->cart_id)) {
        walk->statement = STATEMENT_sales_of_cart;
        stream->id = filter->cart_id;
    } else if (!text_is_absent(filter->order_id)) {
        walk->statement = STATEMENT_sales_of_order;
        walk->text = filter->order_id;
    } else {
        walk->statement = STATEMENT_sales_of_type;
        walk->count = 0;
        return false;
    }
    return true;
}

enum error sqlite_list_sales(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind sales = {
        .paged = &paged_sales,
        .read = line_read,
    };
    struct list_position bound = paging_top(query);
    struct stream stream;
    struct walk walk = {
        .from = paging_oldest(&query->filter), .after_seq = -1, .after = query->after};
    walk.after.seq = 0; /* the order is that of times and ids */
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &sales, query, arena);
    if (result == SQLITE_OK && !choose_sales(&walk, &stream, &query->filter, bound)) {
        result = walk_types(&walk, &listing, bound);
    }
    result = result == SQLITE_OK ? walk_run(&walk, &listing) : result;
    return listing_end(&listing, result, page, failure);
}
