/* What reports add up: sales, and the rare entries of the log. */
#include "domain/limits.h"
#include "store/sqlite/reader.h"

enum {
    SPAN_US = 100000,      /* then a read ends early, and others may have the thread */
    SNAPSHOT_US = 5000000, /* what was sold at one instant is read in one go */
    LOOK_AT_CLOCK_EVERY = 64,
};

struct adding {
    struct sqlite_reader *reader;
    const struct figures_span *span;
    struct figures *figures;
    struct instant reached, last;
    int64_t soft_deadline_us;
    unsigned rows;
};

/* Between two instants only: from the second of them it goes on. */
static bool is_late(struct adding *adding, struct instant at) {
    bool moved = instant_before(adding->last, at) && !instant_is_none(adding->last);
    adding->last = at;
    adding->rows++;
    return moved && adding->rows >= LOOK_AT_CLOCK_EVERY &&
           monotonic_us() >= adding->soft_deadline_us;
}

static enum channel column_channel(struct columns *columns, int column) {
    enum channel channel = CHANNEL_NONE;
    struct text name = column_text_or_none(columns, column);
    if (!text_is_absent(name) && !channel_parse(name, &channel)) {
        columns_blame(columns, "a channel is none");
    }
    return channel;
}

static struct movement read_sale(struct columns *columns) {
    enum { AT, QUANTITY, PRICE, CHANNEL, TENDER, SOLD_BY };
    struct movement sale = {
        .action = ACTION_SALE,
        .at = column_instant(columns, AT),
        .tickets = column_integer(columns, QUANTITY, 1, COUNT_MAX),
        .channel = column_channel(columns, CHANNEL),
        .tender = column_text_or_none(columns, TENDER),
        .operator.id = column_uuid_or_none(columns, SOLD_BY),
    };
    sale.amount = sale.tickets * column_integer(columns, PRICE, 0, INT32_MAX);
    return sale;
}

static struct movement read_adjusted(struct columns *columns) {
    enum { AT, ACTION, QUANTITY, FROM, TO, PRICE, CHANNEL, TENDER, KIND, ACTOR };
    struct movement movement = {
        .at = column_instant(columns, AT),
        .tickets = column_integer(columns, QUANTITY, 1, COUNT_MAX),
        .channel = column_channel(columns, CHANNEL),
        .tender = column_text_or_none(columns, TENDER),
        .operator.id = column_uuid_or_none(columns, ACTOR),
    };
    if (!action_parse(column_text(columns, ACTION), &movement.action) ||
        !actor_kind_parse(column_text(columns, KIND), &movement.operator.kind)) {
        columns_blame(columns, "an action or the kind of an actor is none");
    }
    int64_t delta =
        column_integer(columns, TO, 0, COUNT_MAX) - column_integer(columns, FROM, 0, COUNT_MAX);
    movement.increased = delta > 0 ? delta : 0;
    movement.decreased = delta < 0 ? -delta : 0;
    if (movement.action == ACTION_REFUND) {
        movement.amount = movement.tickets * column_integer(columns, PRICE, 0, INT32_MAX);
    }
    return movement;
}

/* Rows of a statement that is bound, oldest first. */
static int add_rows(struct adding *adding, sqlite3_stmt *statement,
                    struct movement (*read)(struct columns *columns)) {
    bool row;
    int result;
    while ((result = statement_step(statement, &row)) == SQLITE_OK && row) {
        struct columns columns = {.statement = statement};
        struct movement movement = read(&columns);
        movement.ticket_type_id = adding->span->ticket_type_id;
        result = reader_judge(adding->reader, &columns);
        if (result != SQLITE_OK || !instant_before(movement.at, adding->span->to)) {
            break;
        }
        if (is_late(adding, movement.at)) {
            adding->reached = movement.at;
            break;
        }
        figures_add(adding->figures, &movement);
    }
    return result;
}

static int add_sales(struct adding *adding) {
    int result;
    SCOPED_STATEMENT *statement =
        connection_statement(&adding->reader->connection, STATEMENT_sold, &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &adding->span->ticket_type_id);
        bind_integer(statement, 2, adding->span->from.us);
        bind_integer(statement, 3, adding->span->to.us);
        result = add_rows(adding, statement, read_sale);
    }
    return result;
}

static int add_adjusted(struct adding *adding) {
    const struct figures_span *span = adding->span;
    int64_t seq = 0;
    int result = reader_seq_at(adding->reader, span->ticket_type_id,
                               (struct instant){span->from.us - 1}, &seq);
    if (result != SQLITE_OK) {
        return result;
    }
    SCOPED_STATEMENT *statement =
        connection_statement(&adding->reader->connection, STATEMENT_adjusted, &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &span->ticket_type_id);
        bind_integer(statement, 2, seq);
        result = add_rows(adding, statement, read_adjusted);
    }
    return result;
}

static enum error add(struct store_reader *port, const struct figures_span *span,
                      struct figures *figures, int (*add_all)(struct adding *adding),
                      struct instant *reached, struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct adding adding = {.reader = reader,
                            .span = span,
                            .figures = figures,
                            .reached = span->to,
                            .last = INSTANT_NONE,
                            .soft_deadline_us = monotonic_us() + SPAN_US};
    struct instant now;
    int result = reader_begin(reader, &now);
    reader->connection.deadline_us = monotonic_us() + SNAPSHOT_US;
    result = result == SQLITE_OK ? add_all(&adding) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *reached = adding.reached;
    }
    return error;
}

enum error sqlite_read_sold(struct store_reader *reader, const struct figures_span *span,
                            struct arena *arena, struct figures *figures, struct instant *reached,
                            struct failure *failure) {
    (void)arena; /* rows are added one by one */
    return add(reader, span, figures, add_sales, reached, failure);
}

enum error sqlite_read_adjusted(struct store_reader *reader, const struct figures_span *span,
                                struct arena *arena, struct figures *figures,
                                struct instant *reached, struct failure *failure) {
    (void)arena;
    return add(reader, span, figures, add_adjusted, reached, failure);
}
