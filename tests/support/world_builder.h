/* world_builder.h - worlds for tests, in few words.
 *
 * Keeps one world as a store would: time moves by builder_at(), which ends a
 * batch and begins the next one with the rows of the last. Every decision goes
 * through builder_decide(), which holds what must hold whatever was asked: a
 * refusal changes nothing, counts are conserved, the log explains every count. */
#pragma once

#include "domain/decide.h"
#include "domain/limits.h"

enum {
    ANN = 1, /* people who buy: see builder_user() */
    BOB,
    CY,
    BUILDER_USERS_MAX = 8,
};

struct world_builder {
    struct arena arena;
    struct world world;
    struct caller caller; /* of the next command: the shop, until a test says otherwise */
    struct uuid event;    /* published; 19:00 is now, it ends at 23:00 */
    uint32_t ids_used;
    /* Every entry there ever was, oldest first. */
    struct audit_entry *log;
    size_t log_count, log_capacity;
};

/* A world at 19:00 on a day in November. */
void builder_open(struct world_builder *builder);
void builder_close(struct world_builder *builder);

/* 19:00 and so many seconds. */
struct instant builder_time(int64_t seconds);

/* Ends the batch; the next one begins then. May go back, as clocks do. */
void builder_at(struct world_builder *builder, int64_t seconds);

/* A type of `total` tickets at 25.00, born with its entry. */
struct uuid builder_type(struct world_builder *builder, const char *name, int32_t total);

/* The same person's id each time; 0: nobody. */
struct uuid builder_user(int number);

/* Callers. Each role has an actor of its own. */
struct caller builder_caller(enum role role);

struct uuid builder_id(struct world_builder *builder);

/* Decides as the caller and checks what must hold. */
struct outcome builder_decide(struct world_builder *builder, struct command command);

/* The usual requests. */
struct outcome builder_reserve(struct world_builder *builder, struct uuid type, int32_t quantity);
struct outcome builder_reserve_for(struct world_builder *builder, struct uuid type,
                                   int32_t quantity, int user);
struct outcome builder_cart(struct world_builder *builder, const struct item *items, size_t count);
struct outcome builder_replace(struct world_builder *builder, struct uuid cart,
                               const struct item *items, size_t count);
struct outcome builder_complete(struct world_builder *builder, struct target target,
                                const char *order_id);
struct outcome builder_release(struct world_builder *builder, struct target target);
struct outcome builder_extend(struct world_builder *builder, struct target target, int32_t seconds);
struct outcome builder_refund(struct world_builder *builder, struct target target, int32_t quantity,
                              enum disposition disposition);
struct outcome builder_sell(struct world_builder *builder, const struct item *items, size_t count,
                            enum channel channel);
struct outcome builder_open_shift(struct world_builder *builder, int64_t opening_cash);
struct outcome builder_close_shift(struct world_builder *builder, struct uuid shift,
                                   int64_t counted_cash);
struct outcome builder_adjust(struct world_builder *builder, struct uuid type, enum action action,
                              int32_t quantity);
struct outcome builder_archive(struct world_builder *builder, enum command_kind kind,
                               struct uuid id, bool archive);

/* What the outcome is about, as a target of the next request. */
struct target builder_line_of(const struct outcome *outcome);
struct target builder_cart_of(const struct outcome *outcome);

/* Rows as they stand. The pointer is good until the next builder_at(). */
struct ticket_type *builder_row(struct world_builder *builder, struct uuid type);
const struct reservation *builder_reservation(struct world_builder *builder, struct uuid id);

/* Fails the test where they differ. */
void builder_assert_counts(struct world_builder *builder, struct uuid type, int32_t total,
                           int32_t sold, int32_t reserved, const char *file, int line);
#define assert_counts(builder, type, total, sold, reserved)                                        \
    builder_assert_counts((builder), (type), (total), (sold), (reserved), __FILE__, __LINE__)

/* The nth entry from the end; 0 is the last one. */
const struct audit_entry *builder_entry(struct world_builder *builder, size_t from_the_end);
size_t builder_entries(struct world_builder *builder);
