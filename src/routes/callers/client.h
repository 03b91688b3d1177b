/* client.h - where does a request come from?
 *
 * From the other end of its connection; where that is a reverse proxy that is trusted, from the
 * address that the proxy saw: the last one in X-Forwarded-For that is no such proxy's itself. What
 * stands before that, the client said of itself. An IPv6 client is its network of 64 bits, all of
 * which one subscriber has. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/failure.h"

enum { PROXIES_MAX = 16 };

/* IPv4 as ::ffff:192.0.2.7. */
struct address {
    uint8_t bytes[16];
};

struct proxies {
    struct {
        struct address address;
        unsigned bits; /* of the address, that count */
    } list[PROXIES_MAX];
    size_t count;
};

/* "10.0.0.7, 172.16.0.0/12, fd00::/8"; an absent text is none. */
MUST_USE enum error proxies_read(struct text text, struct proxies *proxies,
                                 struct failure *failure);

/* "192.0.2.7", "2001:db8:1:2::/64"; "::1" stays itself, and so does a peer that is no address. */
struct text client_find(const struct proxies *proxies, struct text peer, struct text forwarded_for,
                        struct arena *arena);
