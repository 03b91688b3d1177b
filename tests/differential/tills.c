#include "tills.h"

#include <stdio.h>

/* Also one who may not, and now and then the system itself, which stands at no till. */
static struct caller some_caller(struct random *random, const struct uuid *event_id) {
    static const enum role roles[] = {ROLE_BOX_OFFICE, ROLE_BOX_OFFICE, ROLE_EVENT_MANAGER,
                                      ROLE_ADMIN,      ROLE_BOX_OFFICE, ROLE_CHECKOUT};
    struct caller caller = {.role = roles[random_below(random, 6)]};
    caller.actor = (struct actor){ACTOR_KEY, choice_person(10 + (unsigned)caller.role)};
    if (random_chance(random, 200)) {
        caller.events = event_id;
        caller.events_count = 1;
    }
    if (random_chance(random, 20)) {
        caller.actor = ACTOR_NONE;
    }
    return caller;
}

static void choose_opening(struct random *random, struct command *command) {
    static const char *const terminals[] = {"Door", "B\u00fchne 2", "'; --", "x"};
    static const struct currency currencies[] = {{"EUR"}, {"EUR"}, {"USD"}, {"JPY"}};
    command->kind = COMMAND_SHIFT_OPEN;
    command->of.shift.shift = (struct shift){
        .terminal = text_of(terminals[random_below(random, 4)]),
        .currency = currencies[random_below(random, 4)],
        .opening_cash =
            random_chance(random, 50) ? SHIFT_MONEY_MAX : random_between(random, 0, 50000)};
}

/* The newer the likelier; also one that is closed, one that is another's, and one that never was.
 */
static void choose_closing(const struct tills *tills, struct random *random,
                           struct command *command) {
    static const char *const notes[] = {NULL, "", "two coins fell\r\nunder the till", "\u20ac"};
    uint32_t back = random_below(random, 1 + random_below(random, TILLS_SHIFTS));
    bool exists = back < tills->opened && !random_chance(random, 30);
    command->kind = COMMAND_SHIFT_CLOSE;
    command->of.shift.shift = (struct shift){
        .id = exists ? tills->shifts[(tills->opened - 1 - back) % TILLS_SHIFTS] : choice_person(96),
        .counted_cash = random_between(random, 0, 90000),
        .note = text_of(notes[random_below(random, 4)])};
}

static void repeat_last(const struct tills *tills, char key[TILLS_KEY_SIZE],
                        struct command *command) {
    *command = tills->last;
    snprintf(key, TILLS_KEY_SIZE, "shift-%u", tills->keys);
    command->idempotency.key = text_of(key);
}

void tills_choose(struct tills *tills, struct random *random, const struct uuid *event_id,
                  char key[TILLS_KEY_SIZE], struct command *command) {
    if (tills->keys > 0 && random_chance(random, 100)) {
        repeat_last(tills, key, command);
        return;
    }
    command->caller = some_caller(random, event_id);
    if (random_chance(random, 500)) {
        choose_opening(random, command);
    } else {
        choose_closing(tills, random, command);
    }
    if (random_chance(random, 500)) {
        tills->last = *command;
        tills->last.idempotency.principal = choice_person(31);
        tills->keys++;
        memcpy(tills->last.idempotency.fingerprint, &tills->keys, sizeof tills->keys);
        repeat_last(tills, key, command);
    }
}

void tills_learn(struct tills *tills, const struct outcome *outcome) {
    if (outcome->kind == COMMAND_SHIFT_OPEN && outcome->shift != NULL && !outcome->replayed) {
        tills->shifts[tills->opened++ % TILLS_SHIFTS] = outcome->shift->row.id;
    }
}
