/* tills.h - who opens and closes a shift, with what in the drawer: the same people that sell. */
#pragma once

#include "commands_choice.h"
#include "domain/outcome.h"
#include "simulation/random.h"

enum { TILLS_SHIFTS = 8, TILLS_KEY_SIZE = 24 };

struct tills {
    struct uuid shifts[TILLS_SHIFTS]; /* opened last */
    size_t opened;
    struct command last; /* that had a key, to be asked again */
    unsigned keys;
};

/* `key` is where the command's key is put; `event_id` stays where it is, whatever it becomes. */
void tills_choose(struct tills *tills, struct random *random, const struct uuid *event_id,
                  char key[TILLS_KEY_SIZE], struct command *command);

void tills_learn(struct tills *tills, const struct outcome *outcome);
