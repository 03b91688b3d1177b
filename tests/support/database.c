#include "support/database.h"

#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *database_maintenance_url(void) {
    return getenv("TICKETD_TEST_POSTGRES");
}

/* Where the name begins: after the first slash behind "//", or the end of what comes before "?". */
static const char *name_in(const char *url) {
    const char *authority = strstr(url, "//");
    authority = authority == NULL ? url : authority + 2;
    return authority + strcspn(authority, "/?");
}

const char *database_name(const char *url, char name[64]) {
    const char *at = name_in(url);
    at += *at == '/';
    snprintf(name, 64, "%.*s", (int)strcspn(at, "?"), at);
    return name;
}

void database_url(const char *url, const char *name, char result[DATABASE_URL_SIZE]) {
    const char *at = name_in(url);
    snprintf(result, DATABASE_URL_SIZE, "%.*s/%s%s", (int)(at - url), url, name,
             at + strcspn(at, "?"));
}

static enum error run(const char *url, const char *sql, PGresult **result,
                      struct failure *failure) {
    PGconn *connection = PQconnectdb(url);
    *result = NULL;
    if (PQstatus(connection) == CONNECTION_OK) {
        *result = PQexec(connection, sql);
    }
    ExecStatusType status = PQresultStatus(*result);
    enum error error = ERROR_NONE;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char *why = PQerrorMessage(connection);
        error = failure_set(failure, ERROR_REJECTED, "%.*s", (int)strcspn(why, "\n"), why);
        PQclear(*result);
    }
    PQfinish(connection);
    return error;
}

enum error database_execute(const char *url, const char *sql, struct failure *failure) {
    PGresult *result;
    enum error error = run(url, sql, &result, failure);
    if (error == ERROR_NONE) {
        PQclear(result);
    }
    return error;
}

enum error database_ask(const char *url, const char *sql, char *text, size_t size,
                        struct failure *failure) {
    PGresult *result;
    enum error error = run(url, sql, &result, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    if (PQntuples(result) == 0) {
        error = failure_set(failure, ERROR_NOT_FOUND, "no row: %s", sql);
    } else {
        snprintf(text, size, "%s", PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    return error;
}

enum error database_create(const char *maintenance_url, const char *template,
                           char url[DATABASE_URL_SIZE], struct failure *failure) {
    static atomic_uint made;
    char name[64], sql[256];
    snprintf(name, sizeof name, "test_%d_%u", (int)getpid(), atomic_fetch_add(&made, 1));
    snprintf(sql, sizeof sql, "CREATE DATABASE \"%s\" TEMPLATE \"%s\"", name,
             template == NULL ? "template0" : template);
    enum error error = database_execute(maintenance_url, sql, failure);
    if (error == ERROR_NONE) {
        database_url(maintenance_url, name, url);
    }
    return error;
}

enum error database_drop(const char *maintenance_url, const char *url, struct failure *failure) {
    char name[64], sql[256];
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)",
             database_name(url, name));
    return database_execute(maintenance_url, sql, failure);
}
