/* Which operation does a request mean? */
#include "routes/router.h"
#include "support/unit.h"

#include <stdio.h>

static struct router router;

static int build(void **state) {
    (void)state;
    router_init(&router);
    return 0;
}

static const char *name_of(enum http_method method, const char *path) {
    struct route_match match = router_find(&router, method, text_of(path));
    return match.route == NULL ? "" : match.route->name;
}

static void every_operation_is_found_by_its_own_path(void **state) {
    (void)state;
    assert_true(router.count > 40);
    for (size_t i = 0; i < router.count; i++) {
        const struct route *route = &router.routes[i];
        char path[128];
        const char *opens = strchr(route->path, '{');
        size_t length = opens == NULL ? strlen(route->path) : (size_t)(opens - route->path);
        snprintf(path, sizeof path, "%.*s%s%s", (int)length, route->path,
                 opens == NULL ? "" : "some-id", opens == NULL ? "" : strchr(opens, '}') + 1);
        assert_string_equal(name_of(route->method, path), route->name);
        if (route->method == HTTP_METHOD_GET) {
            assert_string_equal(name_of(HTTP_METHOD_HEAD, path), route->name);
        }
    }
}

static void what_stands_in_place_of_the_parameter_is_handed_on(void **state) {
    (void)state;
    struct route_match match =
        router_find(&router, HTTP_METHOD_POST, TEXT("/v1/carts/abc/complete"));
    assert_string_equal(match.route->name, "cart_complete");
    assert_text(match.parameter, "abc");
    match = router_find(&router, HTTP_METHOD_GET, TEXT("/v1/events"));
    assert_null(match.parameter.bytes);
}

static void a_path_without_parameter_goes_before_one_with(void **state) {
    (void)state;
    assert_string_equal(name_of(HTTP_METHOD_POST, "/v1/reservations/release-expired"),
                        "reservation_release_expired");
    struct route_match match =
        router_find(&router, HTTP_METHOD_GET, TEXT("/v1/reservations/release-expired"));
    assert_null(match.route);
    assert_string_equal(match.allow, "POST");
}

static void a_path_that_exists_names_its_methods_to_those_who_use_another(void **state) {
    (void)state;
    struct route_match match = router_find(&router, HTTP_METHOD_PUT, TEXT("/v1/events"));
    assert_null(match.route);
    assert_string_equal(match.allow, "GET, HEAD, POST");
    match = router_find(&router, HTTP_METHOD_OPTIONS, TEXT("/v1/carts/x"));
    assert_string_equal(match.allow, "GET, HEAD, PUT");
}

static void other_paths_are_nothing(void **state) {
    (void)state;
    static const char *const paths[] = {
        "/",
        "*",
        "/v1",
        "/v1/events/",
        "/v1//events",
        "/v2/events",
        "/v1/carts/",
        "/v1/carts//",
        "/v1/carts/a/b",
        "/V1/events",
        "/v1/carts//complete",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct route_match match = router_find(&router, HTTP_METHOD_GET, text_of(paths[i]));
        if (match.route != NULL || match.allow != NULL) {
            fail_msg("%s is %s", paths[i], match.allow);
        }
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_found_by_its_own_path),
        cmocka_unit_test(what_stands_in_place_of_the_parameter_is_handed_on),
        cmocka_unit_test(a_path_without_parameter_goes_before_one_with),
        cmocka_unit_test(a_path_that_exists_names_its_methods_to_those_who_use_another),
        cmocka_unit_test(other_paths_are_nothing),
    };
    return cmocka_run_group_tests(tests, build, NULL);
}
