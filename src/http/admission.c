#include "http/admission.h"

#include <sys/resource.h>

#include "base/check.h"

enum {
    FILES_FOR_OTHERS = 64, /* database, logs, listeners, event loops */
    REFUSED_MIN = 16,
    LOCAL = 4, /* kept for unix sockets: whoever runs the server gets in during a flood */
};

static size_t refused_max(size_t connections) {
    return connections / 16 + REFUSED_MIN;
}

/* The soft limit is low (1,024 mostly) for the sake of programs that select(2); it is raised to
 * `wanted` where the hard one allows. */
static rlim_t files_allowed(rlim_t wanted) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return RLIM_INFINITY;
    }
    rlim_t soft = files.rlim_cur;
    if (soft < wanted && soft < files.rlim_max) {
        files.rlim_cur = wanted < files.rlim_max ? wanted : files.rlim_max;
        return setrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : soft;
    }
    return soft;
}

void admission_init(struct admission *admission, struct http_limits *limits, bool limit_loopback) {
    size_t others = FILES_FOR_OTHERS + REFUSED_MIN + LOCAL;
    rlim_t files = files_allowed((limits->connections / 16 + 1) * 17 + others);
    if (files != RLIM_INFINITY) {
        size_t room = files >= others + 17 ? (files - others) / 17 * 16 : 1;
        limits->connections = limits->connections < room ? limits->connections : room;
    }
    *admission = (struct admission){.connections_max = limits->connections,
                                    .refused_max = refused_max(limits->connections),
                                    .per_address_max = limits->connections_per_address,
                                    .limit_loopback = limit_loopback};
    ensure(pthread_mutex_init(&admission->mutex, NULL) == 0);
}

void admission_finish(struct admission *admission) {
    pthread_mutex_destroy(&admission->mutex);
    peers_finish(&admission->peers);
}

static enum admission_verdict enter(struct admission *admission, struct peer_key *key, bool local) {
    size_t most = admission->connections_max + admission->refused_max;
    if (admission->connections >= (local ? most + LOCAL : most)) {
        return ADMISSION_TURNED_AWAY;
    }
    admission->connections++;
    if (local) {
        return ADMISSION_GRANTED;
    }
    if (admission->connections > admission->connections_max ||
        (key->value != 0 && !peers_enter(&admission->peers, *key, admission->per_address_max))) {
        key->value = 0;
        return ADMISSION_REFUSED;
    }
    return ADMISSION_GRANTED;
}

enum admission_verdict admission_enter(struct admission *admission, const struct sockaddr *address,
                                       struct peer_key *key) {
    bool counted = address != NULL && (admission->limit_loopback || !peer_is_loopback(address));
    *key = counted ? peer_key_of(address) : (struct peer_key){0};
    pthread_mutex_lock(&admission->mutex);
    enum admission_verdict verdict = enter(admission, key, address == NULL);
    pthread_mutex_unlock(&admission->mutex);
    return verdict;
}

void admission_leave(struct admission *admission, struct peer_key key) {
    pthread_mutex_lock(&admission->mutex);
    require(admission->connections > 0);
    admission->connections--;
    if (key.value != 0) {
        peers_leave(&admission->peers, key);
    }
    pthread_mutex_unlock(&admission->mutex);
}
