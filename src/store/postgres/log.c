/* The audit log: the list of it, newest first, and the entries of one type in order. */
#include "store/postgres/listing.h"

enum {
    /* A rare action of more types than these is looked for in the order of time: to find where each
     * type's log was at an instant would take longer. */
    RARE_TYPES_MAX = 1000,
    SEQ_COLUMN = 14, /* of {entry l} */
};

static void entry_read(struct cells *cells, void *row) {
    *(struct audit_entry *)row = cells_entry(cells, 0);
}

/* What was written before ticketd has no seq. It is no entry of this log, but tells the time. */
static bool has_seq(const struct cells *cells) {
    return !cell_is_null(cells, SEQ_COLUMN);
}

static void entry_read_by_time(struct cells *cells, void *row) {
    if (has_seq(cells)) {
        entry_read(cells, row);
    } else {
        *(struct audit_entry *)row = (struct audit_entry){
            .ticket_type_id = cell_uuid_or_none(cells, 1),
            .created_at = cell_instant(cells, 12),
        };
    }
}

static const struct listing_kind entries_kind = {&paged_entries, ENTRY_COLUMNS, entry_read, NULL};
static const struct listing_kind by_time_kind = {&paged_entries, ENTRY_COLUMNS, entry_read_by_time,
                                                 has_seq};

/* $1 to $12 of entry_filter_part.sql and beside it. */
static void give_entry_filter(const struct listing *listing, struct parameters *parameters) {
    const struct list_filter *filter = &listing->paging.query->filter;
    give_text(parameters, 1, filter->action == 0 ? TEXT_NONE : action_name(filter->action));
    give_uuid(parameters, 2, filter->user_id);
    give_text(parameters, 3,
              filter->actor.kind == 0 ? TEXT_NONE : actor_kind_name(filter->actor.kind));
    give_uuid(parameters, 4, filter->actor.kind == 0 ? UUID_NONE : filter->actor.id);
    give_uuid(parameters, 5, filter->own_actor);
    give_text(parameters, 6, channel_name(filter->channel));
    give_text(parameters, 7, filter->tender);
    listing_give_events(filter, parameters, 8);
    give_text(parameters, 9, filter->q);
    give_instant(parameters, 10, listing->oldest);
    give_instant(parameters, 11, filter->to);
    give_int8(parameters, 12, filter->after_seq < 0 ? 0 : filter->after_seq);
}

/* --- where each type's log was at an instant ------------------------------------ */

struct places {
    struct stream *streams[STREAMS_MAX];
    struct instant at[STREAMS_MAX];
    size_t count;
};

static void send_places(struct session *session, const void *context) {
    const struct places *places = context;
    for (size_t i = 0; i < places->count; i++) {
        put_uuid(session_parameters(session), 1, places->streams[i]->id);
        put_instant(session_parameters(session), 2, places->at[i]);
    }
    session_send(session, QUERY_log_places);
}

static void take_places(struct snapshot *snapshot, void *context) {
    struct places *places = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_log_places, &rows);
    for (int i = 0; i < rows && (size_t)i < places->count; i++) {
        struct stream *stream = places->streams[i];
        stream->head.seq = cell_integer(snapshot_row(&cells, i), 0, 0, INT64_MAX - 1) + 1;
        stream->located = snapshot_judge(snapshot, &cells);
    }
}

/* The list is ordered by time, then type: of an instant in the middle of which the page begins, all
 * of a type's entries come before, or all after. */
static struct instant bound_of(const struct list_position *start, struct uuid type) {
    return uuid_compare(type, start->id) < 0 ? start->at : (struct instant){start->at.us - 1};
}

static enum error locate(struct listing *listing, struct stream *const *streams, size_t count,
                         struct failure *failure) {
    static const struct reading reading = {send_places, take_places};
    const struct list_position *start = &listing->start;
    struct places places = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        struct stream *stream = streams[i];
        if (uuid_equals(stream->id, start->id) || start->at.us == INT64_MAX) {
            stream->located = true; /* the place itself is known, or there is none */
        } else if (!stream->located) {
            places.at[places.count] = bound_of(start, stream->id);
            places.streams[places.count++] = stream;
        }
    }
    return places.count == 0 ? ERROR_NONE : listing_ask(listing, &reading, &places, failure);
}

/* --- the log in the order of time ----------------------------------------------- */

struct older {
    struct instant at;
    bool is_there;
};

static void send_older(struct session *session, const void *context) {
    give_instant(session_parameters(session), 1, ((const struct older *)context)->at);
    session_send(session, QUERY_log_has_older);
}

static void take_older(struct snapshot *snapshot, void *context) {
    int rows;
    (void)snapshot_take(snapshot, QUERY_log_has_older, &rows);
    ((struct older *)context)->is_there = rows > 0;
}

/* Where the last row was written before ticketd, all the rest may be, and there may be millions. */
static enum error look_for_older(struct listing *listing, struct stream *const *streams,
                                 size_t count, struct failure *failure) {
    static const struct reading reading = {send_older, take_older};
    struct older older = {.at = streams[0]->head.at, .is_there = true};
    enum error error = ERROR_NONE;
    if (count == 1 && streams[0]->head.seq == 0) {
        error = listing_ask(listing, &reading, &older, failure);
        streams[0]->exhausted = !older.is_there;
    }
    return error;
}

