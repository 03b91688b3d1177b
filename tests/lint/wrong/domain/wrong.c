#include "base/text.h"
#include "domain/world.h"
#include "store/store.h" /* domain knows no store */
#include <sqlite3.h>     /* nor its engine */
