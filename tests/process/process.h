/* process.h - ticketd as a process of its own, for tests: run to its end, or served and killed. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum { OUTPUT_SIZE = 64 * 1024, WORDS_MAX = 40, FOLDER_SIZE = 64 };

/* The program under test: $TICKETD. */
const char *ticketd_binary(void);

struct finished {
    int code; /* the exit code, or 128 + the signal */
    char out[OUTPUT_SIZE], err[OUTPUT_SIZE];
};

/* Runs `ticketd` with these words (NULL at the end) and waits for it, at most a minute; then it
 * is killed. Environment variables of ours (TICKETD_…) are not passed on but for `settings`:
 * "NAME=value" words, NULL at the end, or NULL. */
void ticketd_run(struct finished *finished, const char *const *words, const char *const *settings);

#define TICKETD(finished, ...)                                                                     \
    ticketd_run((finished), (const char *const[]){__VA_ARGS__, NULL}, NULL)

/* A folder in $TMPDIR or /tmp, and its removal with all that is in it (files only). */
void folder_make(char folder[FOLDER_SIZE]);
void folder_remove(const char *folder);

struct server;

/* `ticketd SUBCOMMAND --database DATABASE --listen 127.0.0.1:0 WORDS…`, once it listens; NULL if
 * it ended instead, with its log on stderr. `words` ends with NULL, or is NULL. */
struct server *server_start_as(const char *subcommand, const char *database,
                               const char *const *words);

/* The same where ending is one of the answers: then NULL, with its log and its exit code. */
struct server *server_try_start(const char *subcommand, const char *database,
                                const char *const *words, char log[OUTPUT_SIZE], int *code);

/* `ticketd serve` so. */
struct server *server_start(const char *database);

/* Waits until its log has this text; false: it ended without. */
bool server_await(struct server *server, const char *text);

/* "http://127.0.0.1:PORT" */
const char *server_url(const struct server *server);
long server_pid(const struct server *server);

void server_signal(struct server *server, int number);

/* Waits until it has ended, frees `server`, and gives the exit code, or 128 + the signal. Its log
 * goes into `log` where that is not NULL. */
int server_wait(struct server *server, char log[OUTPUT_SIZE]);
