/* head.h - what does the head of a request say, and does it say it beyond doubt?
 *
 * Whatever two readers of one head could understand differently is refused: that is how
 * requests are smuggled past a proxy. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "http/refusal.h"
#include "http/request.h"

enum { HEAD_FIELDS_MAX = 64 };

struct head {
    bool chunked, keep_alive, http_1_0, expects_continue;
    size_t content_length; /* 0 without one */
};

/* Reads a whole head, blank line included, whose lines all end in CRLF and hold no control
 * characters. Fills method, path, query and headers of `request`; texts point into `bytes`. */
struct refusal head_read(const char *bytes, size_t length, struct http_request *request,
                         struct head *head);
