#include "process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/instant.h"

static void become(char *const arguments[], int output, int complaints) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever becomes of the benchmark, nothing stays */
    dup2(output, STDOUT_FILENO);
    dup2(complaints, STDERR_FILENO);
    execvp(arguments[0], arguments);
    _exit(127);
}

bool process_start(struct process *process, char *const arguments[], const char *log) {
    int output =
        open(log == NULL ? "/dev/null" : log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    process->pid = output < 0 ? -1 : fork();
    if (process->pid == 0) {
        become(arguments, output, output);
    }
    close(output);
    if (process->pid < 0) {
        process->pid = 0;
    }
    return process->pid > 0;
}

void process_stop(struct process *process) {
    if (process->pid <= 0) {
        return;
    }
    kill(process->pid, SIGTERM);
    int64_t until = monotonic_us() + INT64_C(10000000);
    while (waitpid(process->pid, NULL, WNOHANG) == 0) {
        if (monotonic_us() > until) {
            kill(process->pid, SIGKILL);
        }
        usleep(1000);
    }
    process->pid = 0;
}

bool process_read(char *const arguments[], char *output, size_t size) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        become(arguments, ends[1], STDERR_FILENO);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got = 0;
    while (length + 1 < size && (got = read(ends[0], output + length, size - 1 - length)) > 0) {
        length += (size_t)got;
    }
    output[length] = '\0';
    close(ends[0]);
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool read_proc(const struct process *process, const char *name, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process->pid, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
    return length > 0;
}

struct times {
    int parent;
    unsigned long user, system, children_user, children_system; /* in ticks */
};

static struct times read_times(const struct process *process) {
    char text[1024];
    struct times times = {0};
    /* Counted after the name, which may hold spaces but ends with a bracket. */
    const char *at = read_proc(process, "stat", text, sizeof text) ? strrchr(text, ')') : NULL;
    if (at == NULL ||
        sscanf(at + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &times.parent,
               &times.user, &times.system, &times.children_user, &times.children_system) != 5) {
        return (struct times){0};
    }
    return times;
}

static double ticks_us(unsigned long ticks) {
    return (double)ticks * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

double process_cpu_us(const struct process *process) {
    struct times times = read_times(process);
    return ticks_us(times.user + times.system);
}

double process_ended_children_us(const struct process *process) {
    struct times times = read_times(process);
    return ticks_us(times.children_user + times.children_system);
}

pid_t process_parent(const struct process *process) {
    return read_times(process).parent;
}

double own_cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double process_resident_mib(const struct process *process) {
    char text[8192];
    const char *line = NULL;
    if (read_proc(process, "status", text, sizeof text)) {
        line = strstr(text, "VmRSS:");
    }
    return line == NULL ? 0 : strtod(line + strlen("VmRSS:"), NULL) / 1024;
}

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

int free_port(void) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int port = 0;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 &&
        getsockname(descriptor, (struct sockaddr *)&address, &length) == 0) {
        port = ntohs(address.sin_port);
    }
    close(descriptor);
    return port;
}

double process_await_port(const struct process *process, int port, double seconds_max) {
    struct sockaddr_in address = loopback(port);
    int64_t began = monotonic_us();
    for (;;) {
        int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int result = connect(descriptor, (struct sockaddr *)&address, sizeof address);
        close(descriptor);
        double seconds = (double)(monotonic_us() - began) / 1e6;
        if (result == 0) {
            return seconds;
        }
        if (seconds > seconds_max || kill(process->pid, 0) != 0) {
            return -1;
        }
        usleep(500);
    }
}
