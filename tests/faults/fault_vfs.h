/* fault_vfs.h - a disk that fails on demand, and loses power.
 *
 * A VFS between SQLite and the real one. It can make the nth call fail, once or
 * from then on, and it remembers for each file which writes no sync has carried
 * to the disk: a power cut takes them back, all or some of them. What a failed
 * sync left behind stays lost even when a later sync succeeds, as on Linux. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_EIO,   /* any read, write, sync, truncate or open */
    FAULT_FULL,  /* a write finds no room */
    FAULT_SHORT, /* a write stops half way, then finds no room */
    FAULT_FSYNC, /* a sync fails */
    FAULT_KINDS,
};

/* Which writes a power cut keeps, of those that were not synced. */
enum cut { CUT_KEEPS_NONE, CUT_KEEPS_SOME, CUT_KEEPS_ALL, CUTS };

/* Becomes the process's default VFS. */
void fault_vfs_install(void);

/* The call after `calls` more fails; sticky: all later ones do, too. */
void fault_vfs_arm(enum fault_kind kind, bool sticky, long calls);
void fault_vfs_disarm(void);

/* Calls that failed since it was armed. */
long fault_vfs_hits(void);

/* Syncs say yes and do nothing, as some disks do: for the control. */
void fault_vfs_lie(bool lie);

/* The file `path` as it would be found after a power cut now, into `to`. */
void fault_vfs_cut(const char *path, const char *to, enum cut cut, uint64_t seed);

/* The file `path` as another process would find it after this one was killed now: with what only
 * the page cache holds, into `to`. */
void fault_vfs_kill(const char *path, const char *to);

/* Forgets what is not synced: for a new run on new files. */
void fault_vfs_forget(void);

const char *fault_kind_name(enum fault_kind kind);
