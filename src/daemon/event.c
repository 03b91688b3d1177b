/* ticketd event: events, their ticket types and what is left of them. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_writer.h"
#include "daemon/local_api.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "daemon/table.h"

enum { ARENA_BYTES = 8 << 20, PATH_SIZE = 128 };

static const char *const whens[] = {"upcoming", "past", "all", NULL};

static const struct option option_name = {
    .name = "name", .value = "NAME", .sentence = "What people call it.", .required = true};

static const struct option option_description = {
    .name = "description", .value = "TEXT", .sentence = "A longer text about it."};

static const struct option option_start = {
    .name = "start",
    .value = "TIME",
    .sentence = "When it begins, as 2026-12-31T20:00:00+01:00.",
    .required = true,
};

static const struct option option_end = {
    .name = "end",
    .value = "TIME",
    .sentence = "When it ends. The public may buy until then; until it begins, where not given.",
};

static const struct option option_venue = {
    .name = "venue",
    .value = "VENUE_ID",
    .sentence = "Where it takes place.",
};

static const struct option option_event_currency = {
    .name = "currency",
    .value = "CODE",
    .sentence = "What its prices are in (ISO 4217); the server's default where not given.",
};

static const struct option option_event_time_zone = {
    .name = "time-zone",
    .value = "NAME",
    .sentence = "Its time zone (IANA); the server's default where not given.",
};

static const struct option option_published = {
    .name = "published",
    .sentence = "Let the public see it and buy, from the start.",
};

static const struct option option_when = {
    .name = "when",
    .value = "WHEN",
    .sentence = "Which ones.",
    .initial = "all",
    .choices = whens,
};

static const struct option option_withdraw = {
    .name = "withdraw",
    .sentence = "The other way round: hide it from the public again.",
};

static const struct option option_undo = {
    .name = "undo",
    .sentence = "The other way round: take it out of the archive.",
};

static const struct option option_price = {
    .name = "price",
    .value = "CENTS",
    .sentence = "The price of one, in minor units of the event's currency.",
    .least = 0,
    .most = INT32_MAX,
    .required = true,
};

static const struct option option_quantity = {
    .name = "quantity",
    .value = "NUMBER",
    .sentence = "How many there are at first.",
    .least = 0,
    .most = INT32_MAX,
    .required = true,
};

static const struct option option_max_per_order = {
    .name = "max-per-order",
    .value = "NUMBER",
    .sentence = "The most of them in one order of the public; no limit where not given.",
    .least = 1,
    .most = INT32_MAX,
};

static const struct option option_max_per_customer = {
    .name = "max-per-customer",
    .value = "NUMBER",
    .sentence = "The most of them for one person; no limit where not given.",
    .least = 1,
    .most = INT32_MAX,
};

/* What most of these subcommands do: one call, whose reply is then shown. */
struct exchange {
    struct local_api *api;
    struct arena arena;
    json_t *reply;
    struct failure failure;
    enum error error;
};

static bool exchange_open(struct exchange *exchange, const struct arguments *arguments,
                          bool create) {
    *exchange = (struct exchange){0};
    arena_init(&exchange->arena, ARENA_BYTES);
    exchange->error = local_api_open(argument_text(arguments, &option_database), create,
                                     &exchange->api, &exchange->failure);
    return exchange->error == ERROR_NONE;
}

static void exchange_call(struct exchange *exchange, const struct local_request *request) {
    json_decref(exchange->reply);
    exchange->reply = NULL;
    exchange->error = local_api_call(exchange->api, request, &exchange->reply, &exchange->failure);
}

static int exchange_close(struct exchange *exchange) {
    json_decref(exchange->reply);
    local_api_close(exchange->api);
    arena_finish(&exchange->arena);
    return exchange->error == ERROR_NONE ? EXIT_CODE_OK
                                         : complain("%s", exchange->failure.sentence);
}

/* "/v1/events/{id}" and what follows; false, and said, where the operand is no id. */
static bool event_path(const struct arguments *arguments, const char *rest, char path[PATH_SIZE]) {
    struct uuid id;
    char text[UUID_TEXT_SIZE];
    if (!uuid_parse(text_of(arguments->operand), &id)) {
        complain("\"%s\" is not the id of an event; `ticketd event list` shows them.",
                 arguments->operand);
        return false;
    }
    snprintf(path, PATH_SIZE, "/v1/events/%s%s", uuid_format(id, text), rest);
    return true;
}

static const char *member(const json_t *row, const char *name) {
    return json_string_value(json_object_get(row, name));
}

static int64_t number(const json_t *row, const char *name) {
    return json_integer_value(json_object_get(row, name));
}

