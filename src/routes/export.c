/* The life of an export. Its steps run on a reader's thread, one at a time:
 *
 *     RUNNING ──full──▶ WAITING ──room──▶ RUNNING
 *        │                 └────gone────▶ RUNNING (to end)
 *        └──last row written, or gone──▶ ENDED ──over──▶ freed
 *
 * Room and gone arrive on the loop's thread and may come before the step has noticed that it must
 * wait: then they are remembered. */
#include "routes/export.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "routes/parts.h"

enum export_state { EXPORT_RUNNING, EXPORT_WAITING, EXPORT_ENDED };

enum {
    PAGE_ROWS = 200,
    PAGE_BYTES_MAX = 8 * 1024 * 1024, /* a row has texts of 5,000 characters at the most */
};

struct export {
    struct reader_job job;
    struct list_request *request;
    struct list_query query;
    size_t left;        /* rows that may still be written */
    struct arena arena; /* one page */
    struct csv_writer csv;
    size_t sent; /* of the page's bytes */
    bool more;   /* there is a page after this one */
    pthread_mutex_t lock;
    enum export_state state;
    bool woken; /* room or gone, seen while running */
};

static struct routes *routes_of(const struct export *export) {
    return export->request->call->routes;
}

static void export_free(struct export *export) {
    atomic_fetch_sub(&routes_of(export)->exports, 1);
    pthread_mutex_destroy(&export->lock);
    arena_finish(&export->arena);
    free(export);
}

static void end(struct export *export, bool complete) {
    pthread_mutex_lock(&export->lock);
    export->state = EXPORT_ENDED;
    pthread_mutex_unlock(&export->lock);
    http_stream_end(export->request->call->http, complete);
}

/* Gives the thread back; at a stop the rest is cut off. */
static void go_on(struct export *export) {
    if (!reader_pool_continue(routes_of(export)->readers, &export->job)) {
        end(export, false);
    }
}

/* On the loop's thread. */
static void on_event(void *context, enum http_stream_event event) {
    struct export *export = context;
    if (event == HTTP_STREAM_OVER) {
        export_free(export);
        return;
    }
    pthread_mutex_lock(&export->lock);
    bool was_waiting = export->state == EXPORT_WAITING;
    if (was_waiting) {
        export->state = EXPORT_RUNNING;
    } else {
        export->woken = true;
    }
    pthread_mutex_unlock(&export->lock);
    if (was_waiting) {
        go_on(export);
    }
}

/* False: there was room in the meantime. */
static bool wait_for_room(struct export *export) {
    pthread_mutex_lock(&export->lock);
    bool waits = !export->woken;
    export->woken = false;
    if (waits) {
        export->state = EXPORT_WAITING;
    }
    pthread_mutex_unlock(&export->lock);
    return waits;
}

static enum error read_page(struct export *export, struct store_reader *reader,
                            struct failure *failure) {
    struct list_request *request = export->request;
    struct page page = {.count = 0};
    arena_reset(&export->arena);
    csv_init(&export->csv, &export->arena);
    export->sent = 0;
    export->query.limit = export->left < PAGE_ROWS ? export->left : PAGE_ROWS;
    enum error error = request->list->read(reader, &export->query, &export->arena, &page, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    struct fields fields = {.form = FIELDS_CSV_HEADER, .csv = &export->csv};
    request->as_of = page.as_of;
    if (!export->more) { /* the first page */
        request->list->row(&fields, request->list->sample, request);
        csv_row_end(&export->csv);
    }
    fields.form = FIELDS_CSV_ROW;
    for (size_t i = 0; i < page.count; i++) {
        request->list->row(&fields, list_row(request->list, &page, i), request);
        csv_row_end(&export->csv);
    }
    export->left -= page.count;
    export->more = page.next.set && export->left > 0;
    export->query.after = page.next;
    return export->csv.failed ? failure_set(failure, ERROR_MEMORY, "A page of rows is too large.")
                              : ERROR_NONE;
}

enum sent { SENT_ALL, SENT_WAITING, SENT_LOST };

static enum sent send_page(struct export *export) {
    struct http_request *http = export->request->call->http;
    while (export->sent < export->csv.length) {
        size_t length = export->csv.length - export->sent;
        length = length < HTTP_STREAM_CHUNK_MAX ? length : HTTP_STREAM_CHUNK_MAX;
        struct text chunk = {export->csv.bytes + export->sent, length};
        enum http_stream_write written = http_stream_write(http, chunk);
        if (written == HTTP_STREAM_LOST) {
            return SENT_LOST;
        }
        if (written == HTTP_STREAM_TAKEN) {
            export->sent += length;
        } else if (wait_for_room(export)) {
            return SENT_WAITING;
        }
    }
    return SENT_ALL;
}

/* Sends what is left of the page, then reads the next one; gives the thread back after each. */
static void run(struct reader_job *job, struct store_reader *reader) {
    struct export *export = (struct export *)job;
    struct failure failure;
    enum sent sent = send_page(export);
    if (sent == SENT_WAITING) {
        return;
    }
    if (sent == SENT_LOST || !export->more) {
        end(export, sent == SENT_ALL);
    } else if (read_page(export, reader, &failure) != ERROR_NONE) {
        end(export, false);
    } else {
        go_on(export);
    }
}

struct answered export_begin(struct list_request *request, struct store_reader *reader) {
    struct call *call = request->call;
    struct answered answered = {call};
    struct export *export = calloc(1, sizeof *export);
    if (export == NULL || atomic_fetch_add(&call->routes->exports, 1) >= EXPORTS_MAX) {
        if (export != NULL) {
            atomic_fetch_sub(&call->routes->exports, 1);
        }
        free(export);
        return call_refuse(call, PROBLEM_BUSY, NULL);
    }
    export->job.run = run;
    export->request = request;
    export->query = request->query;
    export->left = request->parameters.limit_is_given ? request->parameters.limit : SIZE_MAX;
    export->state = EXPORT_RUNNING;
    pthread_mutex_init(&export->lock, NULL);
    arena_init(&export->arena, PAGE_BYTES_MAX);
    struct failure failure;
    enum error error = read_page(export, reader, &failure);
    if (error != ERROR_NONE) {
        export_free(export);
        return call_refuse_error(call, error, &failure);
    }
    struct http_header headers[] = {{TEXT("Request-Id"), call->request_id}};
    struct http_reply head = {
        .status = 200,
        .content_type = TEXT("text/csv; charset=utf-8"),
        .headers = headers,
        .headers_count = 1,
    };
    http_stream_begin(call->http, &head, on_event, export);
    run(&export->job, reader);
    return answered;
}
