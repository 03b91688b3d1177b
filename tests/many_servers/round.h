/* round.h - four hundred buyers for a hundred tickets, spread over all servers.
 *
 * Three ticket types of one event: two of a hundred tickets, that carts take in
 * either order, and one that allows two tickets to a customer. What the buyers
 * are told is counted, and must be what the database says in the end. */
#pragma once

#include "street.h"

enum { ROUND_TICKETS = 100, ROUND_BUYERS = 400, ROUND_THREADS = 12 };

/* Runs it to its end; complains to the street. */
void round_run(struct street *street, unsigned number);