static void member_if_given(struct json_writer *json, const char *name,
                            const struct arguments *arguments, const struct option *option) {
    const char *text = argument_text(arguments, option);
    if (text != NULL) {
        json_member_text(json, name, text_of(text));
    }
}

static void number_if_given(struct json_writer *json, const char *name,
                            const struct arguments *arguments, const struct option *option) {
    if (argument_is_given(arguments, option)) {
        json_member_integer(json, name, argument_number(arguments, option));
    }
}

static int create(const struct arguments *arguments) {
    struct exchange exchange;
    if (exchange_open(&exchange, arguments, true)) {
        struct json_writer json;
        json_writer_init(&json, &exchange.arena);
        json_object_begin(&json);
        member_if_given(&json, "name", arguments, &option_name);
        member_if_given(&json, "description", arguments, &option_description);
        member_if_given(&json, "start_date", arguments, &option_start);
        member_if_given(&json, "end_date", arguments, &option_end);
        member_if_given(&json, "venue_id", arguments, &option_venue);
        member_if_given(&json, "currency", arguments, &option_event_currency);
        member_if_given(&json, "time_zone", arguments, &option_event_time_zone);
        json_member_boolean(&json, "published", argument_is_given(arguments, &option_published));
        json_object_end(&json);
        exchange_call(&exchange, &(struct local_request){.method = "POST",
                                                         .path = "/v1/events",
                                                         .body = json_written(&json)});
    }
    if (exchange.error == ERROR_NONE) {
        puts(member(exchange.reply, "id"));
    }
    return exchange_close(&exchange);
}

static int add_tickets(const struct arguments *arguments) {
    struct exchange exchange;
    char path[PATH_SIZE];
    if (!event_path(arguments, "/ticket-types", path)) {
        return EXIT_CODE_USAGE;
    }
    if (exchange_open(&exchange, arguments, false)) {
        struct json_writer json;
        json_writer_init(&json, &exchange.arena);
        json_object_begin(&json);
        member_if_given(&json, "name", arguments, &option_name);
        member_if_given(&json, "description", arguments, &option_description);
        number_if_given(&json, "price", arguments, &option_price);
        number_if_given(&json, "initial_inventory", arguments, &option_quantity);
        number_if_given(&json, "max_per_order", arguments, &option_max_per_order);
        number_if_given(&json, "max_per_customer", arguments, &option_max_per_customer);
        json_object_end(&json);
        exchange_call(&exchange, &(struct local_request){
                                     .method = "POST", .path = path, .body = json_written(&json)});
    }
    if (exchange.error == ERROR_NONE) {
        puts(member(exchange.reply, "id"));
    }
    return exchange_close(&exchange);
}

static const char *state_of(const json_t *event) {
    if (member(event, "archived_at") != NULL) {
        return "archived";
    }
    return json_is_true(json_object_get(event, "published")) ? "published" : "draft";
}

static int list(const struct arguments *arguments) {
    static const char *const titles[] = {"ID", "START", "STATE", "NAME", NULL};
    struct exchange exchange;
    struct table table;
    if (exchange_open(&exchange, arguments, false)) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "/v1/events?when=%s", argument_text(arguments, &option_when));
        exchange.error = local_api_list(exchange.api, path, &exchange.reply, &exchange.failure);
    }
    if (exchange.error == ERROR_NONE) {
        table_init(&table, &exchange.arena, titles);
        for (size_t i = 0; i < json_array_size(exchange.reply); i++) {
            const json_t *event = json_array_get(exchange.reply, i);
            table_add(&table, (const char *[]){member(event, "id"), member(event, "start_date"),
                                               state_of(event), member(event, "name")});
        }
        table_print(&table, stdout);
    }
    return exchange_close(&exchange);
}

static const char *decimal(struct arena *arena, const json_t *row, const char *name) {
    return arena_printf(arena, "%" PRId64, number(row, name)).bytes;
}

static void print_inventory(const json_t *inventory, struct arena *arena) {
    static const char *const titles[] = {"ID",    "NAME",      ">PRICE",     ">INITIAL", ">TOTAL",
                                         ">SOLD", ">RESERVED", ">AVAILABLE", "STATE",    NULL};
    const json_t *event = json_object_get(inventory, "event");
    const json_t *types = json_object_get(inventory, "ticket_types");
    printf("%s\n%s, %s, %s\n\n", member(event, "name"), member(event, "start_date"),
           state_of(event), member(event, "currency"));
    struct table table;
    table_init(&table, arena, titles);
    for (size_t i = 0; i < json_array_size(types); i++) {
        const json_t *type = json_array_get(types, i);
        const json_t *counts = json_object_get(type, "counts");
        table_add(&table,
                  (const char *[]){member(type, "id"), member(type, "name"),
                                   decimal(arena, type, "price"), decimal(arena, counts, "initial"),
                                   decimal(arena, counts, "total"), decimal(arena, counts, "sold"),
                                   decimal(arena, counts, "reserved"),
                                   decimal(arena, counts, "available"),
                                   member(type, "archived_at") == NULL ? "" : "archived"});
    }
    table_print(&table, stdout);
}

