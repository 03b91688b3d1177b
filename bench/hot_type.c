#include "hot_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TICKETS = 2000000000 };

static void must(enum ticketd_code code) {
    if (code != TICKETD_OK) {
        fprintf(stderr, "making the ticket types: %s\n", ticketd_sentence(code));
        exit(1);
    }
}

static struct ticketd_id make_event(struct ticketd *ticketd) {
    static struct ticketd_event event; /* large: it has room for the longest texts */
    struct ticketd_event_request evening = {
        .name = "The evening that everyone waits for",
        .start_date = ((ticketd_time)time(NULL) + INT64_C(7) * 86400) * 1000000,
        .published = true,
    };
    must(ticketd_event_create(ticketd, &evening, NULL, &event));
    return event.id;
}

void hot_type_make(struct ticketd *ticketd, struct ticketd_id *ids, int count) {
    static struct ticketd_type type;
    struct ticketd_type_request stalls = {
        .name = "Stalls", .price = 8900, .initial_inventory = TICKETS};
    for (int i = 0; i < count; i++) {
        if (i % TYPES_OF_EVENT == 0) {
            stalls.event_id = make_event(ticketd);
        }
        must(ticketd_type_create(ticketd, &stalls, NULL, &type));
        ids[i] = type.id;
    }
}
