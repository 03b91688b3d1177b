/* commands_model.h - the rules once more, as docs/rules.md reads and in the slowest way.
 *
 * It keeps no count: reserved and sold are summed over everything that was ever
 * made, each time, and what has expired is whatever lies past its time. It
 * shares with domain/ the form of a command and the names of the verdicts, and
 * none of its code. */
#pragma once

#include "domain/outcome.h"

enum {
    MODEL_EVENTS = 2,
    MODEL_TYPES = 3,
    MODEL_THINGS_MAX = 512,
    MODEL_LINES_MAX = 3,
    MODEL_KEYS_MAX = 256,
    MODEL_TEXT_SIZE = 8,
};

struct model_event {
    struct uuid id;
    struct instant end;
    bool published, archived;
    int64_t version;
};

struct model_type {
    struct uuid id;
    int event;
    int64_t total, price, max_per_order, max_per_customer, version;
    struct instant sales_start, sales_end;
    bool archived;
};

/* A line holds nothing once it is `gone`: taken out of its cart. */
struct model_line {
    struct uuid id;
    int type;
    int64_t quantity, refunded, price;
    bool gone;
};

enum model_state { MODEL_HELD, MODEL_SOLD, MODEL_GIVEN_BACK };

/* A reservation, a cart, a sale. */
struct model_thing {
    struct uuid id, user, seller;
    bool is_cart;
    enum model_state state;
    struct instant made, expires, sold;
    char order[32];
    struct model_line lines[MODEL_LINES_MAX]; /* one for each type at the most that is not gone */
    struct model_line removed[16];
    size_t lines_count, removed_count;
};

struct model_key {
    struct uuid principal;
    char key[MODEL_TEXT_SIZE];
    uint8_t fingerprint[FINGERPRINT_SIZE];
};

struct model {
    struct model_event events[MODEL_EVENTS];
    struct model_type types[MODEL_TYPES];
    struct model_thing things[MODEL_THINGS_MAX];
    struct model_key keys[MODEL_KEYS_MAX];
    size_t things_count, keys_count;
};

struct model_verdict {
    enum verdict verdict;
    bool replayed;
    struct model_thing *thing; /* that was made, changed or read again; or NULL */
};

/* What must become of it at `now`, which never falls; granted, it is done. */
struct model_verdict model_decide(struct model *model, const struct command *command,
                                  struct instant now);

/* Takes over the ids of what was granted. A later command of the same batch may have gone on with
 * it: nothing but ids is learnt. */
void model_learn(const struct model *model, struct model_thing *thing,
                 const struct outcome *outcome);

/* Sums over all that there is. */
struct counts model_counts(const struct model *model, int type, struct instant now);

/* What the thing reads as. */
enum reservation_status model_status(const struct model_thing *thing, struct instant now);

int model_type_index(const struct model *model, struct uuid id); /* -1: none */
