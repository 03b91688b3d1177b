#include "base/text.h"
#include "domain/text.h" /* http knows only base */
