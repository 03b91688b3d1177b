#include "drawers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trial.h"

enum { OPERATOR_MARK = 0xAD, CASH = 1 };

struct uuid drawer_operator(size_t index) {
    return (struct uuid){.bytes = {OPERATOR_MARK, [15] = (uint8_t)index}};
}

bool drawer_is_operator(struct uuid actor) {
    return actor.bytes[0] == OPERATOR_MARK;
}

static size_t index_of(struct uuid operator_id) {
    return operator_id.bytes[15];
}

struct text drawer_tender(size_t index) {
    static const char *const tenders[TENDERS] = {NULL, "cash", "card"};
    return text_of(tenders[index]);
}

static const char before_request[] = "till-";

struct text drawer_reason(uint64_t request, char reason[DRAWER_REASON_SIZE]) {
    snprintf(reason, DRAWER_REASON_SIZE, "%s%" PRIu64, before_request, request);
    return text_of(reason);
}

uint64_t drawer_request(struct text reason) {
    uint64_t request = 0;
    for (size_t i = sizeof before_request - 1; i < reason.length; i++) {
        request = request * 10 + (uint64_t)(reason.bytes[i] - '0');
    }
    return request;
}

static size_t tender_index(struct text tender) {
    size_t index = 0;
    while (index < TENDERS - 1 && !text_equals(drawer_tender(index), tender)) {
        index++;
    }
    return index;
}

static void add(struct drawer_sum *sum, const struct audit_entry *entry, int64_t price,
                bool begins) {
    bool is_sale = entry->action == ACTION_SALE;
    sum->sales += is_sale && begins;
    *(is_sale ? &sum->sold : &sum->refunded) += entry->quantity;
    *(is_sale ? &sum->gross : &sum->refunds) += entry->quantity * price;
}

/* --- as the log says ------------------------------------------------------------- */

static struct drawer *add_drawer(struct truth *truth, const struct shift *row) {
    struct drawer *drawer = arena_new(truth->arena, struct drawer);
    *drawer = (struct drawer){.id = row->id,
                              .owner = index_of(row->operator.id),
                              .currency = row->currency,
                              .opening_cash = row->opening_cash,
                              .next = truth->drawers.newest};
    truth->drawers.newest = drawer;
    return drawer;
}

/* It may have been opened in the batch whose answers are still to come. NULL: there is none. */
static struct drawer *drawer_of(struct truth *truth, struct uuid id) {
    struct drawer *drawer = truth->drawers.newest;
    while (drawer != NULL && !uuid_equals(drawer->id, id)) {
        drawer = drawer->next;
    }
    struct shift_reading shift;
    if (drawer == NULL &&
        reader_shift(truth->reader, id, &truth->scratch, &shift, NULL) == ERROR_NONE) {
        drawer = add_drawer(truth, &shift.row);
    }
    return drawer;
}

bool drawers_follow(struct truth *truth, const struct audit_entry *entry, bool begins) {
    if (uuid_is_none(entry->shift_id)) {
        return true;
    }
    struct drawer *drawer = drawer_of(truth, entry->shift_id);
    if (drawer == NULL || !drawer_is_operator(entry->actor.id) ||
        drawer->owner != index_of(entry->actor.id)) {
        return finding_report(truth->finding, "log: an entry names a shift that is not its own");
    }
    if (drawer->is_closed) {
        return finding_report(truth->finding, "log: an entry names a shift that was closed before");
    }
    const struct truth_reservation *about = truth_reservation(truth, entry->reservation_id);
    if (strcmp(drawer->currency.code, about->currency.code) != 0) {
        return finding_report(truth->finding, "log: an entry names a shift of another currency");
    }
    add(&drawer->logged[tender_index(entry->tender)], entry, about->unit_price, begins);
    return true;
}

/* --- as the answers say ---------------------------------------------------------- */

static int64_t cash_expected(const struct drawer *drawer) {
    const struct drawer_sum *cash = &drawer->answered[CASH];
    return drawer->opening_cash + cash->gross - cash->refunds;
}

static bool is_told(const struct drawer_sum *sums, const struct shift_reading *shift) {
    struct drawer_sum told[TENDERS] = {{.sales = 0}};
    for (size_t i = 0; i < shift->totals_count; i++) {
        const struct shift_total *total = &shift->totals[i];
        told[tender_index(total->tender)] =
            (struct drawer_sum){total->sales, total->tickets_sold, total->tickets_refunded,
                                total->gross, total->refunds};
    }
    return memcmp(told, sums, sizeof told) == 0;
}

static void opened(struct trial *trial, const struct request *request,
                   const struct shift_reading *shift) {
    struct drawers *drawers = &trial->truth.drawers;
    struct drawer *drawer = drawer_of(&trial->truth, shift->row.id);
    if (drawer == NULL || drawers->open[request->till] != NULL || drawer->owner != request->till ||
        shift->totals_count != 0) {
        answer_untrue(trial, request, "opened a shift beside another one, or one not empty");
        return;
    }
    drawers->open[request->till] = drawer;
}

static void closed(struct trial *trial, const struct request *request,
                   const struct shift_reading *shift) {
    struct drawers *drawers = &trial->truth.drawers;
    struct drawer *drawer = drawer_of(&trial->truth, shift->row.id);
    if (drawer == NULL || drawers->open[drawer->owner] != drawer) {
        answer_untrue(trial, request, "closed a shift that was not open");
    } else if (!is_told(drawer->answered, shift)) {
        answer_untrue(trial, request, "closed a shift with other totals than were answered");
    } else if (shift->row.expected_cash != cash_expected(drawer)) {
        answer_untrue(trial, request, "closed a shift that expects another amount of cash");
    } else {
        drawers->open[drawer->owner] = NULL;
    }
}

