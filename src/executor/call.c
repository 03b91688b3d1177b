#include <pthread.h>

#include "domain/outcome_code.h"
#include "executor/executor.h"

/* The caller's end of executor_call. Rows travel in the form in which idempotency keys remember
 * them: made on the lane's thread, read on the caller's. */
struct call {
    struct submission submission;
    struct arena *arena;
    struct outcome outcome; /* without its rows */
    struct text rows;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool is_answered, is_spent;
};

static struct text keep(struct call *call, struct text text) {
    struct text copy = arena_copy(call->arena, text);
    call->is_spent |= text_is_absent(copy) && !text_is_absent(text);
    return copy;
}

static void call_keep_outcome(struct call *call, const struct outcome *outcome) {
    call->outcome = (struct outcome){.verdict = outcome->verdict,
                                     .kind = outcome->kind,
                                     .replayed = outcome->replayed,
                                     .decided_at = outcome->decided_at,
                                     .facts = outcome->facts,
                                     .released = outcome->released};
    struct facts *facts = &call->outcome.facts;
    facts->name = keep(call, facts->name);
    facts->pointer = keep(call, facts->pointer);
    facts->detail = keep(call, facts->detail);
    facts->order_id = keep(call, facts->order_id);
    if (outcome->verdict == VERDICT_GRANTED) {
        call->rows = outcome_encode(outcome, call->arena);
        call->is_spent |= text_is_absent(call->rows);
    }
}

static void call_on_done(struct submission *submission, const struct outcome *outcome) {
    struct call *call = submission->owner;
    call_keep_outcome(call, outcome);
    pthread_mutex_lock(&call->lock);
    call->is_answered = true;
    pthread_cond_signal(&call->answered);
    pthread_mutex_unlock(&call->lock); /* the call may be gone from here on */
}

static enum error call_result(struct call *call, struct outcome *outcome) {
    *outcome = call->outcome;
    if (call->is_spent) {
        return ERROR_MEMORY;
    }
    if (call->outcome.verdict != VERDICT_GRANTED) {
        return ERROR_NONE;
    }
    struct outcome rows;
    enum error error = outcome_decode(call->rows, call->arena, &rows);
    if (error == ERROR_NONE) {
        rows.replayed = call->outcome.replayed;
        rows.facts = call->outcome.facts;
        *outcome = rows;
    }
    return error;
}

enum error executor_call(struct executor *executor, const struct command *command,
                         struct arena *arena, struct outcome *outcome) {
    struct call call = {.arena = arena};
    call.submission =
        (struct submission){.command = *command, .on_done = call_on_done, .owner = &call};
    pthread_mutex_init(&call.lock, NULL);
    pthread_cond_init(&call.answered, NULL);
    executor_submit(executor, &call.submission);
    pthread_mutex_lock(&call.lock);
    while (!call.is_answered) {
        pthread_cond_wait(&call.answered, &call.lock);
    }
    pthread_mutex_unlock(&call.lock);
    enum error error = call_result(&call, outcome);
    pthread_cond_destroy(&call.answered);
    pthread_mutex_destroy(&call.lock);
    return error;
}
