/* postgres_program.h - PostgreSQL's programs, run by a user whom they accept. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/failure.h"

enum { PROGRAM_PATH_SIZE = 256, PROGRAM_WORDS_MAX = 40 };

/* Where they are: $TICKETD_POSTGRES_BIN, or the newest below /usr/lib/postgresql. */
MUST_USE enum error postgres_program(const char *name, char path[PROGRAM_PATH_SIZE],
                                     struct failure *failure);

/* Root's folder becomes that of the user who runs the programs. */
MUST_USE enum error postgres_program_give(const char *folder, struct failure *failure);

/* Starts words[0] with `words` (NULL at the end): in a session of its own, so that no Ctrl-C
 * reaches it, its output appended to the file `log`. When the calling thread is gone it gets
 * `last_signal`.
 */
MUST_USE enum error postgres_program_start(const char *const *words, const char *log,
                                           int last_signal, pid_t *pid, struct failure *failure);

/* Runs it to its end; what it last said goes into the failure. */
MUST_USE enum error postgres_program_run(const char *const *words, const char *log,
                                         struct failure *failure);

/* The last line that complains in a log, or its last line. */
void postgres_program_last_words(const char *log, char *line, size_t size);
