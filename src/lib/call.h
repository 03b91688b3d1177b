/* call.h - one blocking call: what was asked is judged, decided by the executor, and answered.
 *
 *     struct call call;
 *     call_begin(&call, ticketd, asked, COMMAND_RELEASE);
 *     …fill call.command.of…, texts by call_text() and its kin…
 *     if (call_run(&call)) { …answer from call.outcome… }
 *     return call_end(&call);
 *
 * The first thing that is wrong wins; call_run() then sends nothing. */
#pragma once

#include "domain/form.h"
#include "lib/engine.h"

struct call {
    struct ticketd *ticketd;
    const struct ticketd_call *asked; /* never NULL */
    struct arena arena;               /* of the outcome */
    struct command command;
    struct outcome outcome;
    enum ticketd_code code;
};

/* `asked` may be NULL: the application itself. */
void call_begin(struct call *call, struct ticketd *ticketd, const struct ticketd_call *asked,
                enum command_kind kind);

/* TICKETD_INVALID, with the member of the request and a sentence about it. */
void call_fault(struct call *call, const char *field, const char *detail);

/* Another code; the first one stands. */
void call_fail(struct call *call, enum ticketd_code code);

enum call_need { CALL_OPTIONAL, CALL_REQUIRED };

/* The caller's text, judged; TEXT_NONE where it is absent or wrong. */
struct text call_text(struct call *call, const char *field, const char *text, enum call_need need,
                      struct form form);
struct text call_reason(struct call *call, const char *reason, enum call_need need);
struct text call_order_id(struct call *call, const char *order_id, enum call_need need);
struct text call_tender(struct call *call, const char *tender);
struct text call_time_zone(struct call *call, const char *zone);

int32_t call_quantity(struct call *call, int32_t quantity);

/* The command that ends, or extends, a reservation or a cart. */
void call_complete(struct call *call, const struct ticketd_complete_request *request,
                   struct target target);
void call_release(struct call *call, const struct ticketd_release_request *request,
                  struct target target);
void call_extend(struct call *call, const struct ticketd_extend_request *request,
                 struct target target);

/* 1 to 7,200; 0 is `initial`. */
int32_t call_seconds(struct call *call, int32_t seconds, int32_t initial);
enum channel call_channel(struct call *call, enum ticketd_channel channel);
enum disposition call_disposition(struct call *call, enum ticketd_disposition disposition);

/* A time that every store can hold, or none. */
struct instant call_time(struct call *call, const char *field, ticketd_time at);

/* Copied into the call's arena. */
struct items call_items(struct call *call, const struct ticketd_item *items, size_t count,
                        enum call_need need);

/* Decides and commits; true when it was granted. Else the problem has been filled. */
bool call_run(struct call *call);

/* What a granted refund took back, by its entries. */
struct call_refunded {
    int64_t quantity, amount;
};
struct call_refunded call_refunded(const struct call *call);

/* Gives all memory back; the code of the call. */
enum ticketd_code call_end(struct call *call);
