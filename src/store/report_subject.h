/* report_subject.h - what is a report about, and where do its hours, days and weeks begin?
 *
 * The same for every report: an event or one of its ticket types, a period, the clock of a place.
 */
#pragma once

#include "base/calendar.h"
#include "store/reader.h"

struct report_request {
    struct uuid event_id, ticket_type_id; /* at least one */
    struct instant from, to;              /* none: since there are ticket types; until now */
    enum interval interval;
    struct text time_zone; /* absent: the event's */
    bool until_now;        /* it ends now at the latest */
};

/* Why there can be no such report. */
enum report_fault {
    REPORT_SOUND,
    REPORT_ZONE_UNKNOWN,
    REPORT_ENDS_EARLY,     /* `to` is not after `from` */
    REPORT_TOO_LARGE,      /* more than FIGURES_MAX rows: a longer interval or a shorter period */
    REPORT_NEEDS_INTERVAL, /* step by step it is of one ticket type */
};

struct report_subject {
    struct report_request request;
    struct arena *arena;
    struct event event;
    const struct type_reading *types; /* of the event, in creation order */
    size_t types_count;
    struct text time_zone;
    struct instant from, to;
    struct instant as_of; /* when it was begun */
    const struct instant *borders;
    size_t borders_count;
    enum report_fault fault;
};

/* Reads it and lays out the borders, or names the fault. ERROR_NOT_FOUND: there is no such event or
 * ticket type. The request's texts and the arena outlive the subject. */
MUST_USE enum error report_subject_read(struct report_subject *subject,
                                        const struct report_request *request,
                                        struct store_reader *reader, struct arena *arena,
                                        struct failure *failure);

/* One of the ticket types that are asked for. */
bool report_subject_asks(const struct report_subject *subject, const struct ticket_type *type);

struct instant report_subject_bucket_end(const struct report_subject *subject, size_t bucket);
struct text report_subject_type_name(const struct report_subject *subject, struct uuid type);

enum error report_memory_spent(struct failure *failure);
