#include "live/watch.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/instant.h"
#include "daemon/api_client.h"

bool watch_request(struct watch *watch, const char *server, const char *request) {
    struct server_address address;
    struct sockaddr_in to = {.sin_family = AF_INET};
    *watch = (struct watch){.fd = -1};
    if (!server_address_parse(server, &address) || address.is_unix ||
        inet_pton(AF_INET, address.host, &to.sin_addr) != 1) {
        return false;
    }
    to.sin_port = htons((uint16_t)strtoul(address.port, NULL, 10));
    ssize_t length = (ssize_t)strlen(request);
    watch->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return watch->fd >= 0 && connect(watch->fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
           write(watch->fd, request, (size_t)length) == length;
}

bool watch_open(struct watch *watch, const char *server, const char *header, const char *query) {
    char request[1024];
    snprintf(request, sizeof request, "GET /v1/stream?%s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", query,
             header);
    return watch_request(watch, server, request);
}

void watch_close(struct watch *watch) {
    if (watch->fd >= 0) {
        close(watch->fd);
    }
}

/* Passes over the first `count` bytes. */
static void forget(struct watch *watch, unsigned count) {
    memmove(watch->heard, watch->heard + count, watch->length - count + 1);
    watch->length -= count;
}

bool watch_until(struct watch *watch, const char *words, int limit_ms) {
    int64_t limit_us = monotonic_us() + limit_ms * INT64_C(1000);
    for (;;) {
        const char *at = strstr(watch->heard, words);
        if (at != NULL) {
            forget(watch, (unsigned)(at - watch->heard) + (unsigned)strlen(words));
            return true;
        }
        if (watch->length >= sizeof watch->heard / 2) {
            forget(watch, watch->length / 2);
        }
        int64_t left_us = limit_us - monotonic_us();
        struct pollfd one = {.fd = watch->fd, .events = POLLIN};
        if (left_us <= 0 || poll(&one, 1, (int)(left_us / 1000) + 1) < 0) {
            return false;
        }
        ssize_t length = (one.revents & (POLLIN | POLLHUP)) == 0
                             ? 0
                             : read(watch->fd, watch->heard + watch->length,
                                    sizeof watch->heard - 1 - watch->length);
        if (one.revents != 0 && length <= 0) {
            return false;
        }
        watch->length += (unsigned)length;
        watch->heard[watch->length] = '\0';
    }
}
