#include "store/postgres/adoption/migrating.h"

#include <string.h>

#include "store/postgres/state.h"

/* Two that make one schema at a time: the second learns it by a name that is taken meanwhile. */
static bool tells_of_twin(const char *state) {
    static const char *const states[] = {
        "23505", /* unique_violation, of the catalog */
        "42P06", /* duplicate_schema */
        "42P07", /* duplicate_table */
        "42710", /* duplicate_object */
        "42701", /* duplicate_column */
        "40P01", /* deadlock_detected */
    };
    for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(state, states[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum error failed(struct migrating *migrating, const PGresult *result) {
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *why = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    migrating->undone_by_twin = tells_of_twin(state);
    if (state == NULL) {
        return failure_set(migrating->failure, ERROR_UNAVAILABLE,
                           "the database was lost on the way; nothing was done");
    }
    if (strcmp(state, "55P03") == 0) {
        return failure_set(migrating->failure, ERROR_UNAVAILABLE,
                           "the tables are in use: stop what sells tickets, then migrate again; "
                           "nothing was done");
    }
    enum error error = state_error(state);
    return failure_set(migrating->failure, error == ERROR_RETRY ? ERROR_UNAVAILABLE : error,
                       "the database refuses (%s): %s%s%.100s; nothing was done", state,
                       why == NULL ? "no reason given" : why, detail == NULL ? "" : ". ",
                       detail == NULL ? "" : detail);
}

enum error migrating_run(struct migrating *migrating, const char *sql) {
    PGresult *result = PQexec(migrating->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    enum error error = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
                           ? ERROR_NONE
                           : failed(migrating, result);
    PQclear(result);
    return error;
}

enum error migrating_end(struct migrating *migrating) {
    enum error error = ERROR_NONE;
    for (PGresult *result; (result = PQgetResult(migrating->connection)) != NULL;) {
        if (error == ERROR_NONE && PQresultStatus(result) != PGRES_COMMAND_OK) {
            error = failed(migrating, result);
        }
        PQclear(result);
    }
    return error;
}

enum error migrating_ask(struct migrating *migrating, const struct question *question,
                         PGresult **answer) {
    int count = 0;
    while (count < 3 && question->parameters[count] != NULL) {
        count++;
    }
    PGresult *result = PQexecParams(migrating->connection, question->sql, count, NULL,
                                    question->parameters, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        *answer = result;
        return ERROR_NONE;
    }
    enum error error = failed(migrating, result);
    PQclear(result);
    *answer = NULL;
    return error;
}

const char *migrating_text(struct migrating *migrating, const unsigned char *text) {
    static const char mark[] = "{schema}";
    char *name =
        PQescapeIdentifier(migrating->connection, migrating->schema, strlen(migrating->schema));
    const char *rest = (const char *)text;
    const char *whole = "";
    for (const char *at; name != NULL && whole != NULL && (at = strstr(rest, mark)) != NULL;
         rest = at + sizeof mark - 1) {
        whole =
            arena_printf(&migrating->plan.arena, "%s%.*s%s", whole, (int)(at - rest), rest, name)
                .bytes;
    }
    if (name != NULL && whole != NULL) {
        whole = arena_printf(&migrating->plan.arena, "%s%s", whole, rest).bytes;
    }
    migrating->plan.spent |= name == NULL || whole == NULL;
    PQfreemem(name);
    return migrating->plan.spent ? NULL : whole;
}

/* Rows (id, sentence) of a table that stand in the way. */
static enum error plan_rows(struct migrating *migrating, const char *table, const char *sql) {
    PGresult *rows = NULL;
    enum error error = migrating_ask(migrating, &(struct question){.sql = sql}, &rows);
    for (int i = 0; i < PQntuples(rows); i++) {
        const char *sentence = arena_printf(&migrating->plan.arena, "%s %s: %s", table,
                                            PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1))
                                   .bytes;
        plan_add(&migrating->plan, &migrating->plan.blockers, sentence, NULL);
    }
    PQclear(rows);
    return error;
}

static enum error plan_probe(struct migrating *migrating, const char *what, const char *sql) {
    PGresult *answer = NULL;
    enum error error = migrating_ask(migrating, &(struct question){.sql = sql}, &answer);
    if (error == ERROR_NONE && PQntuples(answer) > 0 && !PQgetisnull(answer, 0, 0)) {
        const char *sentence =
            arena_printf(&migrating->plan.arena, "%s: %s", what, PQgetvalue(answer, 0, 0)).bytes;
        plan_add(&migrating->plan, &migrating->plan.blockers, sentence, NULL);
    }
    PQclear(answer);
    return error;
}

enum error migrating_plan(struct migrating *migrating, enum plan_part part,
                          const unsigned char *text, const char *parameter) {
    struct plan *plan = &migrating->plan;
    PGresult *rows = NULL;
    enum error error = migrating_ask(
        migrating,
        &(struct question){.sql = (const char *)text, .parameters = {migrating->schema, parameter}},
        &rows);
    for (int i = 0; error == ERROR_NONE && i < PQntuples(rows); i++) {
        const char *kind = PQgetvalue(rows, i, 0);
        const char *what = PQgetvalue(rows, i, 1);
        const char *sql = PQgetisnull(rows, i, 2) ? NULL : PQgetvalue(rows, i, 2);
        if (strcmp(kind, "rows") == 0) {
            error = plan_rows(migrating, what, sql);
        } else if (strcmp(kind, "probe") == 0) {
            error = plan_probe(migrating, what, sql);
        } else {
            struct plan_list *list = strcmp(kind, "blocker") == 0 ? &plan->blockers
                                     : strcmp(kind, "note") == 0  ? &plan->notes
                                                                  : &plan->parts[part];
            plan_add(plan, list, what, list == &plan->parts[part] ? sql : NULL);
        }
    }
    PQclear(rows);
    return error;
}

enum error migrating_whole(const struct migrating *migrating) {
    return migrating->plan.spent
               ? failure_set(migrating->failure, ERROR_MEMORY,
                             "the plan does not fit into memory: more rows stand in the way than "
                             "can be listed")
               : ERROR_NONE;
}
