/* commands_choice.h - bytes as commands: each byte chooses among a few values, good ones and bad
 * ones. Bytes that have run out are zeroes. */
#pragma once

#include "commands_model.h"

enum { CHOICE_ITEMS_MAX = 3 };

struct choice {
    const uint8_t *at, *end;
    struct instant now;
    const struct model *model; /* what there is to be asked for */
};

uint8_t choice_next(struct choice *choice);

/* The nth of a list, by the next byte. */
#define CHOOSE(choice, list) ((list)[choice_next(choice) % (sizeof(list) / sizeof *(list))])

/* Without an idempotency key. Its items are put where `items` says. */
void choose_command(struct choice *choice, struct item items[CHOICE_ITEMS_MAX],
                    struct command *command);

/* The same id for the same number; 0: none. */
struct uuid choice_person(unsigned number);
