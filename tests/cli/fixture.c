#include "cli/fixture.h"

#include <stdio.h>

#include "base/arena.h"
#include "daemon/api_client.h"

struct finished finished;
char folder[FOLDER_SIZE], file[FOLDER_SIZE + 8], database[FOLDER_SIZE + 16];

int make_folder(void **state) {
    (void)state;
    folder_make(folder);
    snprintf(file, sizeof file, "%s/t.db", folder);
    snprintf(database, sizeof database, "sqlite:%s", file);
    return 0;
}

int remove_folder(void **state) {
    (void)state;
    folder_remove(folder);
    return 0;
}

void take_line(char line[NAME_SIZE]) {
    size_t length = strcspn(finished.out, "\n");
    assert_in_range(length, 1, NAME_SIZE - 1);
    memcpy(line, finished.out, length);
    line[length] = '\0';
}

void make_key(const char *role, char key[NAME_SIZE]) {
    assert_runs("key", "create", "--database", database, "--name", "Test", "--role", role);
    take_line(key);
    assert_int_equal(strlen(key), 4 + 32 + 1 + 43);
    assert_int_equal(strlen(finished.out), strlen(key) + 1);
}

int status_of(const char *url, const char *key, const char *path) {
    struct arena arena;
    struct reply reply = {0};
    struct api_client *client;
    struct api_client_options options = {.server = url, .key = key};
    struct api_request request = {.method = "GET", .path = path};
    arena_init(&arena, 1 << 20);
    assert_int_equal(api_client_open(&options, &client, NULL), ERROR_NONE);
    assert_int_equal(api_client_call(client, &request, &arena, &reply, NULL), ERROR_NONE);
    api_client_close(client);
    arena_finish(&arena);
    return reply.status;
}

void stop_politely(struct server *server) {
    server_signal(server, SIGTERM);
    assert_int_equal(server_wait(server, NULL), 0);
}

void make_event_with_tickets(char event_id[NAME_SIZE], char type_id[NAME_SIZE]) {
    assert_runs("event", "create", "--database", database, "--name", "Gala", "--start",
                "2099-05-01T20:00:00+02:00");
    take_line(event_id);
    assert_runs("event", "add-tickets", event_id, "--database", database, "--name", "Stalls",
                "--price", "4500", "--quantity", "120");
    take_line(type_id);
}
