/* stream.h - the loop's side of an answer that is written bit by bit (request.h).
 *
 * Writers fill one bounded buffer while the system takes another: neither waits for the other,
 * and no client holds more than the two. */
#pragma once

#include <stdbool.h>

struct exchange;

/* It came back from another thread. */
void stream_returned(struct exchange *exchange);

/* Something changed for it: bytes have gone out, the client has left, the loop stops. */
void stream_turn(struct exchange *exchange);

/* What was in flight is out, or lost. */
void stream_sent(struct exchange *exchange, bool delivered);
