/* finding.h - the first thing that was wrong, as a sentence. Everything after it is hearsay. */
#pragma once

#include <stdbool.h>

struct finding {
    bool found;
    char sentence[400];
};

/* Keeps the first; false, so that checks can end with it. */
bool finding_report(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
