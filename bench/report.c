#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

static const char begin_mark[] = "<!-- make bench: from here -->\n";
static const char end_mark[] = "<!-- make bench: to here -->";

bool target_is_met(const struct target *target) {
    return target->at_least ? target->got >= target->wanted : target->got <= target->wanted;
}

/* A number, or a dash where it was not measured. */
static void cell(FILE *out, double number, int digits) {
    if (number > 0) {
        fprintf(out, " %.*f |", digits, number);
    } else {
        fputs(" – |", out);
    }
}

static void write_rows(FILE *out, const struct report *report) {
    fputs("| what | at a time | a second | median ms | p99 ms | server CPU µs each "
          "| PostgreSQL CPU µs each | commands a commit |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|\n",
          out);
    for (size_t i = 0; i < report->rows_count; i++) {
        const struct row *row = &report->rows[i];
        fprintf(out, "| %s |", row->what);
        cell(out, row->connections, 0);
        cell(out, row->measure.rate, 0);
        cell(out, row->measure.p50_us / 1000, 2);
        cell(out, row->measure.p99_us / 1000, 2);
        cell(out, row->measure.cpu_us, 1);
        cell(out, row->measure.database_cpu_us, 1);
        cell(out, row->measure.batch, 1);
        fputc('\n', out);
    }
}

static void write_targets(FILE *out, const struct report *report) {
    fputs("| target | wanted | measured | |\n|---|---:|---:|---|\n", out);
    for (size_t i = 0; i < report->targets_count; i++) {
        const struct target *target = &report->targets[i];
        fprintf(out, "| %s | %s %.4g%s | %.3g%s | %s |\n", target->what,
                target->at_least ? "≥" : "≤", target->wanted, target->unit, target->got,
                target->unit, target_is_met(target) ? "met" : "**missed**");
    }
}

char *report_text(const struct report *report) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    require(out != NULL);
    fprintf(out, "%s\n\n", report->machine);
    write_rows(out, report);
    fputc('\n', out);
    write_targets(out, report);
    fclose(out);
    return text;
}

static char *read_file(const char *path) {
    enum { FILE_MAX = 1 << 20 };
    char *text = malloc(FILE_MAX);
    FILE *file = text == NULL ? NULL : fopen(path, "re");
    if (file == NULL) {
        free(text);
        return NULL;
    }
    text[fread(text, 1, FILE_MAX - 1, file)] = '\0';
    fclose(file);
    return text;
}

bool report_keep(const char *path, const char *text) {
    char *old = read_file(path);
    char *from = old == NULL ? NULL : strstr(old, begin_mark);
    const char *to = from == NULL ? NULL : strstr(from, end_mark);
    FILE *file = to == NULL ? NULL : fopen(path, "we");
    if (file == NULL) {
        fprintf(stderr, "%s: the tables have no place there\n", path);
        free(old);
        return false;
    }
    fwrite(old, 1, (size_t)(from - old) + strlen(begin_mark), file);
    fprintf(file, "\n%s\n%s", text, to);
    free(old);
    return fclose(file) == 0;
}
