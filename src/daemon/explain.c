/* ticketd explain: why is this number what it is? */
#include <inttypes.h>
#include <stdio.h>

#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "daemon/table.h"
#include "store/reader.h"

enum { ARENA_BYTES = 64 << 20, PAGE_ROWS = 500 };

static const struct option option_at = {
    .name = "at",
    .value = "TIME",
    .sentence = "The instant to explain, as 2026-11-22T10:51:52Z; now where not given.",
};

static const struct option option_entries = {
    .name = "entries",
    .value = "NUMBER",
    .sentence = "How many of the entries that made the counts to show, the last ones.",
    .initial = "40",
    .least = 0,
    .most = 100000,
};

static const char *decimal(struct arena *arena, int64_t value) {
    return arena_printf(arena, "%" PRId64, value).bytes;
}

static const char *actor_of(const struct audit_entry *entry, struct arena *arena) {
    char id[UUID_TEXT_SIZE];
    if (uuid_is_none(entry->actor.id)) {
        return actor_kind_name(entry->actor.kind).bytes;
    }
    return arena_printf(arena, "%s %s", actor_kind_name(entry->actor.kind).bytes,
                        uuid_format(entry->actor.id, id))
        .bytes;
}

static void add_entry(struct table *table, const struct audit_entry *entry, struct arena *arena) {
    char created[INSTANT_TEXT_SIZE];
    table_add(table,
              (const char *[]){
                  decimal(arena, entry->seq),
                  arena_copy(arena, text_of(instant_format(entry->created_at, created))).bytes,
                  action_name(entry->action).bytes, decimal(arena, entry->quantity),
                  decimal(arena, entry->now.total), decimal(arena, entry->now.sold),
                  decimal(arena, entry->now.reserved), actor_of(entry, arena),
                  entry->order_id.bytes, entry->reason.bytes});
}

/* The last `count` entries up to `seq`. */
static enum error print_entries(struct store_reader *reader, struct uuid type_id, int64_t seq,
                                int64_t count, struct arena *arena, struct failure *failure) {
    static const char *const titles[] = {">SEQ",   "TIME",   "ACTION",    ">QUANTITY",
                                         ">TOTAL", ">SOLD",  ">RESERVED", "ACTOR",
                                         "ORDER",  "REASON", NULL};
    struct table table;
    table_init(&table, arena, titles);
    int64_t after = seq > count ? seq - count : 0;
    while (after < seq) {
        struct page page;
        size_t limit = seq - after < PAGE_ROWS ? (size_t)(seq - after) : PAGE_ROWS;
        enum error error = reader_entries(reader, type_id, after, limit, arena, &page, failure);
        if (error != ERROR_NONE) {
            return error;
        }
        const struct audit_entry *entries = page.rows;
        for (size_t i = 0; i < page.count; i++) {
            add_entry(&table, &entries[i], arena);
        }
        if (page.count == 0) {
            break;
        }
        after = entries[page.count - 1].seq;
    }
    table_print(&table, stdout);
    return ERROR_NONE;
}

static void print_counts(const struct type_reading *type, const struct history *history,
                         struct instant at) {
    char text[INSTANT_TEXT_SIZE];
    printf("%.*s at %s\n\n", (int)type->row.name.length, type->row.name.bytes,
           instant_format(at, text));
    printf("  initial    %10" PRId32 "\n  total      %10" PRId32 "\n  sold       %10" PRId32
           "\n  reserved   %10" PRId32 "\n  available  %10" PRId64 "\n\n",
           type->row.initial, history->counts.total, history->counts.sold, history->counts.reserved,
           counts_available(history->counts));
    if (history->expired_unwritten > 0) {
        printf("Reserved is %" PRId64 " less than the last entry says: so many had expired by "
               "then, and their entry was written later.\n\n",
               history->expired_unwritten);
    }
}

static enum error explain(struct store_reader *reader, struct uuid type_id, struct instant at,
                          int64_t entries, struct arena *arena, struct failure *failure) {
    struct type_reading type;
    struct history history;
    enum error error = reader_type(reader, type_id, arena, &type, failure);
    if (error == ERROR_NONE) {
        error = reader_history(reader, type_id, at, arena, &history, failure);
    }
    if (error == ERROR_NOT_FOUND) {
        return failure_set(failure, error,
                           "There is no such ticket type; `ticketd event show` "
                           "lists those of an event.");
    }
    if (error != ERROR_NONE) {
        return error;
    }
    if (!history.known) {
        char text[INSTANT_TEXT_SIZE];
        if (!instant_is_none(history.adopted_at)) {
            return failure_set(failure, ERROR_NOT_FOUND,
                               "The counts are not known before %s, when ticketd took the ticket "
                               "type over.",
                               instant_format(history.adopted_at, text));
        }
        return failure_set(failure, ERROR_NOT_FOUND, "The ticket type was created later, at %s.",
                           instant_format(type.row.created_at, text));
    }
    print_counts(&type, &history, at);
    return print_entries(reader, type_id, history.seq, entries, arena, failure);
}

static int run(const struct arguments *arguments) {
    struct uuid type_id;
    struct instant at = instant_now();
    const char *at_text = argument_text(arguments, &option_at);
    if (!uuid_parse(text_of(arguments->operand), &type_id)) {
        complain("\"%s\" is not the id of a ticket type.", arguments->operand);
        return EXIT_CODE_USAGE;
    }
    if (at_text != NULL && !instant_parse(text_of(at_text), &at)) {
        complain("--at is \"%s\", but must be a time like 2026-11-22T10:51:52Z.", at_text);
        return EXIT_CODE_USAGE;
    }
    struct failure failure;
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    struct store_options options = {.read_only = true, .no_create = true};
    enum error error =
        store_open(argument_text(arguments, &option_database), &options, &store, &failure);
    if (error == ERROR_NONE) {
        error = store_open_reader(store, &reader, &failure);
    }
    if (error == ERROR_NONE) {
        error = explain(reader, type_id, at, argument_number(arguments, &option_entries), &arena,
                        &failure);
    }
    store_reader_close(reader);
    store_close(store);
    arena_finish(&arena);
    return error == ERROR_NONE ? EXIT_CODE_OK : complain("%s", failure.sentence);
}

static const struct option *const options[] = {&option_database, &option_at, &option_entries, NULL};

const struct subcommand subcommand_explain = {
    .name = "explain",
    .operand = "TICKET_TYPE_ID",
    .sentence = "Say what the counts of a ticket type were at an instant, and what made them so.",
    .manual = "Reads beside a running server.",
    .options = options,
    .run = run,
};
