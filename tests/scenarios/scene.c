#include "scenarios/scene.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 80, LINE_SIZE = 1024 };

/* Words of one line; `at` moves over them. */
struct words {
    struct scene *scene;
    int line;
    char list[WORDS_MAX][SCENE_TEXT_SIZE];
    bool quoted[WORDS_MAX];
    size_t count, at;
    bool failed;
};

static void complain(struct words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(struct words *words, const char *format, ...) {
    if (words->failed) {
        return; /* the first complaint is the one that helps */
    }
    words->failed = true;
    char *to = words->scene->complaint;
    int used =
        snprintf(to, sizeof words->scene->complaint, "%s:%d: ", words->scene->path, words->line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(to + used, sizeof words->scene->complaint - (size_t)used, format, arguments);
    va_end(arguments);
}

static void split(struct words *words, const char *text) {
    for (const char *at = text; *at != '\0' && *at != '#';) {
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        if (words->count == WORDS_MAX) {
            complain(words, "the line has too many words");
            return;
        }
        char quote = *at == '"' ? *at++ : '\0';
        size_t length = 0;
        char *word = words->list[words->count];
        while (*at != '\0' && (quote != '\0' ? *at != quote : !isspace((unsigned char)*at))) {
            if (length + 1 < SCENE_TEXT_SIZE) {
                word[length++] = *at;
            }
            at++;
        }
        word[length] = '\0';
        words->quoted[words->count++] = quote != '\0';
        if (quote != '\0' && *at++ == '\0') {
            complain(words, "a quotation mark is missing");
            return;
        }
    }
}

/* "" at the end. */
static const char *peek(const struct words *words) {
    return words->at < words->count ? words->list[words->at] : "";
}

static bool is_next(const struct words *words, const char *word) {
    return words->at < words->count && !words->quoted[words->at] && strcmp(peek(words), word) == 0;
}

static bool take(struct words *words, const char *word) {
    bool is = is_next(words, word);
    words->at += is;
    return is;
}

static void copy_word(struct words *words, char *to, size_t size, const char *word) {
    if (strlen(word) >= size) {
        complain(words, "\"%s\" is too long", word);
        return;
    }
    strcpy(to, word);
}

/* The next word, whatever it is; `what` is said to be missing at the end of the line. */
static void take_any(struct words *words, char *to, size_t size, const char *what) {
    if (words->at == words->count || is_next(words, "->")) {
        complain(words, "%s is missing", what);
        return;
    }
    copy_word(words, to, size, words->list[words->at++]);
}

static bool parse_number(const char *word, int64_t *number) {
    char *end;
    long long value = strtoll(word, &end, 10);
    if (end == word || *end != '\0') {
        return false;
    }
    *number = value;
    return true;
}

static int64_t take_number(struct words *words, const char *what) {
    char word[SCENE_TEXT_SIZE] = "";
    int64_t number = 0;
    take_any(words, word, sizeof word, what);
    if (!words->failed && !parse_number(word, &number)) {
        complain(words, "\"%s\" is no number for %s", word, what);
    }
    return number;
}

bool scene_time(const char *word, struct instant *at) {
    unsigned hour, minute, second = 0;
    int used = 0;
    bool is_short = sscanf(word, "%2u:%2u%n", &hour, &minute, &used) == 2 && word[used] == '\0';
    bool is_long = !is_short &&
                   sscanf(word, "%2u:%2u:%2u%n", &hour, &minute, &second, &used) == 3 &&
                   word[used] == '\0';
    struct instant midnight;
    if ((!is_short && !is_long) || hour > 47 || minute > 59 || second > 59 ||
        !instant_parse(TEXT("2026-11-22T00:00:00Z"), &midnight)) {
        return false;
    }
    *at = instant_plus_seconds(midnight, (int64_t)hour * 3600 + minute * 60 + second);
    return true;
}

bool scene_duration(const char *word, int64_t *seconds) {
    char *end;
    long number = strtol(word, &end, 10);
    if (end == word || *end == '\0' || end[1] != '\0') {
        return false;
    }
    int64_t unit = *end == 's' ? 1 : *end == 'm' ? 60 : *end == 'h' ? 3600 : 0;
    *seconds = number * unit;
    return unit != 0;
}

bool scene_money(const char *word, int64_t *minor_units) {
    char *end;
    long major = strtol(word, &end, 10);
    if (end == word || *end != '.' || !isdigit((unsigned char)end[1]) ||
        !isdigit((unsigned char)end[2]) || end[3] != '\0') {
        return false;
    }
    *minor_units = (int64_t)major * 100 + (end[1] - '0') * 10 + (end[2] - '0');
    return true;
}

static struct instant take_time(struct words *words, const char *what) {
    char word[SCENE_TEXT_SIZE] = "";
    struct instant at = INSTANT_NONE;
    take_any(words, word, sizeof word, what);
    if (!words->failed && !scene_time(word, &at)) {
        complain(words, "\"%s\" is no time of day", word);
    }
    return at;
}

static int64_t take_money(struct words *words, const char *what) {
    char word[SCENE_TEXT_SIZE] = "";
    int64_t minor_units = 0;
    take_any(words, word, sizeof word, what);
    if (!words->failed && !scene_money(word, &minor_units)) {
        complain(words, "\"%s\" is no amount like 25.00", word);
    }
    return minor_units;
}

static int32_t take_duration(struct words *words) {
    char word[SCENE_TEXT_SIZE] = "";
    int64_t seconds = 0;
    take_any(words, word, sizeof word, "how long");
    if (!words->failed && !scene_duration(word, &seconds)) {
        complain(words, "\"%s\" is no duration like 90s, 10m or 2h", word);
    }
    return (int32_t)seconds;
}

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
        if (take(words, verb_words[i].name)) {
            return &verb_words[i];
        }
    }
    complain(words, "I do not know how to \"%s\"", peek(words));
    return &verb_words[0];
}

