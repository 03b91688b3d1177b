/* Shifts with what they have counted, as a list. */
#include "store/paging.h"
#include "store/postgres/reader.h"

/* Of `from` and `to` where they are not asked for: before and after anything. */
static const struct instant beginning = {0};
static const struct instant end = {INT64_C(253402300799000000)};

struct shifts {
    const struct list_query *query;
    struct page page;
};

static void send_shifts(struct session *session, const void *context) {
    const struct list_query *query = ((const struct shifts *)context)->query;
    const struct list_filter *filter = &query->filter;
    struct parameters *p = session_parameters(session);
    struct uuid after = query->after.set ? query->after.id : UUID_NONE;
    struct uuid high = uuid_is_none(filter->shift_id) ? POSITION_TOP.id : filter->shift_id;
    if (query->after.set && uuid_compare(after, high) < 0) {
        high = after;
    }
    give_principal(p, 1, filter->shift_id);
    give_principal(p, 2, high);
    give_principal(p, 3, after);
    if (filter->actor.kind == ACTOR_SYSTEM) { /* whose id is zero: it has none */
        give_principal(p, 4, UUID_NONE);
    } else {
        give_uuid(p, 4, filter->actor.id);
    }
    give_uuid(p, 5, filter->own_actor);
    give_instant(p, 6, instant_is_none(filter->from) ? beginning : filter->from);
    give_instant(p, 7, instant_is_none(filter->to) ? end : filter->to);
    give_int8(p, 8, (int64_t)query->limit + 1);
    if (filter->shifts == SHIFTS_OPEN) {
        session_send(session, QUERY_shifts_open);
    } else {
        give_int4(p, 9, filter->shifts == SHIFTS_CLOSED);
        session_send(session, QUERY_shifts);
    }
}

/* The rows of one shift, from `first` on; what comes behind them. */
static int take_shift(struct snapshot *snapshot, struct cells *cells, int first, int rows,
                      struct shift_reading *shift) {
    struct shift row = cells_shift(snapshot_row(cells, first), 0);
    struct shift_total *totals =
        arena_array(snapshot->arena, struct shift_total, SHIFT_TENDERS_MAX);
    snapshot->spent |= totals == NULL;
    size_t count = 0;
    int at = first;
    bool goes_on = snapshot_judge(snapshot, cells) && totals != NULL;
    for (; goes_on && at < rows; at++) {
        if (!uuid_equals(cell_uuid(snapshot_row(cells, at), 0), row.id)) {
            break;
        }
        if (!cell_is_null(cells, SHIFT_COLUMNS) && count < SHIFT_TENDERS_MAX) {
            totals[count++] = cells_shift_total(cells, SHIFT_COLUMNS);
            goes_on = snapshot_judge(snapshot, cells);
        }
    }
    *shift = (struct shift_reading){row, totals, count};
    return goes_on ? at : rows;
}

static void take_shifts(struct snapshot *snapshot, void *context) {
    struct shifts *shifts = context;
    size_t limit = shifts->query->limit;
    bool open = shifts->query->filter.shifts == SHIFTS_OPEN;
    int rows;
    struct cells cells = snapshot_take(snapshot, open ? QUERY_shifts_open : QUERY_shifts, &rows);
    struct shift_reading *list = arena_array(snapshot->arena, struct shift_reading, limit);
    snapshot->spent |= list == NULL;
    struct page page = {.rows = list, .as_of = snapshot->now};
    int at = 0;
    while (list != NULL && at < rows && page.count < limit) {
        at = take_shift(snapshot, &cells, at, rows, &list[page.count++]);
    }
    if (list != NULL && at < rows) {
        page.next = (struct list_position){
            .set = true, .at = INSTANT_NONE, .id = list[page.count - 1].row.id};
    }
    shifts->page = page;
}

enum error postgres_list_shifts(struct store_reader *port, const struct list_query *query,
                                struct arena *arena, struct page *page, struct failure *failure) {
    static const struct reading reading = {send_shifts, take_shifts};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct shifts shifts = {.query = query};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &shifts, failure);
    if (error == ERROR_NONE) {
        *page = shifts.page;
    }
    return error;
}

struct summed {
    struct uuid shift_id;
    struct shift_sums sums;
};

static void send_sums(struct session *session, const void *context) {
    struct parameters *p = session_parameters(session);
    give_uuid(p, 1, ((const struct summed *)context)->shift_id);
    give_int8(p, 2, 2 * SHIFT_TENDERS_MAX);
    session_send(session, QUERY_shift_sums);
}

static void take_sums(struct snapshot *snapshot, void *context) {
    struct summed *summed = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_shift_sums, &rows);
    for (int at = 0; at < rows; at++) {
        struct shift_total total = cells_shift_total(snapshot_row(&cells, at), 0);
        shift_sums_add(&summed->sums, cell_bool(&cells, SHIFT_TOTAL_COLUMNS), &total);
        if (!snapshot_judge(snapshot, &cells)) {
            return;
        }
    }
}

enum error postgres_read_shift_sums(struct store_reader *port, struct uuid shift_id,
                                    struct arena *arena, struct shift_sums *sums,
                                    struct failure *failure) {
    static const struct reading reading = {send_sums, take_sums};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct summed summed = {.shift_id = shift_id};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &summed, failure);
    if (error == ERROR_NONE) {
        *sums = summed.sums;
    }
    return error;
}
