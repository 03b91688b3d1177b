#include "store/postgres/migration.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/postgres/address.h"
#include "store/postgres/adoption/adoption.h"
#include "store/postgres/catalog.h"
#include "store/postgres/state.h"

enum {
    CHECKSUM_BYTES = 32,
    CHECKSUM_TEXT_SIZE = 2 * CHECKSUM_BYTES + 1,
    ATTEMPTS_MAX = 5, /* of migrates that ran into each other */
};

static const struct migration {
    const char *name;
    const unsigned char *sql;
    const size_t *size;
    bool needs_adopted; /* it stands on columns that an adoption adds */
} migrations[] = {
    {"own", migration_0001_own, &migration_0001_own_size, false},
    {"founding", migration_0002_founding, &migration_0002_founding_size, false},
    {"shifts", migration_0003_shifts, &migration_0003_shifts_size, false},
    {"shift_log", migration_0004_shift_log, &migration_0004_shift_log_size, true},
};

/* The first two are made or, the second, adopted; those behind them follow in any case. */
enum { MIGRATIONS_FIRST = 2, MIGRATIONS_COUNT = sizeof migrations / sizeof migrations[0] };

static void checksum(const struct migration *migration, char text[CHECKSUM_TEXT_SIZE]) {
    unsigned char hash[CHECKSUM_BYTES];
    crypto_generichash(hash, sizeof hash, migration->sql, *migration->size, NULL, 0);
    sodium_bin2hex(text, CHECKSUM_TEXT_SIZE, hash, sizeof hash);
}

/* *version of schema_version.sql's rows: 1, 2, … without a gap, each with our checksum. */
static enum error judge_version(const PGresult *rows, int *version, struct failure *failure) {
    int count = PQntuples(rows);
    for (int i = 0; i < count; i++) {
        int found = atoi(PQgetvalue(rows, i, 0));
        char wanted[CHECKSUM_TEXT_SIZE];
        if (found > MIGRATIONS_COUNT) {
            return failure_set(failure, ERROR_NEWER,
                               "the database was made by a newer ticketd (schema %d, this one "
                               "knows %d); use that one",
                               found, (int)MIGRATIONS_COUNT);
        }
        if (found != i + 1) {
            return failure_set(failure, ERROR_CORRUPT,
                               "ticketd.schema_migrations has no version %d", i + 1);
        }
        checksum(&migrations[i], wanted);
        if (strcmp(PQgetvalue(rows, i, 1), wanted) != 0) {
            return failure_set(failure, ERROR_CORRUPT,
                               "migration %d (%s) is not the one this database was made with; use "
                               "the ticketd that made it",
                               found, migrations[i].name);
        }
    }
    *version = count;
    return ERROR_NONE;
}

static enum error refuse(const PGresult *result, struct failure *failure) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state != NULL && (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0)) {
        return failure_set(failure, ERROR_NOT_FOUND,
                           "the database has no schema of ticketd's yet; run: ticketd migrate "
                           "--database …");
    }
    if (state != NULL && strcmp(state, "42501") == 0) {
        return failure_set(failure, ERROR_PERMISSION,
                           "this role may not read ticketd's tables, or there are none; as their "
                           "owner run: ticketd migrate --database … (roles.sql makes the roles)");
    }
    const char *why = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    enum error error = state_error(state);
    return failure_set(failure, error == ERROR_NONE ? ERROR_UNAVAILABLE : error,
                       "the schema cannot be looked at: %s",
                       why == NULL ? "the database was lost" : why);
}

static bool is_true(const PGresult *result, int column) {
    return *PQgetvalue(result, 0, column) == 't';
}

static enum error judge_facts(const PGresult *result, struct schema_facts *facts,
                              struct failure *failure) {
    enum { MISSING = 5, UNREADABLE, HIDDEN };
    if (!PQgetisnull(result, 0, MISSING)) {
        return failure_set(failure, ERROR_NOT_FOUND,
                           "the search_path of this role does not lead to %s: set it to the schema "
                           "of the founding tables",
                           PQgetvalue(result, 0, MISSING));
    }
    if (!PQgetisnull(result, 0, UNREADABLE)) {
        return failure_set(failure, ERROR_PERMISSION,
                           "this role may not read %s; as the owner run: ticketd migrate "
                           "--database …",
                           PQgetvalue(result, 0, UNREADABLE));
    }
    if (!PQgetisnull(result, 0, HIDDEN)) {
        return failure_set(failure, ERROR_PERMISSION,
                           "row-level security hides rows of %s from this role; use ticketd_app, "
                           "or as the owner run: ticketd migrate --database …",
                           PQgetvalue(result, 0, HIDDEN));
    }
    if (facts != NULL) {
        *facts = (struct schema_facts){
            .reservation_order_id_is_uuid = is_true(result, 0),
            .log_order_id_is_uuid = is_true(result, 1),
            .venues_managed_elsewhere = is_true(result, 2),
            .events_managed_elsewhere = is_true(result, 3),
            .types_managed_elsewhere = is_true(result, 4),
        };
    }
    return ERROR_NONE;
}

