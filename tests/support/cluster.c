#include "support/cluster.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/postgres_program.h"

enum {
    FOLDER_SIZE = 200,
    FILE_SIZE = FOLDER_SIZE + 32,
    /* Below the ports that the kernel gives to clients: none of them can sit on ours while the
     * cluster is stopped. */
    PORT_FIRST = 15000,
    PORT_COUNT = 17000,
    PORT_TRIES = 64,
    START_SECONDS_MAX = 60, /* with recovery on a busy machine */
    STOP_SECONDS_MAX = 60,
    LOOK_AGAIN_MS = 10,
    SOCKET_PATH_MAX = 107,
};

struct cluster {
    char folder[FOLDER_SIZE], data[FILE_SIZE], log[FILE_SIZE];
    char url[DATABASE_URL_SIZE];
    int port;
    bool is_kept;
    pid_t pid;
    /* A shell that waits for the end of a pipe, ours or the process's, and removes the folder. */
    pid_t caretaker;
    int alive;
};

const char *cluster_url(const struct cluster *cluster) {
    return cluster->url;
}

int cluster_port(const struct cluster *cluster) {
    return cluster->port;
}

const char *cluster_folder(const struct cluster *cluster) {
    return cluster->folder;
}

pid_t cluster_pid(const struct cluster *cluster) {
    return cluster->pid;
}

/* --- the folder --------------------------------------------------------------------- */

static void wait_for(pid_t child) {
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* rm tries again while the last server still writes there. */
static enum error start_caretaker(struct cluster *cluster, struct failure *failure) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0 || (cluster->caretaker = fork()) < 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "no caretaker: %s", strerror(errno));
    }
    if (cluster->caretaker == 0) {
        setsid();
        dup2(ends[0], STDIN_FILENO);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        dup2(STDOUT_FILENO, STDERR_FILENO);
        execl("/bin/sh", "sh", "-c", "read end; until rm -rf -- \"$0\"; do sleep 0.1; done",
              cluster->folder, (char *)NULL);
        _exit(98);
    }
    close(ends[0]);
    cluster->alive = ends[1];
    return ERROR_NONE;
}

static enum error make_temporary_folder(struct cluster *cluster, struct failure *failure) {
    const char *parent = getenv("TMPDIR");
    bool is_short = parent != NULL && strlen(parent) < 50; /* there is a socket in it */
    snprintf(cluster->folder, sizeof cluster->folder, "%s/ticketd-postgres-XXXXXX",
             is_short ? parent : "/tmp");
    if (mkdtemp(cluster->folder) == NULL) {
        return failure_set(failure, ERROR_PERMISSION, "%s: %s", cluster->folder, strerror(errno));
    }
    return start_caretaker(cluster, failure);
}

static enum error make_folder(struct cluster *cluster, const struct cluster_options *options,
                              struct failure *failure) {
    enum error error = ERROR_NONE;
    if (options->folder == NULL) {
        error = make_temporary_folder(cluster, failure);
    } else if (mkdir(options->folder, 0700) != 0 && errno != EEXIST) {
        error = failure_set(failure, ERROR_PERMISSION, "%s: %s", options->folder, strerror(errno));
    } else {
        char *path = realpath(options->folder, NULL);
        cluster->is_kept = true;
        if (path == NULL || strlen(path) >= FOLDER_SIZE) {
            error =
                failure_set(failure, ERROR_INVALID, "%s: its path is too long", options->folder);
        } else {
            strcpy(cluster->folder, path);
        }
        free(path);
    }
    snprintf(cluster->data, sizeof cluster->data, "%s/data", cluster->folder);
    snprintf(cluster->log, sizeof cluster->log, "%s/log", cluster->folder);
    return error != ERROR_NONE ? error : postgres_program_give(cluster->folder, failure);
}

/* --- what is in it ------------------------------------------------------------------ */

static bool port_is_free(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_free = setsockopt(end, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                   bind(end, (struct sockaddr *)&address, sizeof address) == 0 &&
                   listen(end, 1) == 0;
    close(end);
    return is_free;
}

static enum error choose_port(struct cluster *cluster, int wanted, struct failure *failure) {
    cluster->port = wanted;
    if (wanted != 0 && !port_is_free(wanted)) {
        return failure_set(failure, ERROR_INVALID, "port %d of 127.0.0.1 is taken", wanted);
    }
    for (int tries = 0; cluster->port == 0 && tries < PORT_TRIES; tries++) {
        unsigned number = 0;
        (void)!getrandom(&number, sizeof number, 0);
        int port = PORT_FIRST + (int)(number % PORT_COUNT);
        cluster->port = port_is_free(port) ? port : 0;
    }
    if (cluster->port == 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "no port of 127.0.0.1 is free");
    }
    snprintf(cluster->url, sizeof cluster->url, "postgres://postgres@127.0.0.1:%d/postgres",
             cluster->port);
    return ERROR_NONE;
}

