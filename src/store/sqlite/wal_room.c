#include "store/sqlite/wal_room.h"

#include <assert.h>
#include <stddef.h>
#include <sys/statvfs.h>

enum { PIECE_BYTES = 64 << 10 };
static const char zeros[PIECE_BYTES];
static_assert(WAL_ROOM_STEP_BYTES % PIECE_BYTES == 0, "a step is written piece by piece");

static bool disk_is_ample(const char *path) {
    struct statvfs disk;
    return statvfs(path, &disk) == 0 &&
           (unsigned long long)disk.f_bavail * disk.f_frsize / 16 > WAL_ROOM_BYTES;
}

static bool append_step(sqlite3_file *wal, sqlite3_int64 size) {
    for (sqlite3_int64 at = size; at < size + WAL_ROOM_STEP_BYTES; at += PIECE_BYTES) {
        if (wal->pMethods->xWrite(wal, zeros, PIECE_BYTES, at) != SQLITE_OK) {
            return false;
        }
    }
    return wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

bool wal_room_make(sqlite3 *database, const char *path) {
    sqlite3_file *wal = NULL;
    int result = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    if (result != SQLITE_OK || wal == NULL || wal->pMethods == NULL) {
        return false;
    }
    sqlite3_int64 size = 0;
    /* An empty file has not even its header: the first commit writes that. */
    if (wal->pMethods->xFileSize(wal, &size) != SQLITE_OK || size == 0 || size >= WAL_ROOM_BYTES) {
        return false;
    }
    return disk_is_ample(path) && append_step(wal, size);
}
