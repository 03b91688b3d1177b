#include "daemon/report_table.h"

#include <string.h>
#include <time.h>

#include "base/time_zone.h"
#include "daemon/table.h"

enum { COLUMNS_MAX = 24, CELL_SIZE = 40 };

/* --- the cells --------------------------------------------------------------------------- */

/* Our own CSV, cell by cell, unquoted in place. Returns how many; *at is behind the row. */
static size_t take_cells(char **at, const char *end, const char *cells[COLUMNS_MAX]) {
    size_t count = 0;
    char *from = *at;
    bool row_goes_on = true;
    while (row_goes_on && from < end && count < COLUMNS_MAX) {
        bool quoted = *from == '"';
        char *to = from;
        cells[count++] = from;
        from += quoted;
        while (from < end && (quoted || (*from != ',' && *from != '\r'))) {
            if (quoted && *from == '"' && *++from != '"') {
                quoted = false;
                continue;
            }
            *to++ = *from++;
        }
        row_goes_on = from < end && *from == ',';
        from += row_goes_on ? 1 : 2; /* CR LF */
        *to = '\0';
    }
    *at = from;
    return count;
}

/* --- what they are ----------------------------------------------------------------------- */

enum look { LOOK_TEXT, LOOK_TIME, LOOK_NUMBER, LOOK_MONEY, LOOK_HIDDEN };

/* Ids are for programs: names stand beside them. */
static enum look look_of(const char *name) {
    static const struct {
        const char *name;
        enum look look;
    } looks[] = {
        {"from", LOOK_TIME},
        {"to", LOOK_TIME},
        {"at", LOOK_TIME},
        {"channel", LOOK_TEXT},
        {"tender", LOOK_TEXT},
        {"ticket_type_name", LOOK_TEXT},
        {"operator_kind", LOOK_TEXT},
        {"operator_name", LOOK_TEXT},
        {"gross", LOOK_MONEY},
        {"refunds", LOOK_MONEY},
        {"net", LOOK_MONEY},
        {"ticket_type_id", LOOK_HIDDEN},
        {"operator_id", LOOK_HIDDEN},
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        if (strcmp(looks[i].name, name) == 0) {
            return looks[i].look;
        }
    }
    return LOOK_NUMBER;
}

/* "tickets_sold" -> ">TICKETS SOLD" */
static const char *title_of(const char *name, struct arena *arena) {
    char *title = arena_take(arena, strlen(name) + 2);
    if (title == NULL) {
        return "";
    }
    char *to = title;
    if (look_of(name) == LOOK_NUMBER || look_of(name) == LOOK_MONEY) {
        *to++ = '>';
    }
    for (const char *from = name; *from != '\0'; from++, to++) {
        *to = *from;
        if (*to >= 'a' && *to <= 'z') {
            *to = (char)(*to - 'a' + 'A');
        } else if (*to == '_') {
            *to = ' ';
        }
    }
    return title;
}

/* --- how they look ----------------------------------------------------------------------- */

/* "2026-10-25 02:00 CEST"; seconds where there are any. */
static const char *show_time(const struct time_zone *zone, struct instant at,
                             char shown[CELL_SIZE]) {
    int64_t seconds = at.us / 1000000 - (at.us % 1000000 < 0);
    time_t there = (time_t)(seconds + time_zone_offset(zone, seconds));
    struct tm tm;
    char clock[24];
    if (gmtime_r(&there, &tm) == NULL || at.us == INT64_MIN) {
        return "";
    }
    strftime(clock, sizeof clock, tm.tm_sec == 0 ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%S", &tm);
    snprintf(shown, CELL_SIZE, "%s %s", clock, time_zone_abbreviation(zone, seconds));
    return shown;
}

/* Minor units as the API writes them, "-1234": "-12.34". */
static const char *show_money(const char *units, unsigned decimals, char shown[CELL_SIZE]) {
    const char *digits = units + (*units == '-');
    size_t length = strlen(digits);
    size_t whole = length > decimals ? length - decimals : 0;
    if (decimals == 0 || length == 0 || length + decimals + 3 > CELL_SIZE) {
        return units;
    }
    snprintf(shown, CELL_SIZE, "%s%.*s%s.%.*s%s", *units == '-' ? "-" : "", (int)whole, digits,
             whole == 0 ? "0" : "", whole == 0 ? (int)(decimals - length) : 0, "0000",
             digits + whole);
    return shown;
}

struct looking {
    const struct time_zone *zone;
    unsigned decimals; /* of the currency */
    struct arena *arena;
};

static const char *show(const struct looking *looking, enum look look, const char *cell) {
    char shown[CELL_SIZE];
    const char *found = cell;
    struct instant at;
    if (look == LOOK_TIME && instant_parse(text_of(cell), &at)) {
        found = show_time(looking->zone, at, shown);
    } else if (look == LOOK_MONEY) {
        found = show_money(cell, looking->decimals, shown);
    }
    if (found != shown) {
        return found;
    }
    struct text kept = arena_copy(looking->arena, (struct text){shown, strlen(shown) + 1});
    return text_is_absent(kept) ? cell : kept.bytes;
}

static void print_rows(const struct looking *looking, char *at, const char *end, FILE *out) {
    const char *cells[COLUMNS_MAX];
    const char *titles[TABLE_COLUMNS_MAX + 1];
    enum look looks[COLUMNS_MAX];
    size_t columns = 0;
    size_t count = take_cells(&at, end, cells);
    for (size_t i = 0; i < count; i++) {
        looks[i] = columns < TABLE_COLUMNS_MAX ? look_of(cells[i]) : LOOK_HIDDEN;
        if (looks[i] != LOOK_HIDDEN) {
            titles[columns++] = title_of(cells[i], looking->arena);
        }
    }
    titles[columns] = NULL;
    struct table table;
    table_init(&table, looking->arena, titles);
    while (at < end) {
        const char *row[TABLE_COLUMNS_MAX];
        columns = 0;
        (void)take_cells(&at, end, cells);
        for (size_t i = 0; i < count; i++) {
            if (looks[i] != LOOK_HIDDEN) {
                row[columns++] = show(looking, looks[i], cells[i]);
            }
        }
        table_add(&table, row);
    }
    table_print(&table, out);
}

void report_table_print(struct report_run *run, struct csv_writer *csv, FILE *out) {
    const struct report_subject *subject = run->asked->kind->subject(run);
    char from[CELL_SIZE], to[CELL_SIZE];
    struct time_zone *zone = time_zone_open(subject->time_zone);
    struct time_zone *shown =
        zone != NULL ? zone : time_zone_open(TEXT("UTC")); /* its file has gone meanwhile */
    if (shown == NULL) {
        return;
    }
    struct looking looking = {.zone = shown,
                              .decimals = currency_decimals(subject->event.currency),
                              .arena = &run->scratch};
    fprintf(out, "%.*s, from %s to %s, by the clock of %.*s; money in %.3s\n\n",
            (int)subject->event.name.length, subject->event.name.bytes,
            show_time(shown, subject->from, from), show_time(shown, subject->to, to),
            (int)subject->time_zone.length, subject->time_zone.bytes, subject->event.currency.code);
    print_rows(&looking, csv->bytes, csv->bytes + csv->length, out);
    time_zone_close(shown);
}
