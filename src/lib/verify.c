#include "lib/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    PAGE_ROWS = 500,
    ARENA_BYTES = 16 << 20, /* a page of entries with the longest texts takes about 2 MiB */
    SENTENCE_SIZE = 256,
};

/* One type's replay. */
struct replay {
    struct verification *verification;
    struct store_reader *reader;
    struct arena *arena;
    struct ticket_type type; /* as the entries so far make it */
};

__attribute__((format(printf, 2, 3))) static void fault(struct replay *replay, const char *format,
                                                        ...) {
    char sentence[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    replay->verification->faults++;
    replay->verification->on_fault(replay->verification->context, replay->type.id, sentence);
}

/* After a fault the replay goes on from what the entry itself says: one broken entry is told once.
 */
static void replay_entry(struct replay *replay, const struct audit_entry *entry) {
    const char *wrong = audit_entry_fault(entry, &replay->type);
    if (wrong != NULL) {
        fault(replay, "entry %" PRId64 ": %s", entry->seq, wrong);
    }
    replay->type.counts = entry->now;
    replay->type.audit_seq = entry->seq;
    replay->type.audit_hash = entry->chain_hash;
    replay->type.last_entry_at = entry->created_at;
    replay->verification->entries++;
}

/* Entries up to `last`. */
static enum error replay_entries(struct replay *replay, int64_t last, struct failure *failure) {
    while (replay->type.audit_seq < last) {
        struct page page;
        arena_reset(replay->arena);
        enum error error = reader_entries(replay->reader, replay->type.id, replay->type.audit_seq,
                                          PAGE_ROWS, replay->arena, &page, failure);
        if (error != ERROR_NONE) {
            return error;
        }
        const struct audit_entry *rows = page.rows;
        size_t i = 0;
        for (; i < page.count && rows[i].seq <= last; i++) {
            replay_entry(replay, &rows[i]);
        }
        if (i == 0) {
            fault(replay, "the log ends at entry %" PRId64 ", the ticket type says %" PRId64,
                  replay->type.audit_seq, last);
            return ERROR_NONE;
        }
    }
    return ERROR_NONE;
}

static void compare(struct replay *replay, const char *what, int64_t log, int64_t row) {
    if (log != row) {
        fault(replay, "%s: the log says %" PRId64 ", the row %" PRId64, what, log, row);
    }
}

static void compare_row(struct replay *replay, const struct ticket_type *row) {
    const struct counts *log = &replay->type.counts;
    compare(replay, "total_inventory", log->total, row->counts.total);
    compare(replay, "sold_count", log->sold, row->counts.sold);
    compare(replay, "reserved_count", log->reserved, row->counts.reserved);
    if (memcmp(&replay->type.audit_hash, &row->audit_hash, sizeof row->audit_hash) != 0) {
        fault(replay, "the hash of entry %" PRId64 " is not the one that the row remembers",
              row->audit_seq);
    }
}

static void compare_sums(struct replay *replay, const struct type_sums *sums) {
    const struct counts *row = &sums->row.counts;
    int64_t sold = sums->sold_quantity + sums->row.adopted_sold;
    if (sums->active_quantity != row->reserved) {
        fault(replay, "active reservations add up to %" PRId64 ", reserved_count is %" PRId32,
              sums->active_quantity, row->reserved);
    }
    if (sold != row->sold) {
        fault(replay, "sales less refunds add up to %" PRId64 ", sold_count is %" PRId32, sold,
              row->sold);
    }
}

static enum error verify_in(struct verification *verification, struct store_reader *reader,
                            struct uuid ticket_type_id, struct arena *arena,
                            struct failure *failure) {
    struct type_sums sums;
    enum error error = reader_sums(reader, ticket_type_id, arena, &sums, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    struct replay replay = {
        .verification = verification,
        .reader = reader,
        .arena = arena,
        .type = {.id = ticket_type_id,
                 .event_id = sums.row.event_id,
                 .last_entry_at = INSTANT_NONE},
    };
    verification->types++;
    error = replay_entries(&replay, sums.row.audit_seq, failure);
    if (error == ERROR_NONE) {
        compare_row(&replay, &sums.row);
        compare_sums(&replay, &sums);
    }
    return error;
}

enum error verify_type(struct verification *verification, struct store_reader *reader,
                       struct uuid ticket_type_id, struct failure *failure) {
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    enum error error = verify_in(verification, reader, ticket_type_id, &arena, failure);
    arena_finish(&arena);
    return error;
}

enum error verify_all(struct verification *verification, struct store_reader *reader,
                      struct failure *failure) {
    struct arena arena;
    struct list_query query = {
        .filter = {.after_seq = -1,
                   .from = INSTANT_NONE,
                   .to = INSTANT_NONE,
                   .own_since = INSTANT_NONE,
                   .include_archived = true},
        .limit = PAGE_ROWS,
    };
    enum error error = ERROR_NONE;
    arena_init(&arena, ARENA_BYTES);
    do {
        struct page page = {0};
        arena_reset(&arena);
        error = reader_types(reader, &query, &arena, &page, failure);
        const struct type_reading *types = page.rows;
        for (size_t i = 0; error == ERROR_NONE && i < page.count; i++) {
            error = verify_type(verification, reader, types[i].row.id, failure);
        }
        query.after = page.next;
    } while (error == ERROR_NONE && query.after.set);
    arena_finish(&arena);
    return error;
}
