#include "store/postgres/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char scheme[] = "postgres:";

/* What ticketd sets where the address, the service file and the environment say nothing. A dead
 * peer is noticed while people wait, not after the two hours that a kernel takes. */
static const struct {
    const char *keyword, *value;
} defaults[] = {
    {"target_session_attrs", "read-write"}, {"connect_timeout", "2"},  {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},           {"keepalives_count", "2"}, {"tcp_user_timeout", "5000"},
};

enum { DEFAULTS_COUNT = sizeof defaults / sizeof defaults[0] };

/* Takes our own `prepare=on|off` out of the text: `?prepare=off`, `&prepare=off`, ` prepare=off`.
 * False: another value. */
static bool take_prepare(char *text, bool is_url, bool *prepares) {
    static const char name[] = "prepare=";
    *prepares = true;
    for (char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name)) {
        bool begins = at == text || strchr(is_url ? "?&" : " ", at[-1]) != NULL;
        char *value = at + sizeof name - 1;
        size_t length = strcspn(value, is_url ? "&" : " ");
        if (!begins) {
            continue;
        }
        if (length == 3 && memcmp(value, "off", length) == 0) {
            *prepares = false;
        } else if (length != 2 || memcmp(value, "on", length) != 0) {
            return false;
        }
        char *rest = value + length;
        rest += *rest == '&' ? 1 : 0;
        memmove(at, rest, strlen(rest) + 1);
        return true;
    }
    return true;
}

/* What the address says, else the environment. NULL: neither. */
static const char *option(const struct address *address, const char *keyword) {
    for (const PQconninfoOption *each = address->options; each->keyword != NULL; each++) {
        if (strcmp(each->keyword, keyword) == 0) {
            const char *value = each->val;
            if (value == NULL && each->envvar != NULL) {
                value = getenv(each->envvar);
            }
            return value != NULL && *value != '\0' ? value : NULL;
        }
    }
    return NULL;
}

static bool is_this_machine(const char *host, size_t length) {
    static const char *const names[] = {"localhost", "::1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (length == strlen(names[i]) && memcmp(host, names[i], length) == 0) {
            return true;
        }
    }
    return length == 0 || *host == '/' || *host == '@' ||
           (length > 4 && memcmp(host, "127.", 4) == 0);
}

/* Of every host that the address names; none is a socket of this machine. */
static bool stays_on_this_machine(const struct address *address) {
    const char *hosts = option(address, "hostaddr");
    hosts = hosts != NULL ? hosts : option(address, "host");
    while (hosts != NULL && *hosts != '\0') {
        size_t length = strcspn(hosts, ",");
        if (!is_this_machine(hosts, length)) {
            return false;
        }
        hosts += length + (hosts[length] == ',' ? 1 : 0);
    }
    return true;
}

static void say(struct address *address, const char *keyword, const char *value) {
    address->keywords[address->count] = keyword;
    address->values[address->count++] = value;
}

/* A service file says for itself what it wants: what is given beside it would win over it. */
static enum error complete(struct address *address, struct failure *failure) {
    size_t count = 0;
    while (address->options[count].keyword != NULL) {
        count++;
    }
    address->keywords = calloc(count + DEFAULTS_COUNT + 4, sizeof *address->keywords);
    address->values = calloc(count + DEFAULTS_COUNT + 4, sizeof *address->values);
    if (address->keywords == NULL || address->values == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for the database's address");
    }
    for (size_t i = 0; i < count; i++) {
        if (address->options[i].val != NULL) {
            say(address, address->options[i].keyword, address->options[i].val);
        }
    }
    say(address, "fallback_application_name", "ticketd");
    say(address, "client_encoding", "UTF8");
    if (option(address, "service") != NULL) {
        return ERROR_NONE;
    }
    for (size_t i = 0; i < DEFAULTS_COUNT; i++) {
        if (option(address, defaults[i].keyword) == NULL) {
            say(address, defaults[i].keyword, defaults[i].value);
        }
    }
    if (option(address, "sslmode") == NULL && !stays_on_this_machine(address)) {
        say(address, "sslmode", "verify-full");
    }
    return ERROR_NONE;
}

/* A password with an @ of its own would end up, in parts, as the name of a host, in messages too.
 */
static bool has_stray_at(const char *url) {
    const char *authority = strstr(url, "//");
    size_t length = authority == NULL ? 0 : strcspn(authority + 2, "/?");
    size_t signs = 0;
    for (size_t i = 0; i < length; i++) {
        signs += authority[2 + i] == '@';
    }
    return signs > 1;
}

enum error address_parse(const char *url, struct address *address, struct failure *failure) {
    *address = (struct address){.prepares = true};
    size_t length = sizeof scheme - 1;
    bool is_url =
        strncmp(url, scheme, length) != 0 || (url[length] == '/' && url[length + 1] == '/');
    char *text = strdup(is_url ? url : url + length);
    if (text == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for the database's address");
    }
    char *why = NULL;
    enum error error = ERROR_NONE;
    if (is_url && has_stray_at(url)) {
        error =
            failure_set(failure, ERROR_INVALID,
                        "an @ in the name or password of the database's address is written %%40");
    } else if (!take_prepare(text, is_url, &address->prepares)) {
        error = failure_set(failure, ERROR_INVALID, "prepare= is either on or off");
    } else if ((address->options = PQconninfoParse(text, &why)) == NULL) {
        /* libpq's own words may repeat the whole text, a password with it. */
        error = failure_set(failure, ERROR_INVALID,
                            "the database's address cannot be read: write "
                            "postgres://USER@HOST/DATABASE, or postgres:KEYWORD=VALUE …");
    } else {
        error = complete(address, failure);
    }
    PQfreemem(why);
    free(text);
    if (error != ERROR_NONE) {
        address_finish(address);
    }
    return error;
}

void address_finish(struct address *address) {
    PQconninfoFree(address->options);
    free(address->keywords);
    free(address->values);
    *address = (struct address){.prepares = true};
}

/* Notices are for people at a terminal. */
static void hear_nothing(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

/* libpq's message for a connection may have a line for each host and ends with a newline. */
static enum error say_why(PGconn *connection, struct failure *failure) {
    char why[200];
    snprintf(why, sizeof why, "%s", PQerrorMessage(connection));
    for (char *each = why; *each != '\0'; each++) {
        if (*each == '\n' || *each == '\t') {
            *each = ' ';
        }
    }
    for (size_t length = strlen(why); length > 0 && why[length - 1] == ' '; length--) {
        why[length - 1] = '\0';
    }
    return failure_set(failure, ERROR_UNAVAILABLE, "the database cannot be reached: %s", why);
}

enum error address_connect(const struct address *address, PGconn **opened,
                           struct failure *failure) {
    PGconn *connection = PQconnectdbParams(address->keywords, address->values, 0);
    if (connection == NULL) {
        return failure_set(failure, ERROR_UNAVAILABLE, "no memory for a database connection");
    }
    enum error error = ERROR_NONE;
    const char *encoding = PQparameterStatus(connection, "server_encoding");
    if (PQstatus(connection) != CONNECTION_OK) {
        error = say_why(connection, failure);
    } else if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        error = failure_set(failure, ERROR_INVALID,
                            "the database's encoding is %s, and a name may hold any letter: make "
                            "one with encoding UTF8",
                            encoding == NULL ? "not known" : encoding);
    }
    if (error != ERROR_NONE) {
        PQfinish(connection);
        return error;
    }
    PQsetNoticeReceiver(connection, hear_nothing, NULL);
    *opened = connection;
    return ERROR_NONE;
}
