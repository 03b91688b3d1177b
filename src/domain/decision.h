/* decision.h - one decision under way: what every kind of command needs while it is decided.
 *
 * Private to domain/. A decision first checks everything, then changes the
 * world; decision_refuse() after the first change would be a bug. */
#pragma once

#include "domain/limits.h"
#include "domain/outcome.h"
#include "domain/world.h"

struct decision {
    struct world *world;
    const struct command *command;
    struct outcome *outcome;
    uint32_t ids_used;
    bool spent; /* the arena: the whole batch is to be thrown away */
};

/* The next fresh id, in the lane of `event` (NULL: in none). */
struct uuid decision_id(struct decision *decision, const struct world_event *event);

/* Sets the verdict and returns the facts to be filled in. */
struct facts *decision_refuse(struct decision *decision, enum verdict verdict);

/* VERDICT_VALIDATION_FAILED at a JSON pointer. */
void decision_invalid(struct decision *decision, struct text pointer, const char *detail);

/* decision_invalid at "/items/<index>/<member>", or at "/<member>" in a command of one item. */
void decision_invalid_item(struct decision *decision, size_t index, const char *member,
                           const char *detail);

/* The type is there, sound, and within the caller's reach; else refuses and returns NULL. */
struct world_type *decision_type(struct decision *decision, struct uuid id);

/* Trimmed, between the lengths of R9; where it is absent, only if that is allowed. Refuses else. */
bool decision_reason(struct decision *decision, struct text reason, bool required,
                     struct text *trimmed);

/* The order id as the store keeps it, an absent one too. Where its column holds uuids, one that is
 * none is refused. */
bool decision_order_id(struct decision *decision, struct text asked, struct text *order_id);

/* What a target means: a reservation alone, or a cart with the lines it still has. */
struct lines {
    struct world_cart *cart; /* or NULL */
    struct world_reservation *list[CART_LINES_MAX];
    size_t count;
    enum reservation_status status; /* at the batch's time */
    struct instant expires_at, created_at;
    struct text order_id;
    struct uuid event_id;
};

/* Finds them within the caller's reach, their types sound; else refuses and returns false. A single
 * line of a cart is refused where `whole_only`. */
bool decision_lines(struct decision *decision, struct target target, bool whole_only,
                    struct lines *lines);

/* updated_at, and persist will write it. */
void decision_touch_line(struct decision *decision, struct world_reservation *line);
void decision_touch_cart(struct decision *decision, struct world_cart *cart);

/* The refusal that fits a status in which an active reservation was needed. */
void decision_refuse_status(struct decision *decision, const struct lines *lines);

/* Puts what the target now is into the outcome. */
void decision_answer_lines(struct decision *decision, const struct lines *lines);
void decision_answer_cart(struct decision *decision, const struct world_cart *cart);
void decision_answer_reservation(struct decision *decision,
                                 const struct world_reservation *reservation);
void decision_answer_type(struct decision *decision, const struct world_type *type);

/* The kinds of command, each checked whole before it changes anything. */
void decide_reserve(struct decision *decision); /* a reservation or a new cart */
void decide_cart_replace(struct decision *decision);
void decide_complete(struct decision *decision);
void decide_release(struct decision *decision);
void decide_extend(struct decision *decision);
void decide_refund(struct decision *decision);
void decide_sell(struct decision *decision);
void decide_adjust(struct decision *decision);
void decide_venue(struct decision *decision); /* made or changed; likewise the next two */
void decide_event(struct decision *decision);
void decide_type(struct decision *decision);
void decide_archive(struct decision *decision); /* of all three, and back */
void decide_api_key(struct decision *decision);
void decide_staff(struct decision *decision);
void decide_session(struct decision *decision);
void decide_shift(struct decision *decision);
