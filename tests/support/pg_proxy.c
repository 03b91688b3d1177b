#include "support/pg_proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/instant.h"
#include "support/pg_wire.h"

enum { LINKS_MAX = 64, LATE_MS = 700, READ_SIZE = 64 * 1024 };

/* The two ends of a link, and the flows that come out of them. */
enum end { CLIENT, SERVER, ENDS };

struct flow {
    uint8_t *bytes; /* from `sent` on to be forwarded, from `cleared` on not yet */
    size_t length, room;
    size_t sent, cleared;
    bool is_held;  /* what is not cleared waits */
    bool is_ended; /* nothing more comes out of this end */
};

struct link {
    int ends[ENDS]; /* -1: closed */
    struct flow flows[ENDS];
    bool is_used, is_started, is_in_transaction;
    bool is_committing; /* between the COMMIT's first message and its answer */
    bool is_frozen, is_on_hold;
    bool unnamed_commits; /* the statement without a name is a COMMIT */
    enum pg_fault fault;  /* its own: struck, or about to strike */
    int64_t late_us;      /* when a late COMMIT is due; 0: there is none */
};

struct pg_proxy {
    int port, server_port;
    int listener, bell;
    pthread_t thread;
    struct link links[LINKS_MAX]; /* the thread's */

    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t struck;
    enum pg_fault armed;
    bool has_struck, is_silent, is_released, is_closing;
};

const char *pg_fault_name(enum pg_fault fault) {
    static const char *const names[] = {
        [PG_FAULT_NONE] = "none",
        [PG_CUT_BEFORE_COMMIT] = "cut before COMMIT",
        [PG_CUT_AFTER_COMMIT] = "cut after COMMIT",
        [PG_CUT_ANSWER] = "cut after its answer",
        [PG_RESET_AFTER_COMMIT] = "reset after COMMIT",
        [PG_RESET_ANSWER] = "reset after its answer",
        [PG_CUT_WITHIN_ANSWER] = "cut within the answer",
        [PG_SILENCE_AFTER_ANSWER] = "silence after the answer",
        [PG_LATE_COMMIT] = "late COMMIT",
        [PG_BLACK_HOLE] = "black hole",
        [PG_BLACK_HOLE_BEFORE_COMMIT] = "black hole before COMMIT",
        [PG_HALF_CLOSE_CLIENT] = "half-close to ticketd",
        [PG_HALF_CLOSE_SERVER] = "half-close to the database",
        [PG_HOLD_LOAD] = "held after load",
        [PG_HOLD_COMMIT] = "held before COMMIT",
    };
    require(fault < PG_FAULTS_COUNT);
    return names[fault];
}

/* --- links -------------------------------------------------------------------------- */

