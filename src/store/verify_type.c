/* Each ticket type: its log against itself, its row against the log, its sums against the row. */
#include <inttypes.h>

#include "domain/opening.h"
#include "store/verifying.h"

/* One type's replay. */
struct replay {
    struct verifying *verifying;
    struct arena *arena;
    struct ticket_type type; /* as the entries so far make it */
    int32_t initial;
};

static struct verify_difference about(const struct replay *replay, enum difference_kind kind,
                                      int64_t seq) {
    return (struct verify_difference){
        .kind = kind,
        .event_id = replay->type.event_id,
        .ticket_type_id = replay->type.id,
        .seq = seq,
    };
}

/* R11. One that was sold before ticketd begins with the total it had then. */
static void check_opening(struct replay *replay, const struct audit_entry *entry) {
    struct counts before = entry->previous;
    bool opens = entry->action == ACTION_INCREASE && before.total == 0 && before.sold == 0 &&
                 before.reserved == 0 &&
                 (entry->now.total == replay->initial || opening_is_adoption(entry));
    if (!opens && replay->initial > 0) {
        struct verify_difference difference = about(replay, DIFFERENCE_OPENING, entry->seq);
        verify_tell(replay->verifying, &difference,
                    "entry %" PRId64 " is not the increase from 0 to the initial inventory of "
                    "%" PRId32,
                    entry->seq, replay->initial);
    }
}

/* After a fault the replay goes on from what the entry itself says: it is told once. */
static void replay_entry(struct replay *replay, const struct audit_entry *entry) {
    const char *fault = audit_entry_fault(entry, &replay->type);
    if (fault != NULL) {
        struct verify_difference difference = about(replay, DIFFERENCE_ENTRY, entry->seq);
        difference.reservation_id = entry->reservation_id;
        verify_tell(replay->verifying, &difference, "entry %" PRId64 ": %s", entry->seq, fault);
    }
    if (!uuid_equals(entry->event_id, replay->type.event_id)) {
        struct verify_difference difference = about(replay, DIFFERENCE_ENTRY, entry->seq);
        verify_tell(replay->verifying, &difference, "entry %" PRId64 ": it names another event",
                    entry->seq);
    }
    if (replay->type.audit_seq == 0) {
        check_opening(replay, entry);
    }
    replay->type.counts = entry->now;
    replay->type.audit_seq = entry->seq;
    replay->type.audit_hash = entry->chain_hash;
    replay->type.last_entry_at = entry->created_at;
    replay->verifying->report->entries++;
}

/* No row is ever deleted: a reservation that the log knows is there, whatever became of it. Asked
 * at the entries that may be its first. */
static enum error look_for_reservation(struct replay *replay, const struct audit_entry *entry) {
    struct verifying *verifying = replay->verifying;
    bool takes = entry->action == ACTION_RESERVE ||
                 (entry->action == ACTION_SALE && entry->now.reserved == entry->previous.reserved);
    if (!takes || uuid_is_none(entry->reservation_id)) {
        return ERROR_NONE;
    }
    struct reservation found;
    struct instant as_of;
    enum error error = reader_reservation(verifying->reader, entry->reservation_id, replay->arena,
                                          &found, &as_of, verifying->failure);
    if (error != ERROR_NOT_FOUND) {
        return error == ERROR_CORRUPT ? ERROR_NONE : error; /* it is told among the reservations */
    }
    struct verify_difference difference = about(replay, DIFFERENCE_LOST, entry->seq);
    difference.reservation_id = entry->reservation_id;
    verify_tell(verifying, &difference,
                "entry %" PRId64 " tells of a reservation that is not there", entry->seq);
    return ERROR_NONE;
}

/* Entries up to `last`; *ended: there are none left below it. */
static enum error replay_page(struct replay *replay, int64_t last, bool *ended) {
    struct verifying *verifying = replay->verifying;
    struct page page;
    arena_reset(replay->arena);
    enum error error = reader_entries(verifying->reader, replay->type.id, replay->type.audit_seq,
                                      VERIFY_PAGE_ROWS, replay->arena, &page, verifying->failure);
    if (error != ERROR_NONE) {
        *ended = true;
        struct verify_difference difference =
            about(replay, DIFFERENCE_UNREADABLE, replay->type.audit_seq + 1);
        return verify_unreadable(verifying, &difference, error);
    }
    const struct audit_entry *rows = page.rows;
    size_t i = 0;
    while (error == ERROR_NONE && i < page.count && rows[i].seq <= last) {
        replay_entry(replay, &rows[i]);
        error = look_for_reservation(replay, &rows[i++]);
    }
    *ended = i == 0;
    verify_progress(verifying);
    return error;
}

