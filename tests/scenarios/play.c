/* play core|http FILE: plays one scene and says where it goes another way.
 * play postgres FILE...: plays each on both stages, on a fresh PostgreSQL database each time; TAP.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "scenarios/expect.h"
#include "support/migrated.h"

enum { HANDLES_MAX = 64, BUYERS_MAX = 32 };

/* What a scene's names mean by now. */
struct cast {
    struct {
        char name[SCENE_WORD_SIZE];
        struct answer answer; /* as it was last answered */
    } handles[HANDLES_MAX];
    size_t handles_count;
    char buyers[BUYERS_MAX][SCENE_WORD_SIZE];
    size_t buyers_count;
    struct type_names types;
    struct {
        char name[SCENE_WORD_SIZE];
        struct uuid id;
    } event;
    char complaint[ANSWER_LOG_SIZE + 256];
};

static bool complain(struct cast *cast, const char *sentence, const char *word) {
    snprintf(cast->complaint, sizeof cast->complaint, sentence, word);
    return false;
}

static struct answer *handle(struct cast *cast, const char *name) {
    for (size_t i = 0; i < cast->handles_count; i++) {
        if (strcmp(cast->handles[i].name, name) == 0) {
            return &cast->handles[i].answer;
        }
    }
    return NULL;
}

static bool keep_handle(struct cast *cast, const char *name, const struct answer *answer) {
    struct answer *known = handle(cast, name);
    if (known == NULL) {
        if (cast->handles_count == HANDLES_MAX) {
            return complain(cast, "there are too many names, with \"%s\"", name);
        }
        strcpy(cast->handles[cast->handles_count].name, name);
        known = &cast->handles[cast->handles_count++].answer;
    }
    *known = *answer;
    return true;
}

static bool find_type(struct cast *cast, const char *name, struct uuid *id) {
    if (name[0] == '\0' && cast->types.count == 1) {
        *id = cast->types.list[0].id;
        return true;
    }
    for (size_t i = 0; i < cast->types.count; i++) {
        if (strcmp(cast->types.list[i].name, name) == 0) {
            *id = cast->types.list[i].id;
            return true;
        }
    }
    return complain(cast, "which tickets? (\"%s\" are not known)", name);
}

/* People are told apart by the name that buys. */
static struct uuid buyer_id(struct cast *cast, const char *name) {
    size_t i = 0;
    while (i < cast->buyers_count && strcmp(cast->buyers[i], name) != 0) {
        i++;
    }
    if (i == cast->buyers_count && i < BUYERS_MAX) {
        strcpy(cast->buyers[cast->buyers_count++], name);
    }
    return (struct uuid){{0x01, 0x9a, 0x55, 0, 0, 0, 0x70, 0, 0x80, [15] = (uint8_t)(i + 1)}};
}

static const struct answer_line *line_of(const struct answer *answer, struct uuid type) {
    for (size_t i = 0; i < answer->lines_count; i++) {
        if (uuid_equals(answer->lines[i].type, type)) {
            return &answer->lines[i];
        }
    }
    return NULL;
}

static bool resolve_handle(struct cast *cast, struct question *question) {
    const struct step *step = question->step;
    const struct answer *known = handle(cast, step->subject);
    if (known == NULL) {
        return complain(cast, "nothing is called \"%s\"", step->subject);
    }
    question->id = known->id;
    question->is_cart = known->is_cart;
    if (step->part[0] != '\0') {
        struct uuid type;
        const struct answer_line *line =
            find_type(cast, step->part, &type) ? line_of(known, type) : NULL;
        if (line == NULL) {
            return complain(cast, "it has no line of \"%s\"", step->part);
        }
        question->id = line->id;
        question->is_cart = false;
    }
    return true;
}

/* Tickets; in a refund of a cart, its lines of those tickets. */
static bool resolve_items(struct cast *cast, struct question *question) {
    const struct step *step = question->step;
    bool of_lines = question->verb == VERB_REFUND && question->is_cart;
    for (size_t i = 0; i < step->items_count; i++) {
        struct uuid *id = &question->item_ids[i];
        bool is_needed = of_lines || step->verb != VERB_REFUND;
        if (is_needed && !find_type(cast, step->items[i].type, id)) {
            return false;
        }
        if (of_lines) {
            const struct answer_line *line = line_of(handle(cast, step->subject), *id);
            if (line == NULL) {
                return complain(cast, "it has no line of \"%s\"", step->items[i].type);
            }
            *id = line->id;
        }
        question->item_quantities[i] = step->items[i].quantity;
    }
    question->items_count = step->items_count;
    return true;
}

static bool resolve_type(struct cast *cast, struct question *question) {
    const struct step *step = question->step;
    bool names_event = strcmp(step->subject, cast->event.name) == 0;
    bool of_event = (step->settings.gives & GIVES_PUBLISHED) != 0;
    bool archives = step->verb == VERB_ARCHIVE || step->verb == VERB_UNARCHIVE;
    struct uuid type;
    /* An event and its tickets may share a name; then the tickets are meant, but for what only an
     * event has. */
    bool is_type = find_type(cast, step->subject, &type);
    if (names_event && (of_event || (archives && !is_type))) {
        question->is_event = true;
        question->id = cast->event.id;
        return true;
    }
    question->id = type;
    return is_type;
}

