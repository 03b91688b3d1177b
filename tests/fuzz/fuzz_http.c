/* Any bytes, cut anywhere, are requests within the limits, or refused; and how they are cut
 * changes nothing.
 *
 * The first byte seeds the cuts, the rest is what a client sends. With clang: libFuzzer brings
 * main(); else replay.c does, and runs the corpus. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "http/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_limits limits = {
    .request_line = 256, .head = 512, .headers = 8, .body = 512};

enum { REQUESTS_MAX = 64, ARENA = 64 * 1024 };

/* What a connection makes of its bytes, boiled down to what can be compared. */
struct outcome {
    size_t requests;
    int refusal;
    uint64_t hash;
};

static void mix(struct outcome *outcome, struct text text) {
    uint64_t hash = outcome->hash ^ (text_is_absent(text) ? 1 : text.length + 2);
    for (size_t i = 0; i < text.length; i++) {
        hash = (hash ^ (unsigned char)text.bytes[i]) * UINT64_C(0x100000001b3);
    }
    outcome->hash = hash;
}

static void check_request(const struct parser *parser, struct outcome *outcome) {
    const struct http_request *request = parser->request;
    require(request->path.length > 0 && request->path.length <= limits.request_line);
    require(request->path.bytes[0] == '/' || text_equals(request->path, TEXT("*")));
    require(!text_is_absent(request->body) && request->body.length <= limits.body);
    require(request->headers_count <= limits.headers);
    require(parser->http_1_0 || !text_is_absent(http_request_header(request, TEXT("Host"))));
    require(text_is_absent(http_request_header(request, TEXT("Content-Length"))) ||
            text_is_absent(http_request_header(request, TEXT("Transfer-Encoding"))));
    mix(outcome, text_of(http_method_name(request->method)));
    mix(outcome, request->path);
    mix(outcome, request->query);
    mix(outcome, request->body);
    for (size_t i = 0; i < request->headers_count; i++) {
        struct text value = request->headers[i].value;
        require(memchr(value.bytes, '\n', value.length) == NULL &&
                memchr(value.bytes, '\r', value.length) == NULL &&
                memchr(value.bytes, '\0', value.length) == NULL);
        mix(outcome, request->headers[i].name);
        mix(outcome, value);
    }
}

/* Reads requests until one is refused or the bytes end. `seed` 0: in one piece. */
static struct outcome receive(const char *bytes, size_t length, unsigned seed) {
    struct outcome outcome = {.hash = UINT64_C(0xcbf29ce484222325)};
    struct arena arena;
    arena_init(&arena, ARENA);
    struct http_request request = {.arena = &arena};
    struct parser parser;
    parser_init(&parser, &request, &limits);
    for (size_t at = 0; at < length && outcome.refusal == 0 && outcome.requests < REQUESTS_MAX;) {
        size_t slice = length - at;
        if (seed != 0) {
            seed = seed * 1103515245 + 12345;
            size_t cut = 1 + (seed >> 16) % ((seed >> 8) % 4 == 0 ? 64 : 4);
            slice = cut < slice ? cut : slice;
        }
        /* A copy of its own, so that reading beyond it is seen. */
        char *piece = malloc(slice);
        require(piece != NULL);
        memcpy(piece, bytes + at, slice);
        size_t used = parser_feed(&parser, piece, slice);
        free(piece);
        require(used > 0 && used <= slice);
        at += used;
        if (parser.state == PARSER_REFUSED) {
            require(parser.refusal.status >= 400 && parser.refusal.code != NULL);
            outcome.refusal = parser.refusal.status;
        } else if (parser.state == PARSER_COMPLETE) {
            check_request(&parser, &outcome);
            outcome.requests++;
            arena_reset(&arena);
            parser_init(&parser, &request, &limits);
        } else {
            require(used == slice);
        }
        require(arena.used <= ARENA);
    }
    arena_finish(&arena);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1) {
        return 0;
    }
    struct outcome whole = receive((const char *)data + 1, size - 1, 0);
    struct outcome cut = receive((const char *)data + 1, size - 1, 1u + data[0]);
    require(whole.requests == cut.requests && whole.refusal == cut.refusal &&
            whole.hash == cut.hash);
    return 0;
}
