#include "memory.h"

#include <stdio.h>
#include <unistd.h>

enum { IDLE_CONNECTIONS = 10000, FLAT_FROM = 200000, FLAT_TO = 1000000 };

static bool measure_idle(struct ticketd_server *server, struct memory *memory) {
    static int list[IDLE_CONNECTIONS];
    struct dialect dialect = ticketd_health_dialect(server);
    struct load load = {.port = server->port, .connections = IDLE_CONNECTIONS, .dialect = &dialect};
    if (!load_open_idle(&load, list)) {
        fprintf(stderr, "%d connections could not be opened\n", IDLE_CONNECTIONS);
        return false;
    }
    memory->idle_mib = process_resident_mib(&server->process);
    for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        close(list[i]);
    }
    return true;
}

static bool reserve_many(struct ticketd_server *server, uint64_t count) {
    struct dialect dialect = ticketd_reserve_dialect(server);
    struct measure measure;
    struct load load = {.port = server->port,
                        .connections = 256,
                        .dialect = &dialect,
                        .seconds = 300,
                        .requests_max = count};
    return load_run(&load, &measure);
}

static bool measure_growth(struct ticketd_server *server, struct memory *memory) {
    if (!reserve_many(server, FLAT_FROM)) {
        return false;
    }
    memory->growth_mib = -process_resident_mib(&server->process);
    if (!reserve_many(server, FLAT_TO - FLAT_FROM)) {
        return false;
    }
    memory->growth_mib += process_resident_mib(&server->process);
    return true;
}

bool memory_measure(struct ticketd_server *server, struct memory *memory) {
    bool done = ticketd_server_restart(server);
    memory->start_ms = server->start_ms;
    return done && measure_idle(server, memory) && measure_growth(server, memory);
}
