#include "routes/callers/client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { IPV4_BITS_BEFORE = 96, NETWORK_BITS = 64 };

static const uint8_t ipv4_before[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_ipv4(const struct address *address) {
    return memcmp(address->bytes, ipv4_before, sizeof ipv4_before) == 0;
}

static bool read_address(struct text text, struct address *address) {
    char string[INET6_ADDRSTRLEN];
    if (text.length >= sizeof string) {
        return false;
    }
    snprintf(string, sizeof string, "%.*s", (int)text.length, text.bytes);
    memcpy(address->bytes, ipv4_before, sizeof ipv4_before);
    return inet_pton(AF_INET, string, address->bytes + sizeof ipv4_before) == 1 ||
           inet_pton(AF_INET6, string, address->bytes) == 1;
}

/* --- those that are trusted ---------------------------------------------------------------- */

/* The digits behind the slash; more than any address has: none. */
static unsigned read_bits(struct text text) {
    unsigned bits = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || i == 3) {
            return UINT32_MAX;
        }
        bits = 10 * bits + (unsigned)(text.bytes[i] - '0');
    }
    return text.length == 0 ? UINT32_MAX : bits;
}

static bool read_proxy(struct text text, struct proxies *proxies) {
    const char *slash = memchr(text.bytes, '/', text.length);
    struct text name = {text.bytes, slash == NULL ? text.length : (size_t)(slash - text.bytes)};
    struct address address;
    if (proxies->count == PROXIES_MAX || !read_address(name, &address)) {
        return false;
    }
    unsigned most = is_ipv4(&address) ? 32 : 128;
    unsigned bits = most;
    if (slash != NULL) {
        bits = read_bits((struct text){slash + 1, text.length - name.length - 1});
    }
    if (bits > most) {
        return false;
    }
    proxies->list[proxies->count].address = address;
    proxies->list[proxies->count++].bits = bits + (most == 32 ? IPV4_BITS_BEFORE : 0);
    return true;
}

enum error proxies_read(struct text text, struct proxies *proxies, struct failure *failure) {
    proxies->count = 0;
    while (!text_is_absent(text)) {
        const char *comma = memchr(text.bytes, ',', text.length);
        size_t length = comma == NULL ? text.length : (size_t)(comma - text.bytes);
        struct text each = text_trimmed((struct text){text.bytes, length});
        if (!read_proxy(each, proxies)) {
            return failure_set(failure, ERROR_INVALID,
                               "Trusted proxies are up to %d addresses or networks with commas "
                               "between them, such as 10.0.0.7,fd00::/8; this is not one: %.*s",
                               PROXIES_MAX, (int)each.length, each.bytes);
        }
        text = comma == NULL ? TEXT_NONE : (struct text){comma + 1, text.length - length - 1};
    }
    return ERROR_NONE;
}

static bool begins_alike(const struct address *a, const struct address *b, unsigned bits) {
    unsigned whole = bits / 8, rest = bits % 8;
    return memcmp(a->bytes, b->bytes, whole) == 0 &&
           (rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0);
}

static bool is_trusted(const struct proxies *proxies, const struct address *address) {
    for (size_t i = 0; i < proxies->count; i++) {
        if (begins_alike(address, &proxies->list[i].address, proxies->list[i].bits)) {
            return true;
        }
    }
    return false;
}

/* --- the client ------------------------------------------------------------------------------ */

/* Cuts what is behind the last comma, or all, from *rest. */
static struct text cut_last(struct text *rest) {
    const char *comma = memrchr(rest->bytes, ',', rest->length);
    size_t kept = comma == NULL ? 0 : (size_t)(comma - rest->bytes);
    size_t from = comma == NULL ? 0 : kept + 1;
    struct text last = {rest->bytes + from, rest->length - from};
    *rest = comma == NULL ? TEXT_NONE : (struct text){rest->bytes, kept};
    return text_trimmed(last);
}

static struct text write_network(struct address address, struct arena *arena) {
    static const struct address loopback = {.bytes = {[15] = 1}};
    char string[INET6_ADDRSTRLEN];
    if (is_ipv4(&address)) {
        inet_ntop(AF_INET, address.bytes + sizeof ipv4_before, string, sizeof string);
        return arena_printf(arena, "%s", string);
    }
    bool is_loopback = memcmp(address.bytes, loopback.bytes, sizeof address.bytes) == 0;
    if (!is_loopback) {
        memset(address.bytes + NETWORK_BITS / 8, 0, sizeof address.bytes - NETWORK_BITS / 8);
    }
    inet_ntop(AF_INET6, address.bytes, string, sizeof string);
    return arena_printf(arena, is_loopback ? "%s" : "%s/64", string);
}

struct text client_find(const struct proxies *proxies, struct text peer, struct text forwarded_for,
                        struct arena *arena) {
    struct address address, before;
    if (text_is_absent(peer)) { /* what was no request */
        return peer;
    }
    bool is_ipv6 = memchr(peer.bytes, ':', peer.length) != NULL;
    if ((proxies->count == 0 && !is_ipv6) || !read_address(peer, &address)) {
        return peer;
    }
    while (!text_is_absent(forwarded_for) && is_trusted(proxies, &address) &&
           read_address(cut_last(&forwarded_for), &before)) {
        address = before;
    }
    struct text network = write_network(address, arena);
    return text_is_absent(network) ? peer : network;
}
