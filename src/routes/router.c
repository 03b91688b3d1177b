#include "routes/router.h"

#include <stdio.h>

#include "base/check.h"
#include "routes/handlers.h"

static const struct route table[] = {
#define ROUTE(method_, path_, name_, right_)                                                       \
    {.method = HTTP_METHOD_##method_,                                                              \
     .path = (path_),                                                                              \
     .name = #name_,                                                                               \
     .right = (right_),                                                                            \
     .handle = route_##name_},
#include "route_table.inc"
#undef ROUTE
};

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* "/v1/carts/{id}/release": a path has one parameter at the most. */
static void split(struct route *route) {
    const char *opens = strchr(route->path, '{'), *closes = strchr(route->path, '}');
    route->has_parameter = opens != NULL;
    route->parameter_is_id = strstr(route->path, "{id}") != NULL;
    route->takes_query = ends_with(route->name, "_list") || ends_with(route->name, "_explain") ||
                         ends_with(route->name, "_report") || ends_with(route->name, "stream_open");
    if (opens == NULL) {
        route->prefix = text_of(route->path);
        return;
    }
    require(closes != NULL && strchr(closes, '{') == NULL);
    route->prefix = (struct text){route->path, (size_t)(opens - route->path)};
    route->suffix = text_of(closes + 1);
}

static void allow_add(struct route *route, const char *method) {
    size_t length = strlen(route->allow);
    int added = snprintf(route->allow + length, ALLOW_SIZE - length, "%s%s",
                         length == 0 ? "" : ", ", method);
    require(added > 0 && (size_t)added < ALLOW_SIZE - length);
}

void router_init(struct router *router) {
    router->count = sizeof table / sizeof *table;
    require(router->count <= ROUTES_MAX);
    for (size_t i = 0; i < router->count; i++) {
        struct route *route = &router->routes[i];
        *route = table[i];
        split(route);
        for (size_t k = 0; k < router->count; k++) {
            if (strcmp(table[k].path, route->path) == 0) {
                allow_add(route, http_method_name(table[k].method));
                if (table[k].method == HTTP_METHOD_GET) {
                    allow_add(route, "HEAD");
                }
            }
        }
    }
}

static bool matches(const struct route *route, struct text path, struct text *parameter) {
    if (!text_starts_with(path, route->prefix)) {
        return false;
    }
    if (!route->has_parameter) {
        return path.length == route->prefix.length;
    }
    struct text rest = {path.bytes + route->prefix.length, path.length - route->prefix.length};
    const char *slash = memchr(rest.bytes, '/', rest.length);
    size_t length = slash == NULL ? rest.length : (size_t)(slash - rest.bytes);
    struct text suffix = {rest.bytes + length, rest.length - length};
    if (length == 0 || !text_equals(suffix, route->suffix)) {
        return false;
    }
    *parameter = (struct text){rest.bytes, length};
    return true;
}

struct route_match router_find(const struct router *router, enum http_method method,
                               struct text path) {
    struct route_match match = {.parameter = TEXT_NONE};
    if (method == HTTP_METHOD_HEAD) {
        method = HTTP_METHOD_GET;
    }
    const struct route *of_path = NULL;
    for (size_t i = 0; i < router->count; i++) {
        const struct route *route = &router->routes[i];
        struct text parameter = TEXT_NONE;
        if ((of_path != NULL && !of_path->has_parameter && route->has_parameter) ||
            !matches(route, path, &parameter)) {
            continue;
        }
        if (of_path == NULL || (of_path->has_parameter && !route->has_parameter)) {
            match.route = NULL;
        }
        of_path = route;
        if (route->method == method) {
            match.route = route;
            match.parameter = parameter;
        }
    }
    match.allow = of_path == NULL ? NULL : of_path->allow;
    return match;
}
