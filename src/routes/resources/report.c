#include "routes/resources/report.h"

#include <stdlib.h>

#include "routes/callers/caller.h"
#include "routes/export.h"
#include "routes/parts.h"

enum {
    REPORT_BYTES_MAX = 16 * 1024 * 1024, /* types of an event, names, figures, and the reply */
    STEP_BYTES_MAX = 8 * 1024 * 1024,    /* 200 entries with long texts */
    TURN_US = 100000,                    /* then others may have the thread */
};

struct report_job {
    struct reader_job job;
    struct call *call;
    struct report_run run;
};

/* Lets go of a report that has been answered; its call is gone already. */
static void report_free(struct report_job *job, struct routes *routes) {
    atomic_fetch_sub(&routes->exports, 1);
    arena_finish(&job->run.arena);
    arena_finish(&job->run.scratch);
    free(job);
}

static struct answered refuse_fault(struct call *call, enum report_fault fault) {
    static const struct {
        const char *name, *code, *detail;
    } words[] = {
        [REPORT_ZONE_UNKNOWN] = {"tz", "enum", "There is no time zone of that name here."},
        [REPORT_ENDS_EARLY] = {"to", "range", "This must be later than from."},
        [REPORT_TOO_LARGE] = {"interval", "range",
                              "These would be more than 2000 rows: ask for a longer interval, a "
                              "shorter period or fewer groups."},
        [REPORT_NEEDS_INTERVAL] =
            {"interval", "required",
             "Give an interval (hour, day or week), or one ticket_type_id to see each change."},
    };
    struct fault told = {text_of(words[fault].name), words[fault].code,
                         text_of(words[fault].detail), NULL};
    return call_refuse_faults(call, &told);
}

static struct answered reply_csv(struct report_job *job) {
    const struct report_kind *kind = job->run.asked->kind;
    struct csv_writer csv;
    csv_init(&csv, call_arena(job->call));
    struct fields fields = {.form = FIELDS_CSV_HEADER, .csv = &csv};
    size_t count = kind->count(&job->run);
    kind->row(&fields, &job->run, count);
    csv_row_end(&csv);
    fields.form = FIELDS_CSV_ROW;
    for (size_t i = 0; i < count; i++) {
        kind->row(&fields, &job->run, i);
        csv_row_end(&csv);
    }
    if (csv.failed) {
        return call_refuse(job->call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    return call_reply_text(job->call, 200, TEXT("text/csv; charset=utf-8"),
                           (struct text){csv.bytes, csv.length}, NULL);
}

static struct answered reply_json(struct report_job *job) {
    const struct report_kind *kind = job->run.asked->kind;
    const struct report_subject *subject = kind->subject(&job->run);
    struct json_writer json;
    json_writer_init(&json, &job->run.arena);
    struct fields fields = {.json = &json};
    json_object_begin(&json);
    field_instant(&fields, "from", subject->from);
    field_instant(&fields, "to", subject->to);
    field_text(&fields, "time_zone", subject->time_zone);
    json_name(&json, "rows");
    json_array_begin(&json);
    for (size_t i = 0; i < kind->count(&job->run); i++) {
        json_object_begin(&json);
        kind->row(&fields, &job->run, i);
        json_object_end(&json);
    }
    json_array_end(&json);
    kind->rest(&fields, &job->run);
    json_object_end(&json);
    return call_reply(job->call, 200, &json, NULL);
}

static struct answered reply(struct report_job *job) {
    enum report_fault fault = job->run.asked->kind->subject(&job->run)->fault;
    if (fault != REPORT_SOUND) {
        return refuse_fault(job->call, fault);
    }
    return job->run.asked->csv ? reply_csv(job) : reply_json(job);
}

/* Steps until the report is done or the turn is over. True: it has been answered. */
static bool go_on(struct report_job *job, struct store_reader *reader) {
    const struct report_kind *kind = job->run.asked->kind;
    int64_t ends_us = monotonic_us() + TURN_US;
    job->call->scratch = &job->run.arena;
    while (!kind->is_done(&job->run) && monotonic_us() < ends_us) {
        struct failure failure;
        enum error error = kind->step(&job->run, reader, &failure);
        arena_reset(&job->run.scratch);
        if (error != ERROR_NONE) {
            (void)call_refuse_error(job->call, error, &failure);
            return true;
        }
    }
    if (kind->is_done(&job->run)) {
        (void)reply(job);
        return true;
    }
    if (http_request_client_left(job->call->http)) {
        (void)call_refuse(job->call, PROBLEM_BUSY, NULL); /* nobody hears it */
        return true;
    }
    return false;
}

static void run(struct reader_job *reader_job, struct store_reader *reader) {
    struct report_job *job = (struct report_job *)reader_job;
    struct routes *routes = job->call->routes;
    if (go_on(job, reader)) {
        report_free(job, routes);
    } else if (!reader_pool_continue(routes->readers, &job->job)) {
        (void)call_refuse(job->call, PROBLEM_BUSY, NULL);
        report_free(job, routes);
    }
}

/* What the report is about, and whether the caller may see it. True: it has been answered. */
static bool begin(struct report_job *job, struct store_reader *reader) {
    const struct report_kind *kind = job->run.asked->kind;
    struct failure failure;
    enum error error = kind->begin(&job->run, reader, &failure);
    job->call->scratch = &job->run.arena;
    if (error != ERROR_NONE) {
        (void)call_refuse_error(job->call, error, &failure);
        return true;
    }
    if (!caller_reaches_event(&job->call->caller, kind->subject(&job->run)->event.id)) {
        (void)call_refuse(job->call, PROBLEM_EVENT_OUT_OF_SCOPE, NULL);
        return true;
    }
    return false;
}

static struct answered start(struct call *call, struct store_reader *reader) {
    struct answered answered = {call};
    struct routes *routes = call->routes;
    struct report_job *job = calloc(1, sizeof *job);
    if (job == NULL || atomic_fetch_add(&routes->exports, 1) >= EXPORTS_MAX) {
        if (job != NULL) {
            atomic_fetch_sub(&routes->exports, 1);
        }
        free(job);
        return call_refuse(call, PROBLEM_BUSY, NULL);
    }
    job->job.run = run;
    job->call = call;
    job->run.asked = call->subject;
    arena_init(&job->run.arena, REPORT_BYTES_MAX);
    arena_init(&job->run.scratch, STEP_BYTES_MAX);
    if (begin(job, reader)) {
        report_free(job, routes);
    } else {
        run(&job->job, reader);
    }
    return answered;
}

struct answered report_answer(struct call *call, struct report_asked *asked) {
    return call_query(call, start, asked);
}
