#include "copy.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "support/database.h"

/* What each of the two says in its own words. */
static const struct {
    const char *word, *sqlite, *postgres;
} words[] = {
    {"{zeroes}", "zeroblob(32)", "decode(repeat('00', 32), 'hex')"},
    {"{one byte}", "x'00'", "'\\x00'::bytea"},
    {"{long ago}", "5", "'epoch'::timestamptz"},
    {"{a moment}", "1", "interval '1 microsecond'"},
    {"{fresh id}", "randomblob(16)", "gen_random_uuid()"},
};

static bool is_file(const char *url) {
    return strncmp(url, "sqlite:", strlen("sqlite:")) == 0;
}

static const char *path_of(const char *url) {
    return url + strlen("sqlite:");
}

static void copy_file(const char *from, const char *to) {
    static char bytes[1 << 20];
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    assert_true(in != NULL && out != NULL);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, in)) > 0;) {
        assert_int_equal(fwrite(bytes, 1, count, out), count);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

void copy_make(struct bench *bench, char url[BENCH_URL_SIZE]) {
    if (is_file(bench->url)) {
        snprintf(url, BENCH_URL_SIZE, "sqlite:%s/copy.db", bench->folder);
        copy_file(path_of(bench->url), path_of(url));
        return;
    }
    char name[64];
    enum error error = database_create(bench_maintenance_url(), database_name(bench->url, name),
                                       url, &bench->failure);
    assert_string_equal(error == ERROR_NONE ? "" : bench->failure.sentence, "");
}

void copy_remove(struct bench *bench, const char *url) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[BENCH_URL_SIZE + 8];
    for (size_t i = 0; is_file(url) && i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", path_of(url), endings[i]);
        unlink(path);
    }
    if (!is_file(url)) {
        assert_int_equal(database_drop(bench_maintenance_url(), url, &bench->failure), ERROR_NONE);
    }
}

const char *copy_id(const char *url, struct uuid id, char text[COPY_ID_SIZE]) {
    char canonical[UUID_TEXT_SIZE];
    if (!is_file(url)) {
        snprintf(text, COPY_ID_SIZE, "'%s'::uuid", uuid_format(id, canonical));
        return text;
    }
    char *at = text + sprintf(text, "x'");
    for (size_t i = 0; i < sizeof id.bytes; i++) {
        at += sprintf(at, "%02x", id.bytes[i]);
    }
    strcpy(at, "'");
    return text;
}

static void translate(const char *url, const char *sql, char result[COPY_SQL_SIZE]) {
    size_t used = 0;
    while (*sql != '\0') {
        const char *piece = sql;
        size_t length = 1, taken = 1;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (strncmp(sql, words[i].word, strlen(words[i].word)) == 0) {
                piece = is_file(url) ? words[i].sqlite : words[i].postgres;
                length = strlen(piece);
                taken = strlen(words[i].word);
            }
        }
        assert_in_range(used + length, 0, COPY_SQL_SIZE - 1);
        memcpy(result + used, piece, length);
        used += length;
        sql += taken;
    }
    result[used] = '\0';
}

static void change_file(const char *path, const char *sql) {
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(database, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL),
        SQLITE_OK);
    while (*sql != '\0') {
        sqlite3_stmt *statement;
        assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, &sql), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        assert_int_equal(sqlite3_changes(database), 1);
        sqlite3_finalize(statement);
    }
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* The founding tables stand beside ticketd's own, as the servers find them. */
static void change_database(const char *url, const char *sql) {
    static const char unchecked[] =
        "DO $$ DECLARE c record; BEGIN "
        "FOR c IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint "
        "WHERE contype = 'c' AND conrelid <> 0 "
        "AND connamespace IN ('public'::regnamespace, 'ticketd'::regnamespace) LOOP "
        "EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.relation, c.conname); "
        "END LOOP; END $$";
    char with_path[BENCH_URL_SIZE + 64], counting[COPY_SQL_SIZE + 64], count[16];
    struct failure failure = {.sentence = ""};
    assert_int_equal(database_execute(url, unchecked, &failure), ERROR_NONE);
    snprintf(with_path, sizeof with_path, "%s?options=-csearch_path%%3Dpublic,ticketd", url);
    for (size_t length; *sql != '\0'; sql += length + (sql[length] == ';')) {
        length = strcspn(sql, ";");
        snprintf(counting, sizeof counting,
                 "WITH changed AS (%.*s RETURNING 1) SELECT count(*) FROM changed", (int)length,
                 sql);
        enum error error = database_ask(with_path, counting, count, sizeof count, &failure);
        assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
        assert_string_equal(count, "1");
    }
}

void copy_change(const char *url, const char *sql) {
    char translated[COPY_SQL_SIZE];
    translate(url, sql, translated);
    if (is_file(url)) {
        change_file(path_of(url), translated);
    } else {
        change_database(url, translated);
    }
}
