/* Any body, for any route that takes one, is a command within its limits or a problem with a 4xx.
 *
 * The first byte chooses the route, the rest is the body. With clang: libFuzzer brings main(); else
 * replay.c does, and runs the corpus. */
#include <stdio.h>

#include "base/check.h"
#include "domain/limits.h"
#include "routes/neighbours.h"
#include "routes/resources/staff_forms.h"
#include "routes/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct router router;

/* Routes that read a body; releasing what has expired is not one command. */
static const struct route *route_of(uint8_t number) {
    const struct route *routes[ROUTES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < router.count; i++) {
        if (router.routes[i].method != HTTP_METHOD_GET &&
            strstr(router.routes[i].path, "release-expired") == NULL) {
            routes[count++] = &router.routes[i];
        }
    }
    return routes[number % count];
}

/* Nobody is signed in here: what is well-formed is refused all the same, or changes nothing. */
static bool is_of_sessions(const struct route *route) {
    return strstr(route->path, "/v1/session") != NULL || strstr(route->path, "/v1/me") != NULL;
}

static void check_text(struct text text, size_t characters_max) {
    require(text_is_absent(text) ||
            (text_is_utf8(text) && text_characters(text) <= characters_max));
}

static void check_items(struct items items, size_t least) {
    require(items.count >= least && items.count <= CART_LINES_MAX);
    for (size_t i = 0; i < items.count; i++) {
        require(items.list[i].quantity >= 1 && !uuid_is_none(items.list[i].id));
    }
}

/* What needs no store to be judged has been judged. */
static void check_command(const struct command *command) {
    switch (command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        check_items(command->of.reserve.items, 1);
        require(command->of.reserve.seconds >= 1 &&
                command->of.reserve.seconds <= RESERVATION_SECONDS_MAX);
        return;
    case COMMAND_CART_REPLACE:
        check_items(command->of.reserve.items, 1);
        return;
    case COMMAND_COMPLETE:
        check_text(command->of.complete.order_id, ORDER_ID_CHARACTERS_MAX);
        check_text(command->of.complete.tender, TENDER_CHARACTERS_MAX);
        require(!text_is_absent(command->of.complete.order_id));
        require(command->of.complete.channel != CHANNEL_NONE);
        return;
    case COMMAND_RELEASE:
        check_text(command->of.release.reason, REASON_CHARACTERS_MAX);
        return;
    case COMMAND_EXTEND:
        require(command->of.extend.seconds >= 1 &&
                command->of.extend.seconds <= RESERVATION_SECONDS_MAX);
        return;
    case COMMAND_REFUND:
        check_items(command->of.refund.items, 0);
        check_text(command->of.refund.reason, REASON_CHARACTERS_MAX);
        require(command->of.refund.quantity >= 0);
        require(command->of.refund.disposition != DISPOSITION_NONE);
        return;
    case COMMAND_SELL:
        check_items(command->of.sell.items, 1);
        check_text(command->of.sell.order_id, ORDER_ID_CHARACTERS_MAX);
        require(command->of.sell.channel != CHANNEL_NONE);
        return;
    case COMMAND_ADJUST:
        require(command->of.adjust.quantity >= 1 && command->of.adjust.expected_total >= -1);
        check_text(command->of.adjust.reason, REASON_CHARACTERS_MAX);
        return;
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
        check_text(command->of.venue.venue.name, NAME_CHARACTERS_MAX);
        check_text(command->of.venue.venue.address, ADDRESS_CHARACTERS_MAX);
        return;
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
        check_text(command->of.event.event.name, NAME_CHARACTERS_MAX);
        check_text(command->of.event.event.image_url, URL_CHARACTERS_MAX);
        require(command->of.event.event.currency.code[3] == '\0');
        return;
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
        require(command->of.type.type.price >= 0 && command->of.type.type.price <= PRICE_MAX);
        require(command->of.type.type.initial >= 0 && command->of.type.type.max_per_order >= 0);
        return;
    case COMMAND_KEY_CREATE:
        require(command->of.api_key.key.role != ROLE_NOBODY);
        require(command->of.api_key.key.events_count <= KEY_EVENTS_MAX);
        return;
    case COMMAND_STAFF_CREATE:
        check_text(command->of.staff.staff.email, EMAIL_CHARACTERS_MAX);
        require(!text_is_absent(command->of.staff.staff.password_hash));
        require(command->of.staff.staff.role != ROLE_CHECKOUT);
        check_text(command->of.staff.staff.name, NAME_CHARACTERS_MAX);
        return;
    case COMMAND_STAFF_CHANGE:
        check_text(command->of.staff.staff.name, NAME_CHARACTERS_MAX);
        require(command->of.staff.staff.events_count <= KEY_EVENTS_MAX);
        return;
    case COMMAND_STAFF_PASSWORD:
        require(!text_is_absent(command->of.staff.staff.password_hash));
        return;
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_STAFF_DISABLE:
        return;
    case COMMAND_SHIFT_OPEN:
    case COMMAND_SHIFT_CLOSE:
        require(command->of.shift.shift.opening_cash >= 0);
        require(command->of.shift.shift.counted_cash >= 0);
        check_text(command->of.shift.shift.note, REASON_CHARACTERS_MAX);
        return;
    case COMMAND_SESSION_BEGIN: /* nobody can sign in here */
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
    case COMMAND_SWEEP:
    case COMMAND_KEY_TOUCH:
    case COMMAND_PRUNE:
        check_failed("require", "a request asks for nothing internal", __FILE__, __LINE__,
                     __func__);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (neighbours.routes == NULL) {
        router_init(&router);
        neighbours_open(&neighbours, NULL);
    }
    if (size < 1) {
        return 0;
    }
    const struct route *route = route_of(data[0]);
    char path[128];
    neighbours_path(route, path);
    bool shows_secret = strcmp(route->name, "api_key_create") == 0 ||
                        strcmp(route->name, "staff_create") == 0 ||
                        strcmp(route->name, "staff_password") == 0 || is_of_sessions(route);
    struct ask ask = {
        .method = route->method,
        .path = path,
        .raw_body = {(const char *)data + 1, size - 1},
        .headers = {{"If-Match", "\"1\""}, {shows_secret ? NULL : "Idempotency-Key", "k"}},
    };
    struct heard heard = neighbours_ask(&neighbours, &ask);
    if (heard.submitted) {
        check_command(&heard.command);
        struct outcome outcome = {.verdict = VERDICT_BUSY, .facts = FACTS_NONE};
        heard = neighbours_decide(&outcome);
        require(heard.status == 503);
    } else {
        require(heard.status == 400 || heard.status == 413 || heard.status == 422 ||
                is_of_sessions(route));
    }
    require(text_is_utf8(heard.body));
    return 0;
}