static void compare(struct replay *replay, const char *name, int64_t log, int64_t row) {
    if (log != row) {
        struct verify_difference difference =
            about(replay, DIFFERENCE_COUNTS, replay->type.audit_seq);
        verify_tell(replay->verifying, &difference,
                    "%s is %" PRId64 ", but the log leads to %" PRId64, name, row, log);
    }
}

static void compare_row(struct replay *replay, const struct ticket_type *row) {
    struct counts log = replay->type.counts;
    compare(replay, "total_inventory", log.total, row->counts.total);
    compare(replay, "sold_count", log.sold, row->counts.sold);
    compare(replay, "reserved_count", log.reserved, row->counts.reserved);
    struct verify_difference difference = about(replay, DIFFERENCE_LOG_END, row->audit_seq);
    if (replay->type.audit_seq != row->audit_seq) {
        verify_tell(replay->verifying, &difference,
                    "the log ends at entry %" PRId64 ", but audit_seq is %" PRId64,
                    replay->type.audit_seq, row->audit_seq);
        return;
    }
    difference.kind = DIFFERENCE_HEAD;
    if (memcmp(&replay->type.audit_hash, &row->audit_hash, sizeof row->audit_hash) != 0) {
        verify_tell(replay->verifying, &difference, "audit_hash is not the hash of entry %" PRId64,
                    row->audit_seq);
    }
    if (replay->type.last_entry_at.us != row->last_entry_at.us) {
        verify_tell(replay->verifying, &difference,
                    "last_entry_at is not the time of entry %" PRId64, row->audit_seq);
    }
}

static void compare_sums(struct replay *replay, const struct type_sums *sums) {
    const struct counts *row = &sums->row.counts;
    int64_t sold = sums->sold_quantity + sums->row.adopted_sold;
    struct verify_difference difference = about(replay, DIFFERENCE_SUMS, 0);
    if (sums->active_quantity != row->reserved) {
        verify_tell(replay->verifying, &difference,
                    "reserved_count is %" PRId32 ", but active reservations add up to %" PRId64,
                    row->reserved, sums->active_quantity);
    }
    if (sold != row->sold) {
        verify_tell(replay->verifying, &difference,
                    "sold_count is %" PRId32 ", but sales less refunds add up to %" PRId64,
                    row->sold, sold);
    }
}

/* An entry above the row's audit_seq is new, or it is one too many. */
static enum error check_end(struct replay *replay, int64_t last) {
    struct verifying *verifying = replay->verifying;
    struct page page;
    struct type_sums again;
    enum error error = reader_entries(verifying->reader, replay->type.id, last, 1, replay->arena,
                                      &page, verifying->failure);
    if (error == ERROR_NONE && page.count > 0) {
        error = reader_sums(verifying->reader, replay->type.id, replay->arena, &again,
                            verifying->failure);
        if (error == ERROR_NONE && again.row.audit_seq == last) {
            struct verify_difference difference = about(replay, DIFFERENCE_LOG_END, last);
            verify_tell(verifying, &difference,
                        "the log goes on after entry %" PRId64 ", where audit_seq ends", last);
        }
    }
    return error;
}

static enum error verify_type(struct verifying *verifying, struct uuid id, struct arena *arena) {
    struct type_sums sums;
    struct verify_difference unreadable = {.ticket_type_id = id};
    enum error error = reader_sums(verifying->reader, id, arena, &sums, verifying->failure);
    if (error != ERROR_NONE) {
        return verify_unreadable(verifying, &unreadable, error);
    }
    struct replay replay = {
        .verifying = verifying,
        .arena = arena,
        .type = {.id = id, .event_id = sums.row.event_id, .last_entry_at = INSTANT_NONE},
        .initial = sums.row.initial,
    };
    bool ended = false;
    while (error == ERROR_NONE && !ended && replay.type.audit_seq < sums.row.audit_seq) {
        error = replay_page(&replay, sums.row.audit_seq, &ended);
    }
    if (error == ERROR_NONE) {
        compare_row(&replay, &sums.row);
        compare_sums(&replay, &sums);
    }
    if (error == ERROR_NONE) {
        error = verify_unreadable(verifying, &unreadable, check_end(&replay, sums.row.audit_seq));
    }
    verifying->report->types++;
    return error;
}

static enum error look_at_types(struct verifying *verifying, const struct page *page,
                                struct arena *arena) {
    const struct type_reading *types = page->rows;
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < page->count; i++) {
        error = verify_type(verifying, types[i].row.id, arena);
        verify_progress(verifying);
    }
    return error;
}

enum error verify_types(struct verifying *verifying) {
    return verify_pages(verifying, reader_types, look_at_types);
}
