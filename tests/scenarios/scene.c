#include "scenarios/words.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 1024 };

/* --- what is asked ------------------------------------------------------------------ */

static const struct verb_word {
    const char *name;
    enum verb verb;
    enum role role; /* who does it, where the line does not say */
    enum subject subject;
} verb_words[] = {
    {"event", VERB_EVENT, ROLE_ADMIN, SUBJECT_NEW_NAME},
    {"tickets", VERB_TICKETS, ROLE_EVENT_MANAGER, SUBJECT_NEW_NAME},
    {"reserve", VERB_RESERVE, ROLE_CHECKOUT, SUBJECT_BUYER},
    {"cart", VERB_CART, ROLE_CHECKOUT, SUBJECT_BUYER},
    {"change", VERB_CHANGE, ROLE_CHECKOUT, SUBJECT_HANDLE},
    {"complete", VERB_COMPLETE, ROLE_CHECKOUT, SUBJECT_HANDLE},
    {"release", VERB_RELEASE, ROLE_CHECKOUT, SUBJECT_HANDLE},
    {"extend", VERB_EXTEND, ROLE_CHECKOUT, SUBJECT_HANDLE},
    {"refund", VERB_REFUND, ROLE_CHECKOUT, SUBJECT_HANDLE},
    {"sell", VERB_SELL, ROLE_BOX_OFFICE, SUBJECT_BUYER},
    {"increase", VERB_INCREASE, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"decrease", VERB_DECREASE, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"set", VERB_SET, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"archive", VERB_ARCHIVE, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"unarchive", VERB_UNARCHIVE, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"release_expired", VERB_RELEASE_EXPIRED, ROLE_CHECKOUT, SUBJECT_NONE},
    {"show", VERB_SHOW, ROLE_EVENT_MANAGER, SUBJECT_HANDLE},
    {"counts", VERB_COUNTS, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"explain", VERB_EXPLAIN, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
    {"log", VERB_LOG, ROLE_EVENT_MANAGER, SUBJECT_TYPE},
};

static const struct verb_word *take_verb(struct words *words) {
    for (size_t i = 0; i < sizeof verb_words / sizeof *verb_words; i++) {
        if (words_take(words, verb_words[i].name)) {
            return &verb_words[i];
        }
    }
    words_complain(words, "I do not know how to \"%s\"", words_peek(words));
    return &verb_words[0];
}

static bool take_setting(struct words *words, struct scene_settings *settings) {
    if (words_take(words, "price")) {
        settings->price = words_take_money(words, "the price");
        settings->gives |= GIVES_PRICE;
    } else if (words_take(words, "sales_start")) {
        settings->sales_start = words_take_time(words, "the start of sales");
        settings->gives |= GIVES_SALES_START;
    } else if (words_take(words, "sales_end")) {
        settings->sales_end = words_take_time(words, "the end of sales");
        settings->gives |= GIVES_SALES_END;
    } else if (words_take(words, "max_per_order")) {
        settings->max_per_order = (int32_t)words_take_number(words, "the maximum");
        settings->gives |= GIVES_MAX_PER_ORDER;
    } else if (words_take(words, "max_per_customer")) {
        settings->max_per_customer = (int32_t)words_take_number(words, "the maximum");
        settings->gives |= GIVES_MAX_PER_CUSTOMER;
    } else if (words_take(words, "starts")) {
        settings->starts = words_take_time(words, "the start");
        settings->gives |= GIVES_STARTS;
    } else if (words_take(words, "ends")) {
        settings->ends = words_take_time(words, "the end");
        settings->gives |= GIVES_ENDS;
    } else if (words_next_is(words, "published") || words_next_is(words, "unpublished")) {
        settings->published = words_take(words, "published");
        words->at += !settings->published;
        settings->gives |= GIVES_PUBLISHED;
    } else {
        return false;
    }
    return true;
}

/* Tickets named so far: what may follow a number. */
static bool is_type(const struct scene *scene, const char *word) {
    for (size_t i = 0; i < scene->steps_count; i++) {
        const struct step *step = &scene->steps[i];
        bool opens = step->verb == VERB_TICKETS || step->verb == VERB_EVENT;
        if (opens && strcmp(step->subject, word) == 0) {
            return true;
        }
    }
    return false;
}

/* "2", "2 stalls", "2 stalls + 1 balcony" */
static bool take_items(struct words *words, struct step *step) {
    int64_t number;
    if (!words_parse_number(words_peek(words), &number)) {
        return false;
    }
    do {
        if (step->items_count == SCENE_ITEMS_MAX) {
            words_complain(words, "too many items");
            return true;
        }
        struct scene_item *item = &step->items[step->items_count++];
        item->quantity = (int32_t)words_take_number(words, "a quantity");
        if (!words_are_over(words) && is_type(words->scene, words_peek(words))) {
            words_take_any(words, item->type, sizeof item->type, "the tickets");
        }
    } while (words_take(words, "+"));
    return true;
}

static bool take_particular(struct words *words, struct step *step) {
    if (words_take(words, "for") || words_take(words, "by")) {
        step->seconds = words_take_duration(words);
    } else if (words_take(words, "order")) {
        words_take_any(words, step->order_id, sizeof step->order_id, "the order id");
    } else if (words_take(words, "channel")) {
        words_take_any(words, step->channel, sizeof step->channel, "the channel");
    } else if (words_take(words, "tender")) {
        words_take_any(words, step->tender, sizeof step->tender, "the tender");
    } else if (words_take(words, "reason")) {
        words_take_any(words, step->reason, sizeof step->reason, "the reason");
        step->has_reason = true;
    } else if (words_take(words, "without_reason")) {
        step->has_reason = true;
    } else if (words_take(words, "key")) {
        words_take_any(words, step->key, sizeof step->key, "the key");
    } else if (words_take(words, "called")) {
        words_take_any(words, step->called, sizeof step->called, "the name");
    } else if (words_take(words, "expecting")) {
        step->expected_total = words_take_number(words, "the expected total");
    } else if (words_take(words, "as_of")) {
        step->asked_at = words_take_time(words, "the instant");
    } else if (words_take(words, "or_refuse_if_expired")) {
        step->refuse_if_expired = true;
    } else if (words_take(words, "void")) {
        step->is_void = true;
    } else if (step->verb == VERB_EVENT && words_take(words, "tickets")) {
        return take_items(words, step);
    } else if (words_take(words, "unnamed")) {
        step->for_nobody = true;
    } else {
        return take_setting(words, &step->settings);
    }
    return true;
}

static void take_subject(struct words *words, struct step *step, enum subject subject) {
    if (subject == SUBJECT_NONE) {
        return;
    }
    words_take_any(words, step->subject, sizeof step->subject, "whom or what it is about");
    char *dot = strchr(step->subject, '.');
    if (dot != NULL && subject == SUBJECT_HANDLE) {
        words_copy(words, step->part, sizeof step->part, dot + 1);
        *dot = '\0';
    }
    bool is_known = subject != SUBJECT_TYPE || is_type(words->scene, step->subject);
    if (!is_known) {
        words_complain(words, "there are no tickets called \"%s\"", step->subject);
    }
    if (subject == SUBJECT_BUYER) {
        strcpy(step->called, step->subject);
    }
}

static void take_request(struct words *words, struct step *step) {
    const struct verb_word *verb;
    char role[SCENE_WORD_SIZE] = "";
    if (words_take(words, "as")) {
        words_take_any(words, role, sizeof role, "the role");
    }
    verb = take_verb(words);
    step->verb = verb->verb;
    step->role = verb->role;
    if (role[0] != '\0' && !role_parse(text_of(role), &step->role)) {
        words_complain(words, "\"%s\" is no role", role);
    }
    take_subject(words, step, verb->subject);
    while (!words->failed && !words_are_over(words) && !words_next_is(words, "->")) {
        if (!take_items(words, step) && !take_particular(words, step)) {
            words_complain(words, "I do not know what \"%s\" means here", words_peek(words));
        }
    }
}

/* --- what is expected --------------------------------------------------------------- */

static const struct fact_word fact_words[] = {
    {"expires", FACT_TIME},    {"status", FACT_WORD},      {"remaining", FACT_DURATION},
    {"amount", FACT_MONEY},    {"price", FACT_MONEY},      {"quantity", FACT_NUMBER},
    {"refunded", FACT_NUMBER}, {"lines", FACT_ITEMS},      {"order", FACT_WORD},
    {"replayed", FACT_FLAG},   {"requested", FACT_NUMBER}, {"available", FACT_NUMBER},
    {"reserved", FACT_NUMBER}, {"sold", FACT_NUMBER},      {"total", FACT_NUMBER},
    {"initial", FACT_NUMBER},  {"shortfall", FACT_NUMBER}, {"limit", FACT_NUMBER},
    {"has", FACT_NUMBER},      {"left", FACT_NUMBER},      {"released", FACT_NUMBER},
    {"when", FACT_TIME},       {"next_expiry", FACT_TIME}, {"gives", FACT_MONEY},
    {"pointer", FACT_WORD},
};

const struct fact_word *fact_word(const char *name) {
    for (size_t i = 0; i < sizeof fact_words / sizeof *fact_words; i++) {
        if (strcmp(fact_words[i].name, name) == 0) {
            return &fact_words[i];
        }
    }
    return NULL;
}

static void append(struct words *words, char *to, size_t size, const char *word) {
    if (strlen(to) + strlen(word) + 2 > size) {
        words_complain(words, "what is expected is too long");
        return;
    }
    if (to[0] != '\0') {
        strcat(to, " ");
    }
    strcat(to, word);
}

static bool is_value(const char *word, enum fact_kind kind) {
    struct instant at;
    int64_t number;
    switch (kind) {
    case FACT_NUMBER:
        return words_parse_number(word, &number);
    case FACT_TIME:
        return strcmp(word, "never") == 0 || scene_time(word, &at);
    case FACT_DURATION:
        return scene_duration(word, &number);
    case FACT_MONEY:
        return scene_money(word, &number);
    case FACT_WORD:
    case FACT_FLAG:
    case FACT_ITEMS:
        return true;
    }
    return false;
}

static void take_fact(struct words *words, struct scene_expectation *expectation) {
    words_take_any(words, expectation->name, sizeof expectation->name, "a fact");
    const struct fact_word *fact = fact_word(expectation->name);
    if (fact == NULL) {
        words_complain(words, "there is no fact called \"%s\"", expectation->name);
        return;
    }
    if (fact->kind == FACT_FLAG) {
        return;
    }
    if (fact->kind == FACT_ITEMS) {
        while (!words_are_over(words) && fact_word(words_peek(words)) == NULL) {
            append(words, expectation->value, sizeof expectation->value, words_peek(words));
            words->at++;
        }
        return;
    }
    words_take_any(words, expectation->value, sizeof expectation->value, expectation->name);
    if (!words->failed && !is_value(expectation->value, fact->kind)) {
        words_complain(words, "\"%s\" cannot be what %s is", expectation->value, expectation->name);
    }
}

/* A log is expected as a whole: "increase 2, reserve 2". */
static void take_log(struct words *words, struct step *step) {
    struct scene_expectation *expectation = &step->expected[step->expected_count++];
    strcpy(expectation->name, "log");
    strcpy(step->verdict, "granted");
    while (!words_are_over(words)) {
        append(words, expectation->value, sizeof expectation->value, words->list[words->at++]);
    }
}

static void take_answer(struct words *words, struct step *step) {
    if (!words_take(words, "->")) {
        words_complain(words, "it does not say what is expected (->)");
        return;
    }
    if (step->verb == VERB_LOG) {
        take_log(words, step);
        return;
    }
    /* Readings are expected to succeed: they may begin with a fact at once. */
    if (fact_word(words_peek(words)) != NULL) {
        strcpy(step->verdict, "granted");
    } else {
        words_take_any(words, step->verdict, sizeof step->verdict, "the verdict");
    }
    while (!words->failed && words->at < words->count) {
        if (step->expected_count == SCENE_FACTS_MAX) {
            words_complain(words, "too much is expected");
            return;
        }
        take_fact(words, &step->expected[step->expected_count++]);
    }
}

/* --- lines -------------------------------------------------------------------------- */

static bool opens(enum verb verb) {
    return verb == VERB_EVENT || verb == VERB_TICKETS;
}

static bool read_line(struct scene *scene, int number, const char *text, struct instant *at) {
    static struct words words;
    words = (struct words){.scene = scene, .line = number};
    words_split(&words, text);
    if (!words.failed && words.count == 0) {
        return true;
    }
    if (words_take(&words, "at")) {
        struct instant later = words_take_time(&words, "the time");
        if (!words.failed && instant_before(later, *at)) {
            words_complain(&words, "time goes back");
        }
        *at = later;
    }
    if (scene->steps_count == SCENE_STEPS_MAX) {
        words_complain(&words, "the scene is too long");
    }
    if (words.failed) {
        return false;
    }
    struct step *step = &scene->steps[scene->steps_count];
    *step = (struct step){
        .line = number, .at = *at, .expected_total = -1, .seconds = 900, .asked_at = INSTANT_NONE};
    take_request(&words, step);
    if (!words.failed && opens(step->verb) && words_are_over(&words)) {
        strcpy(step->verdict, "granted");
    } else if (!words.failed) {
        take_answer(&words, step);
    }
    scene->steps_count++;
    return !words.failed;
}

bool scene_read(struct scene *scene, const char *path) {
    FILE *file = fopen(path, "r");
    const char *slash = strrchr(path, '/');
    *scene = (struct scene){.path = slash == NULL ? path : slash + 1};
    if (file == NULL) {
        snprintf(scene->complaint, sizeof scene->complaint, "%s: cannot be opened", path);
        return false;
    }
    char line[LINE_SIZE];
    bool is_sound = true;
    struct instant at;
    scene_time("19:00", &at);
    for (int number = 1; is_sound && fgets(line, sizeof line, file) != NULL; number++) {
        is_sound = read_line(scene, number, line, &at);
    }
    fclose(file);
    if (is_sound && scene->steps_count == 0) {
        snprintf(scene->complaint, sizeof scene->complaint, "%s: nothing happens", scene->path);
        return false;
    }
    return is_sound;
}
