/* peers.h - how many connections does each address hold?
 *
 * An IPv4 address counts by itself, an IPv6 address by its /64: that is what one household or
 * one host is given. Not thread-safe. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0 is nobody. */
struct peer_key {
    uint64_t value;
};

struct peer {
    struct peer_key key;
    uint32_t connections;
};

struct peers {
    struct peer *slots; /* open addressing, at most half full */
    size_t capacity, count;
};

/* Also of IPv4 inside IPv6. */
struct peer_key peer_key_of(const struct sockaddr *address);
bool peer_is_loopback(const struct sockaddr *address);
void peer_name(const struct sockaddr *address, char name[INET6_ADDRSTRLEN]);

void peers_finish(struct peers *peers);

/* Counts one more connection; false if that would be more than `most`, or memory is short. */
bool peers_enter(struct peers *peers, struct peer_key key, size_t most);
void peers_leave(struct peers *peers, struct peer_key key);
