/* drawer.h - into which shift do a sale and a refund go, and what does it count then? (R17)
 *
 * Private to domain/. A sale or a refund takes the open shift of whoever does it, where that is of
 * the event's currency. */
#pragma once

#include "domain/decision.h"

/* Money that is taken or given back by one command: one tender. */
struct drawer_entry {
    struct text tender; /* or absent */
    int64_t quantity, amount;
};

/* The caller's open shift for an event of this currency; NULL: there is none, or it is no command
 * of a till. */
struct world_shift *drawer_shift(const struct decision *decision, struct currency currency);

/* It can count this, too; else refuses. `shift` may be NULL: nothing is counted. */
bool drawer_takes(struct decision *decision, const struct world_shift *shift,
                  struct drawer_entry entry);

/* Counts one order, or a refund; drawer_takes() was asked before. */
void drawer_sell(struct decision *decision, struct world_shift *shift, struct drawer_entry entry);
void drawer_refund(struct decision *decision, struct world_shift *shift, struct drawer_entry entry);
