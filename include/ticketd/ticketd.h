/* ticketd.h - how many tickets are left, and may this buyer have some?
 *
 * The engine of ticketd inside your own process: the same rules, store and audit log as the
 * server, without HTTP. One process at a time may write a database file; a running server holds it.
 *
 *     struct ticketd *ticketd;
 *     if (ticketd_open("sqlite:/var/lib/shop/tickets.db", NULL, &ticketd, NULL) != TICKETD_OK) …
 *     struct ticketd_reservation reservation;
 *     enum ticketd_code code =
 *         ticketd_reserve(ticketd, &(struct ticketd_reserve_request){.ticket_type_id = vip,
 *                                                                    .quantity = 2},
 *                         NULL, &reservation);
 *     if (code != TICKETD_OK) puts(ticketd_sentence(code));
 *
 * Every call blocks until its effect is durable, and may be made by any number of threads at
 * once: calls that wait together share one commit, so many threads are fast where one waits for
 * the disk each time.
 *
 * Answers are plain structs that the caller owns; nothing needs to be freed but the handle.
 * They are written only when TICKETD_OK is returned, and may be NULL. In requests and options
 * zero means the default, NULL "absent". Texts are UTF-8, ended by NUL. Money is in minor units
 * of the event's currency. Rules cited as R1, R2, … are in docs/rules.md. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- what every call speaks in ---------------------------------------------------- */

struct ticketd;

/* A UUID; all zero is "none". */
struct ticketd_id {
    uint8_t bytes[16];
};

/* Microseconds since 1970-01-01T00:00:00Z; 0 is "none". */
typedef int64_t ticketd_time;

enum {
    TICKETD_ID_SIZE = 37, /* sizes of texts count the NUL */
    TICKETD_CURRENCY_SIZE = 4,
    TICKETD_NAME_SIZE = 801, /* 200 characters of up to four bytes, and so on */
    TICKETD_DESCRIPTION_SIZE = 20001,
    TICKETD_ADDRESS_SIZE = 2001,
    TICKETD_URL_SIZE = 8001,
    TICKETD_ZONE_SIZE = 65,
    TICKETD_REASON_SIZE = 2001,
    TICKETD_ORDER_ID_SIZE = 801,
    TICKETD_TENDER_SIZE = 41,
    TICKETD_DETAIL_SIZE = 256,
    TICKETD_CART_LINES_MAX = 50,
};

enum ticketd_code {
    TICKETD_OK = 0,

    /* Refusals: the rules say no, and nothing was changed. */
    TICKETD_NOT_FOUND = 1,
    TICKETD_EVENT_OUT_OF_SCOPE,
    TICKETD_ROLE_REQUIRED,
    TICKETD_INVALID,
    TICKETD_INSUFFICIENT_INVENTORY,
    TICKETD_RESERVATION_EXPIRED,
    TICKETD_RESERVATION_RELEASED,
    TICKETD_RESERVATION_COMPLETED,
    TICKETD_ORDER_MISMATCH,
    TICKETD_BELOW_COMMITTED,
    TICKETD_STALE_TOTAL,
    TICKETD_BELONGS_TO_CART,
    TICKETD_NOT_SOLD,
    TICKETD_EXTENSION_LIMIT,
    TICKETD_ARCHIVED,
    TICKETD_SALES_CLOSED,
    TICKETD_NOT_PUBLISHED,
    TICKETD_LIMIT_PER_ORDER,
    TICKETD_LIMIT_PER_CUSTOMER,
    TICKETD_HAS_HISTORY,
    TICKETD_VERSION_MISMATCH,
    TICKETD_IDEMPOTENCY_KEY_REUSED,
    TICKETD_MANAGED_ELSEWHERE, /* the shop makes such rows: its own columns there want values */
    TICKETD_SHIFT_OPEN,        /* an operator has one open shift at a time */
    TICKETD_SHIFT_CLOSED,

