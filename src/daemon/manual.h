/* manual.h - the option declarations as text for people: `--help` and ticketd(1). */
#pragma once

#include <stdio.h>

#include "daemon/options.h"

/* Help on one subcommand. */
void manual_print_help(FILE *out, const struct subcommand *subcommand);

/* The list of those whose name begins with `group` ("key"), or of all where it is NULL. */
void manual_print_list(FILE *out, const struct subcommand *const *all, const char *group);

/* The manual page, in man(7) macros. */
void manual_print_page(FILE *out, const struct subcommand *const *all);
