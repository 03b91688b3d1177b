/* Any query string, for any route, is a page or a problem with a 4xx; any text is a cursor that was
 * written here, or none.
 *
 * The first byte chooses the route, the rest is what stands behind the '?'. With clang: libFuzzer
 * brings main(); else replay.c does, and runs the corpus. */
#include <stdio.h>

#include "base/check.h"
#include "routes/cursor.h"
#include "routes/neighbours.h"
#include "routes/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct router router;

static const struct route *route_of(uint8_t number) {
    const struct route *routes[ROUTES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < router.count; i++) {
        if (router.routes[i].takes_query) {
            routes[count++] = &router.routes[i];
        }
    }
    return routes[number % count];
}

/* What is read as a cursor is written back as the same text. */
static void check_cursor(struct text text) {
    for (uint64_t hash = 0; hash <= 1; hash++) {
        struct cursor cursor;
        struct arena arena;
        if (!cursor_read(text, hash, &cursor)) {
            continue;
        }
        arena_init(&arena, 4096);
        struct text again = cursor_write(&cursor, &arena);
        struct cursor read;
        require(cursor_read(again, hash, &read));
        require(uuid_equals(read.position.id, cursor.position.id));
        require(read.position.seq == cursor.position.seq && read.position.seq >= 0);
        arena_finish(&arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (neighbours.routes == NULL) {
        router_init(&router);
        neighbours_open(&neighbours, NULL);
    }
    if (size < 1) {
        return 0;
    }
    struct text text = {(const char *)data + 1, size - 1};
    check_cursor(text);
    char query[8 * 1024];
    if (text.length >= sizeof query || memchr(text.bytes, '\0', text.length) != NULL) {
        return 0; /* the HTTP layer lets neither pass */
    }
    snprintf(query, sizeof query, "%.*s", (int)text.length, text.bytes);
    const struct route *route = route_of(data[0]);
    char path[128];
    neighbours_path(route, path);
    struct heard heard = neighbours_ask(
        &neighbours, &(struct ask){.method = HTTP_METHOD_GET, .path = path, .query = query});
    require(heard.status == 200 || heard.status == 400 || heard.status == 404 ||
            heard.status == 422);
    require(text_is_utf8(heard.body));
    return 0;
}
