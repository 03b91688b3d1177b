#include "scenarios/stage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct answer answer_none(void) {
    return (struct answer){
        .expires = INSTANT_NONE,
        .when = INSTANT_NONE,
        .next_expiry = INSTANT_NONE,
        .remaining = ANSWER_NONE,
        .requested = ANSWER_NONE,
        .available = ANSWER_NONE,
        .reserved = ANSWER_NONE,
        .sold = ANSWER_NONE,
        .total = ANSWER_NONE,
        .initial = ANSWER_NONE,
        .shortfall = ANSWER_NONE,
        .limit = ANSWER_NONE,
        .has = ANSWER_NONE,
        .left = ANSWER_NONE,
        .released = ANSWER_NONE,
        .gives = ANSWER_NONE,
    };
}

void answer_verdict(struct answer *answer, const char *code) {
    const char *word = strcmp(code, "insufficient_inventory") == 0 ? "sold_out"
                       : strcmp(code, "validation_failed") == 0    ? "invalid"
                                                                   : code;
    snprintf(answer->verdict, sizeof answer->verdict, "%s", word);
}

void answer_log_entry(struct answer *answer, const char *action, int64_t quantity) {
    size_t used = strlen(answer->log);
    snprintf(answer->log + used, sizeof answer->log - used, "%s%s %" PRId64, used == 0 ? "" : ", ",
             action, quantity);
}

struct uuid stage_actor(enum role role) {
    return (struct uuid){{0x01, 0x9a, 0xac, 0, 0, 0, 0x70, 0, 0x80, [15] = (uint8_t)role}};
}
