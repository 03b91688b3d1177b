/* floor.h - what the machine itself takes for one durable commit: nobody can answer faster. */
#pragma once

#include "samples.h"

/* The rows of one reservation written and committed by SQLite, one after the other, in a file in
 * `directory`, with the settings of ticketd's store (WAL, synchronous FULL). */
void floor_commit(const char *directory, double seconds, struct measure *measure);

/* Median of fdatasync() after a write of 4 KiB, in milliseconds. */
double floor_fdatasync_ms(const char *directory);
