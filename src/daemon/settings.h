/* settings.h - the options that several subcommands share. */
#pragma once

#include "daemon/options.h"

extern const struct option option_database, option_server, option_key, option_listen,
    option_log_level, option_loops, option_rate_per_key, option_rate_per_address, option_public,
    option_public_url, option_trusted_proxy, option_currency, option_time_zone, option_connections,
    option_connections_per_address, option_inbox, option_lanes, option_stop_seconds, option_streams;
