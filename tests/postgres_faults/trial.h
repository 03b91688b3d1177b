/* trial.h - servers over one database, a shop that buys from them, and what it comes to.
 *
 * What breaks in between is the test's own business. Whatever cannot be set up ends the test. */
#pragma once

#include "postgres_faults/shop.h"
#include "process/process.h"

enum { ANSWER_SIZE = 64 * 1024 };

struct trial_options {
    const char *database;                 /* empty; of its owner, without anything in between */
    const char *served[SHOP_SERVERS_MAX]; /* what each server is given; NULL: there is none */
    unsigned buyers, passers_by;
    bool are_blind;
};

struct trial {
    char folder[FOLDER_SIZE], journal[FOLDER_SIZE + 16];
    char key[256];
    const char *database;
    struct server *servers[SHOP_SERVERS_MAX];
    struct uuid types[TYPES]; /* of two events: plenty of the first, few of the second */
    struct shop *shop;
};

/* Says why, with what the servers logged, and ends the test. */
_Noreturn void give_up(const char *what, const char *why);

/* Migrates the database, starts the servers, opens the shop; it has sold before this returns. */
void trial_open(struct trial *trial, const struct trial_options *options);

/* One request to a server, on a connection of its own: the status, 0 for no answer. Head and body
 * of the answer go into `answer`. */
int trial_ask(const struct trial *trial, unsigned server, const char *method, const char *path,
              char answer[ANSWER_SIZE]);

/* Waits until the server decides about both ticket types again; else ends the test. */
void trial_await(const struct trial *trial, unsigned server, int timeout_ms);

struct trial_result {
    struct shop_figures figures;
    struct shop_reckoning reckoning;
    bool is_verified;
    uint64_t settled; /* COMMITs whose fate the servers had to ask for */
};

/* Everything is well again: stops the shop, reckons, verifies, stops the servers. */
struct trial_result trial_close(struct trial *trial);

bool trial_is_clean(const struct trial_result *result);

/* One line of figures. */
void trial_print(const char *title, const struct trial_result *result);
