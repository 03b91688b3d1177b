/* stage.h - where a scene is played: the same questions and answers, whatever answers them. */
#pragma once

#include "scenarios/scene.h"

enum { ANSWER_LOG_SIZE = 4096 };

/* "None" of a number in an answer. */
#define ANSWER_NONE INT64_MIN

/* A step with its names resolved to ids. */
struct question {
    const struct step *step;
    enum verb verb;
    enum role role;
    struct uuid user; /* or none */
    struct uuid id;   /* reservation, cart, ticket type or event */
    bool is_cart, is_event;
    struct uuid item_ids[SCENE_ITEMS_MAX]; /* ticket types; in a refund of a cart, its lines */
    int32_t item_quantities[SCENE_ITEMS_MAX];
    size_t items_count;
};

struct answer_line {
    struct uuid id, type;
    int64_t quantity, refunded, price;
};

struct answer {
    char verdict[SCENE_WORD_SIZE];
    bool replayed;
    struct uuid id; /* of what was made or is shown */
    bool is_cart;
    struct answer_line lines[SCENE_ITEMS_MAX];
    size_t lines_count;
    char status[SCENE_WORD_SIZE], order[SCENE_WORD_SIZE], pointer[SCENE_WORD_SIZE];
    char log[ANSWER_LOG_SIZE]; /* "increase 2, reserve 2" */
    struct instant expires, when, next_expiry;
    int64_t remaining, requested, available, reserved, sold, total, initial, shortfall, limit, has,
        left, released, gives;
};

/* No fact at all. */
struct answer answer_none(void);

/* "granted", or the code of a problem with its everyday name. */
void answer_verdict(struct answer *answer, const char *code);

/* Appends an entry to the log's text. */
void answer_log_entry(struct answer *answer, const char *action, int64_t quantity);

struct stage {
    const char *name;
    void (*close)(struct stage *stage);
    /* Steps the clock by which everything is decided. */
    void (*set_time)(struct stage *stage, struct instant now);
    void (*ask)(struct stage *stage, const struct question *question, struct answer *answer);
};

/* Domain, executor and store; `url` names a fresh database, NULL: one in memory. */
struct stage *stage_core_open(const char *url);

/* The whole of it over loopback HTTP: routes, executor, store; NULL: SQLite in a file. */
struct stage *stage_http_open(const char *url);

/* An actor for each role, and the name that a role has. */
struct uuid stage_actor(enum role role);