    /* Failures: the world says no. Nothing was changed, but for TICKETD_OUTCOME_UNKNOWN. */
    TICKETD_BUSY = 100,
    TICKETD_SHUTTING_DOWN,
    TICKETD_STORE_UNAVAILABLE,
    TICKETD_OUTCOME_UNKNOWN, /* done or not done: ask again with the same idempotency key */
    TICKETD_INVENTORY_INCONSISTENT,
    TICKETD_TOO_LARGE,
    TICKETD_INTERNAL_ERROR,
    TICKETD_NO_MEMORY,
    TICKETD_LOCKED,
    TICKETD_DISK_FULL,
    TICKETD_CORRUPT,
    TICKETD_NEWER,
    TICKETD_PERMISSION,
    TICKETD_READ_ONLY,
    TICKETD_NO_DATABASE,
};

/* A sentence for people; never NULL, whatever the code. */
const char *ticketd_sentence(enum ticketd_code code);

/* "insufficient_inventory": the word that the HTTP API uses for it. */
const char *ticketd_code_name(enum ticketd_code code);

bool ticketd_is_refusal(enum ticketd_code code);

/* What the code alone does not say. Numbers that do not belong to the case are -1. */
struct ticketd_problem {
    enum ticketd_code code;
    char detail[TICKETD_DETAIL_SIZE]; /* a sentence about this case */
    char field[64];                   /* TICKETD_INVALID: the member of the request */
    struct ticketd_id ticket_type_id, event_id, reservation_id, cart_id;
    char order_id[TICKETD_ORDER_ID_SIZE]; /* of the sale as it stands */
    int64_t requested, available, reserved, sold, total;
    int64_t shortfall;      /* TICKETD_BELOW_COMMITTED: how many too many */
    int64_t limit;          /* tickets; seconds for TICKETD_EXTENSION_LIMIT */
    int64_t customer_has;   /* TICKETD_LIMIT_PER_CUSTOMER */
    int64_t sold_remaining; /* TICKETD_NOT_SOLD: what is left to refund */
    ticketd_time next_expiry_at;
    ticketd_time at; /* when it expired, opens, closed, or ends at the latest */
};

const char *ticketd_version(void);

/* The canonical 36 characters, either case; the nil UUID is refused. */
bool ticketd_id_parse(const char *text, struct ticketd_id *id);
const char *ticketd_id_format(struct ticketd_id id, char buffer[TICKETD_ID_SIZE]);
bool ticketd_id_equals(struct ticketd_id a, struct ticketd_id b);
bool ticketd_id_is_none(struct ticketd_id id);

/* A fresh one, version 7: formatted, the best idempotency key there is. */
struct ticketd_id ticketd_id_make(void);

/* --- opening -------------------------------------------------------------------------- */

struct ticketd_options {
    bool no_create;        /* a file that is not there is TICKETD_NO_DATABASE */
    bool read_only;        /* beside a running server: every change is TICKETD_READ_ONLY */
    size_t waiting_max;    /* calls that may wait before TICKETD_BUSY; 8,192 */
    const char *currency;  /* of new events; "EUR" */
    const char *time_zone; /* of new events; "UTC" */
};

/* `database`: "sqlite:FILE", "postgres://…" (shared with other processes), or "memory:" which is
 * gone when it is closed. */
enum ticketd_code ticketd_open(const char *database, const struct ticketd_options *options,
                               struct ticketd **ticketd, struct ticketd_problem *problem);

/* Calls of other threads must have returned. Accepts NULL. */
void ticketd_close(struct ticketd *ticketd);

struct ticketd_statistics {
    uint64_t commits, commands, refusals, failures, expiries;
};

void ticketd_statistics(const struct ticketd *ticketd, struct ticketd_statistics *statistics);

/* Who asks, and how. NULL: the application itself, without an idempotency key. */
struct ticketd_call {
    /* R14: 1 to 255 visible ASCII characters. The same key with the same request by the same
     * actor gives the stored answer and changes nothing. */
    const char *idempotency_key;
    struct ticketd_id actor;   /* a person of the application; none: the system */
    struct ticketd_id user_id; /* the person it is done for, as the audit log will say */
    bool as_public;            /* sales windows, limits and `published` bind this call (R15); staff
                                * channels are refused */
    const struct ticketd_id *events; /* only these may be touched; 0: all */
    size_t events_count;

    bool *replayed;                  /* out: the stored answer was given again */
    struct ticketd_problem *problem; /* out: filled when the code is not TICKETD_OK */
};

