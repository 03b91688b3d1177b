/* ticketd staff: who may sign in to the pages. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/uuid.h"
#include "daemon/local_api.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "daemon/table.h"

enum { ARENA_BYTES = 8 << 20, PATH_SIZE = 128, PASSWORD_SIZE = 1024 + 2 };

static const char *const roles[] = {"admin", "event_manager", "box_office", "viewer", NULL};

static const struct option option_name = {
    .name = "name",
    .value = "NAME",
    .sentence = "What the person is called: sales and reports show it.",
    .required = true,
};

static const struct option option_role = {
    .name = "role",
    .value = "ROLE",
    .sentence = "What the person may do.",
    .choices = roles,
    .required = true,
};

static const struct option option_event = {
    .name = "event",
    .value = "EVENT_ID",
    .sentence = "The only event the role is for; all of them where none is given.",
    .repeats = true,
};

static const struct option option_password_file = {
    .name = "password-file",
    .value = "FILE",
    .sentence = "The file whose first line is the password; - reads it from standard input.",
};

static const struct option option_ask_password = {
    .name = "ask-password",
    .sentence = "Read the password from the terminal, twice and unseen.",
};

/* --- passwords --------------------------------------------------------------------- */

/* The first line of `from` without its end. */
static bool read_line(FILE *from, char password[PASSWORD_SIZE]) {
    if (fgets(password, PASSWORD_SIZE, from) == NULL) {
        return false;
    }
    password[strcspn(password, "\r\n")] = '\0';
    return true;
}

static bool read_file(const char *name, char password[PASSWORD_SIZE]) {
    bool is_input = strcmp(name, "-") == 0;
    FILE *from = is_input ? stdin : fopen(name, "re");
    bool read = from != NULL && read_line(from, password);
    if (!read) {
        complain("No password can be read from %s: %s.", name,
                 from == NULL ? strerror(errno) : "it is empty");
    }
    if (from != NULL && !is_input) {
        fclose(from);
    }
    return read;
}

static bool read_unseen(FILE *terminal, const char *prompt, char password[PASSWORD_SIZE]) {
    struct termios as_was, unseen;
    if (tcgetattr(fileno(terminal), &as_was) != 0) {
        return false;
    }
    unseen = as_was;
    unseen.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fileno(terminal), TCSAFLUSH, &unseen);
    fputs(prompt, stderr);
    bool read = read_line(terminal, password);
    tcsetattr(fileno(terminal), TCSAFLUSH, &as_was);
    fputc('\n', stderr);
    return read;
}

static bool ask(char password[PASSWORD_SIZE]) {
    char again[PASSWORD_SIZE];
    FILE *terminal = fopen("/dev/tty", "re");
    bool read = terminal != NULL && read_unseen(terminal, "Password: ", password) &&
                read_unseen(terminal, "Again: ", again);
    if (terminal != NULL) {
        fclose(terminal);
    }
    if (!read) {
        complain("There is no terminal to read a password from; use --password-file.");
    } else if (strcmp(password, again) != 0) {
        complain("The two passwords are not the same.");
        read = false;
    }
    return read;
}

/* Empty: none was given, and the server makes one. False: it was said what is wrong. */
static bool take_password(const struct arguments *arguments, char password[PASSWORD_SIZE]) {
    password[0] = '\0';
    if (argument_is_given(arguments, &option_password_file)) {
        return read_file(argument_text(arguments, &option_password_file), password);
    }
    return !argument_is_given(arguments, &option_ask_password) || ask(password);
}

/* --- calls --------------------------------------------------------------------------- */

/* What every one of these subcommands does: some calls, the last of which is shown. */
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

static int exchange_close(struct exchange *exchange) {
    json_decref(exchange->reply);
    local_api_close(exchange->api);
    arena_finish(&exchange->arena);
    return exchange->error == ERROR_NONE ? EXIT_CODE_OK
                                         : complain("%s", exchange->failure.sentence);
}

static const char *member(const json_t *row, const char *name) {
    return json_string_value(json_object_get(row, name));
}

/* "/v1/staff/{id}" and what follows, of the member of staff that the operand names by e-mail or
 * id; *version is as it stands. */
