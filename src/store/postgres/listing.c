#include "store/postgres/listing.h"

#include <stdlib.h>

#include "base/check.h"

enum {
    SEARCH_US = 400000, /* then the page ends early */
    /* Chunks grow until they take about this long, well below what a snapshot may live. */
    CHUNK_US = 120000,
    CHUNK_GROWTH = 4,
    CHUNK_ROWS_MAX = 1 << 17,
    STREAM_ROWS_MIN = 8,
};

/* Rows that were fetched, until all of them have been looked at. */
struct chunk {
    PGresult *result;
    size_t users; /* streams with rows in it */
    struct chunk *next, **link;
};

enum error listing_open(struct listing *listing, struct store_reader *reader,
                        const struct listing_kind *kind, const struct list_query *query,
                        struct arena *arena, struct failure *failure) {
    *listing = (struct listing){
        .reader = postgres_reader(reader),
        .kind = kind,
        .arena = arena,
        .oldest = INSTANT_NONE,
        .reach = query->limit + 1,
        .deadline_us = monotonic_us() + SEARCH_US,
    };
    if (!paging_begin(&listing->paging, kind->paged, query, arena)) {
        return failure_set(failure, ERROR_MEMORY, "the memory for a page is spent");
    }
    return ERROR_NONE;
}

void listing_source(struct listing *listing, enum query query, unsigned parts, struct uuid id) {
    listing->query = query;
    listing->parts = parts;
    listing->only = (struct stream){.id = id, .head = listing->start};
    listing->streams = &listing->only;
    listing->count = 1;
}

enum error listing_ask(struct listing *listing, const struct reading *reading, void *context,
                       struct failure *failure) {
    struct snapshot snapshot = {.arena = listing->arena, .now = listing->paging.now};
    enum error error = postgres_read(listing->reader, reading, &snapshot, context, failure);
    if (error == ERROR_NONE) {
        listing->paging.now = snapshot.now;
    }
    return error;
}

/* --- the heap ------------------------------------------------------------------ */

static void sift_down(struct listing *listing, size_t at) {
    struct stream *streams = listing->streams;
    for (;;) {
        size_t newest = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < listing->count; child++) {
            if (position_compare(&streams[child].head, &streams[newest].head) > 0) {
                newest = child;
            }
        }
        if (newest == at) {
            return;
        }
        struct stream moved = streams[at];
        streams[at] = streams[newest];
        streams[newest] = moved;
        at = newest;
    }
}

static void heapify(struct listing *listing) {
    for (size_t i = listing->count / 2; i-- > 0;) {
        sift_down(listing, i);
    }
}

/* --- chunks -------------------------------------------------------------------- */

static struct chunk *add_chunk(struct listing *listing, PGresult *result) {
    struct chunk *chunk = malloc(sizeof *chunk);
    if (chunk == NULL) {
        PQclear(result);
        return NULL;
    }
    *chunk = (struct chunk){.result = result, .next = listing->chunks, .link = &listing->chunks};
    if (chunk->next != NULL) {
        chunk->next->link = &chunk->next;
    }
    listing->chunks = chunk;
    return chunk;
}

static void free_chunk(struct chunk *chunk) {
    *chunk->link = chunk->next;
    if (chunk->next != NULL) {
        chunk->next->link = chunk->link;
    }
    PQclear(chunk->result);
    free(chunk);
}

static void leave_chunk(struct stream *stream) {
    struct chunk *chunk = stream->chunk;
    stream->chunk = NULL;
    if (chunk != NULL && --chunk->users == 0) {
        free_chunk(chunk);
    }
}

/* The next chunk of several streams. */
struct fetch {
    const struct listing *listing;
    struct stream *streams[STREAMS_MAX];
    size_t count;
    int64_t reach, rows_max; /* of each stream */
    PGresult *result;
};

static void give_places(const struct fetch *fetch, struct parameters *parameters) {
    const struct listing *listing = fetch->listing;
    const struct stream *stream = fetch->streams[0];
    int next = parameters->count + 1;
    if ((listing->parts & SOURCE_ID) != 0) {
        give_uuid(parameters, next++, stream->id);
    } else if ((listing->parts & SOURCE_TEXT) != 0) {
        give_text(parameters, next++, listing->text);
    }
    if ((listing->parts & SOURCE_AT) != 0) {
        give_instant(parameters, next++, stream->head.at);
    }
    if ((listing->parts & SOURCE_ROW_ID) != 0) {
        give_uuid(parameters, next++, stream->head.id);
    }
    if ((listing->parts & SOURCE_SEQ) != 0) {
        give_int8(parameters, next++, stream->head.seq);
    }
}

