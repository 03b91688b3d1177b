#include "shop.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool on_sqlite;

static void open_library(struct shop *shop) {
    struct ticketd_problem problem;
    if (ticketd_open(shop->database, NULL, &shop->ticketd, &problem) != TICKETD_OK) {
        fail_msg("%s: %s", shop->database, problem.detail);
    }
}

int shop_open(void **state) {
    struct shop *shop = calloc(1, sizeof *shop);
    assert_non_null(shop);
    strcpy(shop->directory, "/tmp/ticketd-lib-XXXXXX");
    assert_non_null(mkdtemp(shop->directory));
    snprintf(shop->file, sizeof shop->file, "%s/shop.db", shop->directory);
    snprintf(shop->database, sizeof shop->database,
             on_sqlite ? "sqlite:%s" : "memory:", shop->file);
    open_library(shop);
    struct ticketd_event_request event = {
        .name = "Evening",
        .start_date = ((int64_t)time(NULL) + 86400) * 1000000,
        .currency = "EUR",
        .published = true,
    };
    assert_code(ticketd_event_create(shop->ticketd, &event, NULL, &shop->event), TICKETD_OK);
    struct ticketd_type_request type = {
        .event_id = shop->event.id, .name = "Stalls", .price = 2500, .initial_inventory = 10};
    assert_code(ticketd_type_create(shop->ticketd, &type, NULL, &shop->type), TICKETD_OK);
    *state = shop;
    return 0;
}

int shop_close(void **state) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    struct shop *shop = *state;
    ticketd_close(shop->ticketd);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", shop->file, endings[i]);
        unlink(path);
    }
    rmdir(shop->directory);
    free(shop);
    return 0;
}

void shop_reopen(struct shop *shop) {
    ticketd_close(shop->ticketd);
    open_library(shop);
}

struct ticketd_id shop_type(struct shop *shop, const char *name, int32_t tickets) {
    struct ticketd_type type;
    assert_code(ticketd_type_create(shop->ticketd,
                                    &(struct ticketd_type_request){.event_id = shop->event.id,
                                                                   .name = name,
                                                                   .price = 1000,
                                                                   .initial_inventory = tickets},
                                    NULL, &type),
                TICKETD_OK);
    return type.id;
}

struct ticketd_reservation shop_reserve(struct shop *shop, int32_t quantity) {
    struct ticketd_reservation reservation;
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id,
                                              .quantity = quantity};
    assert_code(ticketd_reserve(shop->ticketd, &request, NULL, &reservation), TICKETD_OK);
    return reservation;
}

struct ticketd_reservation shop_sale(struct shop *shop, int32_t quantity, const char *order_id) {
    struct ticketd_reservation reservation = shop_reserve(shop, quantity);
    struct ticketd_complete_request request = {.id = reservation.id, .order_id = order_id};
    assert_code(ticketd_complete_sale(shop->ticketd, &request, NULL, &reservation), TICKETD_OK);
    return reservation;
}

struct ticketd_cart shop_cart(struct shop *shop, int32_t quantity) {
    struct ticketd_cart cart;
    struct ticketd_item item = {shop->type.id, quantity};
    struct ticketd_cart_request request = {.items = &item, .items_count = 1};
    assert_code(ticketd_cart_create(shop->ticketd, &request, NULL, &cart), TICKETD_OK);
    return cart;
}

void shop_tick(void) {
    struct timespec began, now;
    clock_gettime(CLOCK_REALTIME, &began);
    do {
        clock_gettime(CLOCK_REALTIME, &now);
    } while (now.tv_sec == began.tv_sec && now.tv_nsec / 1000000 == began.tv_nsec / 1000000);
}

int64_t shop_available(struct shop *shop) {
    int64_t available = -1;
    assert_code(ticketd_available_count(shop->ticketd, shop->type.id, &available), TICKETD_OK);
    return available;
}

int shop_run(int arguments_count, char **arguments, const struct CMUnitTest *tests, size_t count) {
    on_sqlite = arguments_count > 1 && strcmp(arguments[1], "sqlite") == 0;
    return _cmocka_run_group_tests(arguments[0], tests, count, NULL, NULL);
}
