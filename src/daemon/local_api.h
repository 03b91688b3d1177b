/* local_api.h - the API of a database, whoever holds it.
 *
 * Where a server holds the database's file, it is asked over the socket beside
 * it. Where nobody does, or the database is shared by many, this process serves
 * it for as long as the command takes. Either way a command line and a shop go
 * the same way, under the same rules. */
#pragma once

#include <jansson.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/text.h"

struct local_api;

/* A file that is not there is made only for a command that may `create`: a name that was typed
 * wrong must not look like a database in which nobody is. ERROR_LOCKED: a process that serves no
 * API holds it. */
MUST_USE enum error local_api_open(const char *database, bool create, struct local_api **api,
                                   struct failure *failure);

/* Accepts NULL. */
void local_api_close(struct local_api *api);

struct local_request {
    const char *method, *path;
    struct text body; /* JSON; absent: none */
    int64_t if_match; /* a version; 0: none */
};

/* *reply is what was answered, to be given to json_decref(). A refusal is ERROR_REJECTED, with the
 * server's sentence and what to do about it. */
MUST_USE enum error local_api_call(struct local_api *api, const struct local_request *request,
                                   json_t **reply, struct failure *failure);

/* All pages of a list as one array. `path` may have a query. */
MUST_USE enum error local_api_list(struct local_api *api, const char *path, json_t **rows,
                                   struct failure *failure);