/* --- counts ------------------------------------------------------------------------------ */

struct ticketd_counts {
    struct ticketd_id ticket_type_id;
    int32_t initial, total, sold, reserved;
    int64_t available; /* total - sold - reserved (R1) */
};

enum ticketd_code ticketd_available_count(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                          int64_t *available);
enum ticketd_code ticketd_counts(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                 struct ticketd_counts *counts);

/* Of all ticket types of an event, as of one instant; at most `max`, *count says how many there
 * are. */
enum ticketd_code ticketd_event_counts(struct ticketd *ticketd, struct ticketd_id event_id,
                                       struct ticketd_counts *counts, size_t max, size_t *count);

struct ticketd_adjust_request {
    struct ticketd_id ticket_type_id;
    int32_t quantity;   /* at least 1; the function carries the sign */
    const char *reason; /* 3 to 500 characters */
    bool if_total;      /* refuse with TICKETD_STALE_TOTAL unless the total is expected_total */
    int32_t expected_total;
};

enum ticketd_code ticketd_increase(struct ticketd *ticketd,
                                   const struct ticketd_adjust_request *request,
                                   const struct ticketd_call *call, struct ticketd_counts *counts);
enum ticketd_code ticketd_decrease(struct ticketd *ticketd,
                                   const struct ticketd_adjust_request *request,
                                   const struct ticketd_call *call, struct ticketd_counts *counts);

/* Writes every expiry that is due. Nothing waits for it: an expired reservation holds nothing
 * from its very instant on (R3), and the library sweeps each second by itself. */
enum ticketd_code ticketd_release_expired(struct ticketd *ticketd, int64_t *released);

/* --- reservations and sales ---------------------------------------------------------- */

enum ticketd_status { TICKETD_ACTIVE = 1, TICKETD_COMPLETED, TICKETD_RELEASED, TICKETD_EXPIRED };

/* In requests, zero is TICKETD_ONLINE; in answers, zero is "not sold yet". */
enum ticketd_channel {
    TICKETD_ONLINE = 1,
    TICKETD_BOX_OFFICE,
    TICKETD_PARTNER,
    TICKETD_COMP, /* price 0, and a reason */
};

enum ticketd_disposition {
    TICKETD_RETURN = 1, /* back on sale; what zero means */
    TICKETD_VOID,       /* gone: sold and total both shrink */
};

struct ticketd_reservation {
    struct ticketd_id id, event_id, ticket_type_id;
    struct ticketd_id cart_id, user_id; /* or none */
    enum ticketd_status status;         /* as it reads now */
    int32_t quantity, refunded_quantity;
    int64_t unit_price, remaining_seconds;
    char currency[TICKETD_CURRENCY_SIZE];
    int channel; /* enum ticketd_channel, or 0 */
    char tender[TICKETD_TENDER_SIZE];
    char order_id[TICKETD_ORDER_ID_SIZE];
    ticketd_time created_at, expires_at, completed_at;
};

struct ticketd_reserve_request {
    struct ticketd_id ticket_type_id;
    int32_t quantity;
    int32_t seconds;           /* 1 to 7,200; 900 */
    struct ticketd_id user_id; /* whom it is for */
};

struct ticketd_complete_request {
    struct ticketd_id id; /* of the reservation or cart */
    const char *order_id; /* the shop's own reference */
    enum ticketd_channel channel;
    const char *tender; /* "cash", "card", … */
    const char *reason;
    bool refuse_if_expired; /* else an expired one takes its tickets again if it can (R5) */
};

struct ticketd_release_request {
    struct ticketd_id id;
    const char *reason;
};

struct ticketd_extend_request {
    struct ticketd_id id;
    int32_t seconds; /* from now on, at most two hours after it was made */
};

struct ticketd_refund_request {
    struct ticketd_id id;
    int32_t quantity; /* 0: all that is left */
    const char *reason;
    enum ticketd_disposition disposition;
    const char *tender; /* how it was paid back */
};

struct ticketd_refund {
    int64_t quantity, amount; /* of this refund */
    struct ticketd_reservation reservation;
};

enum ticketd_code ticketd_reserve(struct ticketd *ticketd,
                                  const struct ticketd_reserve_request *request,
                                  const struct ticketd_call *call,
                                  struct ticketd_reservation *reservation);
