#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void check_failed(const char *kind, const char *claim, const char *file, int line,
                  const char *function) {
    fprintf(stderr, "level=fatal event=broken_promise kind=%s claim=\"%s\" at=%s:%d function=%s\n",
            kind, claim, file, line, function);
    abort();
}