enum error postgres_schema_check(PGconn *connection, struct schema_facts *facts,
                                 struct failure *failure) {
    int version = 0;
    PGresult *rows = PQexec(connection, (const char *)catalog_schema_version);
    enum error error = PQresultStatus(rows) == PGRES_TUPLES_OK
                           ? judge_version(rows, &version, failure)
                           : refuse(rows, failure);
    PQclear(rows);
    if (error == ERROR_NONE && version < MIGRATIONS_COUNT) {
        error = failure_set(failure, ERROR_INVALID,
                            "the database was made by an older ticketd (schema %d, this one reads "
                            "%d); run: ticketd migrate --database …",
                            version, (int)MIGRATIONS_COUNT);
    }
    if (error != ERROR_NONE) {
        return error;
    }
    PGresult *found = PQexec(connection, (const char *)catalog_schema_facts);
    error = PQresultStatus(found) == PGRES_TUPLES_OK ? judge_facts(found, facts, failure)
                                                     : refuse(found, failure);
    PQclear(found);
    return error;
}

/* What schema_place.sql tells. */
struct place {
    int founding_tables;
    bool is_ours, has_own_schema;
};

static enum error look(struct migrating *migrating, struct place *place, int *version) {
    PGresult *rows = NULL;
    struct plan *plan = &migrating->plan;
    enum error error = migrating_ask(
        migrating, &(struct question){.sql = (const char *)catalog_schema_place}, &rows);
    if (error != ERROR_NONE) {
        return error;
    }
    *place = (struct place){
        .founding_tables = atoi(PQgetvalue(rows, 0, 1)),
        .is_ours = is_true(rows, 3),
        .has_own_schema = is_true(rows, 4),
    };
    bool is_nowhere = PQgetisnull(rows, 0, 0);
    int schemas = atoi(PQgetvalue(rows, 0, 2));
    migrating->schema = arena_copy(&plan->arena, text_of(PQgetvalue(rows, 0, 0))).bytes;
    plan->spent |= migrating->schema == NULL;
    PQclear(rows);
    if (is_nowhere) {
        return failure_set(migrating->failure, ERROR_INVALID,
                           "the search_path of this role names no schema that is there");
    }
    if (schemas > 1) {
        plan_add(plan, &plan->blockers,
                 "the founding tables are in more than one schema of the search_path: set it to "
                 "the one that is meant",
                 NULL);
    }
    *version = 0;
    if (place->is_ours) {
        error = migrating_ask(
            migrating, &(struct question){.sql = (const char *)catalog_schema_version}, &rows);
        if (error == ERROR_NONE) {
            error = judge_version(rows, version, migrating->failure);
            PQclear(rows);
        }
    } else if (place->has_own_schema) {
        plan_add(plan, &plan->blockers,
                 "a schema named ticketd is there, and what is in it is not ticketd's: rename it",
                 NULL);
    }
    return error == ERROR_NONE ? migrating_whole(migrating) : error;
}

/* All five are made where the search_path leads first, but for ticketd's own. */
static enum error make_founding(struct migrating *migrating) {
    char *name =
        PQescapeIdentifier(migrating->connection, migrating->schema, strlen(migrating->schema));
    const char *sql =
        name == NULL
            ? NULL
            : arena_printf(&migrating->plan.arena, "SET LOCAL search_path = %s", name).bytes;
    PQfreemem(name);
    if (sql == NULL) {
        return failure_set(migrating->failure, ERROR_MEMORY, "no memory");
    }
    migrating->made = "{venues,events,ticket_types,ticket_reservations,inventory_audit_log}";
    plan_add(&migrating->plan, &migrating->plan.parts[PART_SCHEMA],
             "the founding tables, with what ticketd adds to them",
             (const char *)migration_0002_founding);
    enum error error = migrating_run(migrating, sql);
    return error == ERROR_NONE ? migrating_run(migrating, (const char *)migration_0002_founding)
                               : error;
}

