/* reply_head.h - the bytes that go before the body of an answer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "http/request.h"

enum { REPLY_HEAD_MAX = 8 * 1024 };

/* What tells the client where the body ends. */
enum framing { FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_CLOSE };

struct reply_form {
    enum framing framing;
    bool close;    /* the connection ends with this answer */
    bool http_1_0; /* of the request: it must be told if the connection stays */
};

/* "Sun, 06 Nov 1994 08:49:37 GMT", made once a second. */
struct http_date {
    time_t second;
    char text[32];
};

/* Writes at most REPLY_HEAD_MAX bytes; returns how many, or 0 if the head does not fit or a
 * field would break it (a control character in a value): then nothing of it may be sent. */
size_t reply_head_write(char buffer[REPLY_HEAD_MAX], const struct http_reply *reply,
                        struct reply_form form, struct http_date *date);

/* False for those answers that never have a body, whatever the application gives: 204, 304. */
bool reply_may_have_body(int status);
