/* kill_loop - kills a busy server with SIGKILL, again and again, and holds what it said before
 * against what it says afterwards.
 *
 *     kill_loop KILLS [forge]
 *
 * After each kill: `ticketd verify` is clean; the restarted server gives every
 * journalled answer again, byte for byte; what was open is settled by its key;
 * and the counts are exactly what the answers add up to. Half of the sales are
 * counted by an open shift, which verify holds against the log. `forge` puts an answer
 * into the journal after each kill that was never given: exactly those must
 * be missed, each when it is asked for and once more in the end. */
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "daemon/api_client.h"
#include "kill/journal.h"
#include "kill/worker.h"
#include "process/process.h"

enum { WORKERS = 8, ARENA_BYTES = 4 << 20, LIFE_MS_MIN = 30, LIFE_MS_MORE = 220 };

struct loop {
    char folder[FOLDER_SIZE], database[FOLDER_SIZE + 16], journal_file[FOLDER_SIZE + 16];
    char key[OUTPUT_SIZE];
    struct server *server;
    struct worker workers[WORKERS];
    struct expected_counts initial[TYPES];
    struct api_client *client; /* to the server as it runs now */
    struct arena arena;
    size_t checked; /* entries of the journal that were found again */
    uint64_t replays, failures;
    struct uuid shift_id;
};

static void fail(struct loop *loop, const char *what, const char *detail) {
    fprintf(stderr, "VIOLATION: %s: %s\n", what, detail);
    loop->failures++;
}

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "cannot go on: %s\n", what);
    exit(2);
}

static struct reply ask(struct loop *loop, const struct api_request *request) {
    struct reply reply = {0};
    struct failure failure;
    arena_reset(&loop->arena);
    if (api_client_call(loop->client, request, &loop->arena, &reply, &failure) != ERROR_NONE) {
        give_up(failure.sentence);
    }
    return reply;
}

static json_t *post(struct loop *loop, const char *path, const char *body) {
    struct reply reply =
        ask(loop, &(struct api_request){.method = "POST", .path = path, .body = text_of(body)});
    json_t *json = json_loadb(reply.body.bytes, reply.body.length, 0, NULL);
    if (reply.status != 201 || json == NULL) {
        give_up(reply.body.bytes);
    }
    return json;
}

static void take_id(json_t *json, struct uuid *id) {
    if (!uuid_parse(text_of(json_string_value(json_object_get(json, "id"))), id)) {
        give_up("a reply has no id");
    }
    json_decref(json);
}

static void start(struct loop *loop) {
    struct failure failure;
    loop->server = server_start(loop->database);
    if (loop->server == NULL) {
        give_up("the server does not start");
    }
    struct api_client_options options = {.server = server_url(loop->server), .key = loop->key};
    if (api_client_open(&options, &loop->client, &failure) != ERROR_NONE) {
        give_up(failure.sentence);
    }
}

/* One event with plenty of one ticket type and few of another, so that some are refused. */
static void prepare(struct loop *loop) {
    static const int64_t tickets[TYPES] = {1000000, 500};
    struct finished made;
    struct uuid event_id, types[TYPES];
    char path[128], body[128], id[UUID_TEXT_SIZE];
    TICKETD(&made, "key", "create", "--database", loop->database, "--name", "kill", "--role",
            "admin");
    if (made.code != 0) {
        give_up(made.err);
    }
    snprintf(loop->key, sizeof loop->key, "%.*s", (int)strcspn(made.out, "\n"), made.out);
    start(loop);
    take_id(post(loop, "/v1/events", "{\"name\":\"Kill\",\"start_date\":\"2099-01-01T20:00:00Z\"}"),
            &event_id);
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types", uuid_format(event_id, id));
    for (size_t i = 0; i < TYPES; i++) {
        snprintf(body, sizeof body,
                 "{\"name\":\"T\",\"price\":1000,\"initial_inventory\":%" PRId64 "}", tickets[i]);
        take_id(post(loop, path, body), &types[i]);
        loop->initial[i] = (struct expected_counts){.total = tickets[i]};
    }
    take_id(
        post(loop, "/v1/shifts", "{\"terminal\":\"Door\",\"currency\":\"EUR\",\"opening_cash\":0}"),
        &loop->shift_id);
    struct journal *journal = journal_open(loop->journal_file);
    for (size_t i = 0; i < WORKERS; i++) {
        loop->workers[i] = (struct worker){
            .key = loop->key, .journal = journal, .seed = 0x9e3779b97f4a7c15 * (i + 1)};
        memcpy(loop->workers[i].types, types, sizeof types);
    }
}

struct shift {
    struct worker *worker;
    const char *url;
};

static void *work(void *context) {
    struct shift *shift = context;
    worker_run(shift->worker, shift->url);
    return NULL;
}

/* Lets all workers work, and kills the server in the middle of it. */
static void work_and_kill(struct loop *loop) {
    pthread_t threads[WORKERS];
    struct shift shifts[WORKERS];
    char url[128];
    snprintf(url, sizeof url, "%s", server_url(loop->server));
    for (size_t i = 0; i < WORKERS; i++) {
        shifts[i] = (struct shift){&loop->workers[i], url};
        pthread_create(&threads[i], NULL, work, &shifts[i]);
    }
    long life_ms = LIFE_MS_MIN + random() % LIFE_MS_MORE;
    nanosleep(&(struct timespec){.tv_nsec = life_ms * 1000000L}, NULL);
    server_signal(loop->server, SIGKILL);
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    api_client_close(loop->client);
    if (server_wait(loop->server, NULL) != 128 + SIGKILL) {
        fail(loop, "the server", "ended before it was killed");
    }
}

