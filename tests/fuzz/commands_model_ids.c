/* What the model cannot know by itself: the ids that were given. */
#include <stdlib.h>

#include "commands_model.h"

static const struct reservation *line_of_type(const struct outcome *outcome, struct uuid type) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        if (uuid_equals(outcome->lines[i].ticket_type_id, type)) {
            return &outcome->lines[i];
        }
    }
    return NULL;
}

static int by_id(const void *a, const void *b) {
    return uuid_compare(((const struct model_line *)a)->id, ((const struct model_line *)b)->id);
}

void model_learn(const struct model *model, struct model_thing *thing,
                 const struct outcome *outcome) {
    if (outcome->cart != NULL) {
        thing->id = outcome->cart->id;
    } else if (!thing->is_cart) {
        thing->id = outcome->lines[0].id;
    }
    for (size_t i = 0; i < thing->lines_count; i++) {
        struct model_line *line = &thing->lines[i];
        const struct reservation *got = line_of_type(outcome, model->types[line->type].id);
        if (got != NULL) {
            line->id = got->id;
        }
    }
    qsort(thing->lines, thing->lines_count, sizeof *thing->lines, by_id);
}