enum ticketd_code ticketd_complete_sale(struct ticketd *ticketd,
                                        const struct ticketd_complete_request *request,
                                        const struct ticketd_call *call,
                                        struct ticketd_reservation *reservation);
enum ticketd_code ticketd_release(struct ticketd *ticketd,
                                  const struct ticketd_release_request *request,
                                  const struct ticketd_call *call,
                                  struct ticketd_reservation *reservation);
enum ticketd_code ticketd_extend(struct ticketd *ticketd,
                                 const struct ticketd_extend_request *request,
                                 const struct ticketd_call *call,
                                 struct ticketd_reservation *reservation);
enum ticketd_code ticketd_refund(struct ticketd *ticketd,
                                 const struct ticketd_refund_request *request,
                                 const struct ticketd_call *call, struct ticketd_refund *refund);
enum ticketd_code ticketd_reservation_read(struct ticketd *ticketd, struct ticketd_id id,
                                           struct ticketd_reservation *reservation);

/* --- carts: several reservations made and ended together (R2) --------------------------- */

/* Of a ticket type; in a refund, of a line (its reservation id). */
struct ticketd_item {
    struct ticketd_id id;
    int32_t quantity;
};

struct ticketd_line {
    struct ticketd_id id, ticket_type_id;
    enum ticketd_status status;
    int32_t quantity, refunded_quantity;
    int64_t unit_price;
};

struct ticketd_cart {
    struct ticketd_id id, event_id, user_id;
    enum ticketd_status status;
    int channel; /* enum ticketd_channel, or 0 */
    int64_t amount, remaining_seconds;
    char currency[TICKETD_CURRENCY_SIZE];
    char tender[TICKETD_TENDER_SIZE];
    char order_id[TICKETD_ORDER_ID_SIZE];
    ticketd_time created_at, expires_at, completed_at;
    size_t lines_count;
    struct ticketd_line lines[TICKETD_CART_LINES_MAX];
};

struct ticketd_cart_request {
    struct ticketd_id id; /* of the cart whose lines are replaced */
    const struct ticketd_item *items;
    size_t items_count;
    int32_t seconds; /* 1 to 7,200; 900. Replacing lines does not move the timer */
    struct ticketd_id user_id;
};

struct ticketd_cart_refund_request {
    struct ticketd_id id;
    const struct ticketd_item *items; /* none: all that is left */
    size_t items_count;
    const char *reason;
    enum ticketd_disposition disposition;
    const char *tender;
};

struct ticketd_cart_refund {
    int64_t quantity, amount;
    struct ticketd_cart cart;
};

/* A direct sale: taken and sold in one step (R8). */
struct ticketd_sell_request {
    const struct ticketd_item *items;
    size_t items_count;
    struct ticketd_id user_id;
    const char *order_id; /* channels box_office and comp: made by ticketd where absent */
    enum ticketd_channel channel;
    const char *tender;
    const char *reason;
};

enum ticketd_code ticketd_cart_create(struct ticketd *ticketd,
                                      const struct ticketd_cart_request *request,
                                      const struct ticketd_call *call, struct ticketd_cart *cart);
enum ticketd_code ticketd_cart_replace(struct ticketd *ticketd,
                                       const struct ticketd_cart_request *request,
                                       const struct ticketd_call *call, struct ticketd_cart *cart);
enum ticketd_code ticketd_cart_complete(struct ticketd *ticketd,
                                        const struct ticketd_complete_request *request,
                                        const struct ticketd_call *call, struct ticketd_cart *cart);
enum ticketd_code ticketd_cart_release(struct ticketd *ticketd,
                                       const struct ticketd_release_request *request,
                                       const struct ticketd_call *call, struct ticketd_cart *cart);
enum ticketd_code ticketd_cart_extend(struct ticketd *ticketd,
                                      const struct ticketd_extend_request *request,
                                      const struct ticketd_call *call, struct ticketd_cart *cart);
enum ticketd_code ticketd_cart_refund(struct ticketd *ticketd,
                                      const struct ticketd_cart_refund_request *request,
                                      const struct ticketd_call *call,
                                      struct ticketd_cart_refund *refund);
