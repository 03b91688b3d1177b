/* streams.h - what one server commits is on the other one's live streams within half a second. */
#pragma once

#include "street.h"

void streams_are_followed(struct street *street);
