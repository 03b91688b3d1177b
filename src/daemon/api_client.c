#include "daemon/api_client.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { TIMEOUT_MS_DEFAULT = 30000, ARENA_BYTES = 1 << 20 };

struct api_client {
    struct server_address address;
    char *key;
    unsigned timeout_ms;
    int socket; /* -1: not connected */
    char *received;
    size_t capacity;
};

bool server_address_parse(const char *text, struct server_address *address) {
    struct server_address found = {.port = "80"};
    if (strncmp(text, "unix:", 5) == 0) {
        found.is_unix = true;
        *address = found;
        return snprintf(address->host, sizeof address->host, "%s", text + 5) <
               (int)sizeof address->host;
    }
    if (strncmp(text, "http://", 7) != 0) {
        return false;
    }
    const char *host = text + 7;
    size_t bracketed = host[0] == '[';
    size_t length = strcspn(host + bracketed, bracketed ? "]" : ":/");
    const char *rest = host + bracketed + length + (bracketed && host[1 + length] == ']');
    if (length == 0 || length >= sizeof found.host) {
        return false;
    }
    memcpy(found.host, host + bracketed, length);
    if (*rest == ':') {
        size_t digits = strspn(++rest, "0123456789");
        if (digits == 0 || digits >= sizeof found.port) {
            return false;
        }
        memset(found.port, 0, sizeof found.port);
        memcpy(found.port, rest, digits);
        rest += digits;
    }
    if (strcmp(rest, "") != 0 && strcmp(rest, "/") != 0) {
        return false;
    }
    *address = found;
    return true;
}

/* One header field, or nothing where there is no value. */
static const char *field(struct arena *arena, const char *name, const char *value) {
    if (value == NULL) {
        return "";
    }
    const char *line = arena_printf(arena, "%s%s\r\n", name, value).bytes;
    return line == NULL ? "" : line;
}

struct text api_request_write(const struct api_request *request,
                              const struct server_address *address, const char *key,
                              struct arena *arena) {
    bool has_body = !text_is_absent(request->body);
    struct text body = has_body ? request->body : TEXT("");
    const char *host = "localhost";
    if (!address->is_unix) {
        bool is_ipv6 = strchr(address->host, ':') != NULL;
        host = arena_printf(arena, "%s%s%s:%s", is_ipv6 ? "[" : "", address->host,
                            is_ipv6 ? "]" : "", address->port)
                   .bytes;
    }
    return arena_printf(arena, "%s %s HTTP/1.1\r\n%s%s%s%s%sContent-Length: %zu\r\n\r\n%.*s",
                        request->method, request->path, field(arena, "Host: ", host),
                        field(arena, "Authorization: Bearer ", key),
                        field(arena, "Idempotency-Key: ", request->idempotency_key),
                        field(arena, "If-Match: ", request->if_match),
                        has_body ? "Content-Type: application/json\r\n" : "", body.length,
                        (int)body.length, body.bytes);
}

static enum error connect_unix(struct api_client *client, struct failure *failure) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t length = strlen(client->address.host);
    if (length >= sizeof at.sun_path) {
        return failure_set(failure, ERROR_INVALID, "The path of the socket %s is too long.",
                           client->address.host);
    }
    memcpy(at.sun_path, client->address.host, length + 1);
    client->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->socket < 0 || connect(client->socket, (struct sockaddr *)&at, sizeof at) != 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "Nobody answers on the socket %s (%s).",
                           client->address.host, strerror(errno));
    }
    return ERROR_NONE;
}

static enum error connect_tcp(struct api_client *client, struct failure *failure) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int status = getaddrinfo(client->address.host, client->address.port, &hints, &found);
    if (status != 0) {
        return failure_set(failure, ERROR_INVALID, "%s is not a host: %s.", client->address.host,
                           gai_strerror(status));
    }
    int why = ECONNREFUSED;
    for (struct addrinfo *at = found; at != NULL && client->socket < 0; at = at->ai_next) {
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
            client->socket = fd;
        } else {
            why = errno;
            close(fd);
        }
    }
    freeaddrinfo(found);
    if (client->socket < 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "Nobody answers at %s port %s (%s).",
                           client->address.host, client->address.port, strerror(why));
    }
    return ERROR_NONE;
}

static void disconnect(struct api_client *client) {
    if (client->socket >= 0) {
        close(client->socket);
    }
    client->socket = -1;
}