enum ticketd_code ticketd_sell(struct ticketd *ticketd, const struct ticketd_sell_request *request,
                               const struct ticketd_call *call, struct ticketd_cart *cart);
enum ticketd_code ticketd_cart_read(struct ticketd *ticketd, struct ticketd_id id,
                                    struct ticketd_cart *cart);

/* --- venues, events, ticket types ---------------------------------------------------------- */

/* Which members a change means; only `fields` of a change are looked at. */
enum ticketd_field {
    TICKETD_FIELD_NAME = 1 << 0,
    TICKETD_FIELD_DESCRIPTION = 1 << 1,
    TICKETD_FIELD_VENUE = 1 << 2,
    TICKETD_FIELD_START_DATE = 1 << 3,
    TICKETD_FIELD_END_DATE = 1 << 4,
    TICKETD_FIELD_PUBLISHED = 1 << 5,
    TICKETD_FIELD_FEATURED = 1 << 6,
    TICKETD_FIELD_IMAGE_URL = 1 << 7,
    TICKETD_FIELD_CURRENCY = 1 << 8,
    TICKETD_FIELD_TIME_ZONE = 1 << 9,
    TICKETD_FIELD_PRICE = 1 << 10,
    TICKETD_FIELD_SALES_START = 1 << 11,
    TICKETD_FIELD_SALES_END = 1 << 12,
    TICKETD_FIELD_MAX_PER_ORDER = 1 << 13,
    TICKETD_FIELD_MAX_PER_CUSTOMER = 1 << 14,
    TICKETD_FIELD_ADDRESS = 1 << 15,
};

struct ticketd_venue_request {
    const char *name, *address, *time_zone;
    struct ticketd_id id; /* the last three: of a change only */
    unsigned fields;
    int64_t version; /* as it was read; TICKETD_VERSION_MISMATCH if it moved on */
};

struct ticketd_event_request {
    const char *name, *description, *image_url;
    const char *currency, *time_zone;
    struct ticketd_id venue_id;
    ticketd_time start_date, end_date;
    bool published, featured;
    struct ticketd_id id;
    unsigned fields;
    int64_t version;
};

struct ticketd_type_request {
    struct ticketd_id event_id; /* of a new one */
    int32_t initial_inventory;  /* of a new one */
    const char *name, *description;
    int64_t price;
    ticketd_time sales_start, sales_end;
    int32_t max_per_order, max_per_customer; /* 0: no limit */
    struct ticketd_id id;
    unsigned fields;
    int64_t version;
};

struct ticketd_venue {
    struct ticketd_id id;
    char name[TICKETD_NAME_SIZE];
    char address[TICKETD_ADDRESS_SIZE];
    char time_zone[TICKETD_ZONE_SIZE];
    ticketd_time created_at, updated_at, archived_at;
    int64_t version;
};

struct ticketd_event {
    struct ticketd_id id, venue_id;
    char name[TICKETD_NAME_SIZE];
    char description[TICKETD_DESCRIPTION_SIZE];
    char image_url[TICKETD_URL_SIZE];
    char currency[TICKETD_CURRENCY_SIZE];
    char time_zone[TICKETD_ZONE_SIZE];
    ticketd_time start_date, end_date, created_at, updated_at, archived_at;
    bool published, featured;
    int64_t version;
};

struct ticketd_type {
    struct ticketd_id id, event_id;
    char name[TICKETD_NAME_SIZE];
    char description[TICKETD_DESCRIPTION_SIZE];
    int64_t price;
    struct ticketd_counts counts;
    ticketd_time sales_start, sales_end;
    int32_t max_per_order, max_per_customer;
    ticketd_time created_at, updated_at, archived_at;
    int64_t version;
};

enum ticketd_code ticketd_venue_create(struct ticketd *ticketd,
                                       const struct ticketd_venue_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_venue *venue);
enum ticketd_code ticketd_venue_change(struct ticketd *ticketd,
                                       const struct ticketd_venue_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_venue *venue);
enum ticketd_code ticketd_venue_read(struct ticketd *ticketd, struct ticketd_id id,
                                     struct ticketd_venue *venue);