static enum error make_data(struct cluster *cluster, struct failure *failure) {
    char program[PROGRAM_PATH_SIZE];
    enum error error = postgres_program("initdb", program, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    const char *const words[] = {program,
                                 "--pgdata",
                                 cluster->data,
                                 "--no-sync",
                                 "--auth=trust",
                                 "--username=postgres",
                                 "--encoding",
                                 "UTF8",
                                 "--locale",
                                 "C.UTF-8",
                                 NULL};
    return postgres_program_run(words, cluster->log, failure);
}

static enum error copy_data(struct cluster *cluster, const struct cluster_options *options,
                            struct failure *failure) {
    char program[PROGRAM_PATH_SIZE], from[DATABASE_URL_SIZE + 64];
    enum error error = postgres_program("pg_basebackup", program, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    snprintf(from, sizeof from, "%s%sapplication_name=%s", options->standby_of,
             strchr(options->standby_of, '?') == NULL ? "?" : "&",
             options->standby_name == NULL ? "standby" : options->standby_name);
    const char *const words[] = {program, "--pgdata",  cluster->data,
                                 "-d",    from,        "--checkpoint=fast",
                                 "-R",    "--no-sync", NULL};
    return postgres_program_run(words, cluster->log, failure);
}

static void write_setting(FILE *file, const char *setting) {
    size_t name = strcspn(setting, "=");
    fprintf(file, "%.*s = '", (int)name, setting);
    for (const char *at = setting + name + (setting[name] == '='); *at != '\0'; at++) {
        fprintf(file, *at == '\'' ? "''" : "%c", *at);
    }
    fputs("'\n", file);
}

static enum error include_settings(const struct cluster *cluster, struct failure *failure) {
    char path[FILE_SIZE + 32];
    snprintf(path, sizeof path, "%s/postgresql.conf", cluster->data);
    FILE *file = fopen(path, "ae");
    if (file == NULL || fputs("include '../settings.conf'\n", file) < 0 || fclose(file) != 0) {
        return failure_set(failure, ERROR_PERMISSION, "%s: %s", path, strerror(errno));
    }
    return ERROR_NONE;
}

/* In a file of their own, written anew each time: its include comes last in what initdb wrote or a
 * copy brought along, and the last word on a setting wins. */
static enum error write_settings(const struct cluster *cluster,
                                 const struct cluster_options *options, struct failure *failure) {
    char path[FILE_SIZE];
    snprintf(path, sizeof path, "%s/settings.conf", cluster->folder);
    FILE *file = fopen(path, "we");
    if (file == NULL || fchmod(fileno(file), 0644) != 0) {
        return failure_set(failure, ERROR_PERMISSION, "%s: %s", path, strerror(errno));
    }
    bool has_room = strlen(cluster->folder) + sizeof "/.s.PGSQL.12345.lock" <= SOCKET_PATH_MAX;
    const char *durable = options->is_durable ? "on" : "off";
    fprintf(file, "listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\n",
            cluster->port, has_room ? cluster->folder : "");
    fprintf(file, "fsync = %s\nfull_page_writes = %s\n", durable, durable);
    fputs("max_connections = 200\nshared_buffers = 64MB\nlc_messages = 'C'\n", file);
    for (size_t i = 0; options->settings != NULL && options->settings[i] != NULL; i++) {
        write_setting(file, options->settings[i]);
    }
    if (fclose(file) != 0) {
        return failure_set(failure, ERROR_FULL, "%s: %s", path, strerror(errno));
    }
    return ERROR_NONE;
}

static bool has_data(const struct cluster *cluster) {
    char path[FILE_SIZE + 32];
    snprintf(path, sizeof path, "%s/PG_VERSION", cluster->data);
    return access(path, F_OK) == 0;
}

/* --- its life ----------------------------------------------------------------------- */

/* The process is over within so long; then it is waited for. */
static bool ends_within(struct cluster *cluster, int milliseconds) {
    struct pollfd process = {.fd = pidfd_open(cluster->pid, 0), .events = POLLIN};
    bool is_over = poll(&process, 1, milliseconds) == 1;
    close(process.fd);
    if (is_over) {
        wait_for(cluster->pid);
        cluster->pid = 0;
    }
    return is_over;
}

static enum error await_connections(struct cluster *cluster, struct failure *failure) {
    time_t deadline = time(NULL) + START_SECONDS_MAX;
    while (PQping(cluster->url) != PQPING_OK) {
        if (ends_within(cluster, LOOK_AGAIN_MS)) {
            char line[160];
            postgres_program_last_words(cluster->log, line, sizeof line);
            return failure_set(failure, ERROR_UNAVAILABLE, "PostgreSQL ended at its start: %s",
                               line);
        }
        if (time(NULL) > deadline) {
            cluster_stop(cluster, CLUSTER_KILL);
            return failure_set(failure, ERROR_UNAVAILABLE,
                               "PostgreSQL took no connections within %d s; its log is %s",
                               START_SECONDS_MAX, cluster->log);
        }
    }
    return ERROR_NONE;
}

enum error cluster_start(struct cluster *cluster, struct failure *failure) {
    char program[PROGRAM_PATH_SIZE];
    enum error error = postgres_program("postgres", program, failure);
    if (error == ERROR_NONE) {
        const char *const words[] = {program, "-D", cluster->data, NULL};
        error = postgres_program_start(words, cluster->log, cluster->is_kept ? SIGINT : SIGQUIT,
                                       &cluster->pid, failure);
    }
    return error != ERROR_NONE ? error : await_connections(cluster, failure);
}

void cluster_stop(struct cluster *cluster, enum cluster_stop mode) {
    static const int signals[] = {[CLUSTER_SMART] = SIGTERM,
                                  [CLUSTER_FAST] = SIGINT,
                                  [CLUSTER_IMMEDIATE] = SIGQUIT,
                                  [CLUSTER_KILL] = SIGKILL};
    if (cluster->pid == 0) {
        return;
    }
    kill(cluster->pid, signals[mode]);
    kill(cluster->pid, SIGCONT); /* a test may have stopped it */
    if (!ends_within(cluster, STOP_SECONDS_MAX * 1000)) {
        kill(cluster->pid, SIGKILL);
        ends_within(cluster, -1);
    }
}

enum error cluster_promote(struct cluster *cluster, struct failure *failure) {
    char is_primary[8];
    enum error error = database_ask(cluster->url, "SELECT pg_promote(true, 60)", is_primary,
                                    sizeof is_primary, failure);
    if (error == ERROR_NONE && strcmp(is_primary, "t") != 0) {
        error = failure_set(failure, ERROR_UNAVAILABLE, "the standby did not become a primary");
    }
    return error;
}

static enum error prepare(struct cluster *cluster, const struct cluster_options *options,
                          struct failure *failure) {
    enum error error = make_folder(cluster, options, failure);
    if (error == ERROR_NONE) {
        error = choose_port(cluster, options->port, failure);
    }
    if (error == ERROR_NONE && !has_data(cluster)) {
        error = options->standby_of == NULL ? make_data(cluster, failure)
                                            : copy_data(cluster, options, failure);
        if (error == ERROR_NONE) {
            error = include_settings(cluster, failure);
        }
    }
    return error != ERROR_NONE ? error : write_settings(cluster, options, failure);
}

enum error cluster_open(const struct cluster_options *options, struct cluster **opened,
                        struct failure *failure) {
    struct cluster *cluster = calloc(1, sizeof *cluster);
    if (cluster == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a cluster");
    }
    cluster->alive = -1;
    enum error error = prepare(cluster, options, failure);
    if (error == ERROR_NONE) {
        error = cluster_start(cluster, failure);
    }
    if (error != ERROR_NONE) {
        cluster_close(cluster);
        return error;
    }
    *opened = cluster;
    return ERROR_NONE;
}

void cluster_close(struct cluster *cluster) {
    if (cluster == NULL) {
        return;
    }
    cluster_stop(cluster, cluster->is_kept ? CLUSTER_FAST : CLUSTER_IMMEDIATE);
    if (cluster->alive >= 0) {
        close(cluster->alive);
        wait_for(cluster->caretaker);
    }
    free(cluster);
}
