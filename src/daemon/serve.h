/* serve.h - serves a database until a signal ends it. */
#pragma once

#include "daemon/options.h"
#include "daemon/service.h"
#include "routes/routes.h"
#include "store/store.h"

enum { SETTINGS_MAX = 32 };

/* What the options of a server are, to be shown; texts of its own, so that it stays where it is. */
struct settings_in_effect {
    struct option_in_effect list[SETTINGS_MAX];
    char values[SETTINGS_MAX][STORE_URL_SHOWN_SIZE];
    size_t count;
};

/* The settings of `ticketd serve` as a service; also for `ticketd demo`, which shares them. */
struct service_options service_options_from(const struct arguments *arguments, const char *database,
                                            struct settings_in_effect *settings);

/* `ready` is called once it listens, with its address; it may be NULL. Returns the exit code. */
int serve_until_stopped(const struct service_options *options,
                        void (*ready)(void *context, const char *address), void *context);
