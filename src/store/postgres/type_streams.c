/* The streams of a list that merges ticket types: which types, and from where on. */
#include "store/filter.h"
#include "store/postgres/listing.h"

/* What is asked about the types of the list; the rows are counted before there is room for them. */
struct finding {
    struct listing *listing;
    enum query query;
    bool of_sales, of_events;
    struct stream *streams;
    size_t count;
};

void listing_give_events(const struct list_filter *filter, struct parameters *parameters,
                         int parameter) {
    if (!uuid_is_none(filter->event_id)) {
        give_uuids(parameters, parameter, &filter->event_id, 1);
    } else {
        give_uuids(parameters, parameter, filter->events, filter->events_count);
    }
}

static void send_finding(struct session *session, const void *context) {
    const struct finding *finding = context;
    struct parameters *parameters = session_parameters(session);
    if (finding->of_sales) {
        give_instant(parameters, 1, finding->listing->start.at);
    }
    if (finding->of_events) {
        listing_give_events(&finding->listing->paging.query->filter, parameters,
                            parameters->count + 1);
    }
    session_send(session, finding->query);
}

/* A merge so begins with the types that sell now. */
static struct stream stream_of(const struct listing *listing, struct uuid id,
                               struct instant newest_at) {
    struct stream stream = {.id = id, .head = listing->start};
    if (instant_before(newest_at, stream.head.at)) {
        stream.head = POSITION_TOP;
        stream.head.at = newest_at;
        stream.located = true;
    }
    return stream;
}

static void take_finding(struct snapshot *snapshot, void *context) {
    struct finding *finding = context;
    const struct listing *listing = finding->listing;
    int rows;
    struct cells cells = snapshot_take(snapshot, finding->query, &rows);
    finding->streams = arena_array(snapshot->arena, struct stream, (size_t)rows);
    finding->count = 0;
    snapshot->spent |= finding->streams == NULL;
    for (int i = 0; finding->streams != NULL && i < rows; i++) {
        struct uuid id = cell_uuid(snapshot_row(&cells, i), 0);
        struct uuid event_id = cell_uuid(&cells, 1);
        struct instant newest_at = cell_instant_or_none(&cells, 2);
        if (!snapshot_judge(snapshot, &cells)) {
            return;
        }
        bool has_rows = !instant_is_none(newest_at) && !instant_before(newest_at, listing->oldest);
        if (has_rows && filter_takes_event_id(&listing->paging.query->filter, event_id)) {
            finding->streams[finding->count++] = stream_of(listing, id, newest_at);
        }
    }
}

enum error listing_add_types(struct listing *listing, struct failure *failure) {
    static const struct reading reading = {send_finding, take_finding};
    const struct list_filter *filter = &listing->paging.query->filter;
    struct finding finding = {
        .listing = listing,
        .of_sales = listing->kind->paged == &paged_sales,
        .of_events = !uuid_is_none(filter->event_id) || filter->events_count > 0,
    };
    if (finding.of_sales) {
        finding.query = finding.of_events ? QUERY_sale_streams_of_events : QUERY_sale_streams;
    } else {
        finding.query = finding.of_events ? QUERY_type_streams_of_events : QUERY_type_streams;
    }
    if (!uuid_is_none(filter->ticket_type_id)) {
        return ERROR_NONE; /* the one stream that is there already */
    }
    enum error error = listing_ask(listing, &reading, &finding, failure);
    if (error == ERROR_NONE) {
        listing->streams = finding.streams;
        listing->count = finding.count;
    }
    return error;
}
