/* difference.h - what verify found, as a line for people and machines. */
#pragma once

#include <stdio.h>

#include "store/verify.h"

/* "kind: ticket type ID entry N: sentence". */
void difference_print(FILE *out, const struct verify_difference *difference);
