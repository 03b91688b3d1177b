/* The audit log: the list of it, newest first, and the entries of one type in order. */
#include "store/sqlite/walk.h"

static void entry_read(struct columns *columns, void *row) {
    *(struct audit_entry *)row = read_entry(columns);
}

static const struct listing_kind entries_kind = {
    .paged = &paged_entries,
    .read = entry_read,
};

/* The newest entry of the stream's type that is not above its bound in time. */
static int locate(struct sqlite_reader *reader, struct stream *stream) {
    if (stream->head.at.us == INT64_MAX) {
        return SQLITE_OK;
    }
    return reader_seq_at(reader, stream->id, stream->head.at, &stream->head.seq);
}

static bool is_rare(enum action action) {
    return action == ACTION_INCREASE || action == ACTION_DECREASE || action == ACTION_REFUND;
}

/* The narrowest range that has all entries which the filter can take; false: each type's log. */
static bool choose_entries(struct walk *walk, struct stream *stream,
                           const struct list_filter *filter, struct list_position bound) {
    walk_one(walk, stream, UUID_NONE, bound);
    if (!uuid_is_none(filter->cart_id)) {
        walk->statement = STATEMENT_log_of_cart; /* also with a reservation: it is one of few */
        stream->id = filter->cart_id;
    } else if (!uuid_is_none(filter->reservation_id)) {
        walk->statement = STATEMENT_log_of_reservation;
        stream->id = filter->reservation_id;
    } else if (!text_is_absent(filter->order_id)) {
        walk->statement = STATEMENT_log_of_order;
        walk->text = filter->order_id;
    } else {
        walk->statement =
            is_rare(filter->action) ? STATEMENT_log_of_type_rare : STATEMENT_log_of_type;
        walk->locate = locate;
        walk->of_log = true;
        walk->count = 0;
        return false;
    }
    return true;
}

enum error sqlite_list_audit_log(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure) {
    struct list_position bound = paging_top(query);
    struct stream stream;
    struct walk walk = {.from = paging_oldest(&query->filter),
                        .after_seq = query->filter.after_seq,
                        .after = query->after};
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &entries_kind, query, arena);
    if (result == SQLITE_OK && !choose_entries(&walk, &stream, &query->filter, bound)) {
        result = walk_types(&walk, &listing, bound);
    }
    result = result == SQLITE_OK ? walk_run(&walk, &listing) : result;
    return listing_end(&listing, result, page, failure);
}

enum error sqlite_read_entries(struct store_reader *reader, struct uuid ticket_type_id,
                               int64_t after_seq, size_t limit, struct arena *arena,
                               struct page *page, struct failure *failure) {
    const struct list_query query = {.limit = limit, .filter = PAGING_ALL};
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &entries_kind, &query, arena);
    if (result == SQLITE_OK) {
        SCOPED_STATEMENT *statement =
            connection_statement(&listing.reader->connection, STATEMENT_entries, &result);
        if (statement != NULL) {
            bind_uuid(statement, 1, &ticket_type_id);
            bind_integer(statement, 2, after_seq);
            result = listing_examine_all(&listing, statement);
        }
    }
    return listing_end(&listing, result, page, failure);
}
