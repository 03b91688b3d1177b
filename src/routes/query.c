#include "routes/query.h"

#include <sodium.h>

#include "domain/form.h"
#include "domain/limits.h"

/* A value that cannot be: the contract's word and a sentence; NULL: it is fine. */
struct complaint {
    const char *code, *detail;
};

static const struct complaint fine = {NULL, NULL};

typedef struct complaint parameter_reader(struct text value, struct query *query);

static struct complaint read_id(struct text value, struct uuid *id) {
    return uuid_parse(value, id) ? fine : (struct complaint){"format", "This must be a UUID."};
}

static struct complaint read_event(struct text value, struct query *query) {
    return read_id(value, &query->filter.event_id);
}

static struct complaint read_ticket_type(struct text value, struct query *query) {
    return read_id(value, &query->filter.ticket_type_id);
}

static struct complaint read_reservation(struct text value, struct query *query) {
    return read_id(value, &query->filter.reservation_id);
}

static struct complaint read_cart(struct text value, struct query *query) {
    return read_id(value, &query->filter.cart_id);
}

static struct complaint read_user(struct text value, struct query *query) {
    return read_id(value, &query->filter.user_id);
}

static struct complaint read_order(struct text value, struct query *query) {
    size_t characters = text_characters(value);
    if (characters < 1 || characters > ORDER_ID_CHARACTERS_MAX) {
        return (struct complaint){"length", "This must have 1 to 200 characters."};
    }
    query->filter.order_id = value;
    return fine;
}

/* The kind of an actor with an id is not asked for: ids are of one kind each. */
static struct complaint read_actor(struct text value, struct query *query) {
    if (text_equals(value, TEXT("system"))) {
        query->filter.actor = (struct actor){ACTOR_SYSTEM, UUID_NONE};
        return fine;
    }
    query->filter.actor.kind = ACTOR_KEY;
    return uuid_parse(value, &query->filter.actor.id)
               ? fine
               : (struct complaint){"format", "This must be system or a UUID."};
}

static struct complaint read_action(struct text value, struct query *query) {
    return action_parse(value, &query->filter.action)
               ? fine
               : (struct complaint){"enum", "This must be one of increase, decrease, reserve, "
                                            "release, sale, refund."};
}

static struct complaint read_status(struct text value, struct query *query) {
    return reservation_status_parse(value, &query->filter.status)
               ? fine
               : (struct complaint){"enum",
                                    "This must be one of active, completed, released, expired."};
}

static struct complaint read_shift_status(struct text value, struct query *query) {
    bool is_open = text_equals(value, TEXT("open"));
    query->filter.shifts = is_open ? SHIFTS_OPEN : SHIFTS_CLOSED;
    return is_open || text_equals(value, TEXT("closed"))
               ? fine
               : (struct complaint){"enum", "This must be open or closed."};
}

static struct complaint read_channel(struct text value, struct query *query) {
    return channel_parse(value, &query->filter.channel)
               ? fine
               : (struct complaint){"enum", "This must be one of online, box_office, partner, "
                                            "comp."};
}

static struct complaint read_tender(struct text value, struct query *query) {
    query->filter.tender = value;
    return form_is_tender(value)
               ? fine
               : (struct complaint){"format", "This must be a word such as cash or card."};
}

static struct complaint read_time(struct text value, struct instant *at) {
    return instant_parse(value, at)
               ? fine
               : (struct complaint){"format", "This must be a time as RFC 3339 writes it, such as "
                                              "2026-11-22T19:30:00Z."};
}

static struct complaint read_from(struct text value, struct query *query) {
    return read_time(value, &query->filter.from);
}

static struct complaint read_to(struct text value, struct query *query) {
    return read_time(value, &query->filter.to);
}

static struct complaint read_at(struct text value, struct query *query) {
    return read_time(value, &query->at);
}

