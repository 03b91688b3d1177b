/* openings.h - the log of each ticket type that is there begins with what is found
 * (domain/opening.h).
 *
 * Private to postgres/adoption/. */
#pragma once

#include "store/postgres/adoption/migrating.h"

/* Into the plan: how each log will begin, and where counts differ from what the reservations add up
 * to. The rows have been found possible before. */
MUST_USE enum error openings_plan(struct migrating *migrating);

/* Writes the entries and lets the ticket types take up their heads. Once the tables have all their
 * columns; nobody else can write them. */
MUST_USE enum error openings_write(struct migrating *migrating);
