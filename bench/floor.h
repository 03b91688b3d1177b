/* floor.h - what the machine itself takes for one durable commit: nobody can answer faster. */
#pragma once

#include "samples.h"

/* A row of a reservation's size inserted into an SQLite file in `directory`, alone, with the
 * settings of ticketd's store (WAL, synchronous FULL). */
void floor_commit(const char *directory, double seconds, struct measure *measure);

/* Median of fdatasync() after a write of 4 KiB, in milliseconds. */
double floor_fdatasync_ms(const char *directory);