static struct complaint read_q(struct text value, struct query *query) {
    size_t characters = text_characters(value);
    if (characters < 1 || characters > Q_CHARACTERS_MAX) {
        return (struct complaint){"length", "This must have 1 to 100 characters."};
    }
    query->filter.q = value;
    return fine;
}

/* Digits alone, at most `max`. */
static bool read_number(struct text value, int64_t max, int64_t *number) {
    int64_t sum = 0;
    for (size_t i = 0; i < value.length; i++) {
        char c = value.bytes[i];
        if (c < '0' || c > '9' || sum > max / 10) {
            return false;
        }
        sum = sum * 10 + (c - '0');
    }
    *number = sum;
    return value.length > 0 && sum <= max;
}

static struct complaint read_after_seq(struct text value, struct query *query) {
    return read_number(value, AMOUNT_MAX, &query->filter.after_seq)
               ? fine
               : (struct complaint){"range", "This must be a whole number, at least 0."};
}

static struct complaint read_limit(struct text value, struct query *query) {
    int64_t number = 0;
    if (!read_number(value, LIMIT_MAX, &number) || number < 1) {
        return (struct complaint){"range", "This must be a whole number from 1 to 200."};
    }
    query->limit = (size_t)number;
    query->limit_is_given = true;
    return fine;
}

static struct complaint read_cursor(struct text value, struct query *query) {
    query->cursor = value;
    return fine;
}

static struct complaint read_when(struct text value, struct query *query) {
    static const struct text words[] = {{"all", 3}, {"upcoming", 8}, {"past", 4}};
    for (enum list_when when = WHEN_ALL; when <= WHEN_PAST; when++) {
        if (text_equals(value, words[when])) {
            query->filter.when = when;
            return fine;
        }
    }
    return (struct complaint){"enum", "This must be one of upcoming, past, all."};
}

static struct complaint read_group_by(struct text value, struct query *query) {
    return groups_parse(value, &query->groups)
               ? fine
               : (struct complaint){"enum", "This must be one or two of ticket_type, channel, "
                                            "tender, operator, between commas."};
}

static struct complaint read_interval(struct text value, struct query *query) {
    return interval_parse(value, &query->interval)
               ? fine
               : (struct complaint){"enum", "This must be one of hour, day, week."};
}

static struct complaint read_time_zone(struct text value, struct query *query) {
    query->time_zone = value;
    return time_zone_exists(value)
               ? fine
               : (struct complaint){"format", "This must be the name of a time zone, such as "
                                              "Europe/Berlin."};
}

static struct complaint read_format(struct text value, struct query *query) {
    query->format_is_given = true;
    query->csv = text_equals(value, TEXT("csv"));
    return query->csv || text_equals(value, TEXT("json"))
               ? fine
               : (struct complaint){"enum", "This must be json or csv."};
}

static struct complaint read_events(struct text value, struct query *query) {
    query->events = value;
    return fine;
}

static struct complaint read_ticket_types(struct text value, struct query *query) {
    query->ticket_types = value;
    return fine;
}

static struct complaint read_after(struct text value, struct query *query) {
    query->after = value;
    return fine;
}

static struct complaint read_include(struct text value, struct query *query) {
    query->with_log = text_equals(value, TEXT("audit"));
    return query->with_log ? fine : (struct complaint){"enum", "This must be audit."};
}

