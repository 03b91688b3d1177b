/* pages.h - is this path one of the admin pages'?
 *
 * What lies below /admin/ is no operation of the contract: the files that the build made of web/,
 * and index.html for every path that is none, since the pages route themselves. */
#pragma once

#include <stdbool.h>

#include "routes/call.h"

/* Answers and returns true where it is. A file that is asked for by a path below
 * /admin/assets/ and is not there is a 404. */
bool pages_answer(struct call *call);
