/* ledger.h - the one place where a count moves, and the entry that says so (R10).
 *
 * Private to domain/. Conservation is ensured here, after every change. */
#pragma once

#include "domain/decision.h"

struct posting {
    enum action action;
    int32_t quantity;
    struct counts_delta delta;
    struct uuid id; /* of the entry */
    struct actor actor;
    struct uuid user_id;             /* or none */
    struct text reason;              /* or absent */
    struct instant effective_at;     /* or none */
    const struct reservation *about; /* its id, order, channel, tender and shift; or NULL */
    enum disposition disposition;
};

/* Moves the counts of `type` and appends the entry to the world. The caller has checked that the
 * counts allow it. NULL: the arena is spent. */
struct audit_entry *ledger_post(struct world *world, struct world_type *type,
                                const struct posting *posting);

/* ledger_post for a command's own doing: fresh id, its caller as actor, the person it acts for or
 * the reservation's user. A spent arena is kept in the decision. */
struct audit_entry *ledger_record(struct decision *decision, struct world_type *type,
                                  struct posting posting);

/* R15: what a customer has of a type, where that is watched. */
void ledger_customer(struct world *world, const struct reservation *reservation, int64_t delta);
