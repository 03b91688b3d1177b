/* redis_server.h - Redis doing the same: what a shop would write itself to be fast.
 *
 * Debian's redis-server, append-only file, `appendfsync always`: an answer is durable as ticketd's
 * is, and Redis, too, writes the commands of one turn of its loop with one fsync. One Lua script
 * (reserve.lua) makes the same checks and writes. What it is spared: the hash chain, and the making
 * of ids, which the client sends. */
#pragma once

#include "load.h"
#include "process.h"

struct redis_server {
    struct process process;
    int port;
    char directory[256];
    char script[64]; /* its SHA-1 */
    char type_id[64];
};

/* False, with a line on stderr, when it cannot be done. */
bool redis_server_start(struct redis_server *server, const char *directory, const char *script);
void redis_server_stop(struct redis_server *server);

/* A reservation of one ticket, as the script makes it. */
struct dialect redis_reserve_dialect(struct redis_server *server);
