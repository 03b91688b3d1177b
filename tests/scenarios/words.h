/* words.h - the words of one line, taken one after the other; the first one that makes no sense is
 * what is complained of. */
#pragma once

#include "scenarios/scene.h"

enum { WORDS_MAX = 80 };

struct words {
    struct scene *scene; /* gets the complaint */
    int line;
    char list[WORDS_MAX][SCENE_TEXT_SIZE];
    bool quoted[WORDS_MAX];
    size_t count, at; /* at: the next one */
    bool failed;
};

/* Only the first complaint is kept. */
void words_complain(struct words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Up to the end or a remark (#); "quoted words" are one. */
void words_split(struct words *words, const char *text);

/* "" at the end. */
const char *words_peek(const struct words *words);

bool words_are_over(const struct words *words);
bool words_next_is(const struct words *words, const char *word);

/* Takes it if it is the next one. */
bool words_take(struct words *words, const char *word);

/* The next word, whatever it is; `what` is said to be missing where there is none. */
void words_take_any(struct words *words, char *to, size_t size, const char *what);
int64_t words_take_number(struct words *words, const char *what);
struct instant words_take_time(struct words *words, const char *what);
int64_t words_take_money(struct words *words, const char *what);
int32_t words_take_duration(struct words *words);

void words_copy(struct words *words, char *to, size_t size, const char *word);
bool words_parse_number(const char *word, int64_t *number);