enum ticketd_code ticketd_event_create(struct ticketd *ticketd,
                                       const struct ticketd_event_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_event *event);
enum ticketd_code ticketd_event_change(struct ticketd *ticketd,
                                       const struct ticketd_event_request *request,
                                       const struct ticketd_call *call,
                                       struct ticketd_event *event);
enum ticketd_code ticketd_event_read(struct ticketd *ticketd, struct ticketd_id id,
                                     struct ticketd_event *event);
enum ticketd_code ticketd_type_create(struct ticketd *ticketd,
                                      const struct ticketd_type_request *request,
                                      const struct ticketd_call *call, struct ticketd_type *type);
enum ticketd_code ticketd_type_change(struct ticketd *ticketd,
                                      const struct ticketd_type_request *request,
                                      const struct ticketd_call *call, struct ticketd_type *type);
enum ticketd_code ticketd_type_read(struct ticketd *ticketd, struct ticketd_id id,
                                    struct ticketd_type *type);

/* R12: nothing that has history is deleted. `archive` false: back again. */
enum ticketd_code ticketd_venue_archive(struct ticketd *ticketd, struct ticketd_id id, bool archive,
                                        const struct ticketd_call *call);
enum ticketd_code ticketd_event_archive(struct ticketd *ticketd, struct ticketd_id id, bool archive,
                                        const struct ticketd_call *call);
enum ticketd_code ticketd_type_archive(struct ticketd *ticketd, struct ticketd_id id, bool archive,
                                       const struct ticketd_call *call);

/* --- the audit log (R10, R11) ------------------------------------------------------------ */

enum ticketd_action {
    TICKETD_ACTION_INCREASE = 1,
    TICKETD_ACTION_DECREASE,
    TICKETD_ACTION_RESERVE,
    TICKETD_ACTION_RELEASE, /* by hand or by expiry */
    TICKETD_ACTION_SALE,
    TICKETD_ACTION_REFUND,
};

enum ticketd_actor_kind {
    TICKETD_BY_SYSTEM = 1,
    TICKETD_BY_KEY,
    TICKETD_BY_STAFF,
    TICKETD_BY_USER,
};

struct ticketd_entry {
    struct ticketd_id id, event_id, ticket_type_id, reservation_id, user_id, actor;
    enum ticketd_actor_kind actor_kind;
    int64_t seq; /* 1, 2, 3, … without a gap within a ticket type */
    enum ticketd_action action;
    int32_t quantity;
    int32_t previous_total, previous_sold, previous_reserved;
    int32_t new_total, new_sold, new_reserved;
    int channel;     /* enum ticketd_channel, or 0 */
    int disposition; /* enum ticketd_disposition of a refund, or 0 */
    ticketd_time created_at, effective_at;
    char reason[TICKETD_REASON_SIZE];
    char order_id[TICKETD_ORDER_ID_SIZE];
    char tender[TICKETD_TENDER_SIZE];
    uint8_t chain_hash[32];
};

/* Entries of a ticket type with seq > after_seq, ascending; at most `max`. */
enum ticketd_code ticketd_entries(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                  int64_t after_seq, struct ticketd_entry *entries, size_t max,
                                  size_t *count);

/* Why the counts of `at` were what they were: the entries up to `seq`, less what had expired. */
struct ticketd_explanation {
    struct ticketd_counts counts;
    int64_t seq;
    int64_t expired_unwritten; /* effective by then, written later */
};

/* `at` 0: now. TICKETD_NOT_FOUND where the ticket type did not exist yet. */
enum ticketd_code ticketd_explain(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                  ticketd_time at, struct ticketd_explanation *explanation);

struct ticketd_verification {
    int64_t types, entries, reservations, carts, shifts; /* looked at */
    int64_t faults; /* 0: log, counts, reservations and shifts agree */
};

/* Replays the whole audit log against every count, reservation and hash. `on_fault` (may be NULL)
 * hears a sentence for each thing that differs. */
enum ticketd_code ticketd_verify(struct ticketd *ticketd,
                                 void (*on_fault)(void *context, struct ticketd_id ticket_type_id,
                                                  const char *sentence),
                                 void *context, struct ticketd_verification *verification);

#ifdef __cplusplus
}
#endif
