/* Each shift: what it has counted against the log's entries that name it (R17). */
#include <inttypes.h>

#include "store/verifying.h"

/* Of a tender that is not in a list. */
static const struct shift_total nothing = {.sales = 0};

static const struct shift_total *find_total(const struct shift_total *list, size_t count,
                                            struct text tender) {
    for (size_t i = 0; i < count; i++) {
        if (text_equals(list[i].tender, tender)) {
            return &list[i];
        }
    }
    return &nothing;
}

static void compare(struct verifying *verifying, struct uuid shift_id,
                    const struct shift_total *kept, const struct shift_total *logged,
                    struct text tender) {
    bool sold_alike = kept->sales == logged->sales && kept->tickets_sold == logged->tickets_sold &&
                      kept->gross == logged->gross;
    bool refunded_alike =
        kept->tickets_refunded == logged->tickets_refunded && kept->refunds == logged->refunds;
    struct verify_difference difference = {.kind = DIFFERENCE_SHIFT, .shift_id = shift_id};
    const char *name = text_is_absent(tender) ? "no tender" : tender.bytes;
    int length = text_is_absent(tender) ? (int)sizeof "no tender" - 1 : (int)tender.length;
    if (!sold_alike) {
        verify_tell(verifying, &difference,
                    "%.*s: it counts %" PRId64 " sales of %" PRId64 " tickets for %" PRId64
                    ", but its entries add up to %" PRId64 " of %" PRId64 " for %" PRId64,
                    length, name, kept->sales, kept->tickets_sold, kept->gross, logged->sales,
                    logged->tickets_sold, logged->gross);
    }
    if (!refunded_alike) {
        verify_tell(verifying, &difference,
                    "%.*s: it counts %" PRId64 " tickets refunded for %" PRId64
                    ", but its entries add up to %" PRId64 " for %" PRId64,
                    length, name, kept->tickets_refunded, kept->refunds, logged->tickets_refunded,
                    logged->refunds);
    }
}

static void compare_sums(struct verifying *verifying, struct uuid shift_id,
                         const struct shift_sums *sums) {
    for (size_t i = 0; i < sums->kept_count; i++) {
        const struct shift_total *kept = &sums->kept[i];
        compare(verifying, shift_id, kept,
                find_total(sums->logged, sums->logged_count, kept->tender), kept->tender);
    }
    for (size_t i = 0; i < sums->logged_count; i++) {
        const struct shift_total *logged = &sums->logged[i];
        const struct shift_total *kept = find_total(sums->kept, sums->kept_count, logged->tender);
        if (kept == &nothing) { /* else it was compared above */
            compare(verifying, shift_id, kept, logged, logged->tender);
        }
    }
}

static void compare_close(struct verifying *verifying, const struct shift_reading *shift) {
    int64_t expected = shift_expected_cash(shift);
    if (!instant_is_none(shift->row.closed_at) && shift->row.expected_cash != expected) {
        struct verify_difference difference = {.kind = DIFFERENCE_SHIFT, .shift_id = shift->row.id};
        verify_tell(verifying, &difference,
                    "expected_cash is %" PRId64
                    ", but what was in the drawer and its totals make %" PRId64,
                    shift->row.expected_cash, expected);
    }
}

static enum error verify_shift(struct verifying *verifying, const struct shift_reading *shift,
                               struct arena *arena) {
    struct shift_sums sums;
    arena_reset(arena);
    enum error error =
        reader_shift_sums(verifying->reader, shift->row.id, arena, &sums, verifying->failure);
    if (error == ERROR_NONE) {
        compare_sums(verifying, shift->row.id, &sums);
        compare_close(verifying, shift);
        verifying->report->shifts++;
    }
    struct verify_difference unreadable = {.shift_id = shift->row.id};
    return verify_unreadable(verifying, &unreadable, error);
}

static enum error look_at_shifts(struct verifying *verifying, const struct page *page,
                                 struct arena *arena) {
    const struct shift_reading *shifts = page->rows;
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < page->count; i++) {
        error = verify_shift(verifying, &shifts[i], arena);
    }
    verify_progress(verifying);
    return error;
}

enum error verify_shifts(struct verifying *verifying) {
    return verify_pages(verifying, reader_shifts, look_at_shifts);
}
