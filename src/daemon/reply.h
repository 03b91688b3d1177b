/* reply.h - the bytes of a server's answer as a status and a body, however they are cut.
 *
 * For our own server: a status line, header fields, a body of Content-Length
 * bytes. Anything else is refused, not guessed at. It holds no socket. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { REPLY_HEAD_MAX = 16 * 1024, REPLY_BODY_MAX = 16 * 1024 * 1024 };

struct reply {
    int status;
    bool keep_alive;
    bool replayed;    /* Idempotency-Replayed */
    struct text body; /* in the buffer that was given */
};

enum reply_state { REPLY_PARTIAL, REPLY_WHOLE, REPLY_MALFORMED };

/* Looks at all that has been received so far of one answer; *used is how much of it the answer
 * takes. *reply and *used are filled for REPLY_WHOLE only. */
enum reply_state reply_read(struct text received, struct reply *reply, size_t *used);