static bool find(struct exchange *exchange, const struct arguments *arguments, const char *rest,
                 char path[PATH_SIZE], int64_t *version) {
    json_t *rows = NULL;
    exchange->error = local_api_list(exchange->api, "/v1/staff", &rows, &exchange->failure);
    if (exchange->error != ERROR_NONE) {
        return false;
    }
    exchange->error = failure_set(&exchange->failure, ERROR_NOT_FOUND,
                                  "Nobody here is \"%.150s\"; `ticketd staff list` shows all.",
                                  arguments->operand);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcasecmp(member(row, "email"), arguments->operand) == 0 ||
            strcasecmp(member(row, "id"), arguments->operand) == 0) {
            snprintf(path, PATH_SIZE, "/v1/staff/%s%s", member(row, "id"), rest);
            *version = json_integer_value(json_object_get(row, "version"));
            exchange->error = ERROR_NONE;
        }
    }
    json_decref(rows);
    return exchange->error == ERROR_NONE;
}

static void call(struct exchange *exchange, const struct local_request *request) {
    exchange->error = local_api_call(exchange->api, request, &exchange->reply, &exchange->failure);
}

static void write_events(struct json_writer *json, const struct arguments *arguments) {
    const char *event = argument_nth(arguments, &option_event, 0);
    json_name(json, "event_ids");
    if (event == NULL) {
        json_nil(json);
        return;
    }
    json_array_begin(json);
    for (size_t i = 0; (event = argument_nth(arguments, &option_event, i)) != NULL; i++) {
        json_text(json, text_of(event));
    }
    json_array_end(json);
}

static void write_password(struct json_writer *json, const char *password) {
    if (password[0] != '\0') {
        json_member_text(json, "password", text_of(password));
    }
}

static void show(const struct exchange *exchange, const char *verb) {
    const char *password = member(exchange->reply, "password");
    printf("%s %s (%s, %s)\n", verb, member(exchange->reply, "email"),
           member(exchange->reply, "role"), member(exchange->reply, "id"));
    if (password != NULL) {
        printf("password %s\n", password);
    }
}

/* --- subcommands ----------------------------------------------------------------------- */

static int add(const struct arguments *arguments) {
    struct exchange exchange;
    char password[PASSWORD_SIZE];
    if (!take_password(arguments, password)) {
        return EXIT_CODE_FAILURE;
    }
    if (exchange_open(&exchange, arguments, true)) {
        struct json_writer json;
        json_writer_init(&json, &exchange.arena);
        json_object_begin(&json);
        json_member_text(&json, "email", text_of(arguments->operand));
        json_member_text(&json, "name", text_of(argument_text(arguments, &option_name)));
        json_member_text(&json, "role", text_of(argument_text(arguments, &option_role)));
        write_events(&json, arguments);
        write_password(&json, password);
        json_object_end(&json);
        call(&exchange, &(struct local_request){
                            .method = "POST", .path = "/v1/staff", .body = json_written(&json)});
    }
    if (exchange.error == ERROR_NONE) {
        show(&exchange, "added");
    }
    return exchange_close(&exchange);
}

static int role(const struct arguments *arguments) {
    struct exchange exchange;
    char path[PATH_SIZE];
    int64_t version;
    if (exchange_open(&exchange, arguments, false) &&
        find(&exchange, arguments, "", path, &version)) {
        struct json_writer json;
        json_writer_init(&json, &exchange.arena);
        json_object_begin(&json);
        json_member_text(&json, "role", text_of(argument_text(arguments, &option_role)));
        write_events(&json, arguments);
        json_object_end(&json);
        call(&exchange, &(struct local_request){.method = "PATCH",
                                                .path = path,
                                                .body = json_written(&json),
                                                .if_match = version});
    }
    if (exchange.error == ERROR_NONE) {
        show(&exchange, "changed");
    }
    return exchange_close(&exchange);
}

static int turn(const struct arguments *arguments, const char *rest, const char *verb) {
    struct exchange exchange;
    char path[PATH_SIZE];
    int64_t version;
    if (exchange_open(&exchange, arguments, false) &&
        find(&exchange, arguments, rest, path, &version)) {
        call(&exchange, &(struct local_request){.method = "POST", .path = path});
    }
    if (exchange.error == ERROR_NONE) {
        show(&exchange, verb);
    }
    return exchange_close(&exchange);
}

static int disable(const struct arguments *arguments) {
    return turn(arguments, "/disable", "disabled");
}

