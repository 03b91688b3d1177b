/* router.h - which operation of the contract does a request mean?
 *
 * The table is generated from api/openapi.yaml; an operation without a handler does not link.
 * Pure: it looks at the method and the path and at nothing else. */
#pragma once

#include <stddef.h>

#include "domain/access.h"
#include "http/request.h"

struct call;

/* What a handler returns: only the functions that answer a call make one (call.h), so that a
 * handler that forgets to answer does not compile. */
struct answered {
    const struct call *call;
};

enum { ROUTES_MAX = 96, ALLOW_SIZE = 48 };

struct route {
    enum http_method method;
    const char *path; /* as in the contract */
    const char *name; /* operationId */
    enum right right;
    struct answered (*handle)(struct call *call);
    struct text prefix, suffix; /* around the parameter; without one all is prefix */
    bool has_parameter, parameter_is_id;
    bool takes_query;       /* lists and explain; any other refuses parameters */
    char allow[ALLOW_SIZE]; /* the methods of this path */
};

struct router {
    struct route routes[ROUTES_MAX]; /* in the order of the contract */
    size_t count;
};

void router_init(struct router *router);

struct route_match {
    const struct route *route; /* NULL: no such path, or not for this method */
    struct text parameter;     /* what stands in its place; absent without one */
    const char *allow;         /* the path's methods; NULL if there is no such path */
};

/* HEAD means GET. A path without parameter goes before one with. */
struct route_match router_find(const struct router *router, enum http_method method,
                               struct text path);
