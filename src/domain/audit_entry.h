/* audit_entry.h - one line of the log that rebuilds every count (R10, R11).
 *
 * Entries of one ticket type are numbered without a gap, each starts where the
 * last one ended, and each carries a hash over itself and the one before. */
#pragma once

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/actor.h"
#include "domain/counts.h"
#include "domain/reservation.h"
#include "domain/ticket_type.h"

enum action {
    ACTION_INCREASE = 1,
    ACTION_DECREASE,
    ACTION_RESERVE,
    ACTION_RELEASE,
    ACTION_SALE,
    ACTION_REFUND,
};

enum disposition { DISPOSITION_NONE, DISPOSITION_RETURN, DISPOSITION_VOID };

struct audit_entry {
    struct uuid id, event_id, ticket_type_id;
    struct uuid user_id, reservation_id, shift_id; /* or none */
    int64_t seq;
    enum action action;
    int32_t quantity;                     /* always >= 1 */
    struct counts previous, now;          /* previous_* and new_* columns */
    struct text reason, order_id, tender; /* or absent */
    struct instant created_at;
    struct instant effective_at; /* expiry: expires_at; else none */
    struct actor actor;
    enum disposition disposition;
    enum channel channel;
    struct chain_hash chain_hash;
};

/* The hash of `entry` (its own chain_hash is not read) after `previous`. */
struct chain_hash audit_entry_hash(const struct audit_entry *entry,
                                   const struct chain_hash *previous);

/* What is wrong with `entry` as the next of `type` (its seq, where it starts, its delta,
 * its time, its hash), as a sentence; NULL when all is well. Changes nothing. */
const char *audit_entry_fault(const struct audit_entry *entry, const struct ticket_type *type);

struct text action_name(enum action action);
bool action_parse(struct text name, enum action *action);
struct text disposition_name(enum disposition disposition); /* absent for none */
bool disposition_parse(struct text name, enum disposition *disposition);