static void put_places(const struct fetch *fetch, struct parameters *parameters) {
    const struct listing *listing = fetch->listing;
    int first = parameters->count + 1;
    for (size_t i = 0; i < fetch->count; i++) {
        const struct stream *stream = fetch->streams[i];
        int next = first;
        put_uuid(parameters, next++, stream->id);
        if ((listing->parts & SOURCE_AT) != 0) {
            put_instant(parameters, next++, stream->head.at);
        }
        if ((listing->parts & SOURCE_ROW_ID) != 0) {
            put_uuid(parameters, next++, stream->head.id);
        }
        if ((listing->parts & SOURCE_SEQ) != 0) {
            put_int8(parameters, next++, stream->head.seq);
        }
    }
}

static void send_fetch(struct session *session, const void *context) {
    const struct fetch *fetch = context;
    const struct listing *listing = fetch->listing;
    struct parameters *parameters = session_parameters(session);
    if (listing->give_filter != NULL) {
        listing->give_filter(listing, parameters);
    }
    if ((listing->parts & SOURCE_MERGED) != 0) {
        put_places(fetch, parameters);
    } else {
        give_places(fetch, parameters);
    }
    give_int8(parameters, parameters->count + 1, fetch->reach);
    if ((listing->parts & SOURCE_FILTERED) != 0) {
        give_int8(parameters, parameters->count + 1, fetch->rows_max);
    }
    session_send(session, listing->query);
}

static void take_fetch(struct snapshot *snapshot, void *context) {
    struct fetch *fetch = context;
    PQclear(fetch->result); /* of an attempt before this one */
    fetch->result = NULL;
    if (session_take(snapshot->session, fetch->listing->query) != NULL) {
        fetch->result = session_keep(snapshot->session);
    }
}

/* Which rows of the result are the stream's, from `row` on; where it goes on or ends. */
static int hand_out(const struct fetch *fetch, struct chunk *chunk, size_t number, int row) {
    const struct listing *listing = fetch->listing;
    struct stream *stream = fetch->streams[number];
    struct cells cells = {.result = chunk->result, .row = row};
    int rows = PQntuples(chunk->result);
    int64_t examined = 0;
    stream->row = row;
    for (; cells.row < rows; cells.row++) {
        bool merged = (listing->parts & SOURCE_MERGED) != 0;
        if (merged &&
            cell_integer(&cells, listing->kind->columns + 1, 1, INT64_MAX) != (int64_t)number + 1) {
            break;
        }
        examined = (listing->parts & SOURCE_FILTERED) != 0
                       ? cell_integer(&cells, listing->kind->columns, 0, INT64_MAX)
                       : examined + 1;
    }
    stream->end = cells.row;
    int64_t given = stream->end - stream->row;
    bool cut = (listing->parts & SOURCE_FILTERED) != 0 && given == fetch->rows_max;
    stream->exhausted = examined < fetch->reach && !cut;
    if (given > 0) {
        stream->chunk = chunk;
        chunk->users++;
    }
    return stream->end;
}

/* Where the row at which the stream stands is in the order of the list. */
static void find_head(const struct listing *listing, struct stream *stream) {
    union any_row row;
    struct cells cells = {.result = stream->chunk->result, .row = stream->row};
    listing->kind->read(&cells, &row);
    stream->head = listing->kind->paged->position(&row);
}

static enum error distribute(struct listing *listing, struct fetch *fetch,
                             struct failure *failure) {
    struct chunk *chunk = add_chunk(listing, fetch->result);
    if (chunk == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for rows");
    }
    chunk->users = 1; /* this function */
    int row = 0;
    for (size_t i = 0; i < fetch->count; i++) {
        row = hand_out(fetch, chunk, i, row);
        if (listing->count > 1 && fetch->streams[i]->chunk != NULL) {
            find_head(listing, fetch->streams[i]);
        }
    }
    if (--chunk->users == 0) {
        free_chunk(chunk);
    }
    return ERROR_NONE;
}

static void adapt_reach(struct listing *listing, int64_t took_us) {
    if (took_us * CHUNK_GROWTH <= CHUNK_US) {
        listing->reach *= CHUNK_GROWTH;
    } else if (took_us > 2 * CHUNK_US) {
        listing->reach = listing->reach / 2 + 1;
    }
    if (listing->reach > CHUNK_ROWS_MAX) {
        listing->reach = CHUNK_ROWS_MAX;
    }
}

