/* ticket_type.h - one kind of ticket of an event, with its counts and the head of its log. */
#pragma once

#include <stdbool.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/counts.h"

enum { CHAIN_HASH_SIZE = 32 };

struct chain_hash {
    uint8_t bytes[CHAIN_HASH_SIZE];
};

struct ticket_type {
    struct uuid id, event_id;
    struct text name, description; /* description: or absent */
    int64_t price;                 /* minor units of the event's currency */
    int32_t initial;               /* never changes (R9) */
    struct counts counts;
    struct instant sales_start, sales_end;   /* or none (R15) */
    int32_t max_per_order, max_per_customer; /* 0: no limit (R15) */
    int64_t settings_version;                /* sales do not touch it */
    int64_t audit_seq;                       /* of the last entry; 0 before the first */
    struct chain_hash audit_hash;            /* of the last entry; zeroes before the first */
    struct instant last_entry_at;            /* or none */
    int32_t adopted_sold; /* sold before ticketd without a reservation; below 0: given back so */
    struct instant created_at, updated_at, archived_at;
};
