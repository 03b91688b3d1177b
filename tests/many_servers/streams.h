/* streams.h - what one server commits is on the other one's live streams within half a second, and
 * whoever may not watch any more, by what one server did, does not for long at the other. */
#pragma once

#include "street.h"

void streams_are_followed(struct street *street);
void credentials_are_followed(struct street *street);
