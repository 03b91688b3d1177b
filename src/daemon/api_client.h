/* api_client.h - asks a ticketd over HTTP and waits for the answer.
 *
 * One connection, kept open and opened again when it was closed between two
 * calls. A connection that breaks during a call is an ERROR_UNKNOWN: the server
 * may have done it. Belongs to one thread. */
#pragma once

#include "base/arena.h"
#include "base/failure.h"
#include "base/text.h"
#include "daemon/reply.h"

/* Where a server is: "http://127.0.0.1:8080", or "unix:FILE.sock". */
struct api_client_options {
    const char *server;
    const char *key;     /* an API key; NULL over a unix socket, or for what everyone may read */
    unsigned timeout_ms; /* for each step of a call; 0: 30 s */
};

struct api_request {
    const char *method, *path;
    struct text body;            /* JSON; absent: none */
    const char *idempotency_key; /* or NULL */
    const char *if_match;        /* an ETag, or NULL */
};

struct api_client;

/* Connects. ERROR_UNAVAILABLE: nobody is listening there. */
MUST_USE enum error api_client_open(const struct api_client_options *options,
                                    struct api_client **client, struct failure *failure);

/* Accepts NULL. */
void api_client_close(struct api_client *client);

/* The body of the reply is put into `arena`. ERROR_UNAVAILABLE: the request was not sent. */
MUST_USE enum error api_client_call(struct api_client *client, const struct api_request *request,
                                    struct arena *arena, struct reply *reply,
                                    struct failure *failure);

/* Splits "http://host:port" or "unix:path"; false: it is neither. `host` keeps no brackets. */
struct server_address {
    bool is_unix;
    char host[256]; /* or the path of the socket */
    char port[6];
};
bool server_address_parse(const char *text, struct server_address *address);

/* The bytes of a request to that server; TEXT_NONE when the arena is spent. */
struct text api_request_write(const struct api_request *request,
                              const struct server_address *address, const char *key,
                              struct arena *arena);
