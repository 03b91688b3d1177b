#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/connection.h"
#include "http/loop.h"

enum { BACKLOG = 4096 }; /* the usual net.core.somaxconn: a rush waits, it is not refused */

struct listener {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    struct loop *loop;
    struct listener *next;
    bool unanswered; /* a client knocked, and there was no memory */
};

static void on_closed(uv_handle_t *handle) {
    free(handle->data);
}

void listeners_close(struct loop *loop) {
    while (loop->listeners != NULL) {
        struct listener *listener = loop->listeners;
        loop->listeners = listener->next;
        uv_close(&listener->socket.handle, on_closed);
    }
}

/* When no file descriptor is left, this is not even called: libuv takes the client off the queue
 * with one that it keeps for that, and closes it, so that the loop does not spin. */
static void on_knock(uv_stream_t *stream, int status) {
    struct listener *listener = stream->data;
    if (status < 0) {
        count(&listener->loop->counters.connections_refused, 1);
        return;
    }
    listener->unanswered = !connection_accept(listener->loop, stream);
}

void listeners_answer(struct loop *loop) {
    for (struct listener *at = loop->listeners; at != NULL; at = at->next) {
        if (at->unanswered) {
            on_knock(&at->socket.stream, 0);
        }
    }
}

static struct listener *listener_create(struct loop *loop) {
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener != NULL) {
        listener->loop = loop;
    }
    return listener;
}

/* On failure closes the listener, which must be initialised, with a sentence. */
static enum error listener_settle(struct listener *listener, const char *address, int status,
                                  struct failure *failure) {
    struct loop *loop = listener->loop;
    listener->socket.handle.data = listener;
    if (status == 0) {
        status = uv_listen(&listener->socket.stream, BACKLOG, on_knock);
    }
    if (status == 0) {
        listener->next = loop->listeners;
        loop->listeners = listener;
        return ERROR_NONE;
    }
    uv_close(&listener->socket.handle, on_closed);
    enum error error = status == UV_EADDRINUSE                     ? ERROR_LOCKED
                       : status == UV_EACCES || status == UV_EPERM ? ERROR_PERMISSION
                                                                   : ERROR_INVALID;
    return failure_set(failure, error, "cannot listen on %s: %s", address, uv_strerror(status));
}

/* "host:port" or "[host]:port" with a numeric host. */
static bool address_parse(const char *text, struct sockaddr_storage *address) {
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2];
    if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof host) {
        return false;
    }
    char *end;
    errno = 0;
    long port = strtol(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || errno != 0 || port > 65535) {
        return false;
    }
    size_t length = (size_t)(colon - text);
    bool bracketed = text[0] == '[' && text[length - 1] == ']';
    if (bracketed) {
        text++;
        length -= 2;
    }
    memcpy(host, text, length);
    host[length] = '\0';
    return bracketed ? uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)address) == 0
                     : uv_ip4_addr(host, (int)port, (struct sockaddr_in *)address) == 0;
}

static void bound_write(const uv_tcp_t *tcp, char bound[HTTP_ADDRESS_SIZE]) {
    struct sockaddr_storage address = {0};
    int length = sizeof address;
    char host[INET6_ADDRSTRLEN] = "";
    uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &length);
    if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)&address;
        uv_ip6_name(ipv6, host, sizeof host);
        snprintf(bound, HTTP_ADDRESS_SIZE, "[%s]:%u", host, ntohs(ipv6->sin6_port));
    } else {
        const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&address;
        uv_ip4_name(ipv4, host, sizeof host);
        snprintf(bound, HTTP_ADDRESS_SIZE, "%s:%u", host, ntohs(ipv4->sin_port));
    }
}

static int share(const uv_tcp_t *tcp) {
    int on = 1;
    uv_os_fd_t fd;
    int status = uv_fileno((const uv_handle_t *)tcp, &fd);
    if (status == 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
        status = -errno;
    }
    return status;
}

enum error listener_open_tcp(struct loop *loop, const char *address, bool shared,
                             char bound[HTTP_ADDRESS_SIZE], struct failure *failure) {
    struct sockaddr_storage parsed;
    if (!address_parse(address, &parsed)) {
        return failure_set(failure, ERROR_INVALID,
                           "%s is not an address like 127.0.0.1:8080 or [::1]:8080", address);
    }
    struct listener *listener = listener_create(loop);
    if (listener == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory to listen on %s", address);
    }
    uv_tcp_t *tcp = &listener->socket.tcp;
    int status = uv_tcp_init_ex(&loop->uv, tcp, parsed.ss_family);
    if (status < 0) {
        free(listener);
        return failure_set(failure, ERROR_UNAVAILABLE, "cannot listen on %s: %s", address,
                           uv_strerror(status));
    }
    if (shared) {
        status = share(tcp);
    }
    if (status == 0) {
        status = uv_tcp_bind(tcp, (const struct sockaddr *)&parsed, 0);
    }
    enum error error = listener_settle(listener, address, status, failure);
    if (error == ERROR_NONE) {
        bound_write(tcp, bound);
    }
    return error;
}

/* Removes a socket file that a dead process left; one that somebody answers at stays. */
static bool stale_socket_removed(const char *path) {
    struct stat file;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (lstat(path, &file) != 0 || !S_ISSOCK(file.st_mode)) {
        return false;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool dead = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0 &&
                errno == ECONNREFUSED;
    if (fd >= 0) {
        close(fd);
    }
    return dead && unlink(path) == 0;
}

enum error listener_open_unix(struct loop *loop, const char *path, struct failure *failure) {
    if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path)) {
        return failure_set(failure, ERROR_INVALID, "the path of the socket is too long: %s", path);
    }
    struct listener *listener = listener_create(loop);
    if (listener == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory to listen on %s", path);
    }
    uv_pipe_t *pipe = &listener->socket.pipe;
    uv_pipe_init(&loop->uv, pipe, 0);
    int status = uv_pipe_bind(pipe, path);
    if (status == UV_EADDRINUSE && stale_socket_removed(path)) {
        status = uv_pipe_bind(pipe, path);
    }
    /* Nobody can connect between bind and listen, so nobody slips in before the mode is set. */
    if (status == 0 && chmod(path, 0600) != 0) {
        status = -errno;
    }
    return listener_settle(listener, path, status, failure);
}