/* The open shift of the operator where it is of this currency. */
static struct drawer *drawer_for(struct trial *trial, const struct request *request,
                                 struct currency currency) {
    struct drawer *drawer = trial->truth.drawers.open[request->till];
    bool fits = drawer != NULL && strcmp(drawer->currency.code, currency.code) == 0;
    return fits ? drawer : NULL;
}

static void sold(struct trial *trial, const struct request *request,
                 const struct outcome *outcome) {
    const struct command *command = &request->command;
    struct text tender =
        command->kind == COMMAND_SELL ? command->of.sell.tender : command->of.complete.tender;
    struct drawer *drawer = drawer_for(trial, request, outcome->lines[0].currency);
    struct uuid expected = drawer == NULL ? UUID_NONE : drawer->id;
    for (size_t i = 0; i < outcome->lines_count; i++) {
        const struct reservation *line = &outcome->lines[i];
        struct audit_entry entry = {.action = ACTION_SALE, .quantity = line->quantity};
        if (!uuid_equals(line->shift_id, expected)) {
            answer_untrue(trial, request, "sold for another shift than is open");
        } else if (drawer != NULL) {
            add(&drawer->answered[tender_index(tender)], &entry, line->unit_price, i == 0);
        }
    }
}

static void refunded(struct trial *trial, const struct request *request,
                     const struct outcome *outcome) {
    struct drawer *drawer = drawer_for(trial, request, outcome->lines[0].currency);
    struct uuid expected = drawer == NULL ? UUID_NONE : drawer->id;
    for (size_t i = 0; i < outcome->entries_count; i++) {
        const struct audit_entry *entry = &outcome->entries[i];
        const struct truth_reservation *about =
            truth_reservation(&trial->truth, entry->reservation_id);
        if (about == NULL || !uuid_equals(entry->shift_id, expected)) {
            answer_untrue(trial, request, "refunded from another shift than is open");
        } else if (drawer != NULL) {
            add(&drawer->answered[tender_index(entry->tender)], entry, about->unit_price, false);
        }
    }
}

void drawers_answered(struct trial *trial, const struct request *request,
                      const struct outcome *outcome) {
    switch ((int)request->command.kind) {
    case COMMAND_SHIFT_OPEN:
        opened(trial, request, outcome->shift);
        return;
    case COMMAND_SHIFT_CLOSE:
        closed(trial, request, outcome->shift);
        return;
    case COMMAND_SELL:
        sold(trial, request, outcome);
        return;
    case COMMAND_COMPLETE:
        if (answer_effect(trial, request) > 0) { /* else it was sold before */
            sold(trial, request, outcome);
        }
        return;
    case COMMAND_REFUND:
        refunded(trial, request, outcome);
        return;
    default:
        return;
    }
}

void drawers_refused(struct trial *trial, const struct request *request, enum verdict verdict) {
    struct drawers *drawers = &trial->truth.drawers;
    if (verdict == VERDICT_SHIFT_OPEN && drawers->open[request->till] == NULL) {
        answer_untrue(trial, request, "refused as a shift is open, but none is");
    }
    if (verdict == VERDICT_SHIFT_CLOSED) {
        const struct drawer *drawer = drawer_of(&trial->truth, request->command.of.shift.shift.id);
        if (drawer == NULL || drawers->open[drawer->owner] == drawer) {
            answer_untrue(trial, request, "refused as the shift is closed, but it is not");
        }
    }
}

/* --- at the end of a batch -------------------------------------------------------- */

static void read_open(struct truth *truth) {
    for (size_t i = 0; i < OPERATORS; i++) {
        struct shift_reading shift;
        bool has = reader_open_shift(truth->reader, drawer_operator(i), &truth->scratch, &shift,
                                     NULL) == ERROR_NONE;
        truth->drawers.open[i] = has ? drawer_of(truth, shift.row.id) : NULL;
    }
}

void drawers_end_batch(struct truth *truth, bool complete) {
    if (!complete) {
        read_open(truth);
    }
    struct drawer *drawer = truth->drawers.newest;
    for (; drawer != NULL; drawer = drawer->next) {
        if (drawer->is_closed) {
            continue;
        }
        if (complete && memcmp(drawer->answered, drawer->logged, sizeof drawer->logged) != 0) {
            finding_report(truth->finding, "a shift's answers do not add up to its log");
        }
        memcpy(drawer->answered, drawer->logged, sizeof drawer->logged);
        drawer->is_closed = truth->drawers.open[drawer->owner] != drawer;
    }
}

void drawers_compare(struct truth *truth) {
    const struct drawer *drawer = truth->drawers.newest;
    for (; drawer != NULL && !truth->finding->found; drawer = drawer->next) {
        struct shift_reading shift;
        arena_reset(&truth->scratch);
        if (reader_shift(truth->reader, drawer->id, &truth->scratch, &shift, NULL) != ERROR_NONE) {
            finding_report(truth->finding, "a shift is gone");
        } else if (!is_told(drawer->logged, &shift)) {
            finding_report(truth->finding, "a shift's totals are not what its log adds up to");
        } else if (drawer->is_closed == instant_is_none(shift.row.closed_at)) {
            finding_report(truth->finding, "a shift is open that was closed, or the other way");
        } else if (drawer->is_closed && shift.row.expected_cash != cash_expected(drawer)) {
            finding_report(truth->finding, "a shift expects another amount of cash than its log");
        }
    }
}