static const struct {
    struct text name;
    enum parameter parameter;
    parameter_reader *read;
} readers[] = {
    {{"event_id", 8}, PARAMETER_EVENT, read_event},
    {{"ticket_type_id", 14}, PARAMETER_TICKET_TYPE, read_ticket_type},
    {{"reservation_id", 14}, PARAMETER_RESERVATION, read_reservation},
    {{"cart_id", 7}, PARAMETER_CART, read_cart},
    {{"order_id", 8}, PARAMETER_ORDER, read_order},
    {{"user_id", 7}, PARAMETER_USER, read_user},
    {{"actor", 5}, PARAMETER_ACTOR, read_actor},
    {{"action", 6}, PARAMETER_ACTION, read_action},
    {{"status", 6}, PARAMETER_STATUS, read_status},
    {{"status", 6}, PARAMETER_SHIFT_STATUS, read_shift_status},
    {{"channel", 7}, PARAMETER_CHANNEL, read_channel},
    {{"tender", 6}, PARAMETER_TENDER, read_tender},
    {{"from", 4}, PARAMETER_FROM, read_from},
    {{"to", 2}, PARAMETER_TO, read_to},
    {{"q", 1}, PARAMETER_Q, read_q},
    {{"after_seq", 9}, PARAMETER_AFTER_SEQ, read_after_seq},
    {{"when", 4}, PARAMETER_WHEN, read_when},
    {{"at", 2}, PARAMETER_AT, read_at},
    {{"limit", 5}, PARAMETER_LIMIT, read_limit},
    {{"cursor", 6}, PARAMETER_CURSOR, read_cursor},
    {{"format", 6}, PARAMETER_FORMAT, read_format},
    {{"event_id", 8}, PARAMETER_EVENTS, read_events},
    {{"ticket_type_id", 14}, PARAMETER_TICKET_TYPES, read_ticket_types},
    {{"include", 7}, PARAMETER_INCLUDE, read_include},
    {{"after", 5}, PARAMETER_AFTER, read_after},
    {{"group_by", 8}, PARAMETER_GROUP_BY, read_group_by},
    {{"interval", 8}, PARAMETER_INTERVAL, read_interval},
    {{"tz", 2}, PARAMETER_TIME_ZONE, read_time_zone},
};
enum { READERS_COUNT = sizeof readers / sizeof *readers };

/* --- reading ------------------------------------------------------------------------ */

struct reading {
    struct call *call;
    unsigned parameters, seen;
    struct query *query;
    struct text values[READERS_COUNT]; /* as sent, decoded */
    struct fault *faults, **faults_end;
    unsigned faults_count;
    bool spent;
};

