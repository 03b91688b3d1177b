#include "machine.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "floor.h"
#include "process.h"

static void processor_name(char *name, size_t size) {
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(name, size, "unknown processor");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            snprintf(name, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

/* "7.0.15" of "Redis server v=7.0.15 sha=…". */
static void redis_version(char *version, size_t size) {
    char output[256];
    char *arguments[] = {"redis-server", "--version", NULL};
    const char *at = process_read(arguments, output, sizeof output) ? strstr(output, "v=") : NULL;
    snprintf(version, size, "%.*s", at == NULL ? 7 : (int)strcspn(at + 2, " "),
             at == NULL ? "unknown" : at + 2);
}

void machine_describe(const struct stand *stand, char *text, size_t size) {
    struct utsname kernel;
    char processor[128], redis[32], postgres[32], day[32];
    double load;
    time_t now = time(NULL);
    struct tm utc;
    processor_name(processor, sizeof processor);
    redis_version(redis, sizeof redis);
    postgres_server_version(&stand->postgres, postgres, sizeof postgres);
    uname(&kernel);
    if (getloadavg(&load, 1) != 1) {
        load = 0;
    }
    gmtime_r(&now, &utc);
    strftime(day, sizeof day, "%Y-%m-%d", &utc);
    snprintf(text, size,
             "%s: %ld cores (%s), Linux %s; fdatasync of 4 KiB takes %.2f ms; SQLite %s, "
             "Redis %s, PostgreSQL %s. "
             "Server and load generator share the machine, whose load average was %.1f beforehand.",
             day, sysconf(_SC_NPROCESSORS_ONLN), processor, kernel.release,
             floor_fdatasync_ms(stand->directory), sqlite3_libversion(), redis, postgres, load);
}
