/* attempts.h - does someone try out passwords?
 *
 * What fails is counted: for each account (known or not) at each address, for each account
 * wherever it comes from, and for each address. A few may fail at once, then one every so often.
 * Attempts with a browser that the person has used before (browser.h) are counted for that browser
 * alone. So whoever tries out passwords keeps the owner of an account out neither where the owner
 * has been before nor, alone, anywhere else. What succeeds is given back, so that nobody is kept
 * out by coming in often. A table of fixed size; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum {
    ATTEMPTS_OF_PLACE = 10, /* at once: of an account at one address, or with one browser */
    ATTEMPT_OF_PLACE_EVERY_SECONDS = 30,
    ATTEMPTS_OF_ACCOUNT = 50,
    ATTEMPT_OF_ACCOUNT_EVERY_SECONDS = 20,
    ATTEMPTS_OF_ADDRESS = 50,
    ATTEMPT_OF_ADDRESS_EVERY_SECONDS = 6,
};

enum attempt_kind { ATTEMPT_OF_PLACE, ATTEMPT_OF_ACCOUNT, ATTEMPT_OF_ADDRESS };

struct attempts;

struct attempts *attempts_create(void); /* NULL: no memory */
void attempts_destroy(struct attempts *attempts);

/* 0: it may be tried, and is counted. Else the seconds until it may. */
unsigned attempts_take(struct attempts *attempts, enum attempt_kind kind, struct text name,
                       int64_t now_us);

/* It did not fail after all. */
void attempts_give_back(struct attempts *attempts, enum attempt_kind kind, struct text name);
