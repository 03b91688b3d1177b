/* address.h - where the database is: a URL as libpq takes it, and what ticketd adds to it.
 *
 *     postgres://… or postgresql://…   one host or several, as libpq's manual has it
 *     postgres:KEYWORD=VALUE …         libpq's keywords, `postgres:service=shop` among them
 *
 * `prepare=off`, in either form, is ticketd's own: nothing is prepared by name, as a pooler in
 * transaction mode wants it. Where the address says nothing else: `sslmode=verify-full` for hosts
 * that are not this machine, `target_session_attrs=read-write`, and limits of time, so that a dead
 * network is noticed in seconds. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"

struct address {
    PQconninfoOption *options;
    const char **keywords, **values; /* as PQconnectdbParams takes them */
    size_t count;
    bool prepares; /* statements may be prepared by name */
};

/* `url` begins with postgres. ERROR_INVALID says what is wrong with it. */
MUST_USE enum error address_parse(const char *url, struct address *address,
                                  struct failure *failure);
void address_finish(struct address *address);

/* Connects, within connect_timeout for each host (2 s where the address says nothing), and sees
 * that it is a database that can hold every text. Blocks. */
MUST_USE enum error address_connect(const struct address *address, PGconn **connection,
                                    struct failure *failure);
