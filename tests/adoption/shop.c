#include "shop.h"

#include <libpq-fe.h>
#include <stdio.h>

#include "store/postgres/address.h"

static void run_file(const char *url, const char *file) {
    char command[1024];
    snprintf(
        command, sizeof command,
        "PGOPTIONS='-c client_min_messages=warning' psql -X -q -o /dev/null -v ON_ERROR_STOP=1 "
        "-d '%s' -f '%s'",
        url, file);
    assert_int_equal(system(command), 0);
}

const char *url_as(const char *url, const char *role, char other[DATABASE_URL_SIZE]) {
    const char *rest = strchr(url, '@');
    assert_non_null(rest);
    snprintf(other, DATABASE_URL_SIZE, "postgres://%s%s", role, rest);
    return other;
}

void run_sql(const char *url, const char *sql) {
    struct failure failure;
    enum error error = database_execute(url, sql, &failure);
    assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
}

void assert_answer(const char *url, const char *sql, const char *expected) {
    struct failure failure;
    char text[4096];
    enum error error = database_ask(url, sql, text, sizeof text, &failure);
    assert_string_equal(error == ERROR_NONE ? text : failure.sentence, expected);
}

const char *sqlstate_of(const char *url, const char *role, const char *sql) {
    static char state[8];
    char as_role[DATABASE_URL_SIZE];
    char begin[128];
    PGconn *connection = PQconnectdb(url_as(url, "postgres", as_role));
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    snprintf(begin, sizeof begin, "BEGIN; SET LOCAL ROLE %s", role);
    PQclear(PQexec(connection, begin));
    PGresult *result = PQexec(connection, sql);
    const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof state, "%s", found == NULL ? "00000" : found);
    PQclear(result);
    PQclear(PQexec(connection, "ROLLBACK"));
    PQfinish(connection);
    return state;
}

static void own(const char *superuser, const char *url, const char *role) {
    char name[64];
    char sql[512];
    snprintf(sql, sizeof sql,
             "ALTER DATABASE \"%s\" OWNER TO %s; "
             "ALTER DATABASE \"%s\" SET search_path = \"$user\", public, extensions; "
             "GRANT ALL ON SCHEMA public TO %s",
             database_name(url, name), role, name, role);
    run_sql(superuser, sql);
}

void shop_database(struct shop *shop, const char *change, char url[DATABASE_URL_SIZE]) {
    struct failure failure;
    char superuser[DATABASE_URL_SIZE];
    assert_int_equal(
        database_create(cluster_url(shop->cluster), shop->template, superuser, &failure),
        ERROR_NONE);
    own(superuser, superuser, "shop");
    url_as(superuser, "shop", url);
    if (change != NULL) {
        run_sql(url, change);
    }
}

void shop_empty_database(struct shop *shop, char url[DATABASE_URL_SIZE]) {
    struct failure failure;
    char superuser[DATABASE_URL_SIZE];
    assert_int_equal(database_create(cluster_url(shop->cluster), NULL, superuser, &failure),
                     ERROR_NONE);
    run_file(superuser, ROLES_FILE);
    url_as(superuser, "ticketd_owner", url);
}

void shop_drop(struct shop *shop, const char *url) {
    struct failure failure;
    assert_int_equal(database_drop(cluster_url(shop->cluster), url, &failure), ERROR_NONE);
}

int shop_open(void **state) {
    static struct shop shop;
    struct failure failure;
    char superuser[DATABASE_URL_SIZE];
    char url[DATABASE_URL_SIZE];
    struct cluster_options options = {.port = 0};
    if (cluster_open(&options, &shop.cluster, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return -1;
    }
    run_file(cluster_url(shop.cluster), SQL_FOLDER "/roles.sql");
    assert_int_equal(database_create(cluster_url(shop.cluster), NULL, superuser, &failure),
                     ERROR_NONE);
    own(superuser, superuser, "shop");
    run_file(superuser, SQL_FOLDER "/supabase.sql");
    run_file(url_as(superuser, "shop", url), SQL_FOLDER "/founding.sql");
    run_file(url, SQL_FOLDER "/shop.sql");
    run_file(superuser, ROLES_FILE);
    database_name(superuser, shop.template);
    *state = &shop;
    return 0;
}

int shop_close(void **state) {
    struct shop *shop = *state;
    cluster_close(shop->cluster);
    return 0;
}

char *migrate_prints(const char *url, const struct migrate_options *options,
                     struct migrate_result *result) {
    char *text = NULL;
    size_t size = 0;
    struct migrate_options printed = *options;
    struct failure failure;
    printed.out = open_memstream(&text, &size);
    assert_non_null(printed.out);
    enum error error = store_migrate(url, &printed, result, &failure);
    fclose(printed.out);
    assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
    return text;
}

void migrate(const char *url) {
    struct migrate_result result;
    char *text = migrate_prints(url, &(struct migrate_options){.dry_run = false}, &result);
    assert_string_equal(result.blocked ? text : "", "");
    free(text);
}

/* An older pg_dump cannot read a newer server. */
static void need_pg_dump_for(const char *superuser) {
    char version[16];
    struct failure failure;
    FILE *program = popen("pg_dump --version", "r");
    int major = 0;
    assert_non_null(program);
    int found = fscanf(program, "pg_dump (PostgreSQL) %d", &major);
    pclose(program);
    assert_int_equal(
        database_ask(superuser, "SHOW server_version_num", version, sizeof version, &failure),
        ERROR_NONE);
    if (found != 1 || major < atoi(version) / 10000) {
        print_message("pg_dump %d cannot dump from this server\n", major);
        skip();
    }
}

char *dump_of(const char *url, const char *arguments) {
    char command[1024];
    char superuser[DATABASE_URL_SIZE];
    char *text = NULL;
    size_t size = 0;
    /* Newer ones begin and end with a word of their own each time. */
    need_pg_dump_for(url_as(url, "postgres", superuser));
    snprintf(command, sizeof command, "pg_dump %s -d '%s' | grep -v '^.\\(un\\)\\?restrict '",
             arguments, superuser);
    FILE *program = popen(command, "r");
    FILE *out = open_memstream(&text, &size);
    assert_non_null(program);
    assert_non_null(out);
    for (int byte; (byte = fgetc(program)) != EOF;) {
        fputc(byte, out);
    }
    assert_int_equal(pclose(program), 0);
    fclose(out);
    assert_true(size > 1000);
    return text;
}

enum error check_as(const char *url, const char *role, struct schema_facts *facts,
                    struct failure *failure) {
    char other[DATABASE_URL_SIZE];
    struct address address;
    PGconn *connection = NULL;
    assert_int_equal(address_parse(url_as(url, role, other), &address, failure), ERROR_NONE);
    assert_int_equal(address_connect(&address, &connection, failure), ERROR_NONE);
    address_finish(&address);
    enum error error = postgres_schema_check(connection, facts, failure);
    PQfinish(connection);
    return error;
}
