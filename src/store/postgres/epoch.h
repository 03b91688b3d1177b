/* epoch.h - PostgreSQL counts its microseconds from the year 2000. */
#pragma once

#include <stdint.h>

#define EPOCH_2000_US INT64_C(946684800000000)
