/* commands_model_parts.h - what the files of the model share. */
#pragma once

#include "commands_model.h"

enum { MODEL_LIFE_MAX_SECONDS = 2 * 60 * 60, MODEL_MOST_TICKETS = 2147483647 };

/* R1, at `now`. */
int64_t model_available(const struct model *model, int type, struct instant now);

bool model_reaches(const struct caller *caller, struct uuid event);
bool model_is_archived(const struct model *model, int type);

/* A reason of the target's is absent or has no blanks. */
bool model_has_reason(struct text reason);
struct instant model_later(struct instant now, int64_t seconds);
bool model_lives_long_enough(int32_t seconds);

/* What is wanted of a type: in all, and more than is held already. */
struct model_wish {
    int type;
    int64_t quantity, more, price;
};

struct model_wishes {
    struct model_wish list[MODEL_TYPES];
    size_t count;
};

enum verdict model_gather(const struct model *model, const struct command *command,
                          struct items items, struct model_wishes *wishes);
enum verdict model_may_take(const struct model *model, const struct command *command,
                            const struct model_wishes *wishes, struct uuid user,
                            struct instant now);

struct model_verdict model_reserve(struct model *model, const struct command *command,
                                   struct instant now);
struct model_verdict model_sell(struct model *model, const struct command *command,
                                struct instant now);

/* R9, R12. */
enum verdict model_adjust(struct model *model, const struct command *command, struct instant now);
enum verdict model_change_type(struct model *model, const struct command *command);
enum verdict model_archive(struct model *model, const struct command *command);
enum verdict model_publish(struct model *model, const struct command *command);
