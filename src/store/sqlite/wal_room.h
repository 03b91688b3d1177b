/* wal_room.h - room at the end of the WAL, made while nobody waits.
 *
 * A commit that makes the file longer costs about twice one that writes over
 * what is there: its sync must write the inode too. Zeros behind the last frame
 * are no frame (their checksum is wrong), as what an earlier round left there
 * is none: recovery ends before them. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

enum {
    WAL_ROOM_BYTES = 64 << 20,     /* the opening seconds of a rush */
    WAL_ROOM_STEP_BYTES = 1 << 20, /* a few milliseconds, between two looks at the inbox */
};

/* Adds one step and syncs it. True: more is wanted. Does nothing where the disk has not sixteen
 * times as much left; what fails is left to the next commit to meet. */
bool wal_room_make(sqlite3 *database, const char *path);
