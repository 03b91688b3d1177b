/* options.h - what a command line may say, declared once.
 *
 * The same declarations give the parser, `--help`, the environment variables and
 * the manual page, so that none of them can say something else than the others. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct option {
    const char *name;           /* "listen": --listen VALUE or --listen=VALUE */
    const char *value;          /* what stands for the value in help; NULL: a switch */
    const char *sentence;       /* what it does, without the default and the range */
    const char *initial;        /* the default, as one would type it; NULL: none */
    int64_t least, most;        /* of a whole number; both 0: the value is a text */
    const char *const *choices; /* the only values there are, NULL at the end; or NULL */
    bool setting;               /* also read from the environment: TICKETD_LISTEN */
    bool required;
    bool repeats;
};

struct arguments;

struct subcommand {
    const char *name;                     /* "serve", "key create" */
    const char *operand;                  /* "EVENT_ID": one is needed; NULL: there is none */
    const char *sentence;                 /* for the list of subcommands */
    const char *manual;                   /* what one must know to use it; paragraphs end in '\n' */
    const struct option *const *options;  /* NULL at the end */
    int (*run)(const struct arguments *); /* the exit code */
    bool hidden;
};

enum { EXIT_CODE_OK = 0, EXIT_CODE_FAILURE = 1, EXIT_CODE_USAGE = 2 };

enum { ARGUMENTS_MAX = 256, ENVIRONMENT_NAME_SIZE = 64 };

struct argument {
    const struct option *option;
    const char *text;
};

struct arguments {
    const struct subcommand *subcommand;
    const char *operand;
    struct argument list[ARGUMENTS_MAX]; /* as typed */
    size_t count;
};

/* Reads what follows the subcommand's name. False: it was said on stderr what is wrong. `--help`
 * is the caller's. */
bool arguments_parse(struct arguments *arguments, const struct subcommand *subcommand, int count,
                     char *const *words);

/* The value of an option of this subcommand: as typed last, else from the environment, else the
 * default, else NULL. */
const char *argument_text(const struct arguments *arguments, const struct option *option);
enum argument_source { SOURCE_DEFAULT, SOURCE_ENVIRONMENT, SOURCE_COMMAND_LINE };
enum argument_source argument_source(const struct arguments *arguments,
                                     const struct option *option);
int64_t argument_number(const struct arguments *arguments, const struct option *option);
bool argument_is_given(const struct arguments *arguments, const struct option *option);
/* The nth of an option that repeats; NULL: no more. */
const char *argument_nth(const struct arguments *arguments, const struct option *option, size_t n);

/* "listen" -> "TICKETD_LISTEN". Returns `name`. */
const char *option_environment(const struct option *option, char name[ENVIRONMENT_NAME_SIZE]);

/* "ticketd: " and a sentence on stderr; returns EXIT_CODE_FAILURE. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
