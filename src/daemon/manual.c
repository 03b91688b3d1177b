#include "daemon/manual.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/subcommands.h"

enum { WIDTH = 80 };

/* Words of `text` from `column` on, wrapped and indented by `indent`; '\n' ends a paragraph. */
static void print_wrapped(FILE *out, const char *text, size_t indent) {
    size_t column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " \n");
        if (column > 0 && column + 1 + word > WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        if (column == 0) {
            fprintf(out, "%*s", (int)indent, "");
            column = indent;
        } else {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, word, out);
        column += word;
        text += word;
        if (*text == '\n') {
            fputc('\n', out);
            column = 0;
        }
        text += *text != '\0';
    }
    if (column > 0) {
        fputc('\n', out);
    }
}

/* "Sentence. One of a, b. Default: x. Environment: TICKETD_X." */
static void describe(const struct option *option, char *text, size_t size) {
    size_t length = 0;
#define ADD(...)                                                                                   \
    do {                                                                                           \
        int added = snprintf(text + length, size - length, __VA_ARGS__);                           \
        length += added > 0 && (size_t)added < size - length ? (size_t)added : 0;                  \
    } while (0)
    text[0] = '\0';
    ADD("%s", option->sentence);
    if (option->required) {
        ADD(" Required.");
    }
    if (option->repeats) {
        ADD(" May be given several times.");
    }
    if (option->least != 0 || option->most != 0) {
        ADD(" From %" PRId64 " to %" PRId64 ".", option->least, option->most);
    }
    for (const char *const *choice = option->choices; choice != NULL && *choice != NULL; choice++) {
        ADD("%s%s", choice == option->choices ? " One of " : ", ", *choice);
    }
    if (option->choices != NULL) {
        ADD(".");
    }
    if (option->initial != NULL) {
        ADD(" Default: %s.", option->initial);
    }
    if (option->setting) {
        char name[ENVIRONMENT_NAME_SIZE];
        ADD(" Environment: %s.", option_environment(option, name));
    }
#undef ADD
}

static void print_usage(FILE *out, const struct subcommand *subcommand) {
    fprintf(out, "ticketd %s", subcommand->name);
    for (const struct option *const *at = subcommand->options; *at != NULL; at++) {
        if ((*at)->required) {
            fprintf(out, " --%s %s", (*at)->name, (*at)->value);
        }
    }
    fputs(subcommand->options[0] == NULL ? "" : " [OPTION]...", out);
    fprintf(out, "%s%s\n", subcommand->operand == NULL ? "" : " ",
            subcommand->operand == NULL ? "" : subcommand->operand);
}

void manual_print_help(FILE *out, const struct subcommand *subcommand) {
    fputs("Usage: ", out);
    print_usage(out, subcommand);
    fputc('\n', out);
    print_wrapped(out, subcommand->sentence, 0);
    if (subcommand->manual != NULL) {
        fputc('\n', out);
        print_wrapped(out, subcommand->manual, 0);
    }
    for (const struct option *const *at = subcommand->options; *at != NULL; at++) {
        char text[1024];
        describe(*at, text, sizeof text);
        fprintf(out, "%s  --%s%s%s\n", at == subcommand->options ? "\nOptions:\n" : "", (*at)->name,
                (*at)->value == NULL ? "" : " ", (*at)->value == NULL ? "" : (*at)->value);
        print_wrapped(out, text, 10);
    }
}

static bool belongs_to(const struct subcommand *subcommand, const char *group) {
    size_t length = group == NULL ? 0 : strlen(group);
    return !subcommand->hidden &&
           (group == NULL ||
            (strncmp(subcommand->name, group, length) == 0 && subcommand->name[length] == ' '));
}

void manual_print_list(FILE *out, const struct subcommand *const *all, const char *group) {
    fprintf(out, "Usage: ticketd %s%sSUBCOMMAND [OPTION]...\n\n", group == NULL ? "" : group,
            group == NULL ? "" : " ");
    for (const struct subcommand *const *at = all; *at != NULL; at++) {
        if (belongs_to(*at, group)) {
            fprintf(out, "  %-18s %s\n", (*at)->name, (*at)->sentence);
        }
    }
    fputs("\nEach has its own --help.\n", out);
}

