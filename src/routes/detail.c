#include "routes/detail.h"

#include <inttypes.h>

/* "VIP balcony " before "tickets", or nothing where the name is not known. */
#define NAMED(facts)                                                                               \
    (int)(facts)->name.length, text_is_absent((facts)->name) ? "" : (facts)->name.bytes,           \
        (facts)->name.length == 0 ? "" : " "
#define PLURAL(count) (count) == 1 ? "" : "s"

static struct text of_counts(enum verdict verdict, const struct facts *facts, struct arena *arena) {
    if (verdict == VERDICT_INSUFFICIENT_INVENTORY) {
        return arena_printf(arena, "%" PRId64 " of %" PRId64 " %.*s%stickets are available.",
                            facts->available, facts->requested, NAMED(facts));
    }
    if (verdict == VERDICT_BELOW_COMMITTED) {
        return arena_printf(arena,
                            "%" PRId64 " %.*s%sticket%s cannot be taken away: only %" PRId64
                            " are neither sold nor reserved.",
                            facts->requested, NAMED(facts), PLURAL(facts->requested),
                            facts->available);
    }
    if (verdict == VERDICT_STALE_TOTAL) {
        return arena_printf(arena,
                            "There are %" PRId64 " %.*s%stickets in total by now, not %" PRId64 ".",
                            facts->total, NAMED(facts), facts->requested);
    }
    if (verdict == VERDICT_LIMIT_PER_ORDER) {
        return arena_printf(arena, "One order may have at most %" PRId64 " %.*s%sticket%s.",
                            facts->limit, NAMED(facts), PLURAL(facts->limit));
    }
    if (verdict == VERDICT_LIMIT_PER_CUSTOMER) {
        return arena_printf(arena,
                            "One person may have at most %" PRId64
                            " %.*s%sticket%s; this one has %" PRId64 ".",
                            facts->limit, NAMED(facts), PLURAL(facts->limit), facts->customer_has);
    }
    if (verdict == VERDICT_NOT_SOLD && facts->sold_remaining != FACT_NONE) {
        return arena_printf(arena, "%" PRId64 " ticket%s of this sale can still be refunded.",
                            facts->sold_remaining, PLURAL(facts->sold_remaining));
    }
    return TEXT_NONE;
}

static struct text of_time(const struct outcome *outcome, struct arena *arena) {
    const struct facts *facts = &outcome->facts;
    char at[INSTANT_TEXT_SIZE];
    if (instant_is_none(facts->at)) {
        return TEXT_NONE;
    }
    instant_format(facts->at, at);
    if (outcome->verdict == VERDICT_SALES_CLOSED) {
        bool is_early = instant_before(outcome->decided_at, facts->at);
        return arena_printf(arena, "%.*s%stickets %s %s.", NAMED(facts),
                            is_early ? "go on sale at" : "were on sale until", at);
    }
    if (outcome->verdict == VERDICT_RESERVATION_EXPIRED) {
        return arena_printf(arena, "It expired at %s.", at);
    }
    if (outcome->verdict == VERDICT_EXTENSION_LIMIT) {
        return arena_printf(arena, "It can live until %s and no longer.", at);
    }
    return TEXT_NONE;
}

struct text detail_of(const struct outcome *outcome, struct arena *arena) {
    const struct facts *facts = &outcome->facts;
    if (!text_is_absent(facts->detail)) {
        return facts->detail;
    }
    if (outcome->verdict == VERDICT_ARCHIVED && facts->name.length > 0) {
        return arena_printf(arena, "%.*s is archived.", (int)facts->name.length, facts->name.bytes);
    }
    if (outcome->verdict == VERDICT_ORDER_MISMATCH && facts->order_id.length > 0) {
        return arena_printf(arena, "It was sold under the order id %.*s.",
                            (int)facts->order_id.length, facts->order_id.bytes);
    }
    struct text detail = of_counts(outcome->verdict, facts, arena);
    return text_is_absent(detail) ? of_time(outcome, arena) : detail;
}
