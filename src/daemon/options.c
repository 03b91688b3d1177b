#include "daemon/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

int complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("ticketd: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return EXIT_CODE_FAILURE;
}

const char *option_environment(const struct option *option, char name[ENVIRONMENT_NAME_SIZE]) {
    int length = snprintf(name, ENVIRONMENT_NAME_SIZE, "TICKETD_%s", option->name);
    require(length > 0 && length < ENVIRONMENT_NAME_SIZE);
    for (char *at = name; *at != '\0'; at++) {
        if (*at == '-') {
            *at = '_';
        } else if (*at >= 'a' && *at <= 'z') {
            *at = (char)(*at - 'a' + 'A');
        }
    }
    return name;
}

static bool is_number(const struct option *option) {
    return option->least != 0 || option->most != 0;
}

static bool parse_number(const char *text, int64_t *number) {
    char *end;
    errno = 0;
    long long parsed = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] == ' ') {
        return false;
    }
    *number = parsed;
    return true;
}

/* Whether the option can have this value; says so where not. `from` names who gave it. */
static bool value_is_possible(const struct option *option, const char *from, const char *text) {
    int64_t number = 0;
    if (is_number(option) &&
        (!parse_number(text, &number) || number < option->least || number > option->most)) {
        complain("%s is \"%s\", but must be a whole number from %" PRId64 " to %" PRId64 ".", from,
                 text, option->least, option->most);
        return false;
    }
    if (option->choices == NULL) {
        return true;
    }
    for (const char *const *choice = option->choices; *choice != NULL; choice++) {
        if (strcmp(*choice, text) == 0) {
            return true;
        }
    }
    fprintf(stderr, "ticketd: %s is \"%s\", but must be one of:", from, text);
    for (const char *const *choice = option->choices; *choice != NULL; choice++) {
        fprintf(stderr, " %s", *choice);
    }
    fputs(".\n", stderr);
    return false;
}

static const struct option *option_named(const struct subcommand *subcommand, const char *name,
                                         size_t length) {
    for (const struct option *const *at = subcommand->options; *at != NULL; at++) {
        if (strlen((*at)->name) == length && memcmp((*at)->name, name, length) == 0) {
            return *at;
        }
    }
    return NULL;
}

static bool is_declared(const struct subcommand *subcommand, const struct option *option) {
    for (const struct option *const *at = subcommand->options; *at != NULL; at++) {
        if (*at == option) {
            return true;
        }
    }
    return false;
}

static const char *typed(const struct arguments *arguments, const struct option *option) {
    for (size_t i = arguments->count; i > 0; i--) {
        if (arguments->list[i - 1].option == option) {
            return arguments->list[i - 1].text;
        }
    }
    return NULL;
}

/* One word that begins with "--", and the next one where it is the value. */
static bool take_option(struct arguments *arguments, int count, char *const *words, int *at) {
    const char *word = words[*at] + 2;
    const char *equals = strchr(word, '=');
    size_t length = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct option *option = option_named(arguments->subcommand, word, length);
    if (option == NULL) {
        complain("`%s` has no option --%.*s.", arguments->subcommand->name, (int)length, word);
        return false;
    }
    const char *text = equals == NULL ? NULL : equals + 1;
    if (option->value == NULL) {
        if (text != NULL) {
            complain("--%s takes no value.", option->name);
            return false;
        }
        text = "on";
    } else if (text == NULL) {
        if (*at + 1 >= count) {
            complain("--%s needs a value: --%s %s.", option->name, option->name, option->value);
            return false;
        }
        text = words[++*at];
    }
    if (!option->repeats && typed(arguments, option) != NULL) {
        complain("--%s is given twice.", option->name);
        return false;
    }
    if (arguments->count == ARGUMENTS_MAX) {
        complain("More than %d options.", ARGUMENTS_MAX);
        return false;
    }
    char from[ENVIRONMENT_NAME_SIZE + 2];
    snprintf(from, sizeof from, "--%s", option->name);
    arguments->list[arguments->count++] = (struct argument){option, text};
    return value_is_possible(option, from, text);
}

