/* script.h - what everybody asks for, batch after batch: the same for the same seed.
 *
 * In rounds: each makes two events with three ticket types and then goes on
 * with them for some hundred commands, good ones and bad ones, retries among
 * them. What can be asked for follows from the rules' slow model (tests/fuzz),
 * which learns ids from the answers of one house. */
#pragma once

#include "commands_choice.h"
#include "house.h"
#include "office.h"
#include "simulation/random.h"
#include "tills.h"

enum { CHOICE_BYTES = 96, KEY_SIZE = TILLS_KEY_SIZE, ORDER_SIZE = 24 };

/* What an answer is for. */
enum purpose { PURPOSE_EVENT, PURPOSE_TYPE, PURPOSE_THING, PURPOSE_OFFICE, PURPOSE_TILL };

struct sent {
    struct command command;
    struct item items[CHOICE_ITEMS_MAX];
    char key[KEY_SIZE], order[ORDER_SIZE];
    enum purpose purpose;
    size_t slot;               /* of the model's event or type, or of the office */
    struct model_thing *thing; /* of the model, that the answer is about; or NULL */
};

enum script_stage { STAGE_EVENTS, STAGE_TYPES, STAGE_COMMANDS };

struct script {
    struct random random;
    struct instant now;
    struct model model;
    struct office office;
    struct tills tills;
    struct sent batch[HOUSE_BATCH_MAX], last; /* last: the one with a key, to be repeated */
    size_t count;                             /* of the batch */
    enum script_stage stage;
    uint64_t rounds, commands_of_round, commands;
    struct instant round_began;
    uint8_t bytes[CHOICE_BYTES];
    struct choice choice;
};

void script_init(struct script *script, uint64_t seed);

/* Lets some time pass and chooses the next batch. */
void script_next(struct script *script);

/* The name of an order as this round has it: a shop numbers its orders. */
void script_order(const struct script *script, const char *name, char order[ORDER_SIZE]);

/* What a house said to script->batch[index], in the order of its answers. */
void script_learn(struct script *script, size_t index, const struct outcome *outcome);