static int enable(const struct arguments *arguments) {
    return turn(arguments, "/enable", "enabled");
}

static int set_password(const struct arguments *arguments) {
    struct exchange exchange;
    char path[PATH_SIZE], password[PASSWORD_SIZE];
    int64_t version;
    if (!take_password(arguments, password)) {
        return EXIT_CODE_FAILURE;
    }
    if (exchange_open(&exchange, arguments, false) &&
        find(&exchange, arguments, "/password", path, &version)) {
        struct json_writer json;
        json_writer_init(&json, &exchange.arena);
        json_object_begin(&json);
        write_password(&json, password);
        json_object_end(&json);
        call(&exchange,
             &(struct local_request){.method = "POST", .path = path, .body = json_written(&json)});
    }
    if (exchange.error == ERROR_NONE) {
        show(&exchange, "new password for");
    }
    return exchange_close(&exchange);
}

static void print_staff(const json_t *staff, struct arena *arena) {
    static const char *const titles[] = {"ID",     "E-MAIL",    "NAME",     "ROLE",
                                         "EVENTS", "LAST SEEN", "DISABLED", NULL};
    struct table table;
    table_init(&table, arena, titles);
    for (size_t i = 0; i < json_array_size(staff); i++) {
        const json_t *row = json_array_get(staff, i);
        size_t events = json_array_size(json_object_get(row, "event_ids"));
        table_add(&table,
                  (const char *[]){member(row, "id"), member(row, "email"), member(row, "name"),
                                   member(row, "role"),
                                   events == 0 ? "all" : arena_printf(arena, "%zu", events).bytes,
                                   member(row, "last_seen_at"), member(row, "disabled_at")});
    }
    table_print(&table, stdout);
}

static int list(const struct arguments *arguments) {
    struct exchange exchange;
    if (exchange_open(&exchange, arguments, false)) {
        exchange.error =
            local_api_list(exchange.api, "/v1/staff", &exchange.reply, &exchange.failure);
    }
    if (exchange.error == ERROR_NONE) {
        print_staff(exchange.reply, &exchange.arena);
    }
    return exchange_close(&exchange);
}

static const struct option *const add_options[] = {
    &option_database,      &option_name,         &option_role, &option_event,
    &option_password_file, &option_ask_password, NULL};

const struct subcommand subcommand_staff_add = {
    .name = "staff add",
    .operand = "EMAIL",
    .sentence = "Let someone sign in to the pages.",
    .manual = "Without --password-file or --ask-password a password is made and printed, this "
              "once. Only a hash of it is stored. Works beside a running server, like `ticketd "
              "key`.\n"
              "Roles: admin may do everything; event_manager runs events and their inventory; "
              "box_office sells at the door; viewer reads.",
    .options = add_options,
    .run = add,
};

static const struct option *const plain_options[] = {&option_database, NULL};

const struct subcommand subcommand_staff_list = {
    .name = "staff list",
    .sentence = "List who may sign in, and who was disabled.",
    .options = plain_options,
    .run = list,
};

static const struct option *const role_options[] = {&option_database, &option_role, &option_event,
                                                    NULL};

const struct subcommand subcommand_staff_role = {
    .name = "staff role",
    .operand = "EMAIL",
    .sentence = "Give a member of staff another role, or other events.",
    .manual = "It holds from the next request on. The last admin for all events stays one.",
    .options = role_options,
    .run = role,
};

const struct subcommand subcommand_staff_disable = {
    .name = "staff disable",
    .operand = "EMAIL",
    .sentence = "Sign a member of staff out, and keep the person out.",
    .manual = "What was done under the name stays in the audit log.",
    .options = plain_options,
    .run = disable,
};

const struct subcommand subcommand_staff_enable = {
    .name = "staff enable",
    .operand = "EMAIL",
    .sentence = "Let a disabled member of staff sign in again, with the password of before.",
    .options = plain_options,
    .run = enable,
};

static const struct option *const password_options[] = {&option_database, &option_password_file,
                                                        &option_ask_password, NULL};

const struct subcommand subcommand_staff_password = {
    .name = "staff password",
    .operand = "EMAIL",
    .sentence = "Give a member of staff a new password; all sessions of this person end.",
    .manual = "Without --password-file or --ask-password one is made and printed, this once.",
    .options = password_options,
    .run = set_password,
};
