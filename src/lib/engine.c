#include "lib/engine.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/time_zone.h"
#include "domain/form.h"
#include "lib/code.h"
#include "lib/plain.h"

const char *ticketd_version(void) {
    return TICKETD_VERSION;
}

static enum ticketd_code refuse(struct ticketd_problem *problem, const char *field,
                                const char *detail) {
    problem_fill(problem, TICKETD_INVALID);
    if (problem != NULL) {
        PLAIN_TEXT(problem->field, text_of(field));
        PLAIN_TEXT(problem->detail, text_of(detail));
    }
    return TICKETD_INVALID;
}

static enum ticketd_code set_defaults(struct ticketd *ticketd,
                                      const struct ticketd_options *options,
                                      struct ticketd_problem *problem) {
    const char *currency = options->currency == NULL ? "EUR" : options->currency;
    const char *zone = options->time_zone == NULL ? "UTC" : options->time_zone;
    if (!form_is_currency(text_of(currency))) {
        return refuse(problem, "currency",
                      "This is a currency as ISO 4217 writes it, such as EUR.");
    }
    if (!time_zone_exists(text_of(zone))) {
        return refuse(problem, "time_zone", "This system knows no such time zone.");
    }
    PLAIN_TEXT(ticketd->currency.code, text_of(currency));
    PLAIN_TEXT(ticketd->time_zone, text_of(zone));
    return TICKETD_OK;
}

static enum ticketd_code open_store(struct ticketd *ticketd, const char *database,
                                    const struct ticketd_options *options,
                                    struct ticketd_problem *problem) {
    struct failure failure = {0};
    struct store_options store = {.read_only = options->read_only, .no_create = options->no_create};
    failure.error = store_open(database, &store, &ticketd->store, &failure);
    if (failure.error == ERROR_NOT_FOUND) {
        problem_of_failure(problem, &failure);
        if (problem != NULL) {
            problem->code = TICKETD_NO_DATABASE;
        }
        return TICKETD_NO_DATABASE;
    }
    if (failure.error == ERROR_NONE && !options->read_only) {
        struct executor_options executor = {.inbox_max = options->waiting_max};
        failure.error = executor_open(ticketd->store, &executor, &ticketd->executor, &failure);
    }
    return failure.error == ERROR_NONE ? TICKETD_OK : problem_of_failure(problem, &failure);
}

enum ticketd_code ticketd_open(const char *database, const struct ticketd_options *options,
                               struct ticketd **ticketd, struct ticketd_problem *problem) {
    static const struct ticketd_options plain;
    struct ticketd *opening = calloc(1, sizeof *opening);
    if (opening == NULL || sodium_init() < 0) {
        free(opening);
        problem_fill(problem, TICKETD_NO_MEMORY);
        return TICKETD_NO_MEMORY;
    }
    options = options == NULL ? &plain : options;
    enum ticketd_code code = set_defaults(opening, options, problem);
    if (code == TICKETD_OK) {
        code = open_store(opening, database, options, problem);
    }
    if (code != TICKETD_OK) {
        store_close(opening->store);
        free(opening);
        return code;
    }
    reader_pool_init(&opening->readers, opening->store);
    *ticketd = opening;
    return TICKETD_OK;
}

void ticketd_close(struct ticketd *ticketd) {
    if (ticketd == NULL) {
        return;
    }
    executor_close(ticketd->executor);
    reader_pool_finish(&ticketd->readers);
    store_close(ticketd->store);
    free(ticketd);
}

void ticketd_statistics(const struct ticketd *ticketd, struct ticketd_statistics *statistics) {
    struct executor_statistics inside = {0};
    if (ticketd->executor != NULL) {
        executor_statistics(ticketd->executor, &inside);
    }
    *statistics = (struct ticketd_statistics){
        .commits = inside.commits,
        .commands = inside.commands,
        .refusals = inside.refusals,
        .failures = inside.failures,
        .expiries = inside.expiries,
    };
}

/* --- ids --------------------------------------------------------------------------------- */

bool ticketd_id_parse(const char *text, struct ticketd_id *id) {
    struct uuid parsed;
    if (text == NULL || !uuid_parse(text_of(text), &parsed)) {
        return false;
    }
    *id = plain_id(parsed);
    return true;
}

const char *ticketd_id_format(struct ticketd_id id, char buffer[TICKETD_ID_SIZE]) {
    return uuid_format(plain_uuid(id), buffer);
}

bool ticketd_id_equals(struct ticketd_id a, struct ticketd_id b) {
    return uuid_equals(plain_uuid(a), plain_uuid(b));
}

bool ticketd_id_is_none(struct ticketd_id id) {
    return uuid_is_none(plain_uuid(id));
}

struct ticketd_id ticketd_id_make(void) {
    return plain_id(uuid_block(instant_now(), 1));
}
