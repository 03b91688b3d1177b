/* export.h - a list as CSV, page by page.
 *
 * Each page is one short read of the store; between pages nothing is held open, and a client that
 * reads slowly keeps no thread: the export goes on when there is room again. */
#pragma once

#include "routes/list.h"

enum { EXPORTS_MAX = 16 }; /* at once; more are busy: each holds a page of some 100 KiB */

/* On a reader's thread. The first page is read before the reply begins, so that what goes wrong
 * with it is still a proper answer. */
struct answered export_begin(struct list_request *request, struct store_reader *reader);
