/* till.h - commands, decided and written as the executor does it, one batch at a time. */
#pragma once

#include "domain/decide.h"
#include "store/store.h"

struct till {
    struct store_writer *writer; /* the caller's */
    struct caller caller;
    struct arena arena;
    struct keys keys;
    struct world world;
    struct witness witness; /* of the last batch: for settling */
    struct failure failure;
};

void till_open(struct till *till, struct store_writer *writer);
void till_close(struct till *till);

/* Load, decide, persist. Outcomes live until the next batch and count only with ERROR_NONE. */
enum error till_batch(struct till *till, struct command *commands, size_t count,
                      struct outcome *outcomes);

/* A batch of one, which must be granted. */
struct outcome till_do(struct till *till, struct command command);

/* Commands; a key that is NULL: none. Items are the caller's. */
struct command till_event(struct till *till, const char *name);
struct command till_type(struct till *till, struct uuid event_id, int32_t initial);
struct command till_reserve(struct till *till, const struct item *item, int32_t seconds,
                            const char *key);
struct command till_cart(struct till *till, const struct item *items, size_t count);
struct command till_complete(struct till *till, struct uuid id, bool is_cart, const char *order);
struct command till_release(struct till *till, struct uuid id, bool is_cart);
struct command till_refund(struct till *till, struct uuid id, int32_t quantity);
struct command till_sell(struct till *till, const struct item *items, size_t count);
/* The caller's shift, in euros. */
struct command till_open_shift(struct till *till, int64_t opening_cash);
struct command till_close_shift(struct till *till, struct uuid id, int64_t counted_cash);
struct command till_increase(struct till *till, struct uuid type_id, int32_t quantity);
struct command till_sweep(struct till *till, struct uuid type_id);
