#include "store/postgres/adoption/adoption.h"

#include <string.h>

#include "store/postgres/adoption/openings.h"
#include "store/postgres/catalog.h"

/* What the shop's events get, those that are there and those that it goes on making. */
static enum error set_default(struct migrating *migrating, const char *column, const char *value) {
    char *literal = PQescapeLiteral(migrating->connection, value, strlen(value));
    const char *sql =
        literal == NULL
            ? NULL
            : arena_printf(&migrating->plan.arena,
                           "ALTER TABLE events ALTER COLUMN %s SET DEFAULT %s", column, literal)
                  .bytes;
    PQfreemem(literal);
    migrating->plan.spent |= sql == NULL;
    return sql == NULL ? migrating_whole(migrating) : migrating_run(migrating, sql);
}

/* Temporary for this transaction, and seen by it alone. */
static enum error make_wanted(struct migrating *migrating) {
    const struct migrate_options *options = migrating->options;
    enum error error = migrating_run(migrating, "SELECT set_config('ticketd.path', "
                                                "current_setting('search_path'), true);"
                                                "CREATE SCHEMA ticketd_wanted;"
                                                "SET LOCAL search_path = ticketd_wanted");
    if (error == ERROR_NONE) {
        error = migrating_run(migrating, (const char *)migration_0002_founding);
    }
    if (error == ERROR_NONE) {
        error = set_default(migrating, "currency",
                            options->currency == NULL ? "EUR" : options->currency);
    }
    if (error == ERROR_NONE) {
        error = set_default(migrating, "time_zone",
                            options->time_zone == NULL ? "UTC" : options->time_zone);
    }
    return error == ERROR_NONE
               ? migrating_run(
                     migrating,
                     "SELECT set_config('search_path', current_setting('ticketd.path'), true)")
               : error;
}

/* Of all five that are there, in one order: whoever sells waits, and so do we, for a while. */
static enum error lock_tables(struct migrating *migrating) {
    static const char *const names[] = {"venues", "events", "ticket_types", "ticket_reservations",
                                        "inventory_audit_log"};
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < sizeof names / sizeof names[0]; i++) {
        PGresult *rows = NULL;
        struct question question = {
            .sql = "SELECT format('LOCK TABLE %I.%I IN ACCESS EXCLUSIVE MODE', n.nspname, "
                   "c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                   "WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r'",
            .parameters = {migrating->schema, names[i]},
        };
        error = migrating_ask(migrating, &question, &rows);
        if (error == ERROR_NONE && PQntuples(rows) == 1) {
            error = migrating_run(migrating, PQgetvalue(rows, 0, 0));
        }
        PQclear(rows);
    }
    return error;
}

/* Tables of the five that the shop does not have: made at once, so that the rest of the plan finds
 * all five. */
static enum error make_missing(struct migrating *migrating) {
    struct plan *plan = &migrating->plan;
    struct plan_line **from = plan->parts[PART_SCHEMA].end;
    enum error error = migrating_plan(migrating, PART_SCHEMA, catalog_adopt_missing_tables, NULL);
    const char *made = "";
    for (const struct plan_line *line = *from; error == ERROR_NONE && line != NULL;
         line = line->next) {
        int length = (int)strcspn(line->what, " "); /* "venues is not there yet" */
        struct text list = arena_printf(&plan->arena, "%s%s%.*s", made, *made == '\0' ? "" : ",",
                                        length, line->what);
        plan->spent |= text_is_absent(list);
        made = text_is_absent(list) ? "" : list.bytes;
        error = migrating_run(migrating, line->sql);
    }
    migrating->made = arena_printf(&plan->arena, "{%s}", made).bytes;
    plan->spent |= migrating->made == NULL;
    return error == ERROR_NONE ? migrating_whole(migrating) : error;
}

struct chapter {
    enum plan_part part;
    const unsigned char *text;
    const char *parameter;
};

static enum error plan_chapters(struct migrating *migrating, const struct chapter *chapters,
                                size_t count) {
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < count; i++) {
        error =
            migrating_plan(migrating, chapters[i].part, chapters[i].text, chapters[i].parameter);
    }
    return error;
}