static enum error reconnect(struct api_client *client, struct failure *failure) {
    enum error error =
        client->address.is_unix ? connect_unix(client, failure) : connect_tcp(client, failure);
    if (error != ERROR_NONE) {
        disconnect(client);
        return error;
    }
    struct timeval timeout = {.tv_sec = client->timeout_ms / 1000,
                              .tv_usec = (suseconds_t)(client->timeout_ms % 1000) * 1000};
    int on = 1;
    setsockopt(client->socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(client->socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (!client->address.is_unix) {
        setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return ERROR_NONE;
}

enum error api_client_open(const struct api_client_options *options, struct api_client **client,
                           struct failure *failure) {
    struct server_address address;
    if (!server_address_parse(options->server, &address)) {
        return failure_set(failure, ERROR_INVALID,
                           "\"%s\" is not a server: write http://HOST:PORT or unix:FILE.sock.",
                           options->server);
    }
    struct api_client *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "Out of memory.");
    }
    made->address = address;
    made->socket = -1;
    made->timeout_ms = options->timeout_ms == 0 ? TIMEOUT_MS_DEFAULT : options->timeout_ms;
    made->key = options->key == NULL ? NULL : strdup(options->key);
    enum error error = reconnect(made, failure);
    if (error != ERROR_NONE) {
        api_client_close(made);
        return error;
    }
    *client = made;
    return ERROR_NONE;
}

void api_client_close(struct api_client *client) {
    if (client != NULL) {
        disconnect(client);
        free(client->key);
        free(client->received);
        free(client);
    }
}

static bool send_all(int socket, struct text bytes) {
    for (size_t sent = 0; sent < bytes.length;) {
        ssize_t n = send(socket, bytes.bytes + sent, bytes.length - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        sent += (size_t)n;
    }
    return true;
}

static bool grow(struct api_client *client) {
    size_t capacity = client->capacity == 0 ? 16384 : client->capacity * 2;
    char *bytes = realloc(client->received, capacity);
    if (bytes != NULL) {
        client->received = bytes;
        client->capacity = capacity;
    }
    return bytes != NULL;
}

static enum error receive(struct api_client *client, struct reply *reply, struct failure *failure) {
    size_t length = 0, used = 0;
    for (;;) {
        if (length == client->capacity && !grow(client)) {
            return failure_set(failure, ERROR_MEMORY, "Out of memory.");
        }
        ssize_t n = recv(client->socket, client->received + length, client->capacity - length, 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return failure_set(failure, ERROR_UNKNOWN,
                               n < 0 && errno == EAGAIN
                                   ? "The server did not answer in time; it may have done it."
                                   : "The connection broke before the answer; the server may have "
                                     "done it.");
        }
        length += (size_t)n;
        switch (reply_read((struct text){client->received, length}, reply, &used)) {
        case REPLY_PARTIAL:
            break;
        case REPLY_WHOLE:
            return ERROR_NONE;
        case REPLY_MALFORMED:
            return failure_set(failure, ERROR_UNKNOWN, "That is not the answer of a ticketd.");
        }
    }
}

/* A server may close an idle connection at any time; that shows as readable at once. */
static bool is_stale(int socket) {
    char byte;
    return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

enum error api_client_call(struct api_client *client, const struct api_request *request,
                           struct arena *arena, struct reply *reply, struct failure *failure) {
    if (client->socket >= 0 && is_stale(client->socket)) {
        disconnect(client);
    }
    if (client->socket < 0) {
        enum error error = reconnect(client, failure);
        if (error != ERROR_NONE) {
            return error;
        }
    }
    struct arena scratch;
    arena_init(&scratch, ARENA_BYTES);
    struct text bytes = api_request_write(request, &client->address, client->key, &scratch);
    struct reply answer = {0};
    enum error error = ERROR_NONE;
    if (text_is_absent(bytes)) {
        error = failure_set(failure, ERROR_MEMORY, "The request is too large.");
    } else if (!send_all(client->socket, bytes)) {
        error = failure_set(failure, ERROR_UNKNOWN, "The connection broke while asking.");
    } else {
        error = receive(client, &answer, failure);
    }
    arena_finish(&scratch);
    if (error == ERROR_NONE) {
        answer.body = arena_copy(arena, answer.body);
        *reply = answer;
    }
    if (error != ERROR_NONE || !answer.keep_alive) {
        disconnect(client);
    }
    return error;
}
