/* batch.h - one database transaction's worth of commands, and its only safe order. */
#pragma once

#include "domain/keys.h"
#include "domain/world.h"
#include "executor/lane.h"

/* One run of some commands. Its rows live in the lane's arena until the next one begins. */
struct batch {
    struct lane *lane;
    struct submission **list; /* in the order in which they were accepted */
    size_t count;
    struct world world;
    struct outcome *outcomes; /* one for each command */
    bool *waits;              /* the command is not decided: it goes back to the line */
    bool committed;           /* false as well where there was nothing to write */
    struct failure failure;
};

/* The life of every write, in the only order that is safe:
 *
 *     load -> decide -> persist -> reply
 *
 * Replies leave last: nobody is told "yes" about tickets a crash could take
 * back. Each command is answered, or waits in the lane again. */
void lane_run_batch(struct lane *lane, struct submission **list, size_t count);
