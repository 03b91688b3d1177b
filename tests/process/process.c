#include "process/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { RUN_SECONDS_MAX = 60 };

const char *ticketd_binary(void) {
    const char *binary = getenv("TICKETD");
    if (binary == NULL) {
        fputs("TICKETD must name the program under test.\n", stderr);
        exit(99);
    }
    return binary;
}

static void check(bool claim, const char *what) {
    if (!claim) {
        perror(what);
        abort();
    }
}

void folder_make(char folder[FOLDER_SIZE]) {
    const char *parent = getenv("TMPDIR");
    int length = snprintf(folder, FOLDER_SIZE, "%s/ticketd-test-XXXXXX",
                          parent == NULL || strlen(parent) > 40 ? "/tmp" : parent);
    check(length < FOLDER_SIZE && mkdtemp(folder) != NULL, "mkdtemp");
}

void folder_remove(const char *folder) {
    DIR *files = opendir(folder);
    for (struct dirent *file; files != NULL && (file = readdir(files)) != NULL;) {
        unlinkat(dirfd(files), file->d_name, 0);
    }
    if (files != NULL) {
        closedir(files);
    }
    rmdir(folder);
}

static int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* In the child: our own settings would be taken for those of the test. */
static _Noreturn void become(const char *const *words, const char *const *settings) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
    for (char **at = environ; *at != NULL;) {
        if (strncmp(*at, "TICKETD_", 8) == 0) {
            char name[256];
            snprintf(name, sizeof name, "%.*s", (int)strcspn(*at, "="), *at);
            unsetenv(name);
            at = environ;
        } else {
            at++;
        }
    }
    for (; settings != NULL && *settings != NULL; settings++) {
        putenv((char *)(size_t)*settings);
    }
    const char *argv[WORDS_MAX + 2] = {ticketd_binary()};
    for (size_t i = 0; words[i] != NULL && i < WORDS_MAX; i++) {
        argv[i + 1] = words[i];
    }
    execv(argv[0], (char *const *)(size_t)argv);
    perror(argv[0]);
    _exit(98);
}

/* Appends what can be read; false at its end. */
static bool take_output(int from, char text[OUTPUT_SIZE], size_t *length) {
    char rest[4096];
    size_t room = OUTPUT_SIZE - 1 - *length;
    ssize_t n = room > 0 ? read(from, text + *length, room) : read(from, rest, sizeof rest);
    if (n > 0 && room > 0) {
        *length += (size_t)n;
        text[*length] = '\0';
    }
    return n > 0;
}

static void collect(pid_t child, int out, int err, struct finished *finished) {
    struct pollfd ends[] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    size_t lengths[] = {0, 0};
    char *texts[] = {finished->out, finished->err};
    time_t deadline = time(NULL) + RUN_SECONDS_MAX;
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        time_t left = deadline - time(NULL);
        if (left <= 0 || poll(ends, 2, (int)left * 1000) == 0) {
            kill(child, SIGKILL);
            return;
        }
        for (size_t i = 0; i < 2; i++) {
            if (ends[i].fd >= 0 && ends[i].revents != 0 &&
                !take_output(ends[i].fd, texts[i], &lengths[i])) {
                ends[i].fd = -1;
            }
        }
    }
}

void ticketd_run(struct finished *finished, const char *const *words, const char *const *settings) {
    int out[2], err[2], status;
    *finished = (struct finished){0};
    check(pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0, "pipe2");
    pid_t child = fork();
    check(child >= 0, "fork");
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        become(words, settings);
    }
    close(out[1]);
    close(err[1]);
    collect(child, out[0], err[0], finished);
    check(waitpid(child, &status, 0) == child, "waitpid");
    close(out[0]);
    close(err[0]);
    finished->code = code_of(status);
}

struct server {
    pid_t pid;
    pthread_t reader;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int err;
    bool ended;
    char url[64];
    char log[OUTPUT_SIZE];
    size_t length;
};

/* A whole line: what follows the text on it has come, too. */
static bool has_line_with(const char *log, const char *text) {
    const char *found = strstr(log, text);
    return found != NULL && strchr(found, '\n') != NULL;
}

static bool find_url(struct server *server) {
    pthread_mutex_lock(&server->lock);
    const char *line = strstr(server->log, "event=listening");
    const char *address = line == NULL ? NULL : strstr(line, "address=");
    const char *end = address == NULL ? NULL : strpbrk(address, " \n");
    if (end != NULL) {
        address += strlen("address=");
        snprintf(server->url, sizeof server->url, "http://%.*s", (int)(end - address), address);
    }
    pthread_mutex_unlock(&server->lock);
    return end != NULL;
}

/* Keeps the log and lets the server write on, whatever it says. */
static void *read_log(void *context) {
    struct server *server = context;
    char piece[4096];
    for (ssize_t n; (n = read(server->err, piece, sizeof piece)) > 0;) {
        pthread_mutex_lock(&server->lock);
        size_t room = OUTPUT_SIZE - 1 - server->length;
        size_t taken = (size_t)n < room ? (size_t)n : room;
        memcpy(server->log + server->length, piece, taken);
        server->length += taken;
        pthread_cond_broadcast(&server->changed);
        pthread_mutex_unlock(&server->lock);
    }
    pthread_mutex_lock(&server->lock);
    server->ended = true;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

struct server *server_try_start(const char *subcommand, const char *database,
                                const char *const *words, char log[OUTPUT_SIZE], int *code) {
    const char *all[WORDS_MAX + 1] = {subcommand, "--database", database, "--listen",
                                      "127.0.0.1:0"};
    for (size_t i = 0, to = 5; words != NULL && words[i] != NULL && to < WORDS_MAX; i++) {
        all[to++] = words[i];
    }
    struct server *server = calloc(1, sizeof *server);
    int err[2];
    check(server != NULL && pipe2(err, O_CLOEXEC) == 0, "server_start");
    server->pid = fork();
    check(server->pid >= 0, "fork");
    if (server->pid == 0) {
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        become(all, NULL);
    }
    close(err[1]);
    server->err = err[0];
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    pthread_create(&server->reader, NULL, read_log, server);
    if (!server_await(server, "event=listening") || !find_url(server)) {
        *code = server_wait(server, log);
        return NULL;
    }
    return server;
}

struct server *server_start_as(const char *subcommand, const char *database,
                               const char *const *words) {
    char log[OUTPUT_SIZE];
    int code;
    struct server *server = server_try_start(subcommand, database, words, log, &code);
    if (server == NULL) {
        fprintf(stderr, "ticketd ended with %d instead of listening:\n%s", code, log);
    }
    return server;
}

struct server *server_start(const char *database) {
    return server_start_as("serve", database, NULL);
}

bool server_await(struct server *server, const char *text) {
    pthread_mutex_lock(&server->lock);
    bool found;
    while (!(found = has_line_with(server->log, text)) && !server->ended) {
        pthread_cond_wait(&server->changed, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
    return found;
}

const char *server_url(const struct server *server) {
    return server->url;
}

long server_pid(const struct server *server) {
    return server->pid;
}

void server_signal(struct server *server, int number) {
    kill(server->pid, number);
}

int server_wait(struct server *server, char log[OUTPUT_SIZE]) {
    int status;
    check(waitpid(server->pid, &status, 0) == server->pid, "waitpid");
    pthread_join(server->reader, NULL);
    if (log != NULL) {
        memcpy(log, server->log, OUTPUT_SIZE);
    }
    close(server->err);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->changed);
    free(server);
    return code_of(status);
}
