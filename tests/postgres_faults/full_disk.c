/* full_disk - the disk of the database is full for a while: whoever asks is told so, nothing that
 * was acknowledged is lost, and it goes on by itself once there is room.
 *
 *     full_disk ROUNDS
 *
 * The database lies in a tablespace on a tmpfs, which takes the right to mount: without it the test
 * is skipped (exit status 77). The write-ahead log lies elsewhere: PostgreSQL itself ends when that
 * is full. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "postgres_faults/trial.h"
#include "support/cluster.h"

enum { TOLD_MS = 60 * 1000, RECOVERY_MS = 60 * 1000, SKIPPED = 77, PIECE = 8192 };

static struct failure failure;
static char disk[FOLDER_SIZE], ballast[FOLDER_SIZE + 16];

static void must(enum error error, const char *what) {
    if (error != ERROR_NONE) {
        give_up(what, failure.sentence);
    }
}

/* In a name space of this process: the mount ends with it. */
static bool mount_disk(void) {
    folder_make(disk);
    snprintf(ballast, sizeof ballast, "%s/ballast", disk);
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", disk, "tmpfs", 0, "size=64m,mode=755") == 0;
}

/* The folder of a tablespace is its server's own. */
static void make_database(const struct cluster *cluster, char url[DATABASE_URL_SIZE]) {
    char folder[FOLDER_SIZE + 16], data[512], sql[256];
    struct stat owner;
    snprintf(folder, sizeof folder, "%s/space", disk);
    snprintf(data, sizeof data, "%s/data", cluster_folder(cluster));
    if (stat(data, &owner) != 0 || mkdir(folder, 0700) != 0 ||
        chown(folder, owner.st_uid, owner.st_gid) != 0) {
        give_up(folder, strerror(errno));
    }
    snprintf(sql, sizeof sql, "CREATE TABLESPACE small LOCATION '%s'", folder);
    must(database_execute(cluster_url(cluster), sql, &failure), sql);
    must(database_execute(cluster_url(cluster), "CREATE DATABASE shop TABLESPACE small", &failure),
         "the database");
    database_url(cluster_url(cluster), "shop", url);
}

static void fill_disk(void) {
    static const char zeros[PIECE];
    int file = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write(file, zeros, sizeof zeros) > 0) {
    }
    close(file);
}

static void play(struct trial *trial) {
    char answer[ANSWER_SIZE];
    struct shop_figures before;
    shop_figures(trial->shop, &before);
    fill_disk();
    if (!shop_await_unavailable(trial->shop, before.unavailable + 20, TOLD_MS)) {
        give_up("the shop", "nobody was told that the disk is full");
    }
    fill_disk(); /* what was given back by a transaction that failed */
    if (trial_ask(trial, 0, "GET", "/readyz", answer) == 503 && strstr(answer, "53100") == NULL) {
        give_up("/readyz does not say why", answer);
    }
    unlink(ballast);
    trial_await(trial, 0, RECOVERY_MS);
}

int main(int argc, char **argv) {
    struct cluster *cluster;
    struct trial trial;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    char url[DATABASE_URL_SIZE], title[64];
    if (!mount_disk()) {
        printf("skipped: a tmpfs cannot be mounted here (%s)\n", strerror(errno));
        folder_remove(disk);
        return SKIPPED;
    }
    must(cluster_open(&(struct cluster_options){0}, &cluster, &failure), "PostgreSQL");
    make_database(cluster, url);
    trial_open(&trial, &(struct trial_options){
                           .database = url, .served = {url}, .buyers = 8, .passers_by = 2});
    for (int i = 0; i < rounds; i++) {
        play(&trial);
    }
    struct trial_result result = trial_close(&trial);
    snprintf(title, sizeof title, "full disk, %d times", rounds);
    trial_print(title, &result);
    cluster_close(cluster);
    umount2(disk, MNT_DETACH);
    folder_remove(disk);
    return trial_is_clean(&result) ? 0 : 1;
}
