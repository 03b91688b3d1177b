#include "copy/copying.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/arena.h"
#include "daemon/api_client.h"

struct migrated migrated;
char target[DATABASE_URL_SIZE];

int open_cluster(void **state) {
    (void)state;
    struct failure failure;
    if (migrated_open(&migrated, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return -1;
    }
    return 0;
}

int close_cluster(void **state) {
    (void)state;
    migrated_close(&migrated);
    return 0;
}

int make_both(void **state) {
    struct failure failure;
    return migrated_database(&migrated, target, &failure) == ERROR_NONE ? make_folder(state) : -1;
}

int remove_both(void **state) {
    struct failure failure;
    enum error error = database_drop(migrated.maintenance, target, &failure);
    return remove_folder(state) == 0 && error == ERROR_NONE ? 0 : -1;
}

/* --- asking ------------------------------------------------------------------- */

static int keep_text(void *context, int count, char **values, char **names) {
    (void)names;
    snprintf(context, OUTPUT_SIZE, "%s", count > 0 && values[0] != NULL ? values[0] : "");
    return 0;
}

void ask_file(const char *sql, char *text, size_t size) {
    static char found[OUTPUT_SIZE];
    sqlite3 *opened;
    char *why = NULL;
    found[0] = '\0';
    assert_int_equal(sqlite3_open(file, &opened), SQLITE_OK);
    if (sqlite3_exec(opened, sql, keep_text, found, &why) != SQLITE_OK) {
        fail_msg("%s: %s", why, sql);
    }
    sqlite3_close(opened);
    if (text != NULL) {
        snprintf(text, size, "%s", found);
    }
}

void in_file(const char *sql) {
    ask_file(sql, NULL, 0);
}

void ask_target(const char *sql, char *text, size_t size) {
    struct failure failure;
    if (database_ask(target, sql, text, size, &failure) != ERROR_NONE) {
        fail_msg("%s: %s", failure.sentence, sql);
    }
}

void in_target(const char *sql) {
    struct failure failure;
    if (database_execute(target, sql, &failure) != ERROR_NONE) {
        fail_msg("%s: %s", failure.sentence, sql);
    }
}

void assert_target_is_empty(void) {
    static const char *const tables[] = {"venues",
                                         "events",
                                         "ticket_types",
                                         "ticket_reservations",
                                         "inventory_audit_log",
                                         "ticketd.carts",
                                         "ticketd.idempotency_keys",
                                         "ticketd.api_keys",
                                         "ticketd.staff",
                                         "ticketd.staff_roles",
                                         "ticketd.sessions",
                                         "ticketd.shifts",
                                         "ticketd.shift_totals",
                                         "ticketd.webhook_endpoints",
                                         "ticketd.webhook_deliveries"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[80], count[16];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        ask_target(sql, count, sizeof count);
        if (strcmp(count, "0") != 0) {
            fail_msg("%s rows were left in %s", count, tables[i]);
        }
    }
}

void assert_copy_fails(const char *says) {
    TICKETD(&finished, "copy", "--from", database, "--to", target);
    assert_int_equal(finished.code, 1);
    if (strstr(finished.err, says) == NULL) {
        fail_msg("\"%s\" is not in: %s", says, finished.err);
    }
    assert_target_is_empty();
}

/* --- a file with something in everything ---------------------------------------- */

static struct api_client *client;
static struct arena arena;

static struct text call(const char *path, const char *key, const char *body) {
    struct reply reply = {0};
    struct api_request request = {
        .method = "POST", .path = path, .idempotency_key = key, .body = text_of(body)};
    assert_int_equal(api_client_call(client, &request, &arena, &reply, NULL), ERROR_NONE);
    if (reply.status < 200 || reply.status > 299) {
        fail_msg("%s: %d %.*s", path, reply.status, (int)reply.body.length, reply.body.bytes);
    }
    return reply.body;
}

/* Of the object itself: its id comes first. */
static void take_id(struct text body, char id[37]) {
    const char *at = memmem(body.bytes, body.length, "\"id\":\"", 6);
    assert_non_null(at);
    memcpy(id, at + 6, 36);
    id[36] = '\0';
}

static void sell(const char *type_id) {
    char body[400], path[120], id[37];
    snprintf(body, sizeof body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":3,"
             "\"user_id\":\"0190b3a0-7d0c-4f00-8000-00000000abcd\"}",
             type_id);
    take_id(call("/v1/reservations", "first", body), id);
    snprintf(path, sizeof path, "/v1/reservations/%s/complete", id);
    call(path, "second", "{\"order_id\":\"Bestellung-Ä-1\"}");
    snprintf(path, sizeof path, "/v1/reservations/%s/refunds", id);
    call(path, NULL, "{\"quantity\":1,\"reason\":\"Cannot come\"}");
    take_id(call("/v1/reservations", "third", body), id);
    snprintf(path, sizeof path, "/v1/reservations/%s/release", id);
    call(path, NULL, "{}");
    call("/v1/reservations", NULL, body);
    snprintf(body, sizeof body,
             "{\"items\":[{\"ticket_type_id\":\"%s\",\"quantity\":2}],\"expires_in_seconds\":7200}",
             type_id);
    call("/v1/carts", "cart", body);
    call("/v1/shifts", "shift",
         "{\"terminal\":\"till 1\",\"currency\":\"EUR\",\"opening_cash\":10000}");
    snprintf(body, sizeof body,
             "{\"items\":[{\"ticket_type_id\":\"%s\",\"quantity\":1}],\"channel\":\"box_office\","
             "\"tender\":\"cash\"}",
             type_id);
    call("/v1/sales", NULL, body);
}

/* What no route writes yet is carried all the same. */
static const char others[] =
    "INSERT INTO staff VALUES (x'0190b3a07d0c7f00800000000000aa01', 'a@example.org', 'Ann', NULL, "
    "1700000000000000, 1700000000000001, NULL, 1);"
    "INSERT INTO staff_roles VALUES (x'0190b3a07d0c7f00800000000000aa01', 'box_office', NULL, "
    "1700000000000002);"
    "INSERT INTO sessions VALUES (x'00ff10', x'0190b3a07d0c7f00800000000000aa01', "
    "1700000000000003, 1700000000000004, 1700000000000005);"
    "INSERT INTO webhook_endpoints VALUES (x'0190b3a07d0c7f00800000000000aa03', "
    "'https://example.org/hook', 'sale', x'0102', NULL, NULL, 1700000000000007, 1700000000000008, "
    "NULL, 3);"
    "INSERT INTO webhook_deliveries VALUES (x'0190b3a07d0c7f00800000000000aa04', "
    "x'0190b3a07d0c7f00800000000000aa03', NULL, 'sale', '{}', 2, 1700000000000009, NULL, NULL, "
    "500, 'no answer', 1700000000000010);";

void fill_file(char event_id[NAME_SIZE], char type_id[NAME_SIZE]) {
    char key[NAME_SIZE];
    make_key("admin", key);
    struct server *server = server_start(database);
    assert_non_null(server);
    make_event_with_tickets(event_id, type_id);
    assert_runs("key", "create", "--database", database, "--name", "Shop", "--role", "checkout",
                "--event", event_id);
    arena_init(&arena, 1 << 20);
    struct api_client_options options = {.server = server_url(server), .key = key};
    assert_int_equal(api_client_open(&options, &client, NULL), ERROR_NONE);
    call("/v1/venues", NULL, "{\"name\":\"Großer Saal\",\"address\":\"Ringstraße 1\"}");
    sell(type_id);
    api_client_close(client);
    arena_finish(&arena);
    stop_politely(server);
    in_file(others);
    in_file("UPDATE ticket_reservations SET limited_user_id = user_id WHERE user_id IS NOT NULL");
}
