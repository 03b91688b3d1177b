#include "stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool open_sqlite(struct stand *stand) {
    char database[128], log[128];
    snprintf(database, sizeof database, "sqlite:%s/engine.db", stand->directory);
    stand->engine = engine_open(database, 1);
    snprintf(database, sizeof database, "sqlite:%s/ticketd.db", stand->directory);
    snprintf(log, sizeof log, "%s/ticketd.log", stand->directory);
    struct ticketd_server_options options = {
        .program = stand->program, .database = database, .log = log, .types_count = 1};
    return stand->engine != NULL && ticketd_server_start(&stand->ticketd, &options);
}

static bool open_redis(struct stand *stand) {
    char script[512];
    snprintf(script, sizeof script, "%s/reserve.lua", stand->scripts);
    return redis_server_start(&stand->redis, stand->directory, script);
}

static bool open_postgres(struct stand *stand) {
    char log[128];
    if (!postgres_server_start(&stand->postgres, stand->program, stand->scripts)) {
        return false;
    }
    stand->engine_postgres = engine_open(stand->postgres.embedded, TYPES_COUNT);
    snprintf(log, sizeof log, "%s/ticketd_postgres.log", stand->directory);
    struct ticketd_server_options options = {.program = stand->program,
                                             .database = stand->postgres.served,
                                             .log = log,
                                             .types_count = TYPES_COUNT};
    return stand->engine_postgres != NULL &&
           ticketd_server_start(&stand->ticketd_postgres, &options);
}

bool stand_open_directory(struct stand *stand) {
    strcpy(stand->directory, "/var/tmp/ticketd-bench-XXXXXX"); /* a disk, which /tmp may not be */
    if (mkdtemp(stand->directory) == NULL) {
        perror(stand->directory);
        stand->directory[0] = '\0';
        return false;
    }
    setenv("TMPDIR", "/var/tmp", 1); /* the cluster makes a folder of its own */
    return true;
}

bool stand_open(struct stand *stand) {
    return stand_open_directory(stand) && open_sqlite(stand) && open_redis(stand) &&
           open_postgres(stand);
}

void stand_close(struct stand *stand) {
    ticketd_server_stop(&stand->ticketd);
    ticketd_server_stop(&stand->ticketd_postgres);
    redis_server_stop(&stand->redis);
    engine_close(stand->engine);
    engine_close(stand->engine_postgres);
    postgres_server_stop(&stand->postgres);
    char *arguments[] = {"rm", "-rf", stand->directory, NULL};
    char output[64];
    if (stand->directory[0] != '\0') {
        process_read(arguments, output, sizeof output);
    }
}
