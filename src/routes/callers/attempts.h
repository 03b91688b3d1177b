/* attempts.h - does someone try out passwords?
 *
 * What fails is counted, for each account (known or not) and each address: a few may fail at once,
 * then one every so often. What succeeds is given back, so that nobody is kept out by coming in
 * often. A table of fixed size; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum {
    ATTEMPTS_OF_ACCOUNT = 10, /* at once */
    ATTEMPT_OF_ACCOUNT_EVERY_SECONDS = 30,
    ATTEMPTS_OF_ADDRESS = 50,
    ATTEMPT_OF_ADDRESS_EVERY_SECONDS = 6,
};

enum attempt_kind { ATTEMPT_OF_ACCOUNT, ATTEMPT_OF_ADDRESS };

struct attempts;

struct attempts *attempts_create(void); /* NULL: no memory */
void attempts_destroy(struct attempts *attempts);

/* 0: it may be tried, and is counted. Else the seconds until it may. */
unsigned attempts_take(struct attempts *attempts, enum attempt_kind kind, struct text name,
                       int64_t now_us);

/* It did not fail after all. */
void attempts_give_back(struct attempts *attempts, enum attempt_kind kind, struct text name);
