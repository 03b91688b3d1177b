/* ticketd report: the figures of an event, on the screen or in a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/report_table.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "domain/form.h"
#include "routes/resources/report.h"

enum { ARENA_BYTES = 64 << 20 };

static const struct option option_ticket_type = {
    .name = "ticket-type", .value = "ID", .sentence = "Of this ticket type alone."};

static const struct option option_group_by = {
    .name = "group-by",
    .value = "WORDS",
    .sentence = "One or two of ticket_type, channel, tender, operator, between commas.",
};

static const char *const intervals[] = {"hour", "day", "week", NULL};

static const struct option option_interval = {
    .name = "interval",
    .value = "SPAN",
    .sentence = "In rows of an hour, a day or a week from Monday.",
    .choices = intervals,
};

static const struct option option_from = {
    .name = "from",
    .value = "TIME",
    .sentence = "From this instant on, as 2026-11-22T00:00:00+01:00; since the event is there, "
                "where not given.",
};

static const struct option option_to = {
    .name = "to", .value = "TIME", .sentence = "Before this instant; now where not given."};

static const struct option option_report_zone = {
    .name = "tz",
    .value = "NAME",
    .sentence = "Whose clock begins hours, days and weeks, and is shown; the event's where not "
                "given.",
};

static const struct option option_channel = {.name = "channel",
                                             .value = "CHANNEL",
                                             .sentence =
                                                 "Of online, box_office, partner or comp alone."};

static const struct option option_tender = {
    .name = "tender", .value = "TENDER", .sentence = "Of this tender alone, such as cash."};

static const char *const formats[] = {"table", "csv", NULL};

static const struct option option_format = {
    .name = "format",
    .value = "FORM",
    .sentence =
        "A table to look at, in the time and money of the place, or the CSV of the API: UTC "
        "and the smallest unit of the currency.",
    .initial = "table",
    .choices = formats,
};

static const struct option option_output = {
    .name = "output", .value = "FILE", .sentence = "Save it there instead of printing it."};

/* --- what is asked for ------------------------------------------------------------------ */

/* A value as typed; absent where it is not given, or not an option of this report. */
static struct text given(const struct arguments *arguments, const struct option *option) {
    for (const struct option *const *at = arguments->subcommand->options; *at != NULL; at++) {
        if (*at == option && argument_text(arguments, option) != NULL) {
            return text_of(argument_text(arguments, option));
        }
    }
    return TEXT_NONE;
}

static bool said(const char *option, struct text value, const char *must) {
    complain("--%s is \"%.*s\", but must be %s.", option, (int)value.length, value.bytes, must);
    return false;
}

static bool read_time(const struct arguments *arguments, const struct option *option,
                      struct instant *at) {
    struct text value = given(arguments, option);
    *at = INSTANT_NONE;
    return text_is_absent(value) || instant_parse(value, at) ||
           said(option->name, value, "a time like 2026-11-22T10:51:52Z");
}

static bool read_filter(const struct arguments *arguments, struct sales_request *request) {
    struct text groups = given(arguments, &option_group_by);
    struct text channel = given(arguments, &option_channel);
    struct text tender = given(arguments, &option_tender);
    request->filter.tender = tender;
    if (!text_is_absent(groups) && !groups_parse(groups, &request->groups)) {
        return said("group-by", groups, "one or two of ticket_type, channel, tender, operator");
    }
    if (!text_is_absent(channel) && !channel_parse(channel, &request->filter.channel)) {
        return said("channel", channel, "online, box_office, partner or comp");
    }
    return text_is_absent(tender) || form_is_tender(tender) ||
           said("tender", tender, "a word such as cash or card");
}

/* False: it was said what is wrong. */
static bool read_request(const struct arguments *arguments, struct sales_request *request) {
    *request = (struct sales_request){.filter = {.tender = TEXT_NONE}};
    struct report_request *subject = &request->subject;
    struct text type = given(arguments, &option_ticket_type);
    struct text interval = given(arguments, &option_interval);
    subject->time_zone = given(arguments, &option_report_zone);
    if (!uuid_parse(text_of(arguments->operand), &subject->event_id)) {
        complain("\"%s\" is not the id of an event; `ticketd event list` shows them.",
                 arguments->operand);
        return false;
    }
    if (!text_is_absent(type) && !uuid_parse(type, &subject->ticket_type_id)) {
        return said("ticket-type", type, "the id of a ticket type");
    }
    if (!text_is_absent(interval)) {
        (void)interval_parse(interval, &subject->interval); /* one of the choices */
    }
    return read_time(arguments, &option_from, &subject->from) &&
           read_time(arguments, &option_to, &subject->to) && read_filter(arguments, request);
}

/* --- reading ---------------------------------------------------------------------------- */

static enum error tell_fault(enum report_fault fault, struct failure *failure) {
    static const char *const sentences[] = {
        [REPORT_ZONE_UNKNOWN] =
            "There is no time zone of the name in --tz here; write one such as Europe/Berlin.",
        [REPORT_ENDS_EARLY] = "--to must be later than --from.",
        [REPORT_TOO_LARGE] =
            "More than 2000 rows: ask for a longer --interval, a shorter period or fewer groups.",
        [REPORT_NEEDS_INTERVAL] =
            "Give an --interval (hour, day or week), or one --ticket-type to see each change.",
    };
    return failure_set(failure, ERROR_INVALID, "%s", sentences[fault]);
}

