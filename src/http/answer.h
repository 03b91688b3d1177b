/* answer.h - an answer's way from the application to the socket. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "http/refusal.h"

struct connection;
struct exchange;

/* The reply of the exchange is set: writes it, or drops it if the client has gone. */
void answer_deliver(struct exchange *exchange);

/* The request under way is refused, and the connection ends. */
void answer_refusal(struct connection *connection, struct refusal refusal);

enum sending { SENDING_DONE, SENDING_QUEUED, SENDING_LOST };

/* Sends `head`, which is copied if need be, then `body`, which must stay. QUEUED: once it
 * is out, or lost, a stream is told by stream_sent(); else the exchange is over. LOST: the
 * connection has been closed. */
enum sending answer_send(struct connection *connection, struct text head, struct text body);

/* The head of the exchange's reply, in a buffer of the loop; absent if it cannot be sent. */
struct text answer_head(struct connection *connection, bool stream);

/* The answer is out, or lost: the exchange is over. May free the connection. */
void answer_over(struct connection *connection, bool delivered);
