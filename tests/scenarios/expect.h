/* expect.h - is the answer what the scene expects? */
#pragma once

#include "scenarios/stage.h"

/* Names of tickets by their ids, to write lines as a scene does. */
struct type_names {
    struct {
        struct uuid id;
        char name[SCENE_WORD_SIZE];
    } list[SCENE_ITEMS_MAX];
    size_t count;
};

/* False: it is not, and `complaint` says what was expected and what was got. */
bool expect(const struct step *step, const struct answer *answer, const struct type_names *names,
            char *complaint, size_t size);
