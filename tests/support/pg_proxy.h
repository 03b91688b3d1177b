/* pg_proxy.h - a wire between a client and its PostgreSQL that breaks when it is told to.
 *
 * It reads along just enough of the protocol (version 3; a wish for TLS is refused) to see two
 * moments of a transaction: its first trip is answered, and its COMMIT passes. One fault at a time
 * is armed for the next such moment on any connection. Only a transaction that an earlier trip left
 * open counts: a reader's snapshot of one trip passes untouched.
 *
 * It works on a thread of its own; its functions are for one other thread. */
#pragma once

#include <stdbool.h>

#include "base/failure.h"

enum pg_fault {
    PG_FAULT_NONE,
    /* All that came before the COMMIT is forwarded, then both ends are closed. */
    PG_CUT_BEFORE_COMMIT,
    /* The COMMIT is forwarded, and both ends are closed at once. */
    PG_CUT_AFTER_COMMIT,
    /* Both ends are closed when the database has answered the COMMIT; nobody hears it. */
    PG_CUT_ANSWER,
    /* As PG_CUT_AFTER_COMMIT and PG_CUT_ANSWER, but with resets. */
    PG_RESET_AFTER_COMMIT,
    PG_RESET_ANSWER,
    /* The answers of what came before the COMMIT pass, its own does not; then both ends are closed.
     */
    PG_CUT_WITHIN_ANSWER,
    /* As PG_CUT_ANSWER, and from that moment on the proxy is silent. */
    PG_SILENCE_AFTER_ANSWER,
    /* The client is cut off; the COMMIT arrives 700 ms later, when nobody waits for it. */
    PG_LATE_COMMIT,
    /* The COMMIT is forwarded, and from then on nothing passes, and nobody is told. */
    PG_BLACK_HOLE,
    /* The same, but the COMMIT stays behind, too. */
    PG_BLACK_HOLE_BEFORE_COMMIT,
    /* The client reads an end of file, while its own bytes would still pass. */
    PG_HALF_CLOSE_CLIENT,
    /* The database reads an end of file behind the COMMIT, while its answer still passes. */
    PG_HALF_CLOSE_SERVER,
    /* The first trip has been answered, and the answer waits for pg_proxy_release(). */
    PG_HOLD_LOAD,
    /* All that came before the COMMIT is forwarded; the COMMIT waits for pg_proxy_release(). */
    PG_HOLD_COMMIT,
    PG_FAULTS_COUNT
};

const char *pg_fault_name(enum pg_fault fault);

struct pg_proxy;

/* Listens on a free port of 127.0.0.1, in front of that port of 127.0.0.1. */
MUST_USE enum error pg_proxy_open(int server_port, struct pg_proxy **proxy,
                                  struct failure *failure);

/* Cuts every connection. Accepts NULL. */
void pg_proxy_close(struct pg_proxy *proxy);

int pg_proxy_port(const struct pg_proxy *proxy);

/* Armed until it strikes; in place of one that has not struck. */
void pg_proxy_arm(struct pg_proxy *proxy, enum pg_fault fault);

/* Waits until what was armed last has struck; false: it has not within so long. */
bool pg_proxy_await(struct pg_proxy *proxy, int timeout_ms);

/* What is held passes; what is in a black hole is reset. */
void pg_proxy_release(struct pg_proxy *proxy);

/* While it is silent nothing passes on any connection, old or new, and nobody is told; afterwards
 * these connections are reset. */
void pg_proxy_set_silent(struct pg_proxy *proxy, bool is_silent);
