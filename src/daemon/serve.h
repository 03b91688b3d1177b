/* serve.h - serves a database until a signal ends it. */
#pragma once

#include "daemon/options.h"
#include "daemon/service.h"

/* The settings of `ticketd serve` as a service; also for `ticketd demo`, which shares them. */
struct service_options service_options_from(const struct arguments *arguments,
                                            const char *database);

/* `ready` is called once it listens, with its address; it may be NULL. Returns the exit code. */
int serve_until_stopped(const struct service_options *options,
                        void (*ready)(void *context, const char *address), void *context);