static enum error begin(struct report_run *run, struct store_reader *reader,
                        struct failure *failure) {
    enum error error = run->asked->kind->begin(run, reader, failure);
    return error != ERROR_NOT_FOUND
               ? error
               : failure_set(failure, error,
                             "There is no such event or ticket type; `ticketd event list` and "
                             "`ticketd event show` list them.");
}

static enum error read_report(struct report_run *run, const char *database,
                              struct failure *failure) {
    const struct report_kind *kind = run->asked->kind;
    struct store_options options = {.read_only = true, .no_create = true};
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    enum error error = store_open(database, &options, &store, failure);
    error = error == ERROR_NONE ? store_open_reader(store, &reader, failure) : error;
    error = error == ERROR_NONE ? begin(run, reader, failure) : error;
    while (error == ERROR_NONE && !kind->is_done(run)) {
        error = kind->step(run, reader, failure);
        arena_reset(&run->scratch);
    }
    store_reader_close(reader);
    store_close(store);
    if (error == ERROR_NONE && kind->subject(run)->fault != REPORT_SOUND) {
        return tell_fault(kind->subject(run)->fault, failure);
    }
    return error;
}

/* --- writing ---------------------------------------------------------------------------- */

static void write_csv(const struct report_run *run, struct csv_writer *csv) {
    const struct report_kind *kind = run->asked->kind;
    struct fields fields = {.form = FIELDS_CSV_HEADER, .csv = csv};
    size_t count = kind->count(run);
    kind->row(&fields, run, count);
    csv_row_end(csv);
    fields.form = FIELDS_CSV_ROW;
    for (size_t i = 0; i < count; i++) {
        kind->row(&fields, run, i);
        csv_row_end(csv);
    }
}

/* A file that could not be written to its end is none. */
static int save(const char *path, const char *bytes, size_t length) {
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return complain("%s: %s", path, strerror(errno));
    }
    bool written = fwrite(bytes, 1, length, file) == length;
    written = fclose(file) == 0 && written;
    if (!written) {
        int reason = errno;
        (void)remove(path);
        return complain("%s: %s", path, strerror(reason));
    }
    return EXIT_CODE_OK;
}

static int write_report(const struct arguments *arguments, struct report_run *run) {
    struct csv_writer csv;
    csv_init(&csv, &run->arena);
    write_csv(run, &csv);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (csv.failed || out == NULL) {
        return complain("There is no memory for the report.");
    }
    if (strcmp(argument_text(arguments, &option_format), "csv") == 0) {
        fwrite(csv.bytes, 1, csv.length, out);
    } else {
        report_table_print(run, &csv, out);
    }
    const char *path = argument_text(arguments, &option_output);
    int code = fclose(out) != 0 ? complain("There is no memory for the report.") : EXIT_CODE_OK;
    if (code == EXIT_CODE_OK && path != NULL) {
        code = save(path, text, length);
    } else if (code == EXIT_CODE_OK) {
        fwrite(text, 1, length, stdout);
    }
    free(text);
    return code;
}

static int report(const struct arguments *arguments, const struct report_kind *kind) {
    struct report_asked asked = {.kind = kind};
    struct report_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return complain("There is no memory for the report.");
    }
    if (!read_request(arguments, &asked.sales)) {
        free(run);
        return EXIT_CODE_USAGE;
    }
    run->asked = &asked;
    arena_init(&run->arena, ARENA_BYTES);
    arena_init(&run->scratch, ARENA_BYTES);
    struct failure failure;
    enum error error = read_report(run, argument_text(arguments, &option_database), &failure);
    int code =
        error == ERROR_NONE ? write_report(arguments, run) : complain("%s", failure.sentence);
    arena_finish(&run->arena);
    arena_finish(&run->scratch);
    free(run);
    return code;
}

static int run_sales(const struct arguments *arguments) {
    return report(arguments, &report_of_sales);
}

static int run_inventory(const struct arguments *arguments) {
    return report(arguments, &report_of_inventory);
}

static int run_box_office(const struct arguments *arguments) {
    return report(arguments, &report_of_box_office);
}

static const struct option *const sales_options[] = {
    &option_database, &option_ticket_type, &option_group_by,    &option_interval,
    &option_from,     &option_to,          &option_report_zone, &option_channel,
    &option_tender,   &option_format,      &option_output,      NULL};

static const struct option *const inventory_options[] = {
    &option_database,    &option_ticket_type, &option_interval, &option_from, &option_to,
    &option_report_zone, &option_format,      &option_output,   NULL};

static const struct option *const box_office_options[] = {
    &option_database,    &option_ticket_type, &option_from,   &option_to,
    &option_report_zone, &option_format,      &option_output, NULL};

const struct subcommand subcommand_report_sales = {
    .name = "report sales",
    .operand = "EVENT_ID",
    .sentence = "Say what was sold and taken back, by what, where, who and when.",
    .manual = "Reads beside a running server. A sale counts when it was completed, a refund when "
              "it was made.\n",
    .options = sales_options,
    .run = run_sales,
};

const struct subcommand subcommand_report_inventory = {
    .name = "report inventory",
    .operand = "EVENT_ID",
    .sentence = "Say how many were there, sold and reserved, as time went by.",
    .manual = "Reads beside a running server. With --interval, the counts at the end of each hour, "
              "day or week; without, each change of one --ticket-type, the newest 2000.\n",
    .options = inventory_options,
    .run = run_inventory,
};

const struct subcommand subcommand_report_box_office = {
    .name = "report box-office",
    .operand = "EVENT_ID",
    .sentence = "Say what each operator sold and took back at the box office, by tender.",
    .manual = "Reads beside a running server.\n",
    .options = box_office_options,
    .run = run_box_office,
};
