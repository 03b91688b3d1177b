/* result.h - what SQLite's result codes mean to us: the only place that decides it.
 *
 * Inside store/sqlite/ functions return SQLite's codes (`int`, SQLITE_OK is 0),
 * extended ones, and some of our own in the same number space. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "base/failure.h"

/* Extended codes that SQLite has not: its own stay far below 200. */
#define RESULT_ARENA_SPENT   (SQLITE_NOMEM | (200 << 8))
#define RESULT_WORLD_CHANGED (SQLITE_BUSY | (200 << 8))
#define RESULT_TWIN          (SQLITE_CONSTRAINT | (200 << 8))
#define RESULT_NOT_FOUND     (SQLITE_NOTFOUND | (200 << 8))
#define RESULT_ROW_FAULT     (SQLITE_CORRUPT | (200 << 8)) /* a value that no ticketd wrote */

/* `committing`: the code came from COMMIT, where most of them leave open what is on the disk. */
enum error result_error(int result, bool committing);
