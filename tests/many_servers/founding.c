/* The control: the same buyers, served by what the founding document says: look, insert, update to
 * what was seen and one more. It must sell more than there are, and both the look at the tables
 * that the other tests trust and `ticketd verify` must see it. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "street.h"

enum { THREADS = 12, BUYERS = 400, TICKETS = 100, ROUNDS_MAX = 20 };

#define TYPE "'00000000-0000-7000-8000-0000000000a1'"

struct booth {
    const struct street *street;
    atomic_int buyers;
};

static void run(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        give_up(sql, PQerrorMessage(connection));
    }
    PQclear(result);
}

/* reserveTickets() of the document, for one ticket. */
static void reserve(PGconn *connection) {
    char update[160];
    PGresult *seen = PQexec(connection, "SELECT total_inventory, sold_count, reserved_count "
                                        "FROM ticket_types WHERE id = " TYPE);
    if (PQresultStatus(seen) != PGRES_TUPLES_OK || PQntuples(seen) != 1) {
        give_up("the counts", PQerrorMessage(connection));
    }
    int total = atoi(PQgetvalue(seen, 0, 0)), sold = atoi(PQgetvalue(seen, 0, 1));
    int reserved = atoi(PQgetvalue(seen, 0, 2));
    PQclear(seen);
    if (total - sold - reserved < 1) {
        return;
    }
    run(connection,
        "INSERT INTO ticket_reservations (ticket_type_id, event_id, quantity, expires_at, status, "
        "unit_price, currency) SELECT id, event_id, 1, now() + interval '15 minutes', 'active', "
        "price, 'EUR' FROM ticket_types WHERE id = " TYPE);
    snprintf(update, sizeof update,
             "UPDATE ticket_types SET reserved_count = %d, updated_at = now() WHERE id = " TYPE,
             reserved + 1);
    run(connection, update);
}

static void *sell(void *context) {
    struct booth *booth = context;
    PGconn *connection = PQconnectdb(booth->street->database);
    if (PQstatus(connection) != CONNECTION_OK) {
        give_up("the database", PQerrorMessage(connection));
    }
    while (atomic_fetch_add(&booth->buyers, 1) < BUYERS) {
        reserve(connection);
    }
    PQfinish(connection);
    return NULL;
}

static void open_house(const struct street *street) {
    struct failure failure;
    char sql[512];
    snprintf(sql, sizeof sql,
             "DELETE FROM ticket_reservations; DELETE FROM ticket_types; DELETE FROM events; "
             "INSERT INTO events (id, name, start_date) VALUES (" TYPE ", 'Event', '2099-01-01'); "
             "INSERT INTO ticket_types (id, event_id, name, price, initial_inventory, "
             "total_inventory) VALUES (" TYPE ", " TYPE ", 'Type', 1000, %d, %d)",
             TICKETS, TICKETS);
    if (database_execute(street->database, sql, &failure) != ERROR_NONE) {
        give_up("the house", failure.sentence);
    }
}

static int64_t sell_round(struct street *street) {
    struct booth booth = {.street = street};
    pthread_t threads[THREADS];
    open_house(street);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, sell, &booth) != 0) {
            give_up("a booth", "no thread");
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return street_number(street, "SELECT count(*) FROM ticket_reservations");
}

int main(void) {
    static struct street street;
    static struct finished verified;
    street_open(&street);
    int64_t sold = 0;
    for (int i = 0; i < ROUNDS_MAX && sold <= TICKETS; i++) {
        sold = sell_round(&street);
    }
    int64_t seen = street_number(&street, STREET_OVERSOLD);
    TICKETD(&verified, "verify", "--database", street.database);
    printf("%" PRId64 " of %d tickets sold; the look at the tables %s it, verify %s it\n", sold,
           TICKETS, seen > 0 ? "sees" : "DOES NOT SEE",
           verified.code != 0 ? "sees" : "DOES NOT SEE");
    street_close(&street);
    return sold > TICKETS && seen > 0 && verified.code != 0 ? 0 : 1;
}
