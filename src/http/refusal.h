/* refusal.h - why this layer answers by itself: what is wrong with the bytes or the client.
 *
 * `code` and `detail` are static; status 0 means that nothing is wrong. */
#pragma once

struct refusal {
    int status;
    const char *code;
    const char *detail; /* a sentence for people */
};

#define REFUSAL_NONE ((struct refusal){0})

static inline struct refusal refusal_malformed(const char *detail) {
    return (struct refusal){400, "malformed_request", detail};
}