static bool take_setting(struct words *words, struct scene_settings *settings) {
    if (take(words, "price")) {
        settings->price = take_money(words, "the price");
        settings->gives |= GIVES_PRICE;
    } else if (take(words, "sales_start")) {
        settings->sales_start = take_time(words, "the start of sales");
        settings->gives |= GIVES_SALES_START;
    } else if (take(words, "sales_end")) {
        settings->sales_end = take_time(words, "the end of sales");
        settings->gives |= GIVES_SALES_END;
    } else if (take(words, "max_per_order")) {
        settings->max_per_order = (int32_t)take_number(words, "the maximum");
        settings->gives |= GIVES_MAX_PER_ORDER;
    } else if (take(words, "max_per_customer")) {
        settings->max_per_customer = (int32_t)take_number(words, "the maximum");
        settings->gives |= GIVES_MAX_PER_CUSTOMER;
    } else if (take(words, "starts")) {
        settings->starts = take_time(words, "the start");
        settings->gives |= GIVES_STARTS;
    } else if (take(words, "ends")) {
        settings->ends = take_time(words, "the end");
        settings->gives |= GIVES_ENDS;
    } else if (is_next(words, "published") || is_next(words, "unpublished")) {
        settings->published = take(words, "published");
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
    if (!parse_number(peek(words), &number)) {
        return false;
    }
    do {
        if (step->items_count == SCENE_ITEMS_MAX) {
            complain(words, "too many items");
            return true;
        }
        struct scene_item *item = &step->items[step->items_count++];
        item->quantity = (int32_t)take_number(words, "a quantity");
        if (words->at < words->count && is_type(words->scene, peek(words))) {
            take_any(words, item->type, sizeof item->type, "the tickets");
        }
    } while (take(words, "+"));
    return true;
}

static bool take_particular(struct words *words, struct step *step) {
    if (take(words, "for") || take(words, "by")) {
        step->seconds = take_duration(words);
    } else if (take(words, "order")) {
        take_any(words, step->order_id, sizeof step->order_id, "the order id");
    } else if (take(words, "channel")) {
        take_any(words, step->channel, sizeof step->channel, "the channel");
    } else if (take(words, "tender")) {
        take_any(words, step->tender, sizeof step->tender, "the tender");
    } else if (take(words, "reason")) {
        take_any(words, step->reason, sizeof step->reason, "the reason");
        step->has_reason = true;
    } else if (take(words, "without_reason")) {
        step->has_reason = true;
    } else if (take(words, "key")) {
        take_any(words, step->key, sizeof step->key, "the key");
    } else if (take(words, "called")) {
        take_any(words, step->called, sizeof step->called, "the name");
    } else if (take(words, "expecting")) {
        step->expected_total = take_number(words, "the expected total");
    } else if (take(words, "as_of")) {
        step->asked_at = take_time(words, "the instant");
    } else if (take(words, "or_refuse_if_expired")) {
        step->refuse_if_expired = true;
    } else if (take(words, "void")) {
        step->is_void = true;
    } else if (step->verb == VERB_EVENT && take(words, "tickets")) {
        return take_items(words, step);
    } else if (take(words, "unnamed")) {
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
    take_any(words, step->subject, sizeof step->subject, "whom or what it is about");
    char *dot = strchr(step->subject, '.');
    if (dot != NULL && subject == SUBJECT_HANDLE) {
        copy_word(words, step->part, sizeof step->part, dot + 1);
        *dot = '\0';
    }
    bool is_known = subject != SUBJECT_TYPE || is_type(words->scene, step->subject);
    if (!is_known) {
        complain(words, "there are no tickets called \"%s\"", step->subject);
    }
    if (subject == SUBJECT_BUYER) {
        strcpy(step->called, step->subject);
    }
}

static void take_request(struct words *words, struct step *step) {
    const struct verb_word *verb;
    char role[SCENE_WORD_SIZE] = "";
    if (take(words, "as")) {
        take_any(words, role, sizeof role, "the role");
    }
    verb = take_verb(words);
    step->verb = verb->verb;
    step->role = verb->role;
    if (role[0] != '\0' && !role_parse(text_of(role), &step->role)) {
        complain(words, "\"%s\" is no role", role);
    }
    take_subject(words, step, verb->subject);
    while (!words->failed && words->at < words->count && !is_next(words, "->")) {
        if (!take_items(words, step) && !take_particular(words, step)) {
            complain(words, "I do not know what \"%s\" means here", peek(words));
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
        complain(words, "what is expected is too long");
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
        return parse_number(word, &number);
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
    take_any(words, expectation->name, sizeof expectation->name, "a fact");
    const struct fact_word *fact = fact_word(expectation->name);
    if (fact == NULL) {
        complain(words, "there is no fact called \"%s\"", expectation->name);
        return;
    }
    if (fact->kind == FACT_FLAG) {
        return;
    }
    if (fact->kind == FACT_ITEMS) {
        while (words->at < words->count && fact_word(peek(words)) == NULL) {
            append(words, expectation->value, sizeof expectation->value, peek(words));
            words->at++;
        }
        return;
    }
    take_any(words, expectation->value, sizeof expectation->value, expectation->name);
    if (!words->failed && !is_value(expectation->value, fact->kind)) {
        complain(words, "\"%s\" cannot be what %s is", expectation->value, expectation->name);
    }
}

/* A log is expected as a whole: "increase 2, reserve 2". */
static void take_log(struct words *words, struct step *step) {
    struct scene_expectation *expectation = &step->expected[step->expected_count++];
    strcpy(expectation->name, "log");
    strcpy(step->verdict, "granted");
    while (words->at < words->count) {
        append(words, expectation->value, sizeof expectation->value, words->list[words->at++]);
    }
}

static void take_answer(struct words *words, struct step *step) {
    if (!take(words, "->")) {
        complain(words, "it does not say what is expected (->)");
        return;
    }
    if (step->verb == VERB_LOG) {
        take_log(words, step);
        return;
    }
    /* Readings are expected to succeed: they may begin with a fact at once. */
    if (fact_word(peek(words)) != NULL) {
        strcpy(step->verdict, "granted");
    } else {
        take_any(words, step->verdict, sizeof step->verdict, "the verdict");
    }
    while (!words->failed && words->at < words->count) {
        if (step->expected_count == SCENE_FACTS_MAX) {
            complain(words, "too much is expected");
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
    split(&words, text);
    if (!words.failed && words.count == 0) {
        return true;
    }
    if (take(&words, "at")) {
        struct instant later = take_time(&words, "the time");
        if (!words.failed && instant_before(later, *at)) {
            complain(&words, "time goes back");
        }
        *at = later;
    }
    if (scene->steps_count == SCENE_STEPS_MAX) {
        complain(&words, "the scene is too long");
    }
    if (words.failed) {
        return false;
    }
    struct step *step = &scene->steps[scene->steps_count];
    *step = (struct step){
        .line = number, .at = *at, .expected_total = -1, .seconds = 900, .asked_at = INSTANT_NONE};
    take_request(&words, step);
    if (!words.failed && opens(step->verb) && words.at == words.count) {
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
