/* reading.h - one blocking read: a reader for the time it takes, an arena for its rows.
 *
 *     struct reading reading;
 *     if (reading_begin(&reading, ticketd)) {
 *         reading_note(&reading, reader_…(reading.reader, …, &reading.arena, …, &reading.failure));
 *     }
 *     if (reading.code == TICKETD_OK) { …answer… }
 *     return reading_end(&reading); */
#pragma once

#include "lib/engine.h"

struct reading {
    struct ticketd *ticketd;
    struct store_reader *reader; /* NULL: none was to be had */
    struct arena arena;
    struct failure failure;
    enum ticketd_code code;
};

bool reading_begin(struct reading *reading, struct ticketd *ticketd);

/* Keeps the first error; true while there is none. */
bool reading_note(struct reading *reading, enum error error);

/* Gives everything back; the code. */
enum ticketd_code reading_end(struct reading *reading);
