/* shop.h - an open library with something to sell, for tests.
 *
 * Knows the public header only. The first argument of a test program names the store it runs on:
 * `memory` or `sqlite`, whose file lies in a directory of its own and is gone afterwards. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ticketd/ticketd.h>

struct shop {
    struct ticketd *ticketd;
    struct ticketd_event event; /* published, tomorrow */
    struct ticketd_type type;   /* 10 tickets at 25.00 */
    char directory[32], database[64], file[64];
};

/* cmocka's fixture: *state becomes a struct shop. */
int shop_open(void **state);
int shop_close(void **state);

/* Closes the library and opens it again on the same database. */
void shop_reopen(struct shop *shop);

/* Another ticket type of the event. */
struct ticketd_id shop_type(struct shop *shop, const char *name, int32_t tickets);

struct ticketd_reservation shop_reserve(struct shop *shop, int32_t quantity);
struct ticketd_reservation shop_sale(struct shop *shop, int32_t quantity, const char *order_id);
struct ticketd_cart shop_cart(struct shop *shop, int32_t quantity);

/* Waits until what happens next is later than what happened before, to the millisecond. */
void shop_tick(void);

int64_t shop_available(struct shop *shop);

/* The next code is this one; says what came instead. */
#define assert_code(got, expected)                                                                 \
    assert_string_equal(ticketd_code_name(got), ticketd_code_name(expected))

/* Runs `tests`, each in a shop of its own, on the store that the command line names. */
int shop_run(int arguments_count, char **arguments, const struct CMUnitTest *tests, size_t count);
#define SHOP_MAIN(tests)                                                                           \
    int main(int arguments_count, char **arguments) {                                              \
        return shop_run(arguments_count, arguments, (tests), sizeof(tests) / sizeof(tests)[0]);    \
    }
#define shop_test(function)                                                                        \
    { #function, function, shop_open, shop_close, NULL }
