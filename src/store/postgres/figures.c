/* What reports add up: sales, and the rare entries of the log. The database adds up groups and
 * buckets, so that what travels is small. */
#include "domain/limits.h"
#include "store/postgres/reader.h"

enum {
    SALES_A_TRIP = 50000,   /* some 100 ms: then others may have the thread */
    CHANGES_A_TRIP = 10000, /* each refund's sale is looked up */
    SNAPSHOT_MS = 5000,     /* what was sold at one instant is read in one go */
};

struct adding {
    const struct figures_span *span;
    const struct figures *figures;
    struct movement *list;
    size_t count;
    struct instant reached;
};

static void give_span(struct parameters *parameters, const struct adding *adding) {
    give_uuid(parameters, 1, adding->span->ticket_type_id);
    give_instant(parameters, 2, adding->span->from);
    give_instant(parameters, 3, adding->span->to);
    for (size_t i = 0; i < adding->figures->borders_count; i++) {
        put_instant(parameters, 4, adding->figures->borders[i]);
    }
}

static void send_sold(struct session *session, const void *context) {
    give_span(session_parameters(session), context);
    give_int8(session_parameters(session), 5, SALES_A_TRIP);
    session_send(session, QUERY_sold);
}

static void send_adjusted(struct session *session, const void *context) {
    give_span(session_parameters(session), context);
    give_int8(session_parameters(session), 5, CHANGES_A_TRIP);
    session_send(session, QUERY_adjusted);
}

static enum channel cell_channel(struct cells *cells, int column) {
    enum channel channel = CHANNEL_NONE;
    if (!cell_is_null(cells, column) && !channel_parse(cell_word(cells, column), &channel)) {
        cells_blame(cells, "a channel is none");
    }
    return channel;
}

static struct movement read_sale(struct cells *cells) {
    enum { AT = 1, CHANNEL, TENDER, SOLD_BY, QUANTITY, AMOUNT };
    return (struct movement){
        .action = ACTION_SALE,
        .at = cell_instant(cells, AT),
        .channel = cell_channel(cells, CHANNEL),
        .tender = cell_text_or_none(cells, TENDER),
        .operator.id = cell_uuid_or_none(cells, SOLD_BY),
        .tickets = cell_integer(cells, QUANTITY, 0, INT64_MAX),
        .amount = cell_integer(cells, AMOUNT, 0, INT64_MAX),
    };
}

static struct movement read_adjusted(struct cells *cells) {
    enum { AT = 1, ACTION, CHANNEL, TENDER, KIND, ACTOR, QUANTITY, AMOUNT, INCREASED, DECREASED };
    struct movement movement = {
        .at = cell_instant(cells, AT),
        .channel = cell_channel(cells, CHANNEL),
        .tender = cell_text_or_none(cells, TENDER),
        .operator.id = cell_uuid_or_none(cells, ACTOR),
        .tickets = cell_integer(cells, QUANTITY, 0, INT64_MAX),
        .amount = cell_integer(cells, AMOUNT, 0, INT64_MAX),
        .increased = cell_integer(cells, INCREASED, 0, INT64_MAX),
        .decreased = cell_integer(cells, DECREASED, 0, INT64_MAX),
    };
    if (!action_parse(cell_word(cells, ACTION), &movement.action) ||
        !actor_kind_parse(cell_word(cells, KIND), &movement.operator.kind)) {
        cells_blame(cells, "an action or the kind of an actor is none");
    }
    return movement;
}

static void take_rows(struct snapshot *snapshot, struct adding *adding, struct cells *cells,
                      int rows, struct movement (*read)(struct cells *cells)) {
    adding->list = arena_array(snapshot->arena, struct movement, (size_t)rows + 1);
    adding->count = 0;
    snapshot->spent |= adding->list == NULL;
    for (int i = 0; adding->list != NULL && i < rows; i++) {
        struct movement *movement = &adding->list[adding->count];
        *movement = read(snapshot_row(cells, i));
        movement->ticket_type_id = adding->span->ticket_type_id;
        adding->count++;
        if (!snapshot_judge(snapshot, cells)) {
            return;
        }
    }
}

/* One row of nothing where there is nothing: it tells how far this is so. */
static void take(struct snapshot *snapshot, struct adding *adding, enum query query,
                 struct movement (*read)(struct cells *cells)) {
    int rows;
    struct cells cells = snapshot_take(snapshot, query, &rows);
    if (rows == 0) {
        return;
    }
    adding->reached = cell_instant(&cells, 0);
    bool none = cell_is_null(&cells, 1);
    if (snapshot_judge(snapshot, &cells)) {
        take_rows(snapshot, adding, &cells, none ? 0 : rows, read);
    }
}

static void take_sold(struct snapshot *snapshot, void *context) {
    take(snapshot, context, QUERY_sold, read_sale);
}

static void take_adjusted(struct snapshot *snapshot, void *context) {
    take(snapshot, context, QUERY_adjusted, read_adjusted);
}

/* What was read is added when the trip has gone well: it may be made twice. */
static enum error add(struct store_reader *reader, const struct reading *reading,
                      const struct figures_span *span, struct arena *arena, struct figures *figures,
                      struct instant *reached, struct failure *failure) {
    struct adding adding = {.span = span, .figures = figures, .reached = span->to};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE, .limit_ms = SNAPSHOT_MS};
    enum error error = postgres_read(postgres_reader(reader), reading, &snapshot, &adding, failure);
    for (size_t i = 0; error == ERROR_NONE && i < adding.count; i++) {
        figures_add(figures, &adding.list[i]);
    }
    if (error == ERROR_NONE) {
        *reached = adding.reached;
    }
    return error;
}

enum error postgres_read_sold(struct store_reader *reader, const struct figures_span *span,
                              struct arena *arena, struct figures *figures, struct instant *reached,
                              struct failure *failure) {
    static const struct reading reading = {send_sold, take_sold};
    return add(reader, &reading, span, arena, figures, reached, failure);
}

enum error postgres_read_adjusted(struct store_reader *reader, const struct figures_span *span,
                                  struct arena *arena, struct figures *figures,
                                  struct instant *reached, struct failure *failure) {
    static const struct reading reading = {send_adjusted, take_adjusted};
    return add(reader, &reading, span, arena, figures, reached, failure);
}
