/* process.h - a program that the benchmark starts, measures and stops, by its pid. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct process {
    pid_t pid; /* 0: not running */
};

/* Runs arguments[0] (a path, or found in PATH) with its output sent to `log`, NULL for nowhere. */
bool process_start(struct process *process, char *const arguments[], const char *log);

/* SIGTERM, and waits; SIGKILL after ten seconds. Harmless where it does not run. */
void process_stop(struct process *process);

/* Runs to its end and gives what it printed; false when it fails. */
bool process_read(char *const arguments[], char *output, size_t size);

/* Processor time of all its threads so far, user and system. 0: it is gone. */
double process_cpu_us(const struct process *process);

/* Processor time of its children that have ended and were waited for. */
double process_ended_children_us(const struct process *process);

/* 0: it is gone. */
pid_t process_parent(const struct process *process);

/* Of this process. */
double own_cpu_us(void);

/* What of it is in memory now. */
double process_resident_mib(const struct process *process);

/* A TCP port that is free now. */
int free_port(void);

/* Waits until something accepts on the port of this machine; the seconds it took, -1 where nothing
 * did within `seconds_max` or the process ended. */
double process_await_port(const struct process *process, int port, double seconds_max);
