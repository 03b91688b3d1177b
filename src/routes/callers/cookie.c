#include "routes/callers/cookie.h"

#include <sodium.h>

#include "routes/parts.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void hash_secret(struct text secret, struct uuid *session_id) {
    crypto_generichash(session_id->bytes, sizeof session_id->bytes,
                       (const unsigned char *)secret.bytes, secret.length, NULL, 0);
}

void cookie_make(char secret[COOKIE_SECRET_SIZE], struct uuid *session_id) {
    for (int i = 0; i < COOKIE_SECRET_CHARACTERS; i++) {
        secret[i] = alphabet[randombytes_uniform((uint32_t)sizeof alphabet - 1)];
    }
    secret[COOKIE_SECRET_CHARACTERS] = '\0';
    hash_secret((struct text){secret, COOKIE_SECRET_CHARACTERS}, session_id);
}

/* A browser sends a cookie of this name back over https only, and no other host can set it. */
static bool is_secure(const struct call *call) {
    return text_starts_with(call->routes->options.public_url, TEXT("https://"));
}

struct text cookie_name(const struct call *call) {
    return is_secure(call) ? TEXT("__Host-ticketd") : TEXT("ticketd");
}

/* The value behind "name=" in "a=b; name=value". */
static struct text value_of(struct text cookies, struct text name) {
    while (cookies.length > 0) {
        const char *end = memchr(cookies.bytes, ';', cookies.length);
        size_t length = end == NULL ? cookies.length : (size_t)(end - cookies.bytes);
        struct text pair = text_trimmed((struct text){cookies.bytes, length});
        if (pair.length > name.length && text_starts_with(pair, name) &&
            pair.bytes[name.length] == '=') {
            return (struct text){pair.bytes + name.length + 1, pair.length - name.length - 1};
        }
        size_t taken = end == NULL ? length : length + 1;
        cookies = (struct text){cookies.bytes + taken, cookies.length - taken};
    }
    return TEXT_NONE;
}

struct text cookie_value(const struct call *call, struct text name) {
    struct text cookies = call->headers.cookie;
    return text_is_absent(cookies) || text_is_absent(name) ? TEXT_NONE : value_of(cookies, name);
}

bool cookie_find(const struct call *call, struct uuid *session_id) {
    struct text secret = cookie_value(call, cookie_name(call));
    if (secret.length != COOKIE_SECRET_CHARACTERS) {
        return false;
    }
    hash_secret(secret, session_id);
    return true;
}

struct text cookie_set(const struct call *call, struct text name, const char *value, int seconds) {
    return arena_printf(
        call_arena(call), "%.*s=%s; Path=/; HttpOnly; SameSite=Strict%s; Max-Age=%d",
        (int)name.length, name.bytes, value, is_secure(call) ? "; Secure" : "", seconds);
}

struct text cookie_header(const struct call *call, const char *secret) {
    return cookie_set(call, cookie_name(call), secret == NULL ? "" : secret,
                      secret == NULL ? 0 : SESSION_SECONDS_MAX);
}

/* "https://tickets.example" of "https://tickets.example/": scheme, host and port alone. */
static struct text origin_of(struct text url) {
    const char *host = url.bytes == NULL ? NULL : memmem(url.bytes, url.length, "://", 3);
    if (host == NULL) {
        return TEXT_NONE;
    }
    size_t before = (size_t)(host + 3 - url.bytes);
    const char *path = memchr(host + 3, '/', url.length - before);
    return (struct text){url.bytes, path == NULL ? url.length : (size_t)(path - url.bytes)};
}

bool cookie_is_origin(struct text url) {
    bool has_scheme =
        text_starts_with(url, TEXT("https://")) || text_starts_with(url, TEXT("http://"));
    struct text origin = origin_of(url);
    bool is_all = origin.length == url.length || origin.length + 1 == url.length;
    bool has_host = origin.length > 0 && origin.bytes[origin.length - 1] != '/';
    return has_scheme && has_host && is_all && text_is_utf8(url) &&
           memchr(url.bytes, ' ', url.length) == NULL && memchr(url.bytes, '@', url.length) == NULL;
}

static bool is_served(const struct call *call, struct text origin) {
    struct text served = origin_of(call->routes->options.public_url);
    if (!text_is_absent(served)) {
        return text_equals_ignoring_case(origin, served);
    }
    struct text host = call->headers.host;
    const struct text schemes[] = {TEXT("http://"), TEXT("https://")};
    for (size_t i = 0; i < 2; i++) {
        struct text rest = {origin.bytes + schemes[i].length, origin.length - schemes[i].length};
        if (!text_is_absent(host) && text_starts_with(origin, schemes[i]) &&
            text_equals_ignoring_case(rest, host)) {
            return true;
        }
    }
    return false;
}

enum cookie_site cookie_site(const struct call *call) {
    struct text site = call->headers.sec_fetch_site;
    if (!text_is_absent(site)) {
        bool is_own = text_equals(site, TEXT("same-origin")) || text_equals(site, TEXT("none"));
        return is_own ? SITE_OWN : SITE_OTHER;
    }
    struct text origin = call->headers.origin;
    if (text_is_absent(origin)) {
        return SITE_UNKNOWN;
    }
    return is_served(call, origin) ? SITE_OWN : SITE_OTHER;
}
