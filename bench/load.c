#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/check.h"
#include "base/instant.h"

enum { EVENTS_MAX = 256, WAIT_MAX_MS = 5000 };

struct line {
    int descriptor;
    int64_t sent_us;
    size_t length;
    char reply[REPLY_MAX];
};

struct crowd {
    const struct load *load;
    struct line *lines;
    int epoll, open;
    struct samples samples;
    bool broken, stopping;
};

static int dial(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return descriptor;
}

static void complain(struct crowd *crowd, const char *what) {
    if (!crowd->broken) {
        fprintf(stderr, "load: %s\n", what);
    }
    crowd->broken = true;
}

static void send_request(struct crowd *crowd, struct line *line, int64_t now) {
    char request[REQUEST_MAX];
    const struct dialect *dialect = crowd->load->dialect;
    size_t length = dialect->request(dialect->context, request);
    line->sent_us = now;
    line->length = 0;
    /* A request fits any socket's buffer: none is ever sent in part. */
    if (send(line->descriptor, request, length, MSG_NOSIGNAL) != (ssize_t)length) {
        complain(crowd, "a request could not be sent");
    }
}

static void hang_up(struct crowd *crowd, struct line *line) {
    close(line->descriptor);
    line->descriptor = -1;
    crowd->open--;
}

static void read_reply(struct crowd *crowd, struct line *line) {
    ssize_t got = recv(line->descriptor, line->reply + line->length,
                       sizeof line->reply - line->length, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
            complain(crowd, "the server hung up");
        }
        return;
    }
    line->length += (size_t)got;
    bool good = true;
    const struct dialect *dialect = crowd->load->dialect;
    size_t whole = dialect->reply(dialect->context, line->reply, line->length, &good);
    if (whole == 0) {
        return;
    }
    if (!good) {
        fprintf(stderr, "%.*s\n", (int)line->length, line->reply);
        complain(crowd, "an answer that was not hoped for");
    }
    int64_t now = monotonic_us();
    samples_add(&crowd->samples, now - line->sent_us);
    if (crowd->stopping) {
        hang_up(crowd, line);
    } else {
        send_request(crowd, line, now);
    }
}

static void crowd_open(struct crowd *crowd) {
    const struct load *load = crowd->load;
    crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
    crowd->lines = calloc((size_t)load->connections, sizeof *crowd->lines);
    require(crowd->epoll >= 0 && crowd->lines != NULL);
    for (int i = 0; i < load->connections; i++) {
        struct line *line = &crowd->lines[i];
        line->descriptor = dial(load->port);
        if (line->descriptor < 0) {
            complain(crowd, "no connection");
            return;
        }
        crowd->open++;
        struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = line}};
        epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, line->descriptor, &event);
    }
}

static void crowd_close(struct crowd *crowd) {
    for (int i = 0; i < crowd->load->connections; i++) {
        if (crowd->lines[i].descriptor > 0) {
            close(crowd->lines[i].descriptor);
        }
    }
    close(crowd->epoll);
    free(crowd->lines);
}

/* One round of answers; false when nothing came for too long. */
static bool crowd_turn(struct crowd *crowd) {
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(crowd->epoll, events, EVENTS_MAX, WAIT_MAX_MS);
    for (int i = 0; i < count; i++) {
        read_reply(crowd, events[i].data.ptr);
    }
    if (count == 0) {
        complain(crowd, "no answer for five seconds");
    }
    return !crowd->broken;
}

static bool is_time_up(const struct crowd *crowd, int64_t until) {
    const struct load *load = crowd->load;
    return monotonic_us() >= until ||
           (load->requests_max > 0 && crowd->samples.count >= load->requests_max);
}

bool load_run(const struct load *load, struct measure *measure) {
    struct crowd crowd = {.load = load};
    samples_open(&crowd.samples);
    crowd_open(&crowd);
    int64_t began = monotonic_us();
    int64_t until = began + (int64_t)(load->seconds * 1e6);
    for (int i = 0; i < load->connections && !crowd.broken; i++) {
        send_request(&crowd, &crowd.lines[i], monotonic_us());
    }
    while (!crowd.broken && !is_time_up(&crowd, until)) {
        crowd_turn(&crowd);
    }
    double took = (double)(monotonic_us() - began) / 1e6;
    measure_samples(measure, &crowd.samples, took);
    crowd.stopping = true;
    while (crowd.open > 0 && crowd_turn(&crowd)) {
    }
    crowd_close(&crowd);
    samples_close(&crowd.samples);
    return !crowd.broken;
}

bool load_open_idle(const struct load *load, int *list) {
    for (int i = 0; i < load->connections; i++) {
        char bytes[REPLY_MAX];
        bool good = false;
        list[i] = dial(load->port);
        size_t length = load->dialect->request(load->dialect->context, bytes);
        if (list[i] < 0 || send(list[i], bytes, length, MSG_NOSIGNAL) != (ssize_t)length) {
            return false;
        }
        ssize_t got = recv(list[i], bytes, sizeof bytes, 0);
        if (got <= 0 ||
            load->dialect->reply(load->dialect->context, bytes, (size_t)got, &good) == 0 || !good) {
            return false;
        }
    }
    return true;
}
