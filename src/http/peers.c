#include "http/peers.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum { CAPACITY_MIN = 64 };

static bool address_as_ipv4(const struct sockaddr *address, uint32_t *ipv4) {
    if (address->sa_family == AF_INET) {
        *ipv4 = ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr);
        return true;
    }
    const struct in6_addr *ipv6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(ipv6)) {
        return false;
    }
    uint32_t last;
    memcpy(&last, ipv6->s6_addr + 12, sizeof last);
    *ipv4 = ntohl(last);
    return true;
}

struct peer_key peer_key_of(const struct sockaddr *address) {
    uint32_t ipv4;
    if (address_as_ipv4(address, &ipv4)) {
        /* No IPv6 network starts with 32 one bits. */
        return (struct peer_key){UINT64_C(0xffffffff00000000) | ipv4};
    }
    uint64_t network;
    memcpy(&network, ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr,
           sizeof network);
    return (struct peer_key){network == 0 ? 1 : network};
}

bool peer_is_loopback(const struct sockaddr *address) {
    uint32_t ipv4;
    if (address_as_ipv4(address, &ipv4)) {
        return ipv4 >> 24 == 127;
    }
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

void peer_name(const struct sockaddr *address, char name[INET6_ADDRSTRLEN]) {
    uint32_t ipv4;
    if (address_as_ipv4(address, &ipv4)) {
        ipv4 = htonl(ipv4);
        inet_ntop(AF_INET, &ipv4, name, INET6_ADDRSTRLEN);
    } else {
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, name,
                  INET6_ADDRSTRLEN);
    }
}

void peers_finish(struct peers *peers) {
    free(peers->slots);
    *peers = (struct peers){0};
}

static size_t slot_of(const struct peers *peers, struct peer_key key) {
    return (size_t)((key.value * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (peers->capacity - 1);
}

/* The slot that holds `key`, or the free one where it belongs. */
static size_t find(const struct peers *peers, struct peer_key key) {
    size_t at = slot_of(peers, key);
    while (peers->slots[at].connections > 0 && peers->slots[at].key.value != key.value) {
        at = (at + 1) & (peers->capacity - 1);
    }
    return at;
}

static bool grow(struct peers *peers) {
    struct peers larger = {.capacity = peers->capacity == 0 ? CAPACITY_MIN : 2 * peers->capacity,
                           .count = peers->count};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < peers->capacity; i++) {
        if (peers->slots[i].connections > 0) {
            larger.slots[find(&larger, peers->slots[i].key)] = peers->slots[i];
        }
    }
    free(peers->slots);
    *peers = larger;
    return true;
}

bool peers_enter(struct peers *peers, struct peer_key key, size_t most) {
    if (2 * (peers->count + 1) > peers->capacity && !grow(peers)) {
        return false;
    }
    struct peer *peer = &peers->slots[find(peers, key)];
    if (peer->connections >= most) {
        return false;
    }
    peers->count += peer->connections == 0;
    peer->key = key;
    peer->connections++;
    return true;
}

void peers_leave(struct peers *peers, struct peer_key key) {
    size_t at = find(peers, key);
    require(peers->slots[at].connections > 0);
    if (--peers->slots[at].connections > 0) {
        return;
    }
    peers->count--;
    /* Those behind move up, so that no search stops too early at the gap. */
    size_t mask = peers->capacity - 1;
    for (size_t next = (at + 1) & mask; peers->slots[next].connections > 0;
         next = (next + 1) & mask) {
        size_t home = slot_of(peers, peers->slots[next].key);
        if (((next - home) & mask) >= ((next - at) & mask)) {
            peers->slots[at] = peers->slots[next];
            peers->slots[next].connections = 0;
            at = next;
        }
    }
}
