/* One thing, as one house reads it. */
#include "same.h"
#include "store/verify.h"

static void tell_page(struct telling *telling, const struct page *page, teller *how, size_t size) {
    for (size_t i = 0; i < page->count; i++) {
        tell(telling, "\n");
        how(telling, (const char *)page->rows + i * size);
    }
    tell_instant(telling, "as_of", page->as_of);
}

enum error ask_reservation(struct house *house, const void *id, struct telling *telling) {
    struct reservation row;
    struct instant as_of;
    enum error error = reader_reservation(house->reader, *(const struct uuid *)id, &house->arena,
                                          &row, &as_of, NULL);
    if (error == ERROR_NONE) {
        tell_reservation(telling, &row);
        tell_instant(telling, "as_of", as_of);
    }
    return error;
}

enum error ask_cart(struct house *house, const void *id, struct telling *telling) {
    struct cart cart;
    struct page lines;
    enum error error =
        reader_cart(house->reader, *(const struct uuid *)id, &house->arena, &cart, &lines, NULL);
    if (error == ERROR_NONE) {
        tell_cart(telling, &cart);
        tell_page(telling, &lines, tell_reservation, sizeof(struct reservation));
    }
    return error;
}

enum error ask_event(struct house *house, const void *id, struct telling *telling) {
    struct event event;
    struct page types;
    enum error error = reader_inventory(house->reader, *(const struct uuid *)id, &house->arena,
                                        &event, &types, NULL);
    if (error == ERROR_NONE) {
        tell_event(telling, &event);
        tell_page(telling, &types, tell_type_reading, sizeof(struct type_reading));
        error = reader_event(house->reader, event.id, &house->arena, &event, NULL);
        tell_event(telling, &event);
    }
    return error;
}

enum error ask_sums(struct house *house, const void *id, struct telling *telling) {
    struct type_sums sums;
    struct type_reading type;
    enum error error =
        reader_sums(house->reader, *(const struct uuid *)id, &house->arena, &sums, NULL);
    if (error == ERROR_NONE) {
        tell_sums(telling, &sums);
        error = reader_type(house->reader, sums.row.id, &house->arena, &type, NULL);
    }
    if (error == ERROR_NONE) {
        tell_type_reading(telling, &type);
    }
    return error;
}

/* In one piece: what a round makes is a few hundred entries. */
enum error ask_entries(struct house *house, const void *id, struct telling *telling) {
    struct page entries = {.next.set = true};
    int64_t seq = 0;
    enum error error = ERROR_NONE;
    while (error == ERROR_NONE && entries.next.set) {
        error = reader_entries(house->reader, *(const struct uuid *)id, seq, LIST_LIMIT_MAX,
                               &house->arena, &entries, NULL);
        const struct audit_entry *rows = entries.rows;
        for (size_t i = 0; error == ERROR_NONE && i < entries.count; i++) {
            tell(telling, "\n");
            tell_entry(telling, &rows[i]);
            seq = rows[i].seq;
        }
    }
    return error;
}

enum error ask_history(struct house *house, const void *what, struct telling *telling) {
    const struct moment *moment = what;
    struct history history;
    enum error error =
        reader_history(house->reader, moment->type, moment->at, &house->arena, &history, NULL);
    if (error == ERROR_NONE) {
        tell_history(telling, &history);
    }
    return error;
}

enum error ask_api_keys(struct house *house, const void *nothing, struct telling *telling) {
    struct page page;
    (void)nothing;
    enum error error = reader_api_keys(house->reader, &house->arena, &page, NULL);
    if (error == ERROR_NONE) {
        tell_page(telling, &page, tell_api_key, sizeof(struct api_key));
    }
    return error;
}

enum error ask_due_types(struct house *house, const void *nothing, struct telling *telling) {
    struct page page;
    (void)nothing;
    enum error error =
        reader_due_types(house->reader, UUID_NONE, 100000, &house->arena, &page, NULL);
    if (error == ERROR_NONE) {
        tell_page(telling, &page, tell_id, sizeof(struct uuid));
    }
    return error;
}

static void tell_difference(void *context, const struct verify_difference *difference) {
    tell(context, "\n%s: %s", difference_kind_name(difference->kind), difference->sentence);
}

/* Clean, and as much of everything: a difference would make the text another one than its own
 * expectation. */
enum error ask_verify(struct house *house, const void *nothing, struct telling *telling) {
    const struct verify_listener listener = {.on_difference = tell_difference, .context = telling};
    struct verify_report report;
    (void)nothing;
    enum error error = verify_run(house->reader, &listener, &report, NULL);
    tell(telling, "types=%lld entries=%lld reservations=%lld carts=%lld shifts=%lld",
         (long long)report.types, (long long)report.entries, (long long)report.reservations,
         (long long)report.carts, (long long)report.shifts);
    return error == ERROR_NONE && report.differences > 0 ? ERROR_CORRUPT : error;
}
