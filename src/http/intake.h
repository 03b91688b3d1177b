/* intake.h - from the bytes of a client's socket to requests, one at a time.
 *
 * While a request is away or being answered, what else comes waits; once READ_MAX bytes wait,
 * the socket is not read any more. Reading goes on until then, for that is how it is noticed
 * that a client has gone. */
#pragma once

#include <stdbool.h>

struct connection;

void intake_start(struct connection *connection);

/* Gives the connection an exchange to read a request into. False: no memory, it was closed. */
bool intake_begin_request(struct connection *connection);

/* An answer is out, and the connection stays: what comes next? */
void intake_next(struct connection *connection);

/* From now on all bytes are dropped, those that wait first. */
void intake_drop(struct connection *connection);
