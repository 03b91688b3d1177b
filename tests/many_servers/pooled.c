/* Two servers by way of PgBouncer in transaction mode: with prepare=off they sell as they do
 * without it; with statements prepared by name, they say what to do. */
#include <stdio.h>
#include <string.h>

#include "bouncer.h"
#include "round.h"

enum { SKIPPED = 77, ASKED_MAX = 400 };

static struct street street;

/* Asks until something goes wrong, then stops the server, if it has come to serve at all: what it
 * said must name the remedy. */
static bool says_what_to_do(const char *database) {
    static struct answer answer;
    static char log[OUTPUT_SIZE];
    static const char *const words[] = {"--lanes", "4", NULL};
    int code;
    struct server *server = server_try_start("serve", database, words, log, &code);
    if (server == NULL) {
        bool has_said = strstr(log, "add prepare=off to its address") != NULL;
        printf("with named statements: ended with %d, and %s\n", code,
               has_said ? "the log says to add prepare=off" : "NOBODY SAYS WHY");
        return has_said;
    }
    street.servers[0] = server;
    street.count = 1;
    struct client *client = client_open(&street, street.admin, 3);
    int status = 201;
    for (int i = 0; i < ASKED_MAX && status == 201; i++) {
        status =
            client_ask_one(client, 0, "POST", "/v1/events",
                           "{\"name\":\"E\",\"start_date\":\"2099-01-01T20:00:00Z\"}", &answer);
    }
    client_close(client);
    server_signal(server, SIGTERM);
    (void)server_wait(server, log);
    street.count = 0;
    bool has_said = strstr(log, "add prepare=off to its address") != NULL;
    printf("with named statements: %d, and %s\n", status,
           has_said ? "the log says to add prepare=off" : "NOBODY SAYS WHY");
    if (!has_said) {
        fprintf(stderr, "%s\n%s\n", answer.body, log);
    }
    return has_said; /* which of its connections meets it is chance */
}

int main(void) {
    struct bouncer *bouncer;
    struct failure failure;
    char pooled[DATABASE_URL_SIZE], unprepared[DATABASE_URL_SIZE + 16];
    street_open(&street);
    enum error error = bouncer_open(street.cluster, &bouncer, &failure);
    if (error == ERROR_NOT_FOUND) {
        printf("skipped: %s (Debian: apt install pgbouncer)\n", failure.sentence);
        street_close(&street);
        return SKIPPED;
    }
    if (error != ERROR_NONE) {
        give_up("PgBouncer", failure.sentence);
    }
    bouncer_url(bouncer, street.database, pooled);
    snprintf(unprepared, sizeof unprepared, "%s?prepare=off", pooled);
    bool has_said = says_what_to_do(pooled);
    street_serve(&street, unprepared, 2);
    round_run(&street, 1);
    bool is_well = street_reckon(&street);
    bouncer_close(bouncer);
    street_close(&street);
    return is_well && has_said ? 0 : 1;
}