static void verify(struct loop *loop) {
    struct finished verified;
    TICKETD(&verified, "verify", "--database", loop->database);
    if (verified.code != 0) {
        fail(loop, "verify", verified.code == 1 ? verified.out : verified.err);
    }
}

static void ask_again(void *context, const struct journal_entry *entry) {
    struct loop *loop = context;
    struct reply reply = ask(loop, &(struct api_request){.method = "POST",
                                                         .path = entry->path,
                                                         .body = text_of(entry->body),
                                                         .idempotency_key = entry->key});
    loop->replays++;
    if (!reply.replayed || reply.status != entry->status ||
        !text_equals(reply.body, text_of(entry->answer))) {
        fail(loop, "an answer was lost", entry->answer);
    }
}

static int64_t number(const json_t *row, const char *name) {
    return json_integer_value(json_object_get(row, name));
}

static void compare_counts(struct loop *loop, size_t type) {
    char path[128], id[UUID_TEXT_SIZE], told[160];
    struct expected_counts expected = loop->initial[type];
    for (size_t i = 0; i < WORKERS; i++) {
        expected.total += loop->workers[i].expected[type].total;
        expected.sold += loop->workers[i].expected[type].sold;
        expected.reserved += loop->workers[i].expected[type].reserved;
    }
    snprintf(path, sizeof path, "/v1/ticket-types/%s/availability",
             uuid_format(loop->workers[0].types[type], id));
    struct reply reply = ask(loop, &(struct api_request){.method = "GET", .path = path});
    json_t *counts = json_loadb(reply.body.bytes, reply.body.length, 0, NULL);
    if (number(counts, "total") != expected.total || number(counts, "sold") != expected.sold ||
        number(counts, "reserved") != expected.reserved) {
        snprintf(told, sizeof told,
                 "total %" PRId64 ", sold %" PRId64 ", reserved %" PRId64 " and %.80s",
                 expected.total, expected.sold, expected.reserved, reply.body.bytes);
        fail(loop, "the counts are not what the answers add up to", told);
    }
    json_decref(counts);
}

static void look_for_sales_of_the_shift(struct loop *loop) {
    char path[64], id[UUID_TEXT_SIZE];
    snprintf(path, sizeof path, "/v1/shifts/%s", uuid_format(loop->shift_id, id));
    struct reply reply = ask(loop, &(struct api_request){.method = "GET", .path = path});
    json_t *shift = json_loadb(reply.body.bytes, reply.body.length, 0, NULL);
    if (number(json_object_get(shift, "totals"), "sales") == 0) {
        fail(loop, "the shift has counted nothing", reply.body.bytes);
    }
    json_decref(shift);
}

static void hold_it_to_its_word(struct loop *loop) {
    for (size_t i = 0; i < WORKERS; i++) {
        worker_settle(&loop->workers[i], server_url(loop->server));
        if (loop->workers[i].wrong[0] != '\0') {
            fail(loop, "a worker", loop->workers[i].wrong);
            loop->workers[i].wrong[0] = '\0';
        }
    }
    loop->checked = journal_read(loop->journal_file, loop->checked, ask_again, loop);
    for (size_t type = 0; type < TYPES; type++) {
        compare_counts(loop, type);
    }
}

static void forge(struct loop *loop) {
    char key[UUID_TEXT_SIZE];
    journal_append(loop->workers[0].journal,
                   &(struct journal_entry){uuid_format(uuid_block(instant_now(), 1), key),
                                           "/v1/reservations", "{}", 201, "{\"id\":\"never\"}"});
}

static uint64_t acknowledged(const struct loop *loop) {
    uint64_t sum = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        sum += loop->workers[i].acknowledged;
    }
    return sum;
}

int main(int argc, char **argv) {
    static struct loop loop;
    int kills = argc > 1 ? atoi(argv[1]) : 20;
    bool forges = argc > 2 && strcmp(argv[2], "forge") == 0;
    srandom((unsigned)time(NULL));
    signal(SIGPIPE, SIG_IGN);
    arena_init(&loop.arena, ARENA_BYTES);
    folder_make(loop.folder);
    snprintf(loop.database, sizeof loop.database, "sqlite:%s/t.db", loop.folder);
    snprintf(loop.journal_file, sizeof loop.journal_file, "%s/journal", loop.folder);
    prepare(&loop);
    for (int i = 0; i < kills; i++) {
        work_and_kill(&loop);
        verify(&loop);
        if (forges) {
            forge(&loop);
        }
        start(&loop);
        hold_it_to_its_word(&loop);
    }
    journal_read(loop.journal_file, 0, ask_again, &loop); /* all of them, once more */
    look_for_sales_of_the_shift(&loop);
    server_signal(loop.server, SIGTERM);
    if (server_wait(loop.server, NULL) != 0) {
        fail(&loop, "the server", "did not end with 0 on SIGTERM");
    }
    verify(&loop);
    printf("%d kills, %" PRIu64 " answers acknowledged, %" PRIu64 " asked for again, %" PRIu64
           " violations\n",
           kills, acknowledged(&loop), loop.replays, loop.failures);
    api_client_close(loop.client);
    journal_close(loop.workers[0].journal);
    arena_finish(&loop.arena);
    folder_remove(loop.folder);
    return loop.failures == (forges ? 2 * (uint64_t)kills : 0) ? 0 : 1;
}