static void choose_by_time(struct listing *listing) {
    listing->kind = &by_time_kind;
    listing_source(listing, QUERY_log_by_time,
                   SOURCE_AT | SOURCE_ROW_ID | SOURCE_SEQ | SOURCE_FILTERED, UUID_NONE);
    listing->prepare = look_for_older;
}

/* --- the list -------------------------------------------------------------------- */

static bool is_rare(enum action action) {
    return action == ACTION_INCREASE || action == ACTION_DECREASE || action == ACTION_REFUND;
}

static enum error choose_types(struct listing *listing, const struct list_filter *filter,
                               struct failure *failure) {
    bool rare = is_rare(filter->action);
    bool of_all = uuid_is_none(filter->ticket_type_id) && uuid_is_none(filter->event_id) &&
                  filter->events_count == 0;
    listing->give_filter = give_entry_filter;
    if (of_all && !rare) {
        choose_by_time(listing);
        return ERROR_NONE;
    }
    listing_source(listing, rare ? QUERY_log_of_types_rare : QUERY_log_of_types,
                   SOURCE_ID | SOURCE_SEQ | SOURCE_FILTERED | SOURCE_MERGED,
                   filter->ticket_type_id);
    listing->prepare = locate;
    enum error error = listing_add_types(listing, failure);
    if (error == ERROR_NONE && of_all && listing->count > RARE_TYPES_MAX) {
        choose_by_time(listing);
    }
    return error;
}

static struct text order_to_look_for(const struct listing *listing) {
    struct text order_id = listing->paging.query->filter.order_id;
    const struct schema_facts *facts = &listing->reader->store->facts;
    struct uuid id;
    bool is_uuid = facts->reservation_order_id_is_uuid || facts->log_order_id_is_uuid;
    return is_uuid && !uuid_parse(order_id, &id) ? TEXT_NONE : order_id;
}

/* The narrowest range that has all entries which the filter can take. */
static enum error choose_entries(struct listing *listing, const struct list_filter *filter,
                                 struct failure *failure) {
    const unsigned place = SOURCE_AT | SOURCE_ROW_ID | SOURCE_SEQ;
    if (!uuid_is_none(filter->cart_id)) {
        /* Also with a reservation: it is one of few. */
        listing_source(listing, QUERY_log_of_cart, SOURCE_ID | place, filter->cart_id);
    } else if (!uuid_is_none(filter->reservation_id)) {
        listing_source(listing, QUERY_log_of_reservation, SOURCE_ID | place,
                       filter->reservation_id);
    } else if (!text_is_absent(filter->order_id)) {
        listing_source(listing, QUERY_log_of_order, SOURCE_TEXT | place, UUID_NONE);
        listing->text = order_to_look_for(listing);
    } else {
        return choose_types(listing, filter, failure);
    }
    return ERROR_NONE;
}

enum error postgres_list_audit_log(struct store_reader *reader, const struct list_query *query,
                                   struct arena *arena, struct page *page,
                                   struct failure *failure) {
    struct listing listing;
    enum error error = listing_open(&listing, reader, &entries_kind, query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    listing.start = paging_top(query);
    listing.oldest = paging_oldest(&query->filter);
    error = choose_entries(&listing, &query->filter, failure);
    return error == ERROR_NONE ? listing_run(&listing, page, failure) : error;
}

/* --- the entries of a type, oldest first ------------------------------------------ */

enum error postgres_read_entries(struct store_reader *reader, struct uuid ticket_type_id,
                                 int64_t after_seq, size_t limit, struct arena *arena,
                                 struct page *page, struct failure *failure) {
    const struct list_query query = {.limit = limit, .filter = PAGING_ALL};
    struct listing listing;
    enum error error = listing_open(&listing, reader, &entries_kind, &query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    listing.start = (struct list_position){.seq = after_seq};
    listing_source(&listing, QUERY_entries, SOURCE_ID | SOURCE_SEQ, ticket_type_id);
    return listing_run(&listing, page, failure);
}

/* --- of many reservations at once --------------------------------------------------- */

struct entries_of {
    const struct uuid *ids;
    size_t count, limit;
    struct page page;
};

static void send_entries_of(struct session *session, const void *context) {
    const struct entries_of *wanted = context;
    give_uuids(session_parameters(session), 1, wanted->ids, wanted->count);
    give_int8(session_parameters(session), 2, (int64_t)wanted->limit + 1);
    session_send(session, QUERY_entries_of);
}

static void take_entries_of(struct snapshot *snapshot, void *context) {
    struct entries_of *wanted = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_entries_of, &rows);
    bool is_all = (size_t)rows <= wanted->limit;
    rows = is_all ? rows : (int)wanted->limit;
    struct audit_entry *list = arena_array(snapshot->arena, struct audit_entry, (size_t)rows);
    snapshot->spent |= list == NULL;
    wanted->page = (struct page){
        .rows = list, .count = (size_t)rows, .next.set = !is_all, .as_of = snapshot->now};
    for (int i = 0; list != NULL && i < rows; i++) {
        list[i] = cells_entry(snapshot_row(&cells, i), 0);
        (void)snapshot_judge(snapshot, &cells);
    }
}

enum error postgres_read_entries_of(struct store_reader *port, const struct uuid *ids, size_t count,
                                    size_t limit, struct arena *arena, struct page *page,
                                    struct failure *failure) {
    static const struct reading reading = {send_entries_of, take_entries_of};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct entries_of wanted = {.ids = ids, .count = count, .limit = limit};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &wanted, failure);
    if (error == ERROR_NONE) {
        *page = wanted.page;
    }
    return error;
}