static void complain(struct reading *reading, struct text name, struct complaint complaint) {
    if (reading->faults_count == FAULTS_MAX) {
        return;
    }
    struct fault *fault = arena_new(call_arena(reading->call), struct fault);
    if (fault == NULL) {
        reading->spent = true;
        return;
    }
    *fault = (struct fault){name, complaint.code, text_of(complaint.detail), NULL};
    *reading->faults_end = fault;
    reading->faults_end = &fault->next;
    reading->faults_count++;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* Decoded, and text: UTF-8 without control characters; absent where it is not. */
static struct text decoded(struct reading *reading, struct text encoded) {
    char *bytes = arena_take(call_arena(reading->call), encoded.length + 1);
    size_t length = 0;
    if (bytes == NULL) {
        reading->spent = true;
        return TEXT_NONE;
    }
    for (size_t i = 0; i < encoded.length; i++) {
        char c = encoded.bytes[i];
        if (c == '%') {
            int high = i + 2 < encoded.length ? hex_digit(encoded.bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_digit(encoded.bytes[i + 2]);
            if (low < 0) {
                return TEXT_NONE;
            }
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7F) {
            return TEXT_NONE;
        }
        bytes[length++] = c;
    }
    struct text text = {bytes, length};
    return text_is_utf8(text) ? text : TEXT_NONE;
}

static struct text joined(struct reading *reading, struct text list, struct text more) {
    return text_is_absent(list) || text_is_absent(more)
               ? TEXT_NONE
               : arena_printf(call_arena(reading->call), "%.*s,%.*s", (int)list.length, list.bytes,
                              (int)more.length, more.bytes);
}

static void read_pair(struct reading *reading, struct text name, struct text value) {
    for (size_t i = 0; i < READERS_COUNT; i++) {
        if (!text_equals(readers[i].name, name) ||
            (reading->parameters & readers[i].parameter) == 0) {
            continue;
        }
        bool is_again = (reading->seen & readers[i].parameter) != 0;
        if (is_again && (readers[i].parameter & PARAMETERS_THAT_REPEAT) == 0) {
            complain(reading, name, (struct complaint){"duplicate", "This is here twice."});
            return;
        }
        reading->seen |= readers[i].parameter;
        reading->values[i] = is_again ? joined(reading, reading->values[i], decoded(reading, value))
                                      : decoded(reading, value);
        struct complaint complaint =
            text_is_absent(reading->values[i])
                ? (struct complaint){"format", "This is not text in UTF-8, percent-encoded."}
                : readers[i].read(reading->values[i], reading->query);
        if (complaint.code != NULL) {
            complain(reading, name, complaint);
        }
        return;
    }
    struct text shown = text_is_utf8(name) ? name : TEXT("?");
    complain(reading, shown, (struct complaint){"unknown", "There is no such parameter here."});
}

static void read_pairs(struct reading *reading, struct text query) {
    while (query.length > 0) {
        const char *end = memchr(query.bytes, '&', query.length);
        size_t length = end == NULL ? query.length : (size_t)(end - query.bytes);
        const char *equals = memchr(query.bytes, '=', length);
        size_t name_length = equals == NULL ? length : (size_t)(equals - query.bytes);
        struct text value = TEXT("");
        if (equals != NULL) {
            value = (struct text){equals + 1, length - name_length - 1};
        }
        if (length > 0) {
            read_pair(reading, (struct text){query.bytes, name_length}, value);
        }
        size_t passed = end == NULL ? length : length + 1;
        query = (struct text){query.bytes + passed, query.length - passed};
    }
}

static uint64_t hash_filters(const struct reading *reading) {
    static const unsigned parts = ~(unsigned)(PARAMETERS_OF_PAGE | PARAMETER_FORMAT);
    crypto_generichash_state state;
    uint64_t hash[2];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    struct text path = reading->call->http->path;
    crypto_generichash_update(&state, (const unsigned char *)path.bytes, path.length);
    for (size_t i = 0; i < READERS_COUNT; i++) {
        struct text value = reading->values[i];
        if ((reading->seen & readers[i].parameter & parts) != 0 && !text_is_absent(value)) {
            crypto_generichash_update(&state, (const unsigned char *)"&", 1);
            crypto_generichash_update(&state, (const unsigned char *)readers[i].name.bytes,
                                      readers[i].name.length + 1); /* with its NUL */
            crypto_generichash_update(&state, (const unsigned char *)value.bytes, value.length);
        }
    }
    crypto_generichash_final(&state, (unsigned char *)hash, sizeof hash);
    return hash[0];
}

bool query_read(struct call *call, unsigned parameters, struct query *query,
                struct answered *refused) {
    *query = (struct query){
        .filter = {.from = INSTANT_NONE,
                   .to = INSTANT_NONE,
                   .own_since = INSTANT_NONE,
                   .after_seq = -1},
        .limit = LIMIT_DEFAULT,
        .at = INSTANT_NONE,
        .time_zone = TEXT_NONE,
    };
    struct reading reading = {.call = call, .parameters = parameters, .query = query};
    reading.faults_end = &reading.faults;
    if (!text_is_absent(call->http->query)) {
        read_pairs(&reading, call->http->query);
    }
    if (query->filter.after_seq >= 0 && uuid_is_none(query->filter.ticket_type_id)) {
        complain(&reading, TEXT("ticket_type_id"),
                 (struct complaint){"required", "after_seq needs the ticket type it counts in."});
    }
    if (reading.spent) {
        *refused = call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        return false;
    }
    if (reading.faults != NULL) {
        *refused = call_refuse_faults(call, reading.faults);
        return false;
    }
    query->filter_hash = (parameters & PARAMETER_CURSOR) == 0 ? 0 : hash_filters(&reading);
    return true;
}