static int show(const struct arguments *arguments) {
    struct exchange exchange;
    char path[PATH_SIZE];
    if (!event_path(arguments, "/inventory", path)) {
        return EXIT_CODE_USAGE;
    }
    if (exchange_open(&exchange, arguments, false)) {
        exchange_call(&exchange, &(struct local_request){.method = "GET", .path = path});
    }
    if (exchange.error == ERROR_NONE) {
        print_inventory(exchange.reply, &exchange.arena);
    }
    return exchange_close(&exchange);
}

/* Reads the version that it changes, so that a change in between is refused, not overwritten. */
static int publish(const struct arguments *arguments) {
    struct exchange exchange;
    char path[PATH_SIZE];
    if (!event_path(arguments, "", path)) {
        return EXIT_CODE_USAGE;
    }
    bool published = !argument_is_given(arguments, &option_withdraw);
    if (exchange_open(&exchange, arguments, false)) {
        exchange_call(&exchange, &(struct local_request){.method = "GET", .path = path});
    }
    if (exchange.error == ERROR_NONE) {
        exchange_call(&exchange,
                      &(struct local_request){.method = "PATCH",
                                              .path = path,
                                              .body = published ? TEXT("{\"published\":true}")
                                                                : TEXT("{\"published\":false}"),
                                              .if_match = number(exchange.reply, "version")});
    }
    if (exchange.error == ERROR_NONE) {
        printf("%s is %s\n", member(exchange.reply, "name"), state_of(exchange.reply));
    }
    return exchange_close(&exchange);
}

static int archive(const struct arguments *arguments) {
    struct exchange exchange;
    char path[PATH_SIZE];
    bool undo = argument_is_given(arguments, &option_undo);
    if (!event_path(arguments, undo ? "/unarchive" : "/archive", path)) {
        return EXIT_CODE_USAGE;
    }
    if (exchange_open(&exchange, arguments, false)) {
        exchange_call(&exchange, &(struct local_request){.method = "POST", .path = path});
    }
    if (exchange.error == ERROR_NONE) {
        printf("%s is %s\n", member(exchange.reply, "name"), state_of(exchange.reply));
    }
    return exchange_close(&exchange);
}

static const struct option *const create_options[] = {
    &option_database,       &option_name,
    &option_start,          &option_end,
    &option_venue,          &option_description,
    &option_event_currency, &option_event_time_zone,
    &option_published,      NULL};

const struct subcommand subcommand_event_create = {
    .name = "event create",
    .sentence = "Create an event and print its id.",
    .manual = "It has no tickets yet: `ticketd event add-tickets` gives it some.",
    .options = create_options,
    .run = create,
};

static const struct option *const add_options[] = {&option_database,
                                                   &option_name,
                                                   &option_price,
                                                   &option_quantity,
                                                   &option_description,
                                                   &option_max_per_order,
                                                   &option_max_per_customer,
                                                   NULL};

const struct subcommand subcommand_event_add_tickets = {
    .name = "event add-tickets",
    .operand = "EVENT_ID",
    .sentence = "Give an event a ticket type and print its id.",
    .options = add_options,
    .run = add_tickets,
};

static const struct option *const list_options[] = {&option_database, &option_when, NULL};

const struct subcommand subcommand_event_list = {
    .name = "event list",
    .sentence = "List the events.",
    .options = list_options,
    .run = list,
};

static const struct option *const show_options[] = {&option_database, NULL};

const struct subcommand subcommand_event_show = {
    .name = "event show",
    .operand = "EVENT_ID",
    .sentence = "Show an event and the counts of its ticket types.",
    .options = show_options,
    .run = show,
};

static const struct option *const publish_options[] = {&option_database, &option_withdraw, NULL};

const struct subcommand subcommand_event_publish = {
    .name = "event publish",
    .operand = "EVENT_ID",
    .sentence = "Let the public see an event and buy.",
    .options = publish_options,
    .run = publish,
};

static const struct option *const archive_options[] = {&option_database, &option_undo, NULL};

const struct subcommand subcommand_event_archive = {
    .name = "event archive",
    .operand = "EVENT_ID",
    .sentence = "Archive an event: nothing new is sold, what was sold stays.",
    .options = archive_options,
    .run = archive,
};