static void end_close(struct link *link, enum end end, bool resets) {
    if (link->ends[end] < 0) {
        return;
    }
    if (resets) {
        struct linger at_once = {.l_onoff = 1};
        setsockopt(link->ends[end], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(link->ends[end]);
    link->ends[end] = -1;
}

static void link_close(struct link *link, bool resets) {
    end_close(link, CLIENT, resets);
    end_close(link, SERVER, resets);
    free(link->flows[CLIENT].bytes);
    free(link->flows[SERVER].bytes);
    *link = (struct link){.ends = {-1, -1}};
}

static int connect_to(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (end >= 0 && connect(end, (struct sockaddr *)&address, sizeof address) != 0) {
        close(end);
        end = -1;
    }
    return end;
}

static void make_ready(int end) {
    int yes = 1;
    setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(end, F_SETFL, O_NONBLOCK);
}

static void link_open(struct pg_proxy *proxy, bool is_silent) {
    int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
    struct link *link = proxy->links;
    while (link < proxy->links + LINKS_MAX && link->is_used) {
        link++;
    }
    int server = -1;
    if (client < 0 || link == proxy->links + LINKS_MAX ||
        (!is_silent && (server = connect_to(proxy->server_port)) < 0)) {
        close(client);
        return;
    }
    *link = (struct link){.ends = {client, server}, .is_used = true, .is_frozen = is_silent};
    make_ready(client);
    if (server >= 0) {
        make_ready(server);
    }
}

/* --- faults ------------------------------------------------------------------------- */

/* The fault that is armed, where it is one of `wanted`: it is this link's from now on. */
static bool take_fault(struct pg_proxy *proxy, struct link *link, uint32_t wanted) {
    pthread_mutex_lock(&proxy->lock);
    bool fits = link->fault == PG_FAULT_NONE && (wanted >> proxy->armed & 1) != 0;
    if (fits) {
        link->fault = proxy->armed;
        proxy->armed = PG_FAULT_NONE;
    }
    pthread_mutex_unlock(&proxy->lock);
    return fits;
}

static void tell_of_strike(struct pg_proxy *proxy) {
    pthread_mutex_lock(&proxy->lock);
    proxy->has_struck = true;
    pthread_cond_broadcast(&proxy->struck);
    pthread_mutex_unlock(&proxy->lock);
}

/* What is cleared has been forwarded. False: the link is gone. */
static bool strike(struct pg_proxy *proxy, struct link *link) {
    enum pg_fault fault = link->fault;
    bool lives = false;
    switch (fault) {
    case PG_FAULT_NONE:
        return true;
    case PG_CUT_BEFORE_COMMIT:
    case PG_CUT_AFTER_COMMIT:
    case PG_CUT_ANSWER:
    case PG_CUT_WITHIN_ANSWER:
        link_close(link, false);
        break;
    case PG_SILENCE_AFTER_ANSWER:
        link_close(link, false);
        pg_proxy_set_silent(proxy, true);
        break;
    case PG_RESET_AFTER_COMMIT:
    case PG_RESET_ANSWER:
        link_close(link, true);
        break;
    case PG_LATE_COMMIT:
        end_close(link, CLIENT, false);
        link->late_us = monotonic_us() + INT64_C(1000) * LATE_MS;
        lives = true;
        break;
    case PG_BLACK_HOLE:
    case PG_BLACK_HOLE_BEFORE_COMMIT:
        link->is_frozen = true;
        lives = true;
        break;
    case PG_HALF_CLOSE_CLIENT:
        shutdown(link->ends[CLIENT], SHUT_WR);
        link->flows[SERVER].is_held = true;
        lives = true;
        break;
    case PG_HALF_CLOSE_SERVER:
        shutdown(link->ends[SERVER], SHUT_WR);
        link->flows[CLIENT].is_held = true;
        lives = true;
        break;
    case PG_HOLD_LOAD:
    case PG_HOLD_COMMIT:
        link->is_on_hold = true;
        lives = true;
        break;
    case PG_FAULTS_COUNT:
        require(false);
    }
    if (lives) {
        link->fault = PG_FAULT_NONE;
    }
    tell_of_strike(proxy);
    return lives;
}

#define BIT(fault) (UINT32_C(1) << (fault))

/* Those that keep the COMMIT from passing, and those that come behind it. */
static const uint32_t before_commit = BIT(PG_CUT_BEFORE_COMMIT) | BIT(PG_LATE_COMMIT) |
                                      BIT(PG_BLACK_HOLE_BEFORE_COMMIT) | BIT(PG_HOLD_COMMIT);
static const uint32_t after_commit = BIT(PG_CUT_AFTER_COMMIT) | BIT(PG_RESET_AFTER_COMMIT) |
                                     BIT(PG_BLACK_HOLE) | BIT(PG_HALF_CLOSE_CLIENT) |
                                     BIT(PG_HALF_CLOSE_SERVER);
static const uint32_t after_answer = BIT(PG_CUT_ANSWER) | BIT(PG_RESET_ANSWER) |
                                     BIT(PG_CUT_WITHIN_ANSWER) | BIT(PG_SILENCE_AFTER_ANSWER);

/* --- messages ----------------------------------------------------------------------- */

/* From the client. False: it, and what follows, is not to pass. */
static bool see_client(struct pg_proxy *proxy, struct link *link,
                       const struct pg_message *message) {
    if (message->kind == 'P' && pg_message_is_unnamed(message)) {
        link->unnamed_commits = pg_message_parses_commit(message);
    }
    bool begins_commit = pg_message_binds_commit(message, link->unnamed_commits) ||
                         pg_message_queries_commit(message);
    if (begins_commit && link->is_in_transaction && !link->is_committing) {
        link->is_committing = true;
        if (take_fault(proxy, link, before_commit)) {
            link->flows[CLIENT].is_held = true;
            return false;
        }
        if (take_fault(proxy, link, after_answer)) {
            link->flows[SERVER].is_held = true;
        }
    }
    return true;
}

/* The message has been cleared: does it end what a fault waits for? */
static bool is_end_of_commit(struct pg_proxy *proxy, struct link *link,
                             const struct pg_message *message) {
    return link->is_committing && (message->kind == 'S' || message->kind == 'Q') &&
           take_fault(proxy, link, after_commit);
}

/* From the database. False: it is not to pass. */
static bool see_server(struct pg_proxy *proxy, struct link *link,
                       const struct pg_message *message) {
    if (message->kind != 'Z') {
        return true;
    }
    link->is_in_transaction = pg_message_is_in_transaction(message);
    if (link->is_in_transaction && take_fault(proxy, link, BIT(PG_HOLD_LOAD))) {
        link->flows[SERVER].is_held = true;
        (void)strike(proxy, link);
        return false;
    }
    if (link->is_committing && !link->is_in_transaction) {
        link->is_committing = false;
        if ((after_answer >> link->fault & 1) != 0) {
            return strike(proxy, link);
        }
    }
    return true;
}

/* A client begins without a kind, and may first ask for encryption: no. */
static bool see_start(struct link *link, struct flow *flow, size_t *size) {
    if (!pg_start_size(flow->bytes + flow->cleared, flow->length - flow->cleared, size)) {
        return false;
    }
    if (pg_start_wants_encryption(flow->bytes + flow->cleared)) {
        (void)!write(link->ends[CLIENT], "N", 1);
        flow->length -= *size;
        memmove(flow->bytes + flow->cleared, flow->bytes + flow->cleared + *size,
                flow->length - flow->cleared);
        return see_start(link, flow, size);
    }
    link->is_started = true;
    return true;
}

/* Clears the whole messages that may pass. False: the link is gone, or a fault waits for what is
 * cleared to be forwarded. */
static void clear(struct pg_proxy *proxy, struct link *link, enum end from) {
    struct flow *flow = &link->flows[from];
    struct pg_message message;
    size_t size;
    if (from == CLIENT && !link->is_started && see_start(link, flow, &size)) {
        flow->cleared += size;
    }
    while ((from == SERVER || link->is_started) && !flow->is_held &&
           pg_message_read(flow->bytes + flow->cleared, flow->length - flow->cleared, &message)) {
        bool passes =
            from == CLIENT ? see_client(proxy, link, &message) : see_server(proxy, link, &message);
        if (!passes) {
            return;
        }
        flow->cleared += message.size;
        if (from == CLIENT && is_end_of_commit(proxy, link, &message)) {
            return;
        }
    }
}

/* --- bytes -------------------------------------------------------------------------- */

static void take_bytes(struct link *link, enum end from) {
    struct flow *flow = &link->flows[from];
    if (flow->sent > 0 && flow->sent == flow->length) {
        flow->length = flow->sent = flow->cleared = 0;
    }
    if (flow->room - flow->length < READ_SIZE) {
        flow->room = 2 * flow->room + READ_SIZE;
        flow->bytes = realloc(flow->bytes, flow->room);
        ensure(flow->bytes != NULL);
    }
    ssize_t n = read(link->ends[from], flow->bytes + flow->length, READ_SIZE);
    if (n > 0) {
        flow->length += (size_t)n;
    } else if (n == 0 || errno != EAGAIN) {
        flow->is_ended = true;
    }
}

static enum end other(enum end end) {
    return end == CLIENT ? SERVER : CLIENT;
}

static void give_bytes(struct link *link, enum end from) {
    struct flow *flow = &link->flows[from];
    int to = link->ends[other(from)];
    while (to >= 0 && flow->sent < flow->cleared) {
        ssize_t n = send(to, flow->bytes + flow->sent, flow->cleared - flow->sent, MSG_NOSIGNAL);
        if (n > 0) {
            flow->sent += (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            return;
        } else {
            flow->is_ended = true; /* the other end is gone */
            flow->sent = flow->cleared;
        }
    }
}

/* A held answer is looked at all the same: its end is what a cut waits for. */
static void watch_answer(struct pg_proxy *proxy, struct link *link) {
    struct flow *flow = &link->flows[SERVER];
    struct pg_message message;
    size_t at = flow->cleared;
    while (link->is_used && link->is_committing &&
           pg_message_read(flow->bytes + at, flow->length - at, &message)) {
        if (link->fault == PG_CUT_WITHIN_ANSWER && pg_message_completes_commit(&message)) {
            flow->cleared = at;
            give_bytes(link, SERVER);
        }
        at += message.size;
        (void)see_server(proxy, link, &message);
    }
}

/* What is late must have come as a whole: nobody can be asked for the rest. */
static bool holds_whole_trip(const struct flow *flow) {
    struct pg_message message;
    size_t at = flow->cleared;
    while (pg_message_read(flow->bytes + at, flow->length - at, &message)) {
        if (message.kind == 'S' || message.kind == 'Q') {
            return true;
        }
        at += message.size;
    }
    return false;
}

/* Is what the link's fault waits for forwarded? */
static bool strikes_now(const struct link *link) {
    const struct flow *flow = &link->flows[CLIENT];
    return ((before_commit | after_commit) >> link->fault & 1) != 0 &&
           flow->sent == flow->cleared && (link->fault != PG_LATE_COMMIT || holds_whole_trip(flow));
}

/* What the database said last is still passed on. */
static bool is_over(const struct link *link) {
    const struct flow *from_server = &link->flows[SERVER];
    bool is_client_gone = link->ends[CLIENT] >= 0 && link->flows[CLIENT].is_ended;
    bool is_server_gone = from_server->is_ended &&
                          (link->ends[CLIENT] < 0 || from_server->sent == from_server->cleared);
    return is_client_gone || is_server_gone;
}

static void move_bytes(struct pg_proxy *proxy, struct link *link) {
    for (enum end from = CLIENT; from < ENDS; from++) {
        struct flow *flow = &link->flows[from];
        if (!flow->is_held && link->fault == PG_FAULT_NONE) {
            clear(proxy, link, from);
        }
        give_bytes(link, from);
    }
    if ((after_answer >> link->fault & 1) != 0) {
        clear(proxy, link, CLIENT);
        give_bytes(link, CLIENT);
        watch_answer(proxy, link);
    }
    if (link->is_used && strikes_now(link)) {
        (void)strike(proxy, link);
    }
    if (link->is_used && !link->is_frozen && is_over(link)) {
        link_close(link, false);
    }
}

/* --- the thread --------------------------------------------------------------------- */

static void deliver_late(struct link *link) {
    struct flow *flow = &link->flows[CLIENT];
    if (link->late_us != 0 && monotonic_us() >= link->late_us) {
        flow->cleared = flow->length;
        give_bytes(link, CLIENT);
        shutdown(link->ends[SERVER], SHUT_WR);
        link->late_us = 0;
    }
}

static void release(struct link *link) {
    if (link->is_frozen) {
        link_close(link, true);
    } else if (link->is_on_hold) {
        link->is_on_hold = false;
        link->flows[CLIENT].is_held = false;
        link->flows[SERVER].is_held = false;
    }
}

/* What the other thread has asked for. False: to close. */
static bool hear_wishes(struct pg_proxy *proxy, bool *is_silent) {
    uint64_t rings;
    (void)!read(proxy->bell, &rings, sizeof rings);
    pthread_mutex_lock(&proxy->lock);
    bool was_silent = *is_silent, is_released = proxy->is_released;
    *is_silent = proxy->is_silent;
    proxy->is_released = false;
    bool goes_on = !proxy->is_closing;
    pthread_mutex_unlock(&proxy->lock);
    for (struct link *link = proxy->links; link < proxy->links + LINKS_MAX; link++) {
        if (link->is_used && *is_silent) {
            link->is_frozen = true;
        } else if (link->is_used && (is_released || was_silent)) {
            release(link);
        }
    }
    return goes_on;
}

static short wanted_events(const struct link *link, enum end end) {
    bool gives = link->flows[other(end)].sent < link->flows[other(end)].cleared;
    return (short)((link->flows[end].is_ended ? 0 : POLLIN) | (gives ? POLLOUT : 0));
}

/* The descriptors to wait for; how many. */
static nfds_t list_ends(const struct pg_proxy *proxy, struct pollfd *polled) {
    polled[0] = (struct pollfd){.fd = proxy->bell, .events = POLLIN};
    polled[1] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
    for (size_t i = 0; i < LINKS_MAX; i++) {
        const struct link *link = &proxy->links[i];
        for (enum end end = CLIENT; end < ENDS; end++) {
            bool is_polled = link->is_used && !link->is_frozen;
            polled[2 + 2 * i + end] = (struct pollfd){.fd = is_polled ? link->ends[end] : -1,
                                                      .events = wanted_events(link, end)};
        }
    }
    return 2 + 2 * LINKS_MAX;
}

static int wait_ms(const struct pg_proxy *proxy) {
    int64_t least_us = INT64_MAX;
    for (const struct link *link = proxy->links; link < proxy->links + LINKS_MAX; link++) {
        least_us = link->late_us != 0 && link->late_us < least_us ? link->late_us : least_us;
    }
    int64_t left_us = least_us == INT64_MAX ? -1000 : least_us - monotonic_us();
    return least_us == INT64_MAX ? -1 : left_us < 0 ? 0 : (int)(left_us / 1000) + 1;
}

static void *work(void *context) {
    struct pg_proxy *proxy = context;
    struct pollfd polled[2 + 2 * LINKS_MAX];
    bool is_silent = false;
    while (hear_wishes(proxy, &is_silent)) {
        for (struct link *link = proxy->links; link < proxy->links + LINKS_MAX; link++) {
            if (link->is_used && !link->is_frozen) {
                deliver_late(link);
            }
            if (link->is_used && !link->is_frozen) {
                move_bytes(proxy, link);
            }
        }
        nfds_t count = list_ends(proxy, polled);
        poll(polled, count, wait_ms(proxy));
        for (size_t i = 2; i < count; i++) {
            if (polled[i].fd >= 0 && (polled[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
                take_bytes(&proxy->links[(i - 2) / 2], (i - 2) % 2 == 0 ? CLIENT : SERVER);
            }
        }
        if (polled[1].revents != 0) {
            link_open(proxy, is_silent);
        }
    }
    for (struct link *link = proxy->links; link < proxy->links + LINKS_MAX; link++) {
        link_close(link, true);
    }
    return NULL;
}

/* --- for others --------------------------------------------------------------------- */

static enum error listen_somewhere(struct pg_proxy *proxy, struct failure *failure) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    proxy->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (proxy->listener < 0 || proxy->bell < 0 ||
        bind(proxy->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(proxy->listener, LINKS_MAX) != 0 ||
        getsockname(proxy->listener, (struct sockaddr *)&address, &size) != 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "no proxy: %s", strerror(errno));
    }
    proxy->port = ntohs(address.sin_port);
    return ERROR_NONE;
}

static void dispose(struct pg_proxy *proxy) {
    close(proxy->listener);
    close(proxy->bell);
    pthread_mutex_destroy(&proxy->lock);
    pthread_cond_destroy(&proxy->struck);
    free(proxy);
}

enum error pg_proxy_open(int server_port, struct pg_proxy **opened, struct failure *failure) {
    struct pg_proxy *proxy = calloc(1, sizeof *proxy);
    if (proxy == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a proxy");
    }
    proxy->server_port = server_port;
    for (size_t i = 0; i < LINKS_MAX; i++) {
        proxy->links[i] = (struct link){.ends = {-1, -1}};
    }
    pthread_mutex_init(&proxy->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&proxy->struck, &monotonic);
    pthread_condattr_destroy(&monotonic);
    enum error error = listen_somewhere(proxy, failure);
    if (error == ERROR_NONE && pthread_create(&proxy->thread, NULL, work, proxy) != 0) {
        error = failure_set(failure, ERROR_UNAVAILABLE, "no thread for a proxy");
    }
    if (error != ERROR_NONE) {
        dispose(proxy);
        return error;
    }
    *opened = proxy;
    return ERROR_NONE;
}

static void ring(struct pg_proxy *proxy) {
    uint64_t once = 1;
    (void)!write(proxy->bell, &once, sizeof once);
}

void pg_proxy_close(struct pg_proxy *proxy) {
    if (proxy == NULL) {
        return;
    }
    pthread_mutex_lock(&proxy->lock);
    proxy->is_closing = true;
    pthread_mutex_unlock(&proxy->lock);
    ring(proxy);
    pthread_join(proxy->thread, NULL);
    dispose(proxy);
}

int pg_proxy_port(const struct pg_proxy *proxy) {
    return proxy->port;
}

void pg_proxy_arm(struct pg_proxy *proxy, enum pg_fault fault) {
    pthread_mutex_lock(&proxy->lock);
    proxy->armed = fault;
    proxy->has_struck = false;
    pthread_mutex_unlock(&proxy->lock);
}

bool pg_proxy_await(struct pg_proxy *proxy, int timeout_ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&proxy->lock);
    int waited = 0;
    while (!proxy->has_struck && waited == 0) {
        waited = pthread_cond_timedwait(&proxy->struck, &proxy->lock, &until);
    }
    bool has_struck = proxy->has_struck;
    pthread_mutex_unlock(&proxy->lock);
    return has_struck;
}

void pg_proxy_release(struct pg_proxy *proxy) {
    pthread_mutex_lock(&proxy->lock);
    proxy->is_released = true;
    pthread_mutex_unlock(&proxy->lock);
    ring(proxy);
}

void pg_proxy_set_silent(struct pg_proxy *proxy, bool is_silent) {
    pthread_mutex_lock(&proxy->lock);
    proxy->is_silent = is_silent;
    pthread_mutex_unlock(&proxy->lock);
    ring(proxy);
}