static enum error plan_structure(struct migrating *migrating) {
    const struct chapter chapters[] = {
        {PART_COLUMNS, catalog_adopt_column_types, NULL},
        {PART_COLUMNS, catalog_adopt_columns, NULL},
        {PART_COLUMNS, catalog_adopt_loosen, NULL},
        {PART_COLUMNS, catalog_adopt_managed, NULL},
        {PART_PAUSE, catalog_adopt_triggers, "pause"},
        {PART_RESUME, catalog_adopt_triggers, "resume"},
        {PART_RESUME, catalog_adopt_triggers, "tell"},
        {PART_RIGHTS, catalog_adopt_functions, NULL},
        {PART_FOREIGN_KEYS, catalog_adopt_foreign_keys, NULL},
        {PART_CONSTRAINTS, catalog_adopt_constraints, NULL},
        {PART_INDEXES, catalog_adopt_indexes, NULL},
    };
    return plan_chapters(migrating, chapters, sizeof chapters / sizeof chapters[0]);
}

static enum error plan_impossible(struct migrating *migrating) {
    struct plan *plan = &migrating->plan;
    const char *sql = migrating_text(migrating, catalog_rows_impossible);
    PGresult *rows = NULL;
    enum error error = migrating_whole(migrating);
    if (error == ERROR_NONE) {
        error = migrating_ask(migrating, &(struct question){.sql = sql}, &rows);
    }
    for (int i = 0; i < PQntuples(rows); i++) {
        plan_add(plan, &plan->blockers,
                 arena_printf(&plan->arena, "%s %s: %s", PQgetvalue(rows, i, 0),
                              PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2))
                     .bytes,
                 NULL);
    }
    PQclear(rows);
    return error;
}

/* Rows are looked at once the columns are such as can be read. */
static enum error plan_rows(struct migrating *migrating) {
    struct plan *plan = &migrating->plan;
    const struct chapter chapters[] = {
        {PART_ROWS, catalog_rows_times, NULL},
        {PART_ROWS, catalog_adopt_fills, NULL},
        {PART_ROWS, catalog_adopt_backfill, NULL},
    };
    if (plan->blockers.count > 0) {
        plan_add(plan, &plan->notes, "the rows are looked at once nothing of the above is left",
                 NULL);
        return migrating_whole(migrating);
    }
    enum error error = plan_chapters(migrating, chapters, sizeof chapters / sizeof chapters[0]);
    if (error == ERROR_NONE) {
        error = plan_impossible(migrating);
    }
    /* What cannot be cannot be opened either. */
    if (error == ERROR_NONE && plan->blockers.count == 0) {
        error = openings_plan(migrating);
    }
    return error;
}

enum error adoption_plan(struct migrating *migrating) {
    struct plan *plan = &migrating->plan;
    enum error error = make_wanted(migrating);
    if (error == ERROR_NONE) {
        error = migrating_plan(migrating, PART_SCHEMA, catalog_adopt_tables, NULL);
    }
    if (error == ERROR_NONE && plan->blockers.count == 0 && !migrating->options->dry_run) {
        error = lock_tables(migrating);
    }
    if (error == ERROR_NONE && plan->blockers.count == 0) {
        error = make_missing(migrating);
        if (error == ERROR_NONE) {
            error = plan_structure(migrating);
        }
        if (error == ERROR_NONE) {
            error = plan_rows(migrating);
        }
    }
    if (error == ERROR_NONE) {
        error = migrating_run(migrating, "DROP SCHEMA ticketd_wanted CASCADE");
    }
    return error == ERROR_NONE ? migrating_whole(migrating) : error;
}

enum error adoption_run(struct migrating *migrating) {
    /* What waits for the end of the transaction would forbid to alter a table. */
    enum error error = migrating_run(migrating, "SET CONSTRAINTS ALL IMMEDIATE");
    for (int part = PART_COLUMNS; error == ERROR_NONE && part < PART_OPENINGS; part++) {
        const struct plan_line *line = migrating->plan.parts[part].first;
        for (; error == ERROR_NONE && line != NULL; line = line->next) {
            error = migrating_run(migrating, line->sql);
        }
    }
    return error == ERROR_NONE ? openings_write(migrating) : error;
}
