#include "bouncer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process/process.h"
#include "support/postgres_program.h"

enum { PATH_SIZE = 160, START_TRIES = 500, TRY_EVERY_MS = 20 };

static const char program[] = "/usr/sbin/pgbouncer";

struct bouncer {
    char folder[FOLDER_SIZE], settings[PATH_SIZE], users[PATH_SIZE], log[PATH_SIZE];
    int port;
    pid_t pid;
};

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(end, (struct sockaddr *)&address, size) != 0 ||
        getsockname(end, (struct sockaddr *)&address, &size) != 0) {
        address.sin_port = 0;
    }
    close(end);
    return ntohs(address.sin_port);
}

/* Few connections for many clients, so that nobody has the same one for long. */
static bool write_files(const struct bouncer *bouncer, const struct cluster *cluster) {
    FILE *users = fopen(bouncer->users, "we"), *settings = fopen(bouncer->settings, "we");
    if (users == NULL || settings == NULL) {
        return false;
    }
    fputs("\"postgres\" \"\"\n", users);
    fprintf(settings,
            "[databases]\n"
            "* = host=127.0.0.1 port=%d\n"
            "[pgbouncer]\n"
            "listen_addr = 127.0.0.1\n"
            "listen_port = %d\n"
            "unix_socket_dir =\n"
            "auth_type = trust\n"
            "auth_file = %s\n"
            "pool_mode = transaction\n"
            "default_pool_size = 4\n"
            "server_round_robin = 1\n",
            cluster_port(cluster), bouncer->port, bouncer->users);
    chmod(bouncer->users, 0644);
    chmod(bouncer->settings, 0644);
    return fclose(users) == 0 && fclose(settings) == 0;
}

static enum error await_connections(const struct bouncer *bouncer, struct failure *failure) {
    char url[DATABASE_URL_SIZE];
    bouncer_url(bouncer, "postgres://postgres@127.0.0.1:1/postgres", url);
    for (int i = 0; i < START_TRIES; i++) {
        if (PQping(url) == PQPING_OK) {
            return ERROR_NONE;
        }
        nanosleep(&(struct timespec){.tv_nsec = TRY_EVERY_MS * 1000000L}, NULL);
    }
    char line[160];
    postgres_program_last_words(bouncer->log, line, sizeof line);
    return failure_set(failure, ERROR_UNAVAILABLE, "PgBouncer takes no connections: %s", line);
}

enum error bouncer_open(const struct cluster *cluster, struct bouncer **bouncer,
                        struct failure *failure) {
    if (access(program, X_OK) != 0) {
        return failure_set(failure, ERROR_NOT_FOUND, "%s is missing", program);
    }
    struct bouncer *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a pooler");
    }
    folder_make(made->folder);
    made->port = free_port();
    snprintf(made->settings, PATH_SIZE, "%s/pgbouncer.ini", made->folder);
    snprintf(made->users, PATH_SIZE, "%s/users", made->folder);
    snprintf(made->log, PATH_SIZE, "%s/log", made->folder);
    const char *const words[] = {program, made->settings, NULL};
    enum error error = write_files(made, cluster) ? postgres_program_give(made->folder, failure)
                                                  : failure_set(failure, ERROR_PERMISSION, "%s: %s",
                                                                made->folder, strerror(errno));
    if (error == ERROR_NONE) {
        error = postgres_program_start(words, made->log, SIGTERM, &made->pid, failure);
    }
    if (error == ERROR_NONE) {
        error = await_connections(made, failure);
    }
    if (error != ERROR_NONE) {
        bouncer_close(made);
        return error;
    }
    *bouncer = made;
    return ERROR_NONE;
}

void bouncer_close(struct bouncer *bouncer) {
    if (bouncer == NULL) {
        return;
    }
    if (bouncer->pid > 0) {
        kill(bouncer->pid, SIGTERM); /* at once, whoever is connected */
        while (waitpid(bouncer->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    folder_remove(bouncer->folder);
    free(bouncer);
}

void bouncer_url(const struct bouncer *bouncer, const char *database, char url[DATABASE_URL_SIZE]) {
    char name[64];
    snprintf(url, DATABASE_URL_SIZE, "postgres://postgres@127.0.0.1:%d/%s", bouncer->port,
             database_name(database, name));
}
