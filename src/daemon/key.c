/* ticketd key: the API keys of a database. */
#include <jansson.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "daemon/local_api.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "daemon/table.h"

enum { ARENA_BYTES = 8 << 20 };

static const char *const roles[] = {"admin",    "event_manager", "box_office",
                                    "checkout", "viewer",        NULL};

static const struct option option_name = {
    .name = "name",
    .value = "NAME",
    .sentence = "Who or what will use it: audit entries are read by this name.",
    .required = true,
};

static const struct option option_role = {
    .name = "role",
    .value = "ROLE",
    .sentence = "What it may do.",
    .choices = roles,
    .required = true,
};

static const struct option option_event = {
    .name = "event",
    .value = "EVENT_ID",
    .sentence = "The only event it may touch; all of them where none is given.",
    .repeats = true,
};

static const struct option option_expires = {
    .name = "expires",
    .value = "TIME",
    .sentence = "When it stops working, as 2026-12-31T23:00:00Z; never where not given.",
};

static struct text write_key(const struct arguments *arguments, struct arena *arena) {
    struct json_writer json;
    json_writer_init(&json, arena);
    json_object_begin(&json);
    json_member_text(&json, "name", text_of(argument_text(arguments, &option_name)));
    json_member_text(&json, "role", text_of(argument_text(arguments, &option_role)));
    const char *event = argument_nth(arguments, &option_event, 0);
    if (event != NULL) {
        json_name(&json, "event_ids");
        json_array_begin(&json);
        for (size_t i = 0; (event = argument_nth(arguments, &option_event, i)) != NULL; i++) {
            json_text(&json, text_of(event));
        }
        json_array_end(&json);
    }
    if (argument_is_given(arguments, &option_expires)) {
        json_member_text(&json, "expires_at", text_of(argument_text(arguments, &option_expires)));
    }
    json_object_end(&json);
    return json_written(&json);
}

/* The key alone, so that `KEY=$(ticketd key create …)` works. */
static int create(const struct arguments *arguments) {
    struct arena arena;
    struct failure failure;
    struct local_api *api;
    json_t *reply = NULL;
    if (local_api_open(argument_text(arguments, &option_database), true, &api, &failure) !=
        ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    arena_init(&arena, ARENA_BYTES);
    struct local_request request = {
        .method = "POST", .path = "/v1/api-keys", .body = write_key(arguments, &arena)};
    enum error error = local_api_call(api, &request, &reply, &failure);
    if (error == ERROR_NONE) {
        puts(json_string_value(json_object_get(reply, "key")));
    } else {
        complain("%s", failure.sentence);
    }
    json_decref(reply);
    local_api_close(api);
    arena_finish(&arena);
    return error == ERROR_NONE ? EXIT_CODE_OK : EXIT_CODE_FAILURE;
}

static const char *member(const json_t *row, const char *name) {
    return json_string_value(json_object_get(row, name));
}

static void print_keys(const json_t *keys, struct arena *arena) {
    static const char *const titles[] = {"ID",      "ROLE",      "NAME",    "EVENTS",
                                         "EXPIRES", "LAST USED", "REVOKED", NULL};
    struct table table;
    table_init(&table, arena, titles);
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const json_t *key = json_array_get(keys, i);
        size_t events = json_array_size(json_object_get(key, "event_ids"));
        table_add(&table,
                  (const char *[]){member(key, "id"), member(key, "role"), member(key, "name"),
                                   events == 0 ? "all" : arena_printf(arena, "%zu", events).bytes,
                                   member(key, "expires_at"), member(key, "last_used_at"),
                                   member(key, "revoked_at")});
    }
    table_print(&table, stdout);
}

static int list(const struct arguments *arguments) {
    struct failure failure;
    struct local_api *api;
    json_t *keys = NULL;
    if (local_api_open(argument_text(arguments, &option_database), false, &api, &failure) !=
        ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    enum error error = local_api_list(api, "/v1/api-keys", &keys, &failure);
    local_api_close(api);
    if (error != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    print_keys(keys, &arena);
    arena_finish(&arena);
    json_decref(keys);
    return EXIT_CODE_OK;
}

static int revoke(const struct arguments *arguments) {
    struct failure failure;
    struct local_api *api;
    json_t *reply = NULL;
    struct uuid id;
    char path[64 + UUID_TEXT_SIZE], text[UUID_TEXT_SIZE];
    if (!uuid_parse(text_of(arguments->operand), &id)) {
        complain("\"%s\" is not the id of a key; `ticketd key list` shows them.",
                 arguments->operand);
        return EXIT_CODE_USAGE;
    }
    snprintf(path, sizeof path, "/v1/api-keys/%s/revoke", uuid_format(id, text));
    if (local_api_open(argument_text(arguments, &option_database), false, &api, &failure) !=
        ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    struct local_request request = {.method = "POST", .path = path};
    enum error error = local_api_call(api, &request, &reply, &failure);
    local_api_close(api);
    if (error != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    printf("revoked %s (%s)\n", member(reply, "id"), member(reply, "name"));
    json_decref(reply);
    return EXIT_CODE_OK;
}

static const struct option *const create_options[] = {
    &option_database, &option_name, &option_role, &option_event, &option_expires, NULL};

const struct subcommand subcommand_key_create = {
    .name = "key create",
    .sentence = "Make an API key and print it, this once.",
    .manual = "Only a hash of the key is stored. Works beside a running server, which then knows "
              "the key at once; the servers of a PostgreSQL database know it a second later.\n"
              "Roles: admin may do everything; event_manager runs events and their inventory; "
              "box_office sells at the door; checkout is a shop's key, which sells to the public; "
              "viewer reads.",
    .options = create_options,
    .run = create,
};

static const struct option *const list_options[] = {&option_database, NULL};

const struct subcommand subcommand_key_list = {
    .name = "key list",
    .sentence = "List the API keys, without their secrets.",
    .options = list_options,
    .run = list,
};

const struct subcommand subcommand_key_revoke = {
    .name = "key revoke",
    .operand = "KEY_ID",
    .sentence = "Make an API key stop working, at once and for good.",
    .manual = "The servers of a PostgreSQL database refuse it within a second or so.",
    .options = list_options,
    .run = revoke,
};
