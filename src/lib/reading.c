#include "lib/reading.h"

#include "lib/code.h"

/* A page of 500 log entries with the longest texts takes about 2 MiB. */
enum { READING_ARENA_BYTES = 16 << 20 };

bool reading_begin(struct reading *reading, struct ticketd *ticketd) {
    *reading = (struct reading){.ticketd = ticketd};
    arena_init(&reading->arena, READING_ARENA_BYTES);
    return reading_note(reading,
                        reader_pool_take(&ticketd->readers, &reading->reader, &reading->failure));
}

bool reading_note(struct reading *reading, enum error error) {
    if (reading->code == TICKETD_OK) {
        reading->code = code_of_error(error);
    }
    return reading->code == TICKETD_OK;
}

enum ticketd_code reading_end(struct reading *reading) {
    arena_finish(&reading->arena);
    if (reading->reader != NULL) {
        reader_pool_give(&reading->ticketd->readers, reading->reader);
    }
    return reading->code;
}
