#include "routes/callers/password.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/thread.h"
#include "routes/call.h"

/* OWASP's second choice and more: two passes over 32 MiB. */
enum { PASSES = 2, NICENESS = 10 };
static const size_t memory_bytes = (size_t)32 * 1024 * 1024;

static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "a hash is libsodium's string");

bool password_hash(struct text password, char hash[PASSWORD_HASH_SIZE]) {
    return crypto_pwhash_str(hash, password.bytes, password.length, PASSES, memory_bytes) == 0;
}

/* The library says the same of a wrong password and of memory that it did not get. */
static bool has_memory(void) {
    void *memory =
        mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && munmap(memory, memory_bytes) == 0;
}

enum password_verdict password_judge(struct text password, struct text hash) {
    char known[PASSWORD_HASH_SIZE] = {0};
    if (text_is_absent(hash) || hash.length >= sizeof known) {
        return password_hash(password, known) ? PASSWORD_WRONG : PASSWORD_NOT_JUDGED;
    }
    memcpy(known, hash.bytes, hash.length);
    if (crypto_pwhash_str_verify(known, password.bytes, password.length) == 0) {
        return PASSWORD_RIGHT;
    }
    return has_memory() ? PASSWORD_WRONG : PASSWORD_NOT_JUDGED;
}

void password_make(char password[PASSWORD_MADE_SIZE]) {
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* 31^20 > 2^99 */
    for (int i = 0; i < PASSWORD_MADE_SIZE - 1; i++) {
        password[i] = letters[randombytes_uniform((uint32_t)sizeof letters - 1)];
        if (i % 6 == 5) {
            password[i] = '-';
        }
    }
    password[PASSWORD_MADE_SIZE - 1] = '\0';
}

/* --- the thread ---------------------------------------------------------------------- */

struct job {
    struct call *call;
    void (*work)(struct call *call);
};

struct passwords {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job jobs[PASSWORDS_WAITING_MAX]; /* a ring */
    size_t first, count;
    bool draining;
    pthread_t thread;
    bool has_started;
};

static void *work(void *context) {
    struct passwords *passwords = context;
    /* Whoever sells goes first where cores are few; on Linux a thread is as nice as it likes. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
    (void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &(struct sched_param){0});
    pthread_mutex_lock(&passwords->lock);
    while (passwords->count > 0 || !passwords->draining) {
        if (passwords->count == 0) {
            pthread_cond_wait(&passwords->wake, &passwords->lock);
            continue;
        }
        struct job job = passwords->jobs[passwords->first];
        passwords->first = (passwords->first + 1) % PASSWORDS_WAITING_MAX;
        passwords->count--;
        pthread_mutex_unlock(&passwords->lock);
        job.work(job.call);
        pthread_mutex_lock(&passwords->lock);
    }
    pthread_mutex_unlock(&passwords->lock);
    return NULL;
}

enum error passwords_open(struct passwords **out, struct failure *failure) {
    struct passwords *passwords = calloc(1, sizeof *passwords);
    if (passwords == NULL) {
        return failure_set(failure, ERROR_MEMORY, "There is no memory to judge passwords.");
    }
    pthread_mutex_init(&passwords->lock, NULL);
    pthread_cond_init(&passwords->wake, NULL);
    enum error error = thread_start(&passwords->thread, work, passwords, failure);
    passwords->has_started = error == ERROR_NONE;
    if (error != ERROR_NONE) {
        passwords_close(passwords);
        return error;
    }
    *out = passwords;
    return ERROR_NONE;
}

bool passwords_submit(struct passwords *passwords, struct call *call, bool is_stranger,
                      void (*job)(struct call *call)) {
    size_t most = is_stranger ? PASSWORDS_OF_STRANGERS_MAX : PASSWORDS_WAITING_MAX;
    pthread_mutex_lock(&passwords->lock);
    bool taken = !passwords->draining && passwords->count < most;
    if (taken) {
        size_t last = (passwords->first + passwords->count++) % PASSWORDS_WAITING_MAX;
        passwords->jobs[last] = (struct job){call, job};
        pthread_cond_signal(&passwords->wake);
    }
    pthread_mutex_unlock(&passwords->lock);
    return taken;
}

void passwords_drain(struct passwords *passwords) {
    pthread_mutex_lock(&passwords->lock);
    passwords->draining = true;
    pthread_cond_broadcast(&passwords->wake);
    pthread_mutex_unlock(&passwords->lock);
    if (passwords->has_started) {
        pthread_join(passwords->thread, NULL);
        passwords->has_started = false;
    }
}

void passwords_close(struct passwords *passwords) {
    if (passwords == NULL) {
        return;
    }
    passwords_drain(passwords);
    pthread_cond_destroy(&passwords->wake);
    pthread_mutex_destroy(&passwords->lock);
    free(passwords);
}