/* man(7) takes hyphens and backslashes for its own, and so does a dot or a quote at a line's
 * start. */
static void print_roff(FILE *out, const char *text) {
    bool line_begins = true;
    for (; *text != '\0'; text++) {
        if (line_begins && (*text == '.' || *text == '\'')) {
            fputs("\\&", out);
        }
        if (*text == '-') {
            fputs("\\-", out);
        } else if (*text == '\\') {
            fputs("\\e", out);
        } else {
            fputc(*text, out);
        }
        line_begins = *text == '\n';
    }
    fputc('\n', out);
}

/* Each paragraph of `text` under a .PP of its own. */
static void print_roff_paragraphs(FILE *out, const char *text) {
    while (*text != '\0') {
        char paragraph[2048];
        size_t length = strcspn(text, "\n");
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)length, text);
        fputs(".PP\n", out);
        print_roff(out, paragraph);
        text += length + (text[length] != '\0');
    }
}

static void print_roff_options(FILE *out, const struct subcommand *subcommand) {
    for (const struct option *const *at = subcommand->options; *at != NULL; at++) {
        char text[1024], head[128];
        snprintf(head, sizeof head, "--%s%s%s", (*at)->name, (*at)->value == NULL ? "" : " ",
                 (*at)->value == NULL ? "" : (*at)->value);
        fputs(".TP\n.B ", out);
        print_roff(out, head);
        describe(*at, text, sizeof text);
        print_roff(out, text);
    }
}

static const char about[] =
    "ticketd is a ticket inventory authority: it reserves, sells, refunds, releases and adjusts "
    "tickets over an HTTP API with JSON, keeps the one true count of every ticket type, never "
    "oversells, never loses an answer it gave, and can say why any number is what it is.\n"
    "Its store is an SQLite file, or a PostgreSQL database. One process writes a file at a time; "
    "reading commands work beside that process, and writing ones go through it, over the socket "
    "FILE.sock beside the file. A PostgreSQL database is shared by any number of servers and "
    "commands.\n"
    "Every setting can also be given by the environment variable named with it; the command line "
    "wins.";

static const char ends[] = "0: it is done. 1: it failed, and a sentence on standard error says why "
                           "and what to do. 2: the command line was wrong.";

void manual_print_page(FILE *out, const struct subcommand *const *all) {
    fprintf(out,
            ".TH TICKETD 1 \"\" \"ticketd %s\" \"ticketd\"\n.SH NAME\n"
            "ticketd \\- the one true count of tickets\n.SH SYNOPSIS\n",
            TICKETD_VERSION);
    for (const struct subcommand *const *at = all; *at != NULL; at++) {
        if (!(*at)->hidden) {
            fprintf(out, ".B ticketd %s\n.RI [ option ...]%s%s\n.br\n", (*at)->name,
                    (*at)->operand == NULL ? "" : "\n.I ",
                    (*at)->operand == NULL ? "" : (*at)->operand);
        }
    }
    fputs(".SH DESCRIPTION\n", out);
    print_roff_paragraphs(out, about);
    fputs(".SH SUBCOMMANDS\n", out);
    for (const struct subcommand *const *at = all; *at != NULL; at++) {
        if ((*at)->hidden) {
            continue;
        }
        fprintf(out, ".SS ticketd %s\n", (*at)->name);
        print_roff(out, (*at)->sentence);
        if ((*at)->manual != NULL) {
            print_roff_paragraphs(out, (*at)->manual);
        }
        print_roff_options(out, *at);
    }
    fputs(".SH EXIT STATUS\n", out);
    print_roff_paragraphs(out, ends);
    fputs(".SH FILES\n.TP\n.I FILE.lock\nLocked by the process that writes the database FILE; "
          "holds its process id.\n.TP\n.I FILE.sock\nThe API over a unix socket, with admin "
          "rights for whoever may open it (mode 0600).\n",
          out);
}

static int run(const struct arguments *arguments) {
    (void)arguments;
    manual_print_page(stdout, subcommands);
    return EXIT_CODE_OK;
}

static const struct option *const options[] = {NULL};

const struct subcommand subcommand_manual = {
    .name = "manual",
    .sentence = "Print the manual page, for man(1).",
    .options = options,
    .run = run,
    .hidden = true,
};
