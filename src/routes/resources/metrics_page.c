/* The page that Prometheus reads: what the routes counted, and what their neighbours did. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/server.h"
#include "routes/callers/caller.h"
#include "routes/handlers.h"
#include "routes/parts.h"

enum { TYPES_MAX = 10000, TYPES_PER_READ = 500 };

static void head(FILE *page, const char *name, const char *type, const char *help) {
    fprintf(page, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void value(FILE *page, const char *name, const char *type, uint64_t number,
                  const char *help) {
    head(page, name, type, help);
    fprintf(page, "%s %" PRIu64 "\n", name, number);
}

struct histogram {
    const char *name, *help;
    const uint64_t *buckets; /* how many fell into each; the last: more */
    size_t count;
    double first, sum; /* bucket i holds up to first * 2^i */
};

static void write_histogram(FILE *page, const struct histogram *histogram) {
    uint64_t total = 0;
    double bound = histogram->first;
    head(page, histogram->name, "histogram", histogram->help);
    for (size_t i = 0; i < histogram->count; i++, bound *= 2) {
        total += histogram->buckets[i];
        if (i + 1 < histogram->count) {
            fprintf(page, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", histogram->name, bound, total);
        }
    }
    fprintf(page, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", histogram->name, total);
    fprintf(page, "%s_sum %.6f\n%s_count %" PRIu64 "\n", histogram->name, histogram->sum,
            histogram->name, total);
}

static void write_executor(FILE *page, const struct executor *executor) {
    struct executor_statistics is;
    executor_statistics(executor, &is);
    value(page, "ticketd_commits_total", "counter", is.commits, "Batches committed.");
    value(page, "ticketd_commands_total", "counter", is.commands, "Commands decided.");
    value(page, "ticketd_commands_refused_total", "counter", is.refusals, "Commands refused.");
    value(page, "ticketd_batch_retries_total", "counter", is.retries, "Batches run again.");
    value(page, "ticketd_batch_splits_total", "counter", is.splits, "Batches split.");
    value(page, "ticketd_unknown_commits_total", "counter", is.unknown_commits,
          "Commits whose fate had to be looked up.");
    value(page, "ticketd_reservations_expired_total", "counter", is.expiries,
          "Expired reservations whose release was written.");
    value(page, "ticketd_lanes", "gauge", is.lanes, "Lanes that write to the database.");
    value(page, "ticketd_inbox_depth", "gauge", is.inbox_depth, "Commands that wait.");
    value(page, "ticketd_quarantined_ticket_types", "gauge", is.quarantined_types,
          "Ticket types whose stored counts cannot be true.");
    write_histogram(page, &(struct histogram){
                              .name = "ticketd_commit_seconds",
                              .help = "Time that a commit took.",
                              .buckets = is.commit_us_buckets,
                              .count = sizeof is.commit_us_buckets / sizeof(uint64_t),
                              .first = 64e-6,
                              .sum = (double)is.commit_us_sum / 1e6,
                          });
    write_histogram(page, &(struct histogram){
                              .name = "ticketd_batch_commands",
                              .help = "Commands of a batch.",
                              .buckets = is.batch_size_buckets,
                              .count = sizeof is.batch_size_buckets / sizeof(uint64_t),
                              .first = 1,
                              .sum = (double)is.commands,
                          });
}

/* Under the names that every Prometheus client library gives them. */
static void write_process(FILE *page, struct instant opened_at) {
    head(page, "process_start_time_seconds", "gauge", "When this process began, since 1970.");
    fprintf(page, "process_start_time_seconds %.3f\n", (double)opened_at.us / 1e6);
    uint64_t pages;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm != NULL && fscanf(statm, "%*u %" SCNu64, &pages) == 1) {
        value(page, "process_resident_memory_bytes", "gauge",
              pages * (uint64_t)sysconf(_SC_PAGESIZE), "Memory that this process holds.");
    }
    if (statm != NULL) {
        fclose(statm);
    }
}

static void write_server(FILE *page, const struct http_server *server) {
    struct http_counters is = http_server_counters(server);
    value(page, "ticketd_connections_open", "gauge", is.connections_open, "Connections now.");
    value(page, "ticketd_connections_accepted_total", "counter", is.connections_accepted,
          "Connections accepted.");
    value(page, "ticketd_connections_refused_total", "counter", is.connections_refused,
          "Connections over a limit.");
    value(page, "ticketd_http_malformed_total", "counter", is.requests_refused,
          "Requests that the HTTP layer refused by itself.");
    value(page, "ticketd_http_replies_dropped_total", "counter", is.replies_dropped,
          "Replies whose client had gone.");
    value(page, "ticketd_http_deadlines_missed_total", "counter", is.deadlines_missed,
          "Clients cut off for being slow.");
    value(page, "ticketd_http_bytes_read_total", "counter", is.bytes_read, "Bytes read.");
    value(page, "ticketd_http_bytes_written_total", "counter", is.bytes_written, "Bytes written.");
}

/* Sums over all ticket types; nothing is written where the store does not answer, or has so many
 * that asking each time would weigh. */
static void write_tickets(FILE *page, struct store_reader *reader) {
    struct list_query query = {
        .filter = {.from = INSTANT_NONE,
                   .to = INSTANT_NONE,
                   .own_since = INSTANT_NONE,
                   .after_seq = -1,
                   .include_archived = true},
        .limit = TYPES_PER_READ,
    };
    struct arena arena;
    struct page types;
    struct failure failure;
    int64_t sold = 0, reserved = 0, available = 0;
    size_t count = 0;
    arena_init(&arena, 16 * 1024 * 1024);
    do {
        arena_reset(&arena);
        if (reader_types(reader, &query, &arena, &types, &failure) != ERROR_NONE ||
            (count += types.count) > TYPES_MAX) {
            arena_finish(&arena);
            return;
        }
        const struct type_reading *list = types.rows;
        for (size_t i = 0; i < types.count; i++) {
            sold += list[i].row.counts.sold;
            reserved += list[i].row.counts.reserved;
            available += counts_available(list[i].row.counts);
        }
        query.after = types.next;
    } while (types.next.set);
    arena_finish(&arena);
    head(page, "ticketd_tickets", "gauge", "Tickets of all ticket types, by where they are.");
    fprintf(page,
            "ticketd_tickets{state=\"sold\"} %" PRId64
            "\nticketd_tickets{state=\"reserved\"} %" PRId64
            "\nticketd_tickets{state=\"available\"} %" PRId64 "\n",
            sold, reserved, available);
}

static void write_all(FILE *page, struct call *call, struct store_reader *reader) {
    struct routes *routes = call->routes;
    head(page, "ticketd_build_info", "gauge", "Which ticketd this is.");
    fprintf(page, "ticketd_build_info{version=\"%s\"} 1\n",
            routes->options.version == NULL ? "unknown" : routes->options.version);
    write_process(page, routes->opened_at);
    metrics_write(routes->metrics, &routes->router, page);
    write_executor(page, routes->executor);
    if (routes->server != NULL) {
        write_server(page, routes->server);
    }
    value(page, "ticketd_queries_waiting", "gauge", reader_pool_depth(routes->readers),
          "Queries that wait for a reader.");
    struct feed_statistics streams = feed_statistics(routes->feed);
    value(page, "ticketd_streams_open", "gauge", streams.streams, "Live streams now.");
    value(page, "ticketd_stream_events_total", "counter", streams.events,
          "Events sent on live streams.");
    if (reader != NULL) {
        write_tickets(page, reader);
    }
}

static struct answered reply_metrics(struct call *call, struct store_reader *reader) {
    static const struct text type = {"text/plain; version=0.0.4; charset=utf-8", 40};
    char *bytes = NULL;
    size_t length = 0;
    FILE *page = open_memstream(&bytes, &length);
    struct text body = TEXT_NONE;
    if (page != NULL) {
        write_all(page, call, reader);
        if (fclose(page) == 0) {
            body = arena_copy(call_arena(call), (struct text){bytes, length});
        }
    }
    free(bytes);
    if (text_is_absent(body)) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    return call_reply_text(call, 200, type, body, NULL);
}

/* How many were sold is for those who may read the counts of all events. Those who watch must see
 * a server that is too busy to read. */
struct answered route_metrics_get(struct call *call) {
    struct answered answered = {call};
    enum problem problem;
    const char *detail = NULL;
    if (!caller_identify(call, &problem, &detail)) {
        return call_refuse(call, problem, detail);
    }
    bool sees_tickets =
        caller_reach(call, RIGHT_READ_COUNTS) == REACH_ALL && call->caller.events_count == 0;
    call->query = reply_metrics;
    return sees_tickets && reader_pool_submit(call->routes->readers, call)
               ? answered
               : reply_metrics(call, NULL);
}
