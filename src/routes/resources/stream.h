/* stream.h - may a live stream go on? Asked by the feed, once a second of each. */
#pragma once

#include "routes/live/viewer.h"

/* `routes` are a struct routes. False: the key was revoked or has expired; the session has ended,
 * or the person's rights are not what they were. The next request will be told. */
bool stream_may_go_on(void *routes, const struct viewer *viewer);
