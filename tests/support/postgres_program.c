#include "support/postgres_program.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int version_of(const char *path) {
    return atoi(path + strlen("/usr/lib/postgresql/"));
}

enum error postgres_program(const char *name, char path[PROGRAM_PATH_SIZE],
                            struct failure *failure) {
    const char *folder = getenv("TICKETD_POSTGRES_BIN");
    path[0] = '\0';
    if (folder != NULL) {
        snprintf(path, PROGRAM_PATH_SIZE, "%s/%s", folder, name);
    } else {
        char pattern[PROGRAM_PATH_SIZE];
        glob_t found;
        snprintf(pattern, sizeof pattern, "/usr/lib/postgresql/*/bin/%s", name);
        if (glob(pattern, 0, NULL, &found) == 0) {
            for (size_t i = 0; i < found.gl_pathc; i++) {
                if (path[0] == '\0' || version_of(found.gl_pathv[i]) > version_of(path)) {
                    snprintf(path, PROGRAM_PATH_SIZE, "%s", found.gl_pathv[i]);
                }
            }
            globfree(&found);
        }
    }
    if (path[0] == '\0' || access(path, X_OK) != 0) {
        return failure_set(failure, ERROR_NOT_FOUND,
                           "PostgreSQL's program %s is missing below %s (Debian: apt install "
                           "postgresql)",
                           name, folder == NULL ? "/usr/lib/postgresql" : folder);
    }
    return ERROR_NONE;
}

/* Whom they run as; NULL: as ourselves. */
static const struct passwd *other_user(void) {
    if (geteuid() != 0) {
        return NULL;
    }
    const struct passwd *user = getpwnam("postgres");
    return user != NULL ? user : getpwnam("nobody");
}

enum error postgres_program_give(const char *folder, struct failure *failure) {
    const struct passwd *user = other_user();
    if (user != NULL && chown(folder, user->pw_uid, user->pw_gid) != 0) {
        return failure_set(failure, ERROR_PERMISSION, "%s cannot be given to the user %s: %s",
                           folder, user->pw_name, strerror(errno));
    }
    return ERROR_NONE;
}

/* Changing the user forgets the signal that follows the parent's death: that comes last. */
static _Noreturn void become(const char *const *words, int log, const struct passwd *user,
                             int last_signal, pid_t parent) {
    sigset_t none;
    setsid();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    if (user != NULL &&
        (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
        perror("the user cannot be changed");
        _exit(98);
    }
    umask(077);
    setenv("LC_ALL", "C.UTF-8", 1);
    prctl(PR_SET_PDEATHSIG, last_signal);
    if (getppid() != parent) {
        _exit(98); /* it was gone before */
    }
    execv(words[0], (char *const *)(size_t)words);
    perror(words[0]);
    _exit(98);
}

enum error postgres_program_start(const char *const *words, const char *log, int last_signal,
                                  pid_t *pid, struct failure *failure) {
    const struct passwd *user = other_user();
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) {
        return failure_set(failure, ERROR_PERMISSION, "%s: %s", log, strerror(errno));
    }
    pid_t parent = getpid();
    *pid = fork();
    if (*pid == 0) {
        become(words, file, user, last_signal, parent);
    }
    int reason = errno;
    close(file);
    if (*pid < 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "fork: %s", strerror(reason));
    }
    return ERROR_NONE;
}

void postgres_program_last_words(const char *log, char *line, size_t size) {
    static const char *const complaints[] = {"FATAL", "PANIC", "error:", "ERROR"};
    char at[512];
    int worst = -1;
    FILE *file = fopen(log, "re");
    snprintf(line, size, "it said nothing");
    while (file != NULL && fgets(at, sizeof at, file) != NULL) {
        /* What is wrong with a setting is said before the complaint about the file. */
        int rank = strstr(at, "parameter \"") != NULL ? 2 : 0;
        for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++) {
            rank |= strstr(at, complaints[i]) != NULL ? 1 : 0;
        }
        at[strcspn(at, "\n")] = '\0';
        if (rank >= worst && at[0] != '\0') {
            worst = rank;
            snprintf(line, size, "%s", at);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

enum error postgres_program_run(const char *const *words, const char *log,
                                struct failure *failure) {
    pid_t child;
    int status;
    enum error error = postgres_program_start(words, log, SIGKILL, &child, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        char line[160];
        postgres_program_last_words(log, line, sizeof line);
        return failure_set(failure, ERROR_UNAVAILABLE, "%s failed: %s", words[0], line);
    }
    return ERROR_NONE;
}
