/* watch.h - one live stream, read by whoever opened it, for tests in C. */
#pragma once

#include <stdbool.h>

enum { WATCHED_SIZE = 64 * 1024 };

struct watch {
    int fd;
    char heard[WATCHED_SIZE]; /* the last of it; ends with NUL */
    unsigned length;
};

/* Sends these bytes to the server at "http://HOST:PORT", and watches the answer. False: it cannot
 * be reached. */
bool watch_request(struct watch *watch, const char *server, const char *request);

/* GET /v1/stream with this header, "Authorization: Bearer …" or "Cookie: …". */
bool watch_open(struct watch *watch, const char *server, const char *header, const char *query);
void watch_close(struct watch *watch);

/* Waits until these words have come, and forgets all up to them. False: not in that time, or the
 * stream has ended. */
bool watch_until(struct watch *watch, const char *words, int limit_ms);
