#include "scenarios/words.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void words_complain(struct words *words, const char *format, ...) {
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

void words_split(struct words *words, const char *text) {
    for (const char *at = text; *at != '\0' && *at != '#';) {
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        if (words->count == WORDS_MAX) {
            words_complain(words, "the line has too many words");
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
            words_complain(words, "a quotation mark is missing");
            return;
        }
    }
}

const char *words_peek(const struct words *words) {
    return words->at < words->count ? words->list[words->at] : "";
}

bool words_are_over(const struct words *words) {
    return words->at == words->count;
}

bool words_next_is(const struct words *words, const char *word) {
    return words->at < words->count && !words->quoted[words->at] &&
           strcmp(words_peek(words), word) == 0;
}

bool words_take(struct words *words, const char *word) {
    bool is = words_next_is(words, word);
    words->at += is;
    return is;
}

void words_copy(struct words *words, char *to, size_t size, const char *word) {
    if (strlen(word) >= size) {
        words_complain(words, "\"%s\" is too long", word);
        return;
    }
    strcpy(to, word);
}

void words_take_any(struct words *words, char *to, size_t size, const char *what) {
    if (words->at == words->count || words_next_is(words, "->")) {
        words_complain(words, "%s is missing", what);
        return;
    }
    words_copy(words, to, size, words->list[words->at++]);
}

bool words_parse_number(const char *word, int64_t *number) {
    char *end;
    long long value = strtoll(word, &end, 10);
    if (end == word || *end != '\0') {
        return false;
    }
    *number = value;
    return true;
}

int64_t words_take_number(struct words *words, const char *what) {
    char word[SCENE_TEXT_SIZE] = "";
    int64_t number = 0;
    words_take_any(words, word, sizeof word, what);
    if (!words->failed && !words_parse_number(word, &number)) {
        words_complain(words, "\"%s\" is no number for %s", word, what);
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

struct instant words_take_time(struct words *words, const char *what) {
    char word[SCENE_TEXT_SIZE] = "";
    struct instant at = INSTANT_NONE;
    words_take_any(words, word, sizeof word, what);
    if (!words->failed && !scene_time(word, &at)) {
        words_complain(words, "\"%s\" is no time of day", word);
    }
    return at;
}

int64_t words_take_money(struct words *words, const char *what) {
    char word[SCENE_TEXT_SIZE] = "";
    int64_t minor_units = 0;
    words_take_any(words, word, sizeof word, what);
    if (!words->failed && !scene_money(word, &minor_units)) {
        words_complain(words, "\"%s\" is no amount like 25.00", word);
    }
    return minor_units;
}

int32_t words_take_duration(struct words *words) {
    char word[SCENE_TEXT_SIZE] = "";
    int64_t seconds = 0;
    words_take_any(words, word, sizeof word, "how long");
    if (!words->failed && !scene_duration(word, &seconds)) {
        words_complain(words, "\"%s\" is no duration like 90s, 10m or 2h", word);
    }
    return (int32_t)seconds;
}
