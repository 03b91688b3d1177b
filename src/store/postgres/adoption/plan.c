#include "store/postgres/adoption/plan.h"

#include <string.h>

enum {
    PLAN_BYTES = 256 << 20, /* a million rows that stand in the way; more are a damaged database */
};

static const char *const titles[PARTS_COUNT] = {
    [PART_SCHEMA] = "Schema and tables that are new",
    [PART_COLUMNS] = "Columns that are added",
    [PART_PAUSE] = "Triggers that sleep",
    [PART_ROWS] = "Rows that are completed",
    [PART_RESUME] = "Triggers that wake again",
    [PART_FOREIGN_KEYS] = "Foreign keys",
    [PART_CONSTRAINTS] = "Constraints",
    [PART_INDEXES] = "Indexes and storage",
    [PART_OPENINGS] = "The log of each ticket type begins",
    [PART_RIGHTS] = "Rights",
};

static void list_init(struct plan_list *list) {
    *list = (struct plan_list){.first = NULL};
    list->end = &list->first;
}

void plan_init(struct plan *plan) {
    *plan = (struct plan){.spent = false};
    arena_init(&plan->arena, PLAN_BYTES);
    for (int part = 0; part < PARTS_COUNT; part++) {
        list_init(&plan->parts[part]);
    }
    list_init(&plan->blockers);
    list_init(&plan->differences);
    list_init(&plan->notes);
}

void plan_finish(struct plan *plan) {
    arena_finish(&plan->arena);
}

void plan_add(struct plan *plan, struct plan_list *list, const char *what, const char *sql) {
    struct plan_line *line = arena_new(&plan->arena, struct plan_line);
    if (line == NULL) {
        plan->spent = true;
        return;
    }
    line->what = arena_copy(&plan->arena, text_of(what)).bytes;
    line->sql = arena_copy(&plan->arena, text_of(sql)).bytes;
    plan->spent |= line->what == NULL || (sql != NULL && line->sql == NULL);
    *list->end = line;
    list->end = &line->next;
    list->count++;
}

size_t plan_steps(const struct plan *plan) {
    size_t count = 0;
    for (int part = 0; part < PARTS_COUNT; part++) {
        count += plan->parts[part].count;
    }
    return count;
}

/* Each line of the SQL indented; a semicolon at its end where there is none. */
static void print_sql(const char *sql, FILE *out) {
    size_t length = strlen(sql);
    while (length > 0 && (sql[length - 1] == '\n' || sql[length - 1] == ';')) {
        length--;
    }
    const char *end = sql + length;
    while (sql < end) {
        const char *newline = memchr(sql, '\n', (size_t)(end - sql));
        const char *stop = newline == NULL ? end : newline;
        fprintf(out, "        %.*s%s\n", (int)(stop - sql), sql, stop == end ? ";" : "");
        sql = newline == NULL ? end : newline + 1;
    }
}

static void print_list(const struct plan_list *list, const char *title, bool with_sql, FILE *out) {
    if (list->count == 0) {
        return;
    }
    fprintf(out, "\n%s (%zu)\n", title, list->count);
    for (const struct plan_line *line = list->first; line != NULL; line = line->next) {
        fprintf(out, "  - %s\n", line->what);
        if (with_sql && line->sql != NULL) {
            print_sql(line->sql, out);
        }
    }
}

void plan_print(const struct plan *plan, const struct plan_view *view, FILE *out) {
    fprintf(out, "%s\n", view->title);
    print_list(&plan->blockers, "What stands in the way", false, out);
    print_list(&plan->differences,
               view->accepts_differences
                   ? "Differences, accepted: reserved is set by an entry, sold stays as it is"
                   : "Differences (--accept-differences sets reserved by an entry and keeps sold)",
               false, out);
    for (int part = 0; part < PARTS_COUNT; part++) {
        print_list(&plan->parts[part], titles[part], view->with_sql, out);
    }
    print_list(&plan->notes, "To know", false, out);
}