static enum error make_own(struct migrating *migrating) {
    plan_add(&migrating->plan, &migrating->plan.parts[PART_SCHEMA],
             "ticketd's own tables, in a schema of their own, where no table of a shop's is in the "
             "way and no interface publishes them",
             (const char *)migration_0001_own);
    return migrating_run(migrating, (const char *)migration_0001_own);
}

/* What came after the first release, where it is not there yet. Some of it waits for an adoption.
 */
static enum error make_later(struct migrating *migrating, int version, bool adopts) {
    enum error error = ERROR_NONE;
    int at = version < MIGRATIONS_FIRST ? MIGRATIONS_FIRST : version;
    for (; error == ERROR_NONE && at < MIGRATIONS_COUNT; at++) {
        const char *sql = (const char *)migrations[at].sql;
        const char *what =
            arena_printf(&migrating->plan.arena, "migration %d: %s", at + 1, migrations[at].name)
                .bytes;
        if (what == NULL) {
            return failure_set(migrating->failure, ERROR_MEMORY, "no memory");
        }
        plan_add(&migrating->plan, &migrating->plan.parts[PART_SCHEMA], what, sql);
        bool waits = adopts && migrations[at].needs_adopted;
        error = waits ? ERROR_NONE : migrating_run(migrating, sql);
    }
    return error;
}

static enum error adopt(struct migrating *migrating) {
    enum error error = adoption_run(migrating);
    for (int at = MIGRATIONS_FIRST; error == ERROR_NONE && at < MIGRATIONS_COUNT; at++) {
        if (migrations[at].needs_adopted) {
            error = migrating_run(migrating, (const char *)migrations[at].sql);
        }
    }
    return error;
}

/* Looked at each time: roles may have come since, and somebody may have been given a right. */
static enum error plan_rights(struct migrating *migrating) {
    const char *made = migrating->made == NULL ? "{}" : migrating->made;
    enum error error = migrating_plan(migrating, PART_RIGHTS, catalog_rights_private, made);
    const unsigned char *const texts[] = {catalog_rights_counted, catalog_rights_policies,
                                          catalog_rights_grants};
    for (size_t i = 0; error == ERROR_NONE && i < sizeof texts / sizeof texts[0]; i++) {
        error = migrating_plan(migrating, PART_RIGHTS, texts[i], NULL);
    }
    return error;
}

static enum error run_rights(struct migrating *migrating) {
    enum error error = ERROR_NONE;
    const struct plan_line *line = migrating->plan.parts[PART_RIGHTS].first;
    for (; error == ERROR_NONE && line != NULL; line = line->next) {
        error = migrating_run(migrating, line->sql);
    }
    return error;
}

static enum error record(struct migrating *migrating, int version) {
    enum error error = ERROR_NONE;
    for (int each = version + 1; error == ERROR_NONE && each <= MIGRATIONS_COUNT; each++) {
        const struct migration *migration = &migrations[each - 1];
        char text[CHECKSUM_TEXT_SIZE];
        char sql[320];
        checksum(migration, text);
        snprintf(sql, sizeof sql,
                 "INSERT INTO ticketd.schema_migrations (version, name, checksum, applied_at) "
                 "VALUES (%d, '%s', '%s', statement_timestamp())",
                 each, migration->name, text);
        error = migrating_run(migrating, sql);
    }
    return error;
}

static bool is_blocked(const struct migrating *migrating) {
    const struct plan *plan = &migrating->plan;
    return plan->blockers.count > 0 ||
           (plan->differences.count > 0 && !migrating->options->accept_differences);
}

/* Steps of a schema that is not there yet. */
static enum error plan_schema(struct migrating *migrating, bool adopts) {
    enum error error = make_own(migrating);
    if (error == ERROR_NONE) {
        error = adopts ? adoption_plan(migrating) : make_founding(migrating);
    }
    return error;
}

static void entitle(struct migrating *migrating, const struct place *place, int version) {
    const char *what = is_blocked(migrating)         ? "This cannot be done as it is:"
                       : version == MIGRATIONS_COUNT ? "The schema is up to date, but for rights:"
                       : version > 0                 ? "The schema is brought up to date:"
                       : place->founding_tables > 0  ? "The tables that are there are adopted:"
                                                     : "A new schema is made:";
    snprintf(migrating->title, sizeof migrating->title, "Schema %.60s. %s%s", migrating->schema,
             migrating->options->dry_run ? "Nothing is changed by looking. " : "", what);
}

