/* ticketd: one program, many subcommands. This file finds the one that is meant. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/manual.h"
#include "daemon/options.h"
#include "daemon/subcommands.h"
#include "store/store.h"

const struct subcommand *const subcommands[] = {
    &subcommand_serve,
    &subcommand_demo,
    &subcommand_migrate,
    &subcommand_copy,
    &subcommand_verify,
    &subcommand_explain,
    &subcommand_key_create,
    &subcommand_key_list,
    &subcommand_key_revoke,
    &subcommand_staff_add,
    &subcommand_staff_list,
    &subcommand_staff_role,
    &subcommand_staff_disable,
    &subcommand_staff_enable,
    &subcommand_staff_password,
    &subcommand_event_create,
    &subcommand_event_add_tickets,
    &subcommand_event_list,
    &subcommand_event_show,
    &subcommand_event_publish,
    &subcommand_event_archive,
    &subcommand_report_sales,
    &subcommand_report_inventory,
    &subcommand_report_box_office,
    &subcommand_rehearse,
    &subcommand_version,
    &subcommand_manual,
    NULL,
};

static bool asks_for_help(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* A name is one word or two ("key create"); *words says how many. */
static const struct subcommand *find(int count, char *const *argv, int *words) {
    for (const struct subcommand *const *at = subcommands; *at != NULL; at++) {
        const char *space = strchr((*at)->name, ' ');
        size_t first = space == NULL ? strlen((*at)->name) : (size_t)(space - (*at)->name);
        bool first_fits = strlen(argv[0]) == first && memcmp(argv[0], (*at)->name, first) == 0;
        if (first_fits && space == NULL) {
            *words = 1;
            return *at;
        }
        if (first_fits && count > 1 && strcmp(argv[1], space + 1) == 0) {
            *words = 2;
            return *at;
        }
    }
    return NULL;
}

/* "key": the first word of several names. */
static bool is_group(const char *word) {
    size_t length = strlen(word);
    for (const struct subcommand *const *at = subcommands; *at != NULL; at++) {
        if (strncmp((*at)->name, word, length) == 0 && (*at)->name[length] == ' ') {
            return true;
        }
    }
    return false;
}

static int without_subcommand(int count, char *const *argv) {
    if (count == 0) {
        manual_print_list(stderr, subcommands, NULL);
        return EXIT_CODE_USAGE;
    }
    if (asks_for_help(argv[0]) || strcmp(argv[0], "help") == 0) {
        manual_print_list(stdout, subcommands, NULL);
        return EXIT_CODE_OK;
    }
    if (is_group(argv[0])) {
        bool helped = count > 1 && asks_for_help(argv[1]);
        if (count > 1 && !helped) {
            complain("There is no subcommand \"%s %s\".", argv[0], argv[1]);
        }
        manual_print_list(helped ? stdout : stderr, subcommands, argv[0]);
        return helped ? EXIT_CODE_OK : EXIT_CODE_USAGE;
    }
    complain("There is no subcommand \"%s\". `ticketd --help` lists them.", argv[0]);
    return EXIT_CODE_USAGE;
}

/* Whoever lists the processes of this machine reads their command lines: a password is struck out
 * of ours. What was typed is kept in a copy. */
static char *without_password(char *word) {
    char shown[STORE_URL_SHOWN_SIZE];
    char *typed = word;
    size_t length = strlen(word);
    if (strncmp(store_url_shown(word, shown), word, sizeof shown - 1) == 0 ||
        (typed = strdup(word)) == NULL) {
        return word;
    }
    memset(word, '\0', length);
    memcpy(word, shown, strlen(shown) < length ? strlen(shown) : length);
    return typed;
}

int main(int argc, char **argv) {
    int words = 0;
    int count = argc - 1;
    char **rest = argv + 1;
    for (int i = 0; i < count; i++) {
        rest[i] = without_password(rest[i]);
    }
    if (count > 0 && strcmp(rest[0], "--version") == 0) {
        return subcommand_version.run(NULL);
    }
    const struct subcommand *subcommand = count > 0 ? find(count, rest, &words) : NULL;
    if (subcommand == NULL) {
        return without_subcommand(count, rest);
    }
    for (int i = words; i < count; i++) {
        if (asks_for_help(rest[i])) {
            manual_print_help(stdout, subcommand);
            return EXIT_CODE_OK;
        }
    }
    struct arguments arguments;
    if (!arguments_parse(&arguments, subcommand, count - words, rest + words)) {
        fprintf(stderr, "`ticketd %s --help` says more.\n", subcommand->name);
        return EXIT_CODE_USAGE;
    }
    if (sodium_init() < 0) {
        return complain("The system gives no random numbers.");
    }
    int code = subcommand->run(&arguments);
    if (fflush(stdout) != 0 && code == EXIT_CODE_OK) {
        return complain("Standard output could not be written.");
    }
    return code;
}
