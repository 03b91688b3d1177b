#include "domain/outcome.h"

bool verdict_is_failure(enum verdict verdict) {
    return verdict >= VERDICT_BUSY;
}
