/* query.h - what stands behind the '?', read strictly.
 *
 * Each list names the parameters it takes; any other is refused, as is one that is there twice. */
#pragma once

#include "base/calendar.h"
#include "routes/call.h"

enum parameter {
    PARAMETER_EVENT = 1 << 0,
    PARAMETER_TICKET_TYPE = 1 << 1,
    PARAMETER_RESERVATION = 1 << 2,
    PARAMETER_CART = 1 << 3,
    PARAMETER_ORDER = 1 << 4,
    PARAMETER_USER = 1 << 5,
    PARAMETER_ACTOR = 1 << 6,
    PARAMETER_ACTION = 1 << 7,
    PARAMETER_STATUS = 1 << 8,
    PARAMETER_CHANNEL = 1 << 9,
    PARAMETER_TENDER = 1 << 10,
    PARAMETER_FROM = 1 << 11,
    PARAMETER_TO = 1 << 12,
    PARAMETER_Q = 1 << 13,
    PARAMETER_AFTER_SEQ = 1 << 14,
    PARAMETER_WHEN = 1 << 15,
    PARAMETER_AT = 1 << 16,
    PARAMETER_LIMIT = 1 << 17,
    PARAMETER_CURSOR = 1 << 18,
    PARAMETER_FORMAT = 1 << 19,
    PARAMETER_GROUP_BY = 1 << 20,
    PARAMETER_INTERVAL = 1 << 21,
    PARAMETER_TIME_ZONE = 1 << 22,
    PARAMETER_SHIFT_STATUS = 1 << 23, /* `status`, too: open or closed */
    PARAMETERS_OF_REPORT = PARAMETER_EVENT | PARAMETER_TICKET_TYPE | PARAMETER_FROM | PARAMETER_TO |
                           PARAMETER_TIME_ZONE,
    /* Of a stream: lists of ids, with commas or again and again. */
    PARAMETER_EVENTS = 1 << 26,
    PARAMETER_TICKET_TYPES = 1 << 27,
    PARAMETER_INCLUDE = 1 << 28,
    PARAMETER_AFTER = 1 << 29,
    PARAMETERS_THAT_REPEAT = PARAMETER_EVENTS | PARAMETER_TICKET_TYPES,
    PARAMETERS_OF_PAGE = PARAMETER_LIMIT | PARAMETER_CURSOR,
};

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 200, Q_CHARACTERS_MAX = 100 };

struct query {
    struct list_filter filter;
    size_t limit;
    bool limit_is_given, format_is_given, csv;
    struct text cursor;                      /* or absent */
    struct text events, ticket_types, after; /* as sent, joined by commas; or absent */
    bool with_log;
    struct instant at; /* or none */
    unsigned groups;   /* of enum grouping */
    enum interval interval;
    struct text time_zone; /* or absent */
    uint64_t filter_hash;  /* of path and filters: what a cursor goes with */
};

/* False: *refused says what is wrong (422). */
bool query_read(struct call *call, unsigned parameters, struct query *query,
                struct answered *refused);
