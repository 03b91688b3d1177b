/* rehearsal.h - the stage of a rehearsal: an event of its own on a running server, and what the
 * server says afterwards about who got what. */
#pragma once

#include "base/failure.h"
#include "base/uuid.h"
#include "daemon/api_client.h"
#include "daemon/rehearse/crowd.h"

struct rehearsal {
    struct api_client *client;
    struct uuid event_id, ticket_type_id;
    int64_t tickets;
};

/* What the server's own books say, held against what the buyers were told. */
struct rehearsal_findings {
    int64_t total, sold, reserved, available; /* the counts */
    int64_t sales_quantity;                   /* the sum over the sales */
    int64_t oversold;                         /* beyond the tickets there are */
    int64_t lost;      /* sales and reservations that a buyer was told of, and are not there */
    int64_t unasked;   /* sales that nobody was told of */
    bool counts_agree; /* with the sales, and with the tickets there are */
};

/* Makes the event and its ticket type. Of `rehearsal`, client and tickets are set. */
MUST_USE enum error rehearsal_prepare(struct rehearsal *rehearsal, struct failure *failure);

MUST_USE enum error rehearsal_read_back(struct rehearsal *rehearsal,
                                        const struct crowd_result *result,
                                        struct rehearsal_findings *findings,
                                        struct failure *failure);

/* Archives the event: what was sold in it stays in the log. */
MUST_USE enum error rehearsal_clear_away(struct rehearsal *rehearsal, struct failure *failure);
