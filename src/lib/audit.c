/* The audit log: its entries, what the counts were at an instant, and whether all of it agrees. */
#include "lib/code.h"
#include "lib/plain.h"
#include "lib/reading.h"
#include "store/verify.h"

enum { PAGE_ROWS = 500 };

/* One page of entries after *after_seq into the caller's array; how many. */
static size_t copy_page(struct reading *reading, struct uuid type_id, int64_t *after_seq,
                        struct ticketd_entry *entries, size_t max) {
    struct page page;
    arena_reset(&reading->arena);
    if (!reading_note(reading, reader_entries(reading->reader, type_id, *after_seq,
                                              max < PAGE_ROWS ? max : PAGE_ROWS, &reading->arena,
                                              &page, &reading->failure))) {
        return 0;
    }
    const struct audit_entry *rows = page.rows;
    for (size_t i = 0; i < page.count; i++) {
        plain_entry(&rows[i], &entries[i]);
        *after_seq = rows[i].seq;
    }
    return page.count;
}

enum ticketd_code ticketd_entries(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                  int64_t after_seq, struct ticketd_entry *entries, size_t max,
                                  size_t *count) {
    struct reading reading;
    struct type_reading type = {0};
    struct uuid id = plain_uuid(ticket_type_id);
    size_t copied = 0;
    if (reading_begin(&reading, ticketd)) { /* no such type is not the same as no entries */
        reading_note(&reading,
                     reader_type(reading.reader, id, &reading.arena, &type, &reading.failure));
    }
    size_t page = max;
    while (reading.code == TICKETD_OK && copied < max && page > 0) {
        page = copy_page(&reading, id, &after_seq, entries + copied, max - copied);
        copied += page;
    }
    if (reading.code == TICKETD_OK && count != NULL) {
        *count = copied;
    }
    return reading_end(&reading);
}

enum ticketd_code ticketd_explain(struct ticketd *ticketd, struct ticketd_id ticket_type_id,
                                  ticketd_time at, struct ticketd_explanation *explanation) {
    struct reading reading;
    struct type_reading type = {0};
    struct history history = {.known = false};
    struct uuid id = plain_uuid(ticket_type_id);
    if (reading_begin(&reading, ticketd) &&
        reading_note(&reading,
                     reader_type(reading.reader, id, &reading.arena, &type, &reading.failure))) {
        struct instant instant = at == 0 ? instant_now() : plain_instant(at);
        reading_note(&reading, reader_history(reading.reader, id, instant, &reading.arena, &history,
                                              &reading.failure));
    }
    if (reading.code == TICKETD_OK && !history.known) {
        reading.code = TICKETD_NOT_FOUND;
    }
    if (reading.code == TICKETD_OK && explanation != NULL) {
        struct ticket_type then = type.row;
        then.counts = history.counts;
        *explanation = (struct ticketd_explanation){
            .counts = plain_counts(&then),
            .seq = history.seq,
            .expired_unwritten = history.expired_unwritten,
        };
    }
    return reading_end(&reading);
}

/* What the caller hears. */
struct ear {
    void (*on_fault)(void *context, struct ticketd_id ticket_type_id, const char *sentence);
    void *context;
};

static void hear(void *context, const struct verify_difference *difference) {
    const struct ear *ear = context;
    if (ear->on_fault != NULL) {
        ear->on_fault(ear->context, plain_id(difference->ticket_type_id), difference->sentence);
    }
}

enum ticketd_code ticketd_verify(struct ticketd *ticketd,
                                 void (*on_fault)(void *context, struct ticketd_id ticket_type_id,
                                                  const char *sentence),
                                 void *context, struct ticketd_verification *verification) {
    struct ear ear = {on_fault, context};
    struct verify_listener listener = {.on_difference = hear, .context = &ear};
    struct verify_report report = {0};
    struct reading reading;
    if (reading_begin(&reading, ticketd)) {
        reading_note(&reading, verify_run(reading.reader, &listener, &report, &reading.failure));
    }
    if (reading.code == TICKETD_OK && verification != NULL) {
        *verification = (struct ticketd_verification){.types = report.types,
                                                      .entries = report.entries,
                                                      .reservations = report.reservations,
                                                      .carts = report.carts,
                                                      .shifts = report.shifts,
                                                      .faults = report.differences};
    }
    return reading_end(&reading);
}