static bool resolve(struct cast *cast, struct question *question) {
    const struct step *step = question->step;
    switch (step->verb) {
    case VERB_EVENT:
    case VERB_RELEASE_EXPIRED:
        return true;
    case VERB_TICKETS:
        question->id = cast->event.id;
        return true;
    case VERB_SELL: /* over the counter: nobody asks for a name */
        return resolve_items(cast, question);
    case VERB_RESERVE:
    case VERB_CART:
        question->user = step->for_nobody ? UUID_NONE : buyer_id(cast, step->subject);
        return resolve_items(cast, question);
    case VERB_CHANGE:
    case VERB_COMPLETE:
    case VERB_RELEASE:
    case VERB_EXTEND:
    case VERB_REFUND:
    case VERB_SHOW:
        return resolve_handle(cast, question) && resolve_items(cast, question);
    case VERB_INCREASE:
    case VERB_DECREASE:
    case VERB_SET:
    case VERB_ARCHIVE:
    case VERB_UNARCHIVE:
    case VERB_COUNTS:
    case VERB_EXPLAIN:
    case VERB_LOG:
        return resolve_type(cast, question);
    }
    return false;
}

static bool keep_type(struct cast *cast, const struct step *step, const struct answer *answer) {
    if (cast->types.count == SCENE_ITEMS_MAX) {
        return complain(cast, "there are too many kinds of tickets, with \"%s\"", step->subject);
    }
    strcpy(cast->types.list[cast->types.count].name, step->subject);
    cast->types.list[cast->types.count++].id = answer->id;
    return true;
}

static bool play_tickets(struct cast *cast, struct stage *stage, const struct step *step) {
    struct step tickets = *step;
    tickets.verb = VERB_TICKETS;
    struct question question = {
        .step = &tickets, .verb = VERB_TICKETS, .role = ROLE_ADMIN, .id = cast->event.id};
    struct answer answer = answer_none();
    stage->ask(stage, &question, &answer);
    return expect(step, &answer, &cast->types, cast->complaint, sizeof cast->complaint) &&
           keep_type(cast, step, &answer);
}

/* What the answer is called from here on. */
static bool keep(struct cast *cast, struct stage *stage, const struct step *step,
                 const struct answer *answer) {
    if (strcmp(answer->verdict, "granted") != 0) {
        return true;
    }
    if (step->verb == VERB_EVENT) {
        strcpy(cast->event.name, step->subject);
        cast->event.id = answer->id;
        return step->items_count == 0 || play_tickets(cast, stage, step);
    }
    if (step->verb == VERB_TICKETS) {
        return keep_type(cast, step, answer);
    }
    if (step->called[0] != '\0') {
        return keep_handle(cast, step->called, answer);
    }
    return step->verb != VERB_CHANGE || keep_handle(cast, step->subject, answer);
}

static bool play_step(struct cast *cast, struct stage *stage, const struct step *step) {
    struct question question = {.step = step, .verb = step->verb, .role = step->role};
    struct answer answer = answer_none();
    stage->set_time(stage, step->at);
    if (!resolve(cast, &question)) {
        return false;
    }
    cast->complaint[0] = '\0';
    stage->ask(stage, &question, &answer);
    return expect(step, &answer, &cast->types, cast->complaint, sizeof cast->complaint) &&
           keep(cast, stage, step, &answer);
}

static int play(const struct scene *scene, struct stage *stage) {
    static struct cast cast;
    cast = (struct cast){.handles_count = 0};
    for (size_t i = 0; i < scene->steps_count; i++) {
        if (!play_step(&cast, stage, &scene->steps[i])) {
            fprintf(stderr, "%s:%d: %s\n", scene->path, scene->steps[i].line, cast.complaint);
            return 1;
        }
    }
    return 0;
}

static int play_file(const char *path, bool over_http, const char *url) {
    static struct scene scene;
    if (!scene_read(&scene, path)) {
        fprintf(stderr, "%s\n", scene.complaint);
        return 1;
    }
    struct stage *stage = over_http ? stage_http_open(url) : stage_core_open(url);
    int status = play(&scene, stage);
    stage->close(stage);
    return status;
}

static int play_in_database(const struct migrated *migrated, const char *path, bool over_http) {
    char url[DATABASE_URL_SIZE];
    struct failure failure;
    int status = 1;
    enum error error = migrated_database(migrated, url, &failure);
    if (error == ERROR_NONE) {
        status = play_file(path, over_http, url);
        error = database_drop(migrated->maintenance, url, &failure);
    }
    if (error != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
    }
    return error == ERROR_NONE ? status : 1;
}

static int play_all(char **paths, int count) {
    struct migrated migrated;
    struct failure failure;
    int failed = 0;
    log_set_level(LOG_ERROR); /* a test's cluster does without fsync, and is told so each time */
    if (migrated_open(&migrated, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return 1;
    }
    printf("1..%d\n", 2 * count);
    for (int i = 0; i < 2 * count; i++) {
        bool over_http = i % 2 == 1;
        const char *slash = strrchr(paths[i / 2], '/');
        const char *name = slash == NULL ? paths[i / 2] : slash + 1;
        int status = play_in_database(&migrated, paths[i / 2], over_http);
        printf("%s %d - %.*s (%s)\n", status == 0 ? "ok" : "not ok", i + 1, (int)strcspn(name, "."),
               name, over_http ? "http" : "core");
        fflush(stdout);
        failed += status != 0;
    }
    migrated_close(&migrated);
    return failed == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    bool over_http = argc == 3 && strcmp(argv[1], "http") == 0;
    if (argc > 2 && strcmp(argv[1], "postgres") == 0) {
        return play_all(argv + 2, argc - 2);
    }
    if (argc != 3 || (!over_http && strcmp(argv[1], "core") != 0)) {
        fprintf(stderr, "usage: play core|http FILE.scene, or play postgres FILE.scene...\n");
        return 2;
    }
    return play_file(argv[2], over_http, NULL);
}
