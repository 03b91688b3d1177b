#include "scenarios/expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void write_time(struct instant at, char *to, size_t size) {
    struct instant midnight;
    if (instant_is_none(at)) {
        snprintf(to, size, "never");
        return;
    }
    scene_time("00:00", &midnight);
    int64_t seconds = (at.us - midnight.us) / 1000000;
    bool is_even = (at.us - midnight.us) % 1000000 == 0;
    int used = snprintf(to, size, "%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0 || !is_even) {
        snprintf(to + used, size - (size_t)used, ":%02" PRId64 "%s", seconds % 60,
                 is_even ? "" : ".x");
    }
}

static void write_money(int64_t minor_units, char *to, size_t size) {
    snprintf(to, size, "%" PRId64 ".%02" PRId64, minor_units / 100, minor_units % 100);
}

static const char *name_of(const struct type_names *names, struct uuid id) {
    for (size_t i = 0; i < names->count; i++) {
        if (uuid_equals(names->list[i].id, id)) {
            return names->list[i].name;
        }
    }
    return "?";
}

/* In the order in which the tickets were named. */
static void write_lines(const struct answer *answer, const struct type_names *names, char *to,
                        size_t size) {
    to[0] = '\0';
    for (size_t type = 0; type < names->count; type++) {
        for (size_t i = 0; i < answer->lines_count; i++) {
            const struct answer_line *line = &answer->lines[i];
            if (uuid_equals(line->type, names->list[type].id)) {
                size_t used = strlen(to);
                snprintf(to + used, size - used, "%s%" PRId64 " %s", used == 0 ? "" : " + ",
                         line->quantity, name_of(names, line->type));
            }
        }
    }
}

static int64_t amount_of_lines(const struct answer *answer) {
    int64_t amount = 0;
    for (size_t i = 0; i < answer->lines_count; i++) {
        amount += answer->lines[i].quantity * answer->lines[i].price;
    }
    return amount;
}

static int64_t sum_of_lines(const struct answer *answer, bool refunded) {
    int64_t sum = 0;
    for (size_t i = 0; i < answer->lines_count; i++) {
        sum += refunded ? answer->lines[i].refunded : answer->lines[i].quantity;
    }
    return answer->lines_count == 0 ? ANSWER_NONE : sum;
}

static int64_t number_of(const struct answer *answer, const char *name) {
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"remaining", answer->remaining},
        {"requested", answer->requested},
        {"available", answer->available},
        {"reserved", answer->reserved},
        {"sold", answer->sold},
        {"total", answer->total},
        {"initial", answer->initial},
        {"shortfall", answer->shortfall},
        {"limit", answer->limit},
        {"has", answer->has},
        {"left", answer->left},
        {"released", answer->released},
        {"gives", answer->gives},
        {"quantity", sum_of_lines(answer, false)},
        {"refunded", sum_of_lines(answer, true)},
        {"amount", answer->lines_count == 0 ? ANSWER_NONE : amount_of_lines(answer)},
        {"price", answer->lines_count == 0 ? ANSWER_NONE : answer->lines[0].price},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(numbers[i].name, name) == 0) {
            return numbers[i].value;
        }
    }
    return ANSWER_NONE;
}

static int64_t expected_number(const struct fact_word *fact, const char *value) {
    int64_t number = 0;
    if (fact->kind == FACT_MONEY) {
        scene_money(value, &number);
    } else if (fact->kind == FACT_DURATION) {
        scene_duration(value, &number);
    } else {
        sscanf(value, "%" SCNd64, &number);
    }
    return number;
}

static bool number_holds(const struct fact_word *fact, const char *value,
                         const struct answer *answer, char *got, size_t size) {
    int64_t number = number_of(answer, fact->name);
    if (number == ANSWER_NONE) {
        snprintf(got, size, "nothing");
        return false;
    }
    if (fact->kind == FACT_MONEY) {
        write_money(number, got, size);
    } else {
        snprintf(got, size, "%" PRId64 "%s", number, fact->kind == FACT_DURATION ? "s" : "");
    }
    return number == expected_number(fact, value);
}

static bool time_holds(const char *name, const char *value, const struct answer *answer, char *got,
                       size_t size) {
    struct instant is = strcmp(name, "expires") == 0 ? answer->expires
                        : strcmp(name, "when") == 0  ? answer->when
                                                     : answer->next_expiry;
    struct instant expected = INSTANT_NONE;
    scene_time(value, &expected);
    write_time(is, got, size);
    return is.us == expected.us;
}

static bool word_holds(const char *name, const char *value, const struct answer *answer, char *got,
                       size_t size) {
    const char *is = strcmp(name, "status") == 0  ? answer->status
                     : strcmp(name, "order") == 0 ? answer->order
                                                  : answer->pointer;
    snprintf(got, size, "%s", is);
    return strcmp(is, value) == 0;
}

static bool fact_holds(const struct scene_expectation *expected, const struct answer *answer,
                       const struct type_names *names, char *got, size_t size) {
    if (strcmp(expected->name, "log") == 0) {
        snprintf(got, size, "%s", answer->log);
        return strcmp(expected->value, answer->log) == 0;
    }
    const struct fact_word *fact = fact_word(expected->name);
    switch (fact->kind) {
    case FACT_NUMBER:
    case FACT_DURATION:
    case FACT_MONEY:
        return number_holds(fact, expected->value, answer, got, size);
    case FACT_TIME:
        return time_holds(fact->name, expected->value, answer, got, size);
    case FACT_WORD:
        return word_holds(fact->name, expected->value, answer, got, size);
    case FACT_ITEMS:
        write_lines(answer, names, got, size);
        return strcmp(expected->value, got) == 0;
    case FACT_FLAG:
        return true; /* compared with the verdict */
    }
    return false;
}

static bool expects_replay(const struct step *step) {
    for (size_t i = 0; i < step->expected_count; i++) {
        if (strcmp(step->expected[i].name, "replayed") == 0) {
            return true;
        }
    }
    return false;
}

static void describe(const struct answer *answer, char *to, size_t size) {
    snprintf(to, size, "%s%s%s%s", answer->verdict, answer->replayed ? " replayed" : "",
             answer->pointer[0] == '\0' ? "" : " at ", answer->pointer);
}

bool expect(const struct step *step, const struct answer *answer, const struct type_names *names,
            char *complaint, size_t size) {
    char got[ANSWER_LOG_SIZE];
    if (strcmp(step->verdict, answer->verdict) != 0 || expects_replay(step) != answer->replayed) {
        describe(answer, got, sizeof got);
        snprintf(complaint, size, "expected %s%s, got %s", step->verdict,
                 expects_replay(step) ? " replayed" : "", got);
        return false;
    }
    for (size_t i = 0; i < step->expected_count; i++) {
        const struct scene_expectation *expected = &step->expected[i];
        if (!fact_holds(expected, answer, names, got, sizeof got)) {
            snprintf(complaint, size, "expected %s %s, got %s", expected->name, expected->value,
                     got);
            return false;
        }
    }
    return true;
}
