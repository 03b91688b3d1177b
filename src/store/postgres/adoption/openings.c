#include "store/postgres/adoption/openings.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "domain/opening.h"
#include "store/postgres/catalog.h"

enum {
    PAGE_TYPES = 20000, /* each page reads all reservations: the founding tables have no index */
    LINE_SIZE = 1024,   /* an entry without texts of people's: three ids, ten numbers, a hash */
};

/* A ticket type as it is found. */
struct found {
    struct opening_request request;
    const char *name;
    int64_t completed; /* what its sales add up to */
};

/* In rows of rows_openings.sql. */
static int64_t integer(const PGresult *rows, int row, int column) {
    return strtoll(PQgetvalue(rows, row, column), NULL, 10);
}

static struct uuid id(const PGresult *rows, int row, int column) {
    struct uuid id = UUID_NONE;
    bool parsed = uuid_parse(text_of(PQgetvalue(rows, row, column)), &id);
    ensure(parsed); /* what uuid_out() wrote; the nil one has been refused */
    return id;
}

static struct found found_of(const PGresult *rows, int row, struct instant now) {
    return (struct found){
        .request = {.ticket_type_id = id(rows, row, 0),
                    .event_id = id(rows, row, 1),
                    .found = {.total = (int32_t)integer(rows, row, 4),
                              .sold = (int32_t)integer(rows, row, 5),
                              .reserved = (int32_t)integer(rows, row, 6)},
                    .active = integer(rows, row, 7),
                    .now = now,
                    .ids = uuid_block(now, OPENING_ENTRIES_MAX)},
        .name = PQgetvalue(rows, row, 2),
        .completed = integer(rows, row, 8),
    };
}

/* Hands every ticket type on, in order of id, page by page: whoever writes needs the connection. */
static enum error walk(struct migrating *migrating, struct instant now,
                       enum error (*take)(struct migrating *, const struct found *, int)) {
    const char *sql = migrating_text(migrating, catalog_rows_openings);
    struct found *page = calloc(PAGE_TYPES, sizeof *page);
    char after[UUID_TEXT_SIZE] = "00000000-0000-0000-0000-000000000000";
    char limit[16];
    snprintf(limit, sizeof limit, "%d", PAGE_TYPES);
    if (page == NULL || sql == NULL) {
        migrating->plan.spent = true;
        free(page);
        return migrating_whole(migrating);
    }
    enum error error = ERROR_NONE;
    int count = PAGE_TYPES;
    while (error == ERROR_NONE && count == PAGE_TYPES) {
        PGresult *rows = NULL;
        error = migrating_ask(migrating, &(struct question){sql, {after, limit}}, &rows);
        count = PQntuples(rows);
        for (int i = 0; i < count; i++) {
            page[i] = found_of(rows, i, now);
        }
        if (error == ERROR_NONE && count > 0) {
            uuid_format(page[count - 1].request.ticket_type_id, after);
            error = take(migrating, page, count);
        }
        PQclear(rows);
    }
    free(page);
    return error;
}

static void tell_differences(struct plan *plan, const struct found *found, const char *type_id) {
    int64_t reserved = found->request.found.reserved;
    int64_t active = found->request.active;
    int64_t sold = found->request.found.sold;
    if (reserved != active) {
        plan_add(plan, &plan->differences,
                 arena_printf(&plan->arena,
                              "ticket_types %s (%s): reserved_count is %" PRId64
                              ", but its active reservations add up to %" PRId64,
                              type_id, found->name, reserved, active)
                     .bytes,
                 NULL);
    }
    if (sold != found->completed) {
        plan_add(plan, &plan->differences,
                 arena_printf(&plan->arena,
                              "ticket_types %s (%s): sold_count is %" PRId64
                              ", but its completed reservations add up to %" PRId64 " (%+" PRId64
                              " go to adopted_sold)",
                              type_id, found->name, sold, found->completed, sold - found->completed)
                     .bytes,
                 NULL);
    }
}

/* "increase 0 -> 100" */
static const char *step_of(struct arena *arena, const char *line, const struct audit_entry *entry) {
    struct counts was = entry->previous;
    struct counts is = entry->now;
    bool totals = entry->action == ACTION_INCREASE;
    bool sales = entry->action == ACTION_SALE;
    return arena_printf(arena, "%s%s %s %" PRId32 " -> %" PRId32, line, entry->seq == 1 ? "" : ",",
                        action_name(entry->action).bytes,
                        totals  ? was.total
                        : sales ? was.sold
                                : was.reserved,
                        totals  ? is.total
                        : sales ? is.sold
                                : is.reserved)
        .bytes;
}

