/* Many submissions whose answers are awaited together. */
#include <stdlib.h>

#include "base/check.h"
#include "office.h"

void crowd_open(struct crowd *crowd, struct office *office, size_t count) {
    *crowd = (struct crowd){.office = office, .count = count};
    crowd->submissions = calloc(count, sizeof *crowd->submissions);
    crowd->answers = calloc(count, sizeof *crowd->answers);
    require(crowd->submissions != NULL && crowd->answers != NULL);
    pthread_mutex_init(&crowd->lock, NULL);
    pthread_cond_init(&crowd->done, NULL);
}

static void crowd_on_done(struct submission *submission, const struct outcome *outcome) {
    struct crowd *crowd = submission->owner;
    struct answered *answer = &crowd->answers[submission - crowd->submissions];
    pthread_mutex_lock(&crowd->lock);
    answer->verdict = outcome->verdict;
    answer->replayed = outcome->replayed;
    answer->is_answered = true;
    answer->times++;
    answer->id = outcome->lines_count > 0 ? outcome->lines[0].id : UUID_NONE;
    answer->took_us = monotonic_us() - answer->took_us;
    crowd->answered++;
    pthread_cond_signal(&crowd->done);
    pthread_mutex_unlock(&crowd->lock);
}

void crowd_send(struct crowd *crowd, const struct command *command) {
    require(crowd->sent < crowd->count);
    struct submission *submission = &crowd->submissions[crowd->sent];
    crowd->answers[crowd->sent++].took_us = monotonic_us();
    *submission =
        (struct submission){.command = *command, .on_done = crowd_on_done, .owner = crowd};
    executor_submit(crowd->office->executor, submission);
}

void crowd_await(struct crowd *crowd) {
    pthread_mutex_lock(&crowd->lock);
    while (crowd->answered < crowd->sent) {
        pthread_cond_wait(&crowd->done, &crowd->lock);
    }
    pthread_mutex_unlock(&crowd->lock);
}

size_t crowd_count(const struct crowd *crowd, enum verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < crowd->sent; i++) {
        count += crowd->answers[i].is_answered && crowd->answers[i].verdict == verdict;
    }
    return count;
}

void crowd_close(struct crowd *crowd) {
    pthread_cond_destroy(&crowd->done);
    pthread_mutex_destroy(&crowd->lock);
    free(crowd->answers);
    free(crowd->submissions);
}
