#include "store/sqlite/walk.h"

#include <string.h>

#include "store/filter.h"

/* The streams are a heap, the newest head on top. */
static void sift_down(struct walk *walk, size_t at) {
    for (;;) {
        size_t newest = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < walk->count; child++) {
            if (position_compare(&walk->streams[child].head, &walk->streams[newest].head) > 0) {
                newest = child;
            }
        }
        if (newest == at) {
            return;
        }
        struct stream moved = walk->streams[at];
        walk->streams[at] = walk->streams[newest];
        walk->streams[newest] = moved;
        at = newest;
    }
}

/* The newest head but the top's; NULL where there is no other stream. */
static const struct list_position *second(const struct walk *walk) {
    if (walk->count < 2) {
        return NULL;
    }
    size_t best =
        walk->count > 2 && position_compare(&walk->streams[2].head, &walk->streams[1].head) > 0 ? 2
                                                                                                : 1;
    return &walk->streams[best].head;
}

static void bind_stream(const struct walk *walk, const struct listing *listing,
                        const struct stream *stream, sqlite3_stmt *statement) {
    if (text_is_absent(walk->text)) {
        bind_uuid(statement, 1, &stream->id);
    } else {
        bind_text(statement, 1, walk->text);
    }
    bind_integer(statement, 2, stream->head.at.us);
    bind_bytes(statement, 3, stream->head.id.bytes, sizeof stream->head.id);
    bind_integer(statement, 4, stream->head.seq);
    if (walk->bind_more != NULL) {
        walk->bind_more(listing, statement);
    }
}

static bool is_past_the_end(const struct walk *walk, const struct list_position *position) {
    return (!instant_is_none(walk->from) && instant_before(position->at, walk->from)) ||
           position->seq <= walk->after_seq;
}

enum step { STEP_ON, STEP_ENDED, STEP_OTHER_STREAM, STEP_FULL };

static int step_row(const struct walk *walk, struct listing *listing, struct stream *stream,
                    sqlite3_stmt *statement, enum step *step) {
    struct list_position position = {.set = false};
    int result = listing_position(listing, statement, &position);
    if (result != SQLITE_OK) {
        return result;
    }
    const struct list_position *other = second(walk);
    *step = STEP_ON;
    if (is_past_the_end(walk, &position)) {
        *step = STEP_ENDED;
    } else if (other != NULL && position_compare(&position, other) < 0) {
        stream->head = position;
        *step = STEP_OTHER_STREAM;
    } else if (!walk->after.set || position_compare(&position, &walk->after) < 0) {
        bool full = false;
        result = listing_examine(listing, statement, &full);
        *step = full ? STEP_FULL : STEP_ON;
    }
    return result;
}

/* Goes on in the top stream while its rows are the newest of all. */
static int run_top(struct walk *walk, struct listing *listing, enum step *step) {
    struct stream *top = &walk->streams[0];
    if (!top->located && walk->locate != NULL) {
        int result = walk->locate(listing->reader, top);
        top->located = true;
        *step = STEP_OTHER_STREAM; /* its head may be older now */
        return result;
    }
    int result;
    SCOPED_STATEMENT *statement =
        connection_statement(&listing->reader->connection, walk->statement, &result);
    if (statement == NULL) {
        return result;
    }
    bind_stream(walk, listing, top, statement);
    bool row;
    *step = STEP_ON;
    while ((result = statement_step(statement, &row)) == SQLITE_OK && row && *step == STEP_ON) {
        result = step_row(walk, listing, top, statement, step);
        if (result != SQLITE_OK) {
            break;
        }
        if (*step != STEP_ON) {
            return SQLITE_OK;
        }
    }
    *step = *step == STEP_ON ? STEP_ENDED : *step;
    return result;
}

int walk_run(struct walk *walk, struct listing *listing) {
    for (size_t i = walk->count; i-- > 0;) {
        sift_down(walk, i);
    }
    while (walk->count > 0) {
        enum step step = STEP_ENDED;
        int result = run_top(walk, listing, &step);
        if (result != SQLITE_OK || step == STEP_FULL) {
            return result;
        }
        if (step == STEP_ENDED) {
            walk->streams[0] = walk->streams[--walk->count];
        }
        sift_down(walk, 0);
    }
    return SQLITE_OK;
}

void walk_one(struct walk *walk, struct stream *stream, struct uuid id,
              struct list_position bound) {
    *stream = (struct stream){.id = id, .head = bound, .located = true};
    walk->streams = stream;
    walk->count = 1;
}

static int add_stream(struct walk *walk, struct listing *listing, size_t *capacity,
                      struct stream stream) {
    if (walk->count == *capacity) {
        *capacity = *capacity == 0 ? 16 : 2 * *capacity;
        struct stream *larger = arena_array(listing->arena, struct stream, *capacity);
        if (larger == NULL) {
            return RESULT_ARENA_SPENT;
        }
        if (walk->count > 0) {
            memcpy(larger, walk->streams, walk->count * sizeof stream);
        }
        walk->streams = larger;
    }
    walk->streams[walk->count++] = stream;
    return SQLITE_OK;
}

int walk_types(struct walk *walk, struct listing *listing, struct list_position bound) {
    const struct list_filter *filter = &listing->paging.query->filter;
    bool of_event = uuid_is_none(filter->ticket_type_id) && !uuid_is_none(filter->event_id);
    const struct uuid *id = of_event ? &filter->event_id : &filter->ticket_type_id;
    enum statement name = !uuid_is_none(filter->ticket_type_id) ? STATEMENT_type_stream
                          : of_event                            ? STATEMENT_type_streams_of_event
                                                                : STATEMENT_type_streams;
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(listing->reader, name, id, &statement);
    bool row = result == SQLITE_OK;
    size_t capacity = 0;
    while (result == SQLITE_OK && row) {
        struct columns columns = {.statement = statement};
        struct stream stream = {.id = column_uuid(&columns, 0), .head = bound};
        struct uuid event_id = column_uuid(&columns, 1);
        struct instant last_entry_at = column_instant_or_none(&columns, 2);
        bool asked = filter_takes_event_id(filter, event_id);
        if (walk->of_log && instant_is_none(last_entry_at)) {
            asked = false;
        } else if (walk->of_log && instant_before(last_entry_at, bound.at)) {
            stream.head.at = last_entry_at;
            stream.head.id = POSITION_TOP.id;
        }
        result = asked ? add_stream(walk, listing, &capacity, stream) : SQLITE_OK;
        result = result == SQLITE_OK ? statement_step(statement, &row) : result;
    }
    return result == RESULT_NOT_FOUND ? SQLITE_OK : result;
}
