#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>

enum error failure_set(struct failure *failure, enum error error, const char *format, ...) {
    if (failure != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(failure->sentence, sizeof failure->sentence, format, arguments);
        va_end(arguments);
        failure->error = error;
    }
    return error;
}

const char *error_name(enum error error) {
    switch (error) {
    case ERROR_NONE:
        return "none";
    case ERROR_MEMORY:
        return "out of memory budget";
    case ERROR_INVALID:
        return "invalid";
    case ERROR_NOT_FOUND:
        return "not found";
    case ERROR_UNAVAILABLE:
        return "store unavailable";
    case ERROR_FULL:
        return "disk full";
    case ERROR_LOCKED:
        return "locked by another process";
    case ERROR_RETRY:
        return "changed meanwhile";
    case ERROR_TWIN:
        return "key taken meanwhile";
    case ERROR_REJECTED:
        return "rejected by the database";
    case ERROR_UNKNOWN:
        return "outcome unknown";
    case ERROR_CORRUPT:
        return "not a usable database";
    case ERROR_NEWER:
        return "database of a newer version";
    case ERROR_PERMISSION:
        return "not permitted";
    }
    return "unnamed error";
}
