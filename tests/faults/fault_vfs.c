#include "fault_vfs.h"

#include <sqlite3.h>
#include <string.h>

#include "base/check.h"
#include "unsynced.h"

struct fault_file {
    sqlite3_file base;
    struct unsynced *unsynced; /* NULL: a temporary file */
    sqlite3_file *real;        /* follows this struct in memory */
};

static sqlite3_vfs *real_vfs;
static struct {
    enum fault_kind kind;
    bool sticky, lying;
    long calls_left, hits;
} disk;

void fault_vfs_arm(enum fault_kind kind, bool sticky, long calls) {
    disk.kind = kind;
    disk.sticky = sticky;
    disk.calls_left = calls;
    disk.hits = 0;
}

void fault_vfs_disarm(void) {
    disk.kind = FAULT_NONE;
}

long fault_vfs_hits(void) {
    return disk.hits;
}

void fault_vfs_lie(bool lie) {
    disk.lying = lie;
}

void fault_vfs_cut(const char *path, const char *to, enum cut cut, uint64_t seed) {
    unsynced_cut(unsynced_of(path), to, cut, seed);
}

void fault_vfs_kill(const char *path, const char *to) {
    unsynced_cut(unsynced_of(path), to, CUT_KEEPS_ALL, 0);
    unsynced_inherit(unsynced_of(to), unsynced_of(path));
}

void fault_vfs_forget(void) {
    unsynced_forget_all();
}

const char *fault_kind_name(enum fault_kind kind) {
    static const char *const names[] = {"none", "EIO", "disk full", "short write", "failed sync"};
    return names[kind];
}

/* Does this call fail? Only calls of which the kind can be count. */
static bool hit(bool can_be) {
    if (disk.kind == FAULT_NONE || !can_be) {
        return false;
    }
    if (disk.calls_left > 0) {
        disk.calls_left--;
        return false;
    }
    disk.hits++;
    if (!disk.sticky) {
        disk.kind = FAULT_NONE;
    }
    return true;
}

static struct fault_file *ours(sqlite3_file *file) {
    return (struct fault_file *)file;
}

static sqlite3_file *real(sqlite3_file *file) {
    return ours(file)->real;
}

static int fault_close(sqlite3_file *file) {
    return real(file)->pMethods->xClose(real(file));
}

static int fault_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    if (hit(disk.kind == FAULT_EIO)) {
        return SQLITE_IOERR_READ;
    }
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_through(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    if (count == 0) {
        return SQLITE_OK;
    }
    if (ours(file)->unsynced != NULL) {
        unsynced_write(ours(file)->unsynced, offset, bytes, count);
    }
    return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int fault_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    enum fault_kind kind = disk.kind;
    if (!hit(kind == FAULT_EIO || kind == FAULT_FULL || kind == FAULT_SHORT)) {
        return write_through(file, bytes, count, offset);
    }
    if (kind == FAULT_SHORT) {
        int result = write_through(file, bytes, count / 2, offset);
        return result == SQLITE_OK ? SQLITE_FULL : result;
    }
    return kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size) {
    if (hit(disk.kind == FAULT_EIO)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if (ours(file)->unsynced != NULL) {
        unsynced_truncate(ours(file)->unsynced, size);
    }
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int fault_sync(sqlite3_file *file, int flags) {
    (void)flags; /* nothing here outlives the process: only the record matters */
    if (disk.lying) {
        return SQLITE_OK;
    }
    bool fails = hit(disk.kind == FAULT_EIO || disk.kind == FAULT_FSYNC);
    if (ours(file)->unsynced != NULL) {
        unsynced_sync(ours(file)->unsynced, !fails);
    }
    return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int fault_lock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

static int fault_unlock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int fault_check_lock(sqlite3_file *file, int *held) {
    return real(file)->pMethods->xCheckReservedLock(real(file), held);
}

static int fault_control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int fault_sector_size(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int fault_device(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend,
                         void volatile **memory) {
    if (extend != 0 && hit(disk.kind == FAULT_EIO || disk.kind == FAULT_FULL)) {
        return SQLITE_IOERR_SHMSIZE;
    }
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

static int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void fault_shm_barrier(sqlite3_file *file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

static int fault_shm_unmap(sqlite3_file *file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_check_lock,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector_size,
    .xDeviceCharacteristics = fault_device,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                      int *opened) {
    (void)vfs;
    file->pMethods = NULL;
    if (hit(disk.kind == FAULT_EIO)) {
        return SQLITE_CANTOPEN;
    }
    ours(file)->real = (sqlite3_file *)(void *)(ours(file) + 1);
    ours(file)->unsynced = name == NULL ? NULL : unsynced_of(name);
    int result = real_vfs->xOpen(real_vfs, name, real(file), flags, opened);
    if (result == SQLITE_OK) {
        file->pMethods = &methods;
    }
    return result;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    if (hit(disk.kind == FAULT_EIO)) {
        return SQLITE_IOERR_DELETE;
    }
    unsynced_truncate(unsynced_of(name), 0);
    return real_vfs->xDelete(real_vfs, name, sync);
}

void fault_vfs_install(void) {
    static sqlite3_vfs vfs;
    real_vfs = sqlite3_vfs_find(NULL);
    ensure(real_vfs != NULL);
    vfs = *real_vfs;
    vfs.zName = "faults";
    vfs.pNext = NULL;
    vfs.szOsFile = (int)sizeof(struct fault_file) + real_vfs->szOsFile;
    vfs.xOpen = fault_open;
    vfs.xDelete = fault_delete;
    ensure(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}