/* Only once the transaction has ended: whoever reads slowly, page by page, must not stop the shop.
 */
static void print(const struct migrating *migrating) {
    const struct migrate_options *options = migrating->options;
    struct plan_view view = {.title = migrating->title,
                             .with_sql = options->dry_run,
                             .accepts_differences = options->accept_differences};
    plan_print(&migrating->plan, &view, options->out);
}

static enum error migrate_within(struct migrating *migrating, struct migrate_result *result) {
    struct place place;
    int version = 0;
    enum error error = look(migrating, &place, &version);
    bool makes = error == ERROR_NONE && version == 0 && !is_blocked(migrating);
    bool adopts = makes && place.founding_tables > 0;
    if (makes) {
        error = plan_schema(migrating, adopts);
    }
    if (error == ERROR_NONE && !is_blocked(migrating)) {
        error = make_later(migrating, version, adopts);
    }
    if (error == ERROR_NONE && !is_blocked(migrating)) {
        error = plan_rights(migrating);
    }
    if (error != ERROR_NONE) {
        return error;
    }
    result->blocked = is_blocked(migrating);
    result->was_current =
        version == MIGRATIONS_COUNT && plan_steps(&migrating->plan) == 0 && !result->blocked;
    if (!result->was_current) {
        entitle(migrating, &place, version);
    }
    if (migrating->options->dry_run || result->blocked || result->was_current) {
        return ERROR_NONE;
    }
    if (adopts) {
        error = adopt(migrating);
    }
    if (error == ERROR_NONE) {
        error = run_rights(migrating);
    }
    return error == ERROR_NONE ? record(migrating, version) : error;
}

/* One snapshot for a dry run beside a shop that sells; else the newest, once the locks are held. */
static const char *begin(const struct migrate_options *options) {
    return options->dry_run ? "BEGIN ISOLATION LEVEL REPEATABLE READ;"
                              "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0;"
                              "SET LOCAL row_security = off"
                            : "BEGIN ISOLATION LEVEL READ COMMITTED;"
                              "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0;"
                              "SET LOCAL idle_in_transaction_session_timeout = 0;"
                              "SET LOCAL row_security = off";
}

static enum error commit(struct migrating *migrating) {
    PGresult *result = PQexec(migrating->connection, "COMMIT");
    const char *tag = result == NULL ? "" : PQcmdStatus(result);
    bool committed = PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(tag, "COMMIT") == 0;
    PQclear(result);
    return committed ? ERROR_NONE
                     : failure_set(migrating->failure, ERROR_UNKNOWN,
                                   "the database was lost at the last moment: all was done, or "
                                   "nothing; run it again, and it will tell");
}

static enum error migrate_once(struct migrating *migrating, struct migrate_result *result) {
    enum error error = migrating_run(migrating, begin(migrating->options));
    if (error == ERROR_NONE) {
        error = migrate_within(migrating, result);
    }
    if (error == ERROR_NONE && !migrating->options->dry_run && !result->blocked) {
        return commit(migrating);
    }
    PQclear(PQexec(migrating->connection, "ROLLBACK"));
    return error;
}

enum error postgres_migrate(const char *url, const struct migrate_options *options,
                            struct migrate_result *result, struct failure *failure) {
    struct address address;
    PGconn *connection = NULL;
    struct failure unsaid;
    enum error error = address_parse(url, &address, failure);
    if (error == ERROR_NONE) {
        error = address_connect(&address, &connection, failure);
        address_finish(&address);
    }
    bool again = error == ERROR_NONE;
    for (int attempt = 1; again; attempt++) {
        *result = (struct migrate_result){.blocked = false};
        struct migrating migrating = {
            .connection = connection,
            .options = options,
            .failure = failure == NULL ? &unsaid : failure,
        };
        plan_init(&migrating.plan);
        error = migrate_once(&migrating, result);
        again = error != ERROR_NONE && migrating.undone_by_twin && attempt < ATTEMPTS_MAX;
        if (!again && *migrating.title != '\0') {
            print(&migrating);
        }
        plan_finish(&migrating.plan);
    }
    PQfinish(connection);
    return error;
}
