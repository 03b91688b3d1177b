/* time_zone.h - does this machine know a time zone of that name? */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/* An IANA name such as Europe/Berlin that the system's zone files hold. UTC is always known.
 * Names that would leave their directory are none. Reads a file. */
bool time_zone_exists(struct text name);
