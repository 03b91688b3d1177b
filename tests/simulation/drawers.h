/* drawers.h - what each shift must have counted (R17): once as the log says it, once as the answers
 * do, in arithmetic of its own.
 *
 * A sale of an operator takes the shift that the answers before it left open. After commits of
 * which nobody was told, which shifts are open is read again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/audit_entry.h"
#include "domain/outcome.h"

enum { OPERATORS = 2, TENDERS = 3 };

struct truth;
struct trial;
struct request;

struct drawer_sum {
    int64_t sales, sold, refunded, gross, refunds;
};

struct drawer {
    struct uuid id;
    size_t owner;
    struct currency currency;
    int64_t opening_cash;
    bool is_closed; /* and whoever closed it was told, or it was read again */
    struct drawer_sum logged[TENDERS], answered[TENDERS];
    struct drawer *next; /* an older one */
};

struct drawers {
    struct drawer *newest;
    struct drawer *open[OPERATORS]; /* as the answers so far imply; or NULL */
};

/* By their ids one knows them. */
struct uuid drawer_operator(size_t index);
bool drawer_is_operator(struct uuid actor);

struct text drawer_tender(size_t index);

/* What an operator does says in its reason for which request it is. */
enum { DRAWER_REASON_SIZE = 32 };
struct text drawer_reason(uint64_t request, char reason[DRAWER_REASON_SIZE]);
uint64_t drawer_request(struct text reason);

/* An entry of the log; `begins` its request's effect. */
bool drawers_follow(struct truth *truth, const struct audit_entry *entry, bool begins);

/* The first grant of what an operator asked for, in the order of answers. */
void drawers_answered(struct trial *trial, const struct request *request,
                      const struct outcome *outcome);

/* Refused as there is one open, or as it is closed. */
void drawers_refused(struct trial *trial, const struct request *request, enum verdict verdict);

/* The batch is over; with `complete` all of it was answered. */
void drawers_end_batch(struct truth *truth, bool complete);

/* The store's rows against the log. */
void drawers_compare(struct truth *truth);