static bool take_words(struct arguments *arguments, int count, char *const *words) {
    bool options_ended = false;
    for (int i = 0; i < count; i++) {
        if (!options_ended && strcmp(words[i], "--") == 0) {
            options_ended = true;
        } else if (!options_ended && strncmp(words[i], "--", 2) == 0) {
            if (!take_option(arguments, count, words, &i)) {
                return false;
            }
        } else if (!options_ended && words[i][0] == '-' && words[i][1] != '\0') {
            complain("There is no option %s; options begin with two hyphens.", words[i]);
            return false;
        } else if (arguments->subcommand->operand == NULL || arguments->operand != NULL) {
            complain("`%s` does not know what to do with \"%s\".", arguments->subcommand->name,
                     words[i]);
            return false;
        } else {
            arguments->operand = words[i];
        }
    }
    return true;
}

/* What the environment says is as good as typed, and as much looked at. */
static bool settings_are_possible(const struct arguments *arguments) {
    for (const struct option *const *at = arguments->subcommand->options; *at != NULL; at++) {
        char name[ENVIRONMENT_NAME_SIZE];
        if ((*at)->setting && typed(arguments, *at) == NULL) {
            const char *text = getenv(option_environment(*at, name));
            if (text != NULL && !value_is_possible(*at, name, text)) {
                return false;
            }
        }
        if ((*at)->required && argument_text(arguments, *at) == NULL) {
            if ((*at)->setting) {
                complain("--%s %s (or %s) is missing.", (*at)->name, (*at)->value,
                         option_environment(*at, name));
            } else {
                complain("--%s %s is missing.", (*at)->name, (*at)->value);
            }
            return false;
        }
    }
    return true;
}

bool arguments_parse(struct arguments *arguments, const struct subcommand *subcommand, int count,
                     char *const *words) {
    *arguments = (struct arguments){.subcommand = subcommand};
    if (!take_words(arguments, count, words)) {
        return false;
    }
    if (subcommand->operand != NULL && arguments->operand == NULL) {
        complain("`%s` needs %s.", subcommand->name, subcommand->operand);
        return false;
    }
    return settings_are_possible(arguments);
}

enum argument_source argument_source(const struct arguments *arguments,
                                     const struct option *option) {
    char name[ENVIRONMENT_NAME_SIZE];
    require(is_declared(arguments->subcommand, option));
    if (typed(arguments, option) != NULL) {
        return SOURCE_COMMAND_LINE;
    }
    bool is_set = option->setting && getenv(option_environment(option, name)) != NULL;
    return is_set ? SOURCE_ENVIRONMENT : SOURCE_DEFAULT;
}

const char *argument_text(const struct arguments *arguments, const struct option *option) {
    char name[ENVIRONMENT_NAME_SIZE];
    switch (argument_source(arguments, option)) {
    case SOURCE_COMMAND_LINE:
        return typed(arguments, option);
    case SOURCE_ENVIRONMENT:
        return getenv(option_environment(option, name));
    case SOURCE_DEFAULT:
        break;
    }
    return option->initial;
}

int64_t argument_number(const struct arguments *arguments, const struct option *option) {
    int64_t number = 0;
    const char *text = argument_text(arguments, option);
    ensure(text != NULL && parse_number(text, &number));
    return number;
}

bool argument_is_given(const struct arguments *arguments, const struct option *option) {
    return argument_text(arguments, option) != NULL;
}

const char *argument_nth(const struct arguments *arguments, const struct option *option, size_t n) {
    require(is_declared(arguments->subcommand, option) && option->repeats);
    for (size_t i = 0; i < arguments->count; i++) {
        if (arguments->list[i].option == option && n-- == 0) {
            return arguments->list[i].text;
        }
    }
    return NULL;
}
