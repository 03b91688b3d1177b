/* scene.h - a scene's text as a list of steps, or the line where it stops making sense.
 *
 *     at 19:00   reserve ann 2 stalls for 10m   ->  granted   expires 19:10
 *
 * A step is what is asked (a verb, who or what it is about, particulars) and what is expected (a
 * verdict, then facts by name). README.md lists the words. Knows nothing of how it is played. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "domain/access.h"

enum {
    SCENE_STEPS_MAX = 200,
    SCENE_WORD_SIZE = 64,
    SCENE_ITEMS_MAX = 50,
    SCENE_FACTS_MAX = 16,
    SCENE_TEXT_SIZE = 512,
};

enum verb {
    VERB_EVENT, /* opens an event, with tickets of its name */
    VERB_TICKETS,
    VERB_RESERVE,
    VERB_CART,
    VERB_CHANGE,
    VERB_COMPLETE,
    VERB_RELEASE,
    VERB_EXTEND,
    VERB_REFUND,
    VERB_SELL,
    VERB_INCREASE,
    VERB_DECREASE,
    VERB_SET,
    VERB_ARCHIVE,
    VERB_UNARCHIVE,
    VERB_RELEASE_EXPIRED,
    VERB_SHOW,
    VERB_COUNTS,
    VERB_EXPLAIN,
    VERB_LOG,
};

/* What a verb's first word names. */
enum subject { SUBJECT_NONE, SUBJECT_NEW_NAME, SUBJECT_BUYER, SUBJECT_HANDLE, SUBJECT_TYPE };

struct scene_item {
    char type[SCENE_WORD_SIZE]; /* empty: the only one there is */
    int32_t quantity;
};

/* Settings that a step gives; the others are left alone. */
enum scene_setting {
    GIVES_PRICE = 1 << 0,
    GIVES_SALES_START = 1 << 1,
    GIVES_SALES_END = 1 << 2,
    GIVES_MAX_PER_ORDER = 1 << 3,
    GIVES_MAX_PER_CUSTOMER = 1 << 4,
    GIVES_PUBLISHED = 1 << 5,
    GIVES_STARTS = 1 << 6,
    GIVES_ENDS = 1 << 7,
};

struct scene_settings {
    unsigned gives;
    int64_t price;
    struct instant sales_start, sales_end, starts, ends;
    int32_t max_per_order, max_per_customer;
    bool published;
};

struct scene_expectation {
    char name[SCENE_WORD_SIZE], value[SCENE_TEXT_SIZE];
};

struct step {
    int line;
    struct instant at;
    enum verb verb;
    enum role role;
    char subject[SCENE_WORD_SIZE]; /* buyer, handle, type or event */
    char part[SCENE_WORD_SIZE];    /* "ann.stalls": the line of that type */
    char called[SCENE_WORD_SIZE];  /* what the answer is known as from here on */
    struct scene_item items[SCENE_ITEMS_MAX];
    size_t items_count;
    int32_t seconds;
    char order_id[SCENE_WORD_SIZE], channel[SCENE_WORD_SIZE], tender[SCENE_WORD_SIZE];
    char reason[SCENE_TEXT_SIZE], key[SCENE_WORD_SIZE];
    bool has_reason, for_nobody, refuse_if_expired, is_void;
    int64_t expected_total;  /* -1: not given */
    struct instant asked_at; /* of explain */
    struct scene_settings settings;
    char verdict[SCENE_WORD_SIZE];
    struct scene_expectation expected[SCENE_FACTS_MAX];
    size_t expected_count;
};

struct scene {
    const char *path;
    struct step steps[SCENE_STEPS_MAX];
    size_t steps_count;
    char complaint[1024]; /* "path:line: what is wrong" */
};

/* False: it cannot be read, and complaint says why. */
bool scene_read(struct scene *scene, const char *path);

/* The kinds of fact that may be expected, and how they are written. */
enum fact_kind {
    FACT_NUMBER,
    FACT_TIME,
    FACT_DURATION,
    FACT_MONEY,
    FACT_WORD,
    FACT_FLAG,
    FACT_ITEMS
};

struct fact_word {
    const char *name;
    enum fact_kind kind;
};

/* NULL: there is no such fact. */
const struct fact_word *fact_word(const char *name);

/* "19:10", "19:10:30" on the scene's day; false: it is no time. */
bool scene_time(const char *word, struct instant *at);
/* "90s", "10m", "2h". */
bool scene_duration(const char *word, int64_t *seconds);
/* "25.00". */
bool scene_money(const char *word, int64_t *minor_units);