static enum error plan_page(struct migrating *migrating, const struct found *page, int count) {
    struct plan *plan = &migrating->plan;
    for (int i = 0; i < count; i++) {
        char type_id[UUID_TEXT_SIZE];
        uuid_format(page[i].request.ticket_type_id, type_id);
        tell_differences(plan, &page[i], type_id);
        struct opening opening = opening_make(&page[i].request);
        const char *line =
            arena_printf(&plan->arena, "%s (%s):%s", type_id, page[i].name,
                         opening.count == 0 ? " with its first tickets, it has none yet" : "")
                .bytes;
        for (size_t at = 0; line != NULL && at < opening.count; at++) {
            line = step_of(&plan->arena, line, &opening.entries[at]);
        }
        plan_add(plan, &plan->parts[PART_OPENINGS], line, NULL);
    }
    return migrating_whole(migrating);
}

enum error openings_plan(struct migrating *migrating) {
    return walk(migrating, instant_now(), plan_page);
}

/* One entry as a line of COPY; the columns are those of copy_entries below. */
static enum error write_entry(struct migrating *migrating, const struct audit_entry *entry) {
    char entry_id[UUID_TEXT_SIZE], type_id[UUID_TEXT_SIZE], event_id[UUID_TEXT_SIZE];
    char hash[2 * CHAIN_HASH_SIZE + 1];
    char at[INSTANT_TEXT_SIZE];
    char line[LINE_SIZE];
    sodium_bin2hex(hash, sizeof hash, entry->chain_hash.bytes, CHAIN_HASH_SIZE);
    int length = snprintf(
        line, sizeof line,
        "%s\t%s\t%s\t%" PRId64 "\t%s\t%" PRId32 "\t%" PRId32 "\t%" PRId32 "\t%" PRId32 "\t%" PRId32
        "\t%" PRId32 "\t%" PRId32 "\t%.*s\t%s\t%s\t\\\\x%s\n",
        uuid_format(entry->id, entry_id), uuid_format(entry->ticket_type_id, type_id),
        uuid_format(entry->event_id, event_id), entry->seq, action_name(entry->action).bytes,
        entry->quantity, entry->previous.total, entry->now.total, entry->previous.sold,
        entry->now.sold, entry->previous.reserved, entry->now.reserved, (int)entry->reason.length,
        entry->reason.bytes, instant_format(entry->created_at, at),
        actor_kind_name(entry->actor.kind).bytes, hash);
    ensure(length > 0 && length < LINE_SIZE);
    return PQputCopyData(migrating->connection, line, length) == 1
               ? ERROR_NONE
               : failure_set(migrating->failure, ERROR_UNAVAILABLE,
                             "the database was lost on the way; nothing was done");
}

static const unsigned char copy_entries[] =
    "COPY {schema}.inventory_audit_log (id, ticket_type_id, event_id, seq, action, quantity, "
    "previous_total, new_total, previous_sold, new_sold, previous_reserved, new_reserved, reason, "
    "created_at, actor_kind, chain_hash) FROM STDIN";

static enum error write_page(struct migrating *migrating, const struct found *page, int count) {
    const char *copy = migrating_text(migrating, copy_entries);
    if (copy == NULL) {
        return migrating_whole(migrating);
    }
    PGresult *started = PQexec(migrating->connection, copy);
    ExecStatusType status = PQresultStatus(started);
    PQclear(started);
    if (status != PGRES_COPY_IN) {
        return migrating_end(migrating);
    }
    enum error error = ERROR_NONE;
    for (int i = 0; error == ERROR_NONE && i < count; i++) {
        struct opening opening = opening_make(&page[i].request);
        for (size_t at = 0; error == ERROR_NONE && at < opening.count; at++) {
            error = write_entry(migrating, &opening.entries[at]);
        }
    }
    if (error == ERROR_NONE && PQputCopyEnd(migrating->connection, NULL) != 1) {
        error = failure_set(migrating->failure, ERROR_UNAVAILABLE,
                            "the database was lost on the way; nothing was done");
    }
    return error == ERROR_NONE ? migrating_end(migrating) : error;
}

/* The database's clock, once the tables are ours: whole milliseconds, as every server takes it. */
static enum error read_now(struct migrating *migrating, struct instant *now) {
    PGresult *rows = NULL;
    enum error error = migrating_ask(
        migrating,
        &(struct question){.sql = "SELECT (extract(epoch FROM date_trunc('milliseconds', "
                                  "statement_timestamp())) * 1000)::bigint"},
        &rows);
    if (error == ERROR_NONE) {
        *now = (struct instant){integer(rows, 0, 0) * 1000};
    }
    PQclear(rows);
    return error;
}

enum error openings_write(struct migrating *migrating) {
    struct instant now = INSTANT_NONE;
    enum error error = read_now(migrating, &now);
    if (error == ERROR_NONE) {
        error = walk(migrating, now, write_page);
    }
    const char *heads = migrating_text(migrating, catalog_adopt_heads);
    if (error == ERROR_NONE) {
        error = migrating_whole(migrating);
    }
    return error == ERROR_NONE ? migrating_run(migrating, heads) : error;
}
