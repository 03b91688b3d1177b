/* checkout.c - a shop's checkout in one page: reserve, pay, complete; and refund.
 *
 *     cc checkout.c $(pkg-config --cflags --libs libticketd) -o checkout
 *     ./checkout sqlite:tickets.db */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <ticketd/ticketd.h>

static void must(enum ticketd_code code, const char *what) {
    if (code != TICKETD_OK) {
        fprintf(stderr, "%s: %s\n", what, ticketd_sentence(code));
        exit(1);
    }
}

/* An event in a week, with tickets to sell. */
static struct ticketd_id make_ticket_type(struct ticketd *ticketd, int32_t tickets) {
    struct ticketd_event_request event = {
        .name = "Concert",
        .start_date = ((ticketd_time)time(NULL) + INT64_C(7) * 86400) * 1000000,
        .currency = "EUR",
        .published = true,
    };
    static struct ticketd_event made;
    must(ticketd_event_create(ticketd, &event, NULL, &made), "create the event");
    struct ticketd_type_request stalls = {
        .event_id = made.id, .name = "Stalls", .price = 4500, .initial_inventory = tickets};
    static struct ticketd_type type;
    must(ticketd_type_create(ticketd, &stalls, NULL, &type), "create the ticket type");
    return type.id;
}

/* True: the buyer has the tickets. A retry with the same key buys nothing twice. */
static bool check_out(struct ticketd *ticketd, struct ticketd_id type, int32_t quantity,
                      const char *order_id) {
    char key[TICKETD_ID_SIZE];
    struct ticketd_problem problem;
    struct ticketd_call call = {
        .idempotency_key = ticketd_id_format(ticketd_id_make(), key),
        .as_public = true,
        .problem = &problem,
    };
    struct ticketd_reserve_request request = {.ticket_type_id = type, .quantity = quantity};
    struct ticketd_reservation reservation;
    enum ticketd_code code = ticketd_reserve(ticketd, &request, &call, &reservation);
    if (code == TICKETD_INSUFFICIENT_INVENTORY) {
        printf("%s: %s %lld are left.\n", order_id, problem.detail, (long long)problem.available);
        return false;
    }
    must(code, "reserve");

    /* Here the buyer pays, within reservation.remaining_seconds. */

    struct ticketd_complete_request sale = {
        .id = reservation.id, .order_id = order_id, .tender = "card"};
    must(ticketd_complete_sale(ticketd, &sale, NULL, &reservation), "complete the sale");
    printf("%s: %d tickets for %lld.%02lld %s\n", order_id, (int)reservation.quantity,
           (long long)(quantity * reservation.unit_price / 100),
           (long long)(quantity * reservation.unit_price % 100), reservation.currency);
    return true;
}

int main(int arguments_count, char **arguments) {
    struct ticketd *ticketd;
    struct ticketd_problem problem;
    const char *database = arguments_count > 1 ? arguments[1] : "memory:";
    if (ticketd_open(database, NULL, &ticketd, &problem) != TICKETD_OK) {
        fprintf(stderr, "%s: %s\n", database, problem.detail);
        return 1;
    }
    struct ticketd_id type = make_ticket_type(ticketd, 5);
    bool as_expected = check_out(ticketd, type, 3, "order-1001") &&
                       !check_out(ticketd, type, 3, "order-1002") &&
                       check_out(ticketd, type, 2, "order-1003");

    struct ticketd_adjust_request more = {
        .ticket_type_id = type, .quantity = 10, .reason = "A second row of chairs"};
    struct ticketd_counts counts;
    must(ticketd_increase(ticketd, &more, NULL, &counts), "increase");
    printf("%d in all, %d sold, %lld available\n", (int)counts.total, (int)counts.sold,
           (long long)counts.available);

    struct ticketd_verification verification;
    must(ticketd_verify(ticketd, NULL, NULL, &verification), "verify");
    ticketd_close(ticketd);
    return as_expected && counts.available == 10 && verification.faults == 0 ? 0 : 1;
}
