/* fixture.h - a folder with a database for each test, and what tests do to it again and again. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "process/process.h"

enum { NAME_SIZE = 128 };

extern struct finished finished;                        /* of the last program that ran */
extern char folder[FOLDER_SIZE], file[FOLDER_SIZE + 8]; /* FOLDER/t.db */
extern char database[FOLDER_SIZE + 16];                 /* sqlite:FOLDER/t.db */

#define assert_says(text, part) assert_non_null(strstr((text), (part)))

#define assert_runs(...)                                                                           \
    do {                                                                                           \
        TICKETD(&finished, __VA_ARGS__);                                                           \
        if (finished.code != 0) {                                                                  \
            fail_msg("exit code %d: %s%s", finished.code, finished.out, finished.err);             \
        }                                                                                          \
    } while (0)

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int make_folder(void **state);
int remove_folder(void **state);

/* The first line of what was printed. */
void take_line(char line[NAME_SIZE]);

/* By `ticketd key create`, which must print it alone. */
void make_key(const char *role, char key[NAME_SIZE]);

/* 120 tickets, by `ticketd event`. */
void make_event_with_tickets(char event_id[NAME_SIZE], char type_id[NAME_SIZE]);

/* Of a GET; `key` may be NULL. */
int status_of(const char *url, const char *key, const char *path);

/* SIGTERM, and exit code 0. */
void stop_politely(struct server *server);
