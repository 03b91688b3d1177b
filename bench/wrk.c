#include "wrk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double number_after(const char *text, const char *name) {
    const char *at = strstr(text, name);
    return at == NULL ? -1 : strtod(at + strlen(name), NULL);
}

bool wrk_reserve(const struct ticketd_server *server, const char *scripts, int connections,
                 double seconds, struct measure *measure) {
    char script[512], url[64], crowd[32], duration[32], output[8192];
    snprintf(script, sizeof script, "%s/reserve_wrk.lua", scripts);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server->port);
    snprintf(crowd, sizeof crowd, "-c%d", connections);
    snprintf(duration, sizeof duration, "-d%ds", (int)(seconds + 0.5));
    char *arguments[] = {
        "wrk", "-t1", crowd, duration, "-s", script, url, (char *)server->key, server->types[0],
        NULL};
    if (!process_read(arguments, output, sizeof output)) {
        fprintf(stderr, "wrk: it failed\n");
        return false;
    }
    /* The script's own last line: requests, microseconds, p50, p99, answers that were not good. */
    double requests = number_after(output, "requests=");
    double us = number_after(output, "us=");
    if (requests <= 0 || us <= 0 || number_after(output, "bad=") != 0) {
        fprintf(stderr, "wrk: %s\n", output);
        return false;
    }
    measure->rate = requests / us * 1e6;
    measure->p50_us = number_after(output, "p50=");
    measure->p99_us = number_after(output, "p99=");
    return true;
}
