/* viewer_parts.h - what the two halves of a viewer, its beginning and what follows, share. */
#pragma once

#include "routes/live/viewer.h"

/* Sends what the wire holds; there is room, or it is a beginning. False: the client has gone. */
bool viewer_send(struct viewer *viewer, struct viewing *viewing);

/* `reset`, and a snapshot. */
bool viewer_start_over(struct viewer *viewer, struct viewing *viewing);

/* Counts on their way to the wire. The id is said with the last ones: what comes before is whole,
 * and may come again. So each are held until the next come, or the end. */
struct held_counts {
    const struct counts_entry *entry; /* or NULL */
    bool sees_all;
};

void viewer_hold_counts(struct viewing *viewing, struct held_counts *held,
                        const struct counts_entry *entry, bool sees_all);
void viewer_end_counts(struct viewer *viewer, struct viewing *viewing,
                       const struct held_counts *held, bool of_newest);

/* The id that says where the stream stands: what was shown, or what is known by now. */
struct text viewer_place(struct viewer *viewer, bool of_newest, char buffer[LIVE_ID_SIZE]);

/* The last entry that was sent of the topic at this place; NULL: no memory. */
int64_t *seat_logged(struct seat *seat, size_t place);
