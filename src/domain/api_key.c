/* Keys are made, used and revoked; the secret itself never comes here. */
#include "domain/decision.h"

static void answer_key(struct decision *decision, const struct world_api_key *key) {
    struct api_key *copy = arena_new(decision->world->arena, struct api_key);
    if (copy == NULL) {
        decision->spent = true;
        return;
    }
    *copy = key->row;
    decision->outcome->api_key = copy;
}

/* Else an admin of one event could make a key to all of them. Noting a use is the system's own. */
static bool may_give_rights(struct decision *decision) {
    if (decision->command->caller.events_count == 0) {
        return true;
    }
    decision_refuse(decision, VERDICT_EVENT_OUT_OF_SCOPE);
    return false;
}

static void create_key(struct decision *decision) {
    struct api_key row = decision->command->of.api_key.key; /* its id is part of the key shown */
    if (!may_give_rights(decision)) {
        return;
    }
    row.created_at = decision->world->now;
    row.last_used_at = row.revoked_at = INSTANT_NONE;
    struct world_api_key *key = world_add_api_key(decision->world, &row);
    if (key == NULL) {
        decision->spent = true;
        return;
    }
    key->state = ROW_NEW;
    answer_key(decision, key);
}

void decide_api_key(struct decision *decision) {
    if (decision->command->kind == COMMAND_KEY_CREATE) {
        create_key(decision);
        return;
    }
    const struct api_key *asked = &decision->command->of.api_key.key;
    struct world_api_key *key = world_api_key(decision->world, asked->id);
    if (key == NULL) {
        decision_refuse(decision, VERDICT_NOT_FOUND);
        return;
    }
    if (decision->command->kind == COMMAND_KEY_TOUCH) {
        key->row.last_used_at = instant_later(key->row.last_used_at, asked->last_used_at);
        row_changed(&key->state);
    } else if (!may_give_rights(decision)) {
        return;
    } else if (instant_is_none(key->row.revoked_at)) {
        key->row.revoked_at = decision->world->now;
        row_changed(&key->state);
    }
    answer_key(decision, key);
}