/* The streams that need rows, beginning with those that are likely to be looked at next. */
static void choose_streams(struct listing *listing, struct fetch *fetch) {
    for (size_t i = 0; i < listing->count && fetch->count < STREAMS_MAX; i++) {
        struct stream *stream = &listing->streams[i];
        if (stream->chunk == NULL && !stream->exhausted) {
            fetch->streams[fetch->count++] = stream;
        }
    }
    size_t each = listing->reach;
    if (fetch->count > 1) {
        each = 2 * each / fetch->count;
        each = each < STREAM_ROWS_MIN ? STREAM_ROWS_MIN : each;
    }
    fetch->reach = (int64_t)each;
    fetch->rows_max = (int64_t)(listing->paging.query->limit - listing->paging.count + 1);
}

/* To prepare streams can show that they hold nothing more. */
static void drop_exhausted(struct fetch *fetch) {
    size_t left = 0;
    for (size_t i = 0; i < fetch->count; i++) {
        if (!fetch->streams[i]->exhausted) {
            fetch->streams[left++] = fetch->streams[i];
        }
    }
    fetch->count = left;
}

static enum error fetch_more(struct listing *listing, struct failure *failure) {
    static const struct reading reading = {send_fetch, take_fetch};
    int64_t began_us = monotonic_us();
    struct fetch fetch = {.listing = listing};
    choose_streams(listing, &fetch);
    enum error error = listing->prepare == NULL
                           ? ERROR_NONE
                           : listing->prepare(listing, fetch.streams, fetch.count, failure);
    drop_exhausted(&fetch);
    if (error == ERROR_NONE && fetch.count > 0) {
        error = listing_ask(listing, &reading, &fetch, failure);
    }
    if (error == ERROR_NONE && fetch.count == 0) {
        return ERROR_NONE;
    }
    if (error != ERROR_NONE) {
        PQclear(fetch.result);
        return error;
    }
    error = distribute(listing, &fetch, failure);
    adapt_reach(listing, monotonic_us() - began_us);
    heapify(listing);
    return error;
}

/* --- rows ---------------------------------------------------------------------- */

static enum error say_fault(const struct cells *cells, struct failure *failure) {
    return cells->fault != NULL
               ? failure_set(failure, ERROR_CORRUPT, "the database: a row cannot be read: %s",
                             cells->fault)
               : failure_set(failure, ERROR_MEMORY, "the memory for an answer is spent");
}

/* Texts are copied only for rows that are kept. */
static enum error look_at_row(struct listing *listing, struct stream *stream,
                              struct failure *failure) {
    union any_row row;
    struct cells cells = {.result = stream->chunk->result, .row = stream->row};
    listing->kind->read(&cells, &row);
    if (cells.fault != NULL) {
        return say_fault(&cells, failure);
    }
    bool is_one = listing->kind->is_one == NULL || listing->kind->is_one(&cells);
    if (is_one && paging_takes(&listing->paging, &row)) {
        cells.arena = listing->arena;
        listing->kind->read(&cells, paging_keep(&listing->paging));
        if (cells.spent) {
            return say_fault(&cells, failure);
        }
    }
    stream->head = listing->kind->paged->position(&row);
    if (!instant_is_none(listing->oldest) && instant_before(stream->head.at, listing->oldest)) {
        stream->exhausted = true;
        stream->row = stream->end;
    }
    return ERROR_NONE;
}

static enum error look_at_top(struct listing *listing, struct failure *failure) {
    struct stream *top = &listing->streams[0];
    enum error error = look_at_row(listing, top, failure);
    top->row++;
    if (top->row >= top->end) {
        leave_chunk(top);
    } else if (listing->count > 1) {
        find_head(listing, top);
    }
    sift_down(listing, 0);
    return error;
}

/* Behind the top's head there may be more; above it all has been seen. */
static bool ends_early(struct listing *listing) {
    const struct list_position *head = &listing->streams[0].head;
    if (monotonic_us() < listing->deadline_us || position_compare(head, &listing->start) == 0) {
        return false;
    }
    listing->paging.ended = *head;
    listing->paging.ended.set = true;
    return true;
}

static enum error look_at_all(struct listing *listing, struct failure *failure) {
    enum error error = ERROR_NONE;
    heapify(listing);
    while (error == ERROR_NONE && listing->count > 0 && !listing->paging.is_full) {
        struct stream *top = &listing->streams[0];
        if (top->chunk != NULL) {
            error = look_at_top(listing, failure);
        } else if (top->exhausted) {
            *top = listing->streams[--listing->count];
            sift_down(listing, 0);
        } else if (ends_early(listing)) {
            break;
        } else {
            error = fetch_more(listing, failure);
        }
    }
    return error;
}

enum error listing_run(struct listing *listing, struct page *page, struct failure *failure) {
    enum error error = look_at_all(listing, failure);
    for (struct chunk *chunk = listing->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        free_chunk(chunk);
    }
    if (error == ERROR_NONE) {
        *page = paging_page(&listing->paging);
    }
    return error;
}
