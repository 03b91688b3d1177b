/* With what the log of a ticket type begins that was sold before ticketd. */
#include "domain/opening.h"
#include "support/unit.h"

static struct opening_request request_of(int32_t total, int32_t sold, int32_t reserved,
                                         int64_t active) {
    return (struct opening_request){
        .ticket_type_id = {{1}},
        .event_id = {{2}},
        .found = {.total = total, .sold = sold, .reserved = reserved},
        .active = active,
        .now = {INT64_C(1800000000000000)},
        .ids = uuid_block((struct instant){INT64_C(1800000000000000)}, OPENING_ENTRIES_MAX),
    };
}

/* The chain holds, and leads to what the active reservations say. */
static void assert_leads_to(const struct opening_request *request, const struct opening *opening,
                            size_t count) {
    struct ticket_type type = {.id = request->ticket_type_id,
                               .event_id = request->event_id,
                               .last_entry_at = INSTANT_NONE};
    assert_int_equal(opening->count, count);
    for (size_t i = 0; i < opening->count; i++) {
        const struct audit_entry *entry = &opening->entries[i];
        const char *fault = audit_entry_fault(entry, &type);
        assert_string_equal(fault == NULL ? "" : fault, "");
        assert_int_equal(entry->actor.kind, ACTOR_SYSTEM);
        assert_uuid(entry->event_id, request->event_id);
        assert_int_equal(entry->id.bytes[14] << 8 | entry->id.bytes[15],
                         uuid_lane_of_event(request->event_id));
        type.counts = entry->now;
        type.audit_seq = entry->seq;
        type.audit_hash = entry->chain_hash;
        type.last_entry_at = entry->created_at;
    }
    assert_int_equal(type.counts.total, request->found.total);
    assert_int_equal(type.counts.sold, request->found.sold);
    assert_int_equal(type.counts.reserved, request->active);
}

static void it_leads_from_nothing_to_what_is_found(void **state) {
    (void)state;
    struct opening_request request = request_of(100, 40, 3, 3);
    struct opening opening = opening_make(&request);
    assert_leads_to(&request, &opening, 3);
    assert_int_equal(opening.entries[0].action, ACTION_INCREASE);
    assert_int_equal(opening.entries[1].action, ACTION_SALE);
    assert_int_equal(opening.entries[2].action, ACTION_RESERVE);
    assert_text(opening.entries[2].reason, "Adopted");
}

static void what_is_nothing_has_no_entry(void **state) {
    (void)state;
    struct opening_request whole = request_of(7, 0, 0, 0);
    struct opening_request none = request_of(0, 0, 0, 0);
    struct opening opening = opening_make(&whole);
    assert_leads_to(&whole, &opening, 1);
    opening = opening_make(&none);
    assert_leads_to(&none, &opening, 0);
}

static void reserved_is_set_right_by_an_entry_of_its_own(void **state) {
    (void)state;
    struct opening_request fewer = request_of(100, 0, 5, 2);
    struct opening_request more = request_of(100, 0, 5, 9);
    struct opening_request all = request_of(100, 1, 0, 9);
    struct opening opening = opening_make(&fewer);
    assert_leads_to(&fewer, &opening, 3);
    assert_int_equal(opening.entries[2].action, ACTION_RELEASE);
    assert_int_equal(opening.entries[2].quantity, 3);
    opening = opening_make(&more);
    assert_leads_to(&more, &opening, 3);
    assert_int_equal(opening.entries[2].action, ACTION_RESERVE);
    assert_int_equal(opening.entries[2].quantity, 4);
    opening = opening_make(&all);
    assert_leads_to(&all, &opening, 3);
}

static void an_adoption_is_told_from_a_birth(void **state) {
    (void)state;
    struct opening_request request = request_of(100, 40, 3, 3);
    struct opening opening = opening_make(&request);
    assert_true(opening_is_adoption(&opening.entries[0]));
    assert_false(opening_is_adoption(&opening.entries[1]));
    struct audit_entry born = opening.entries[0];
    born.reason = TEXT_NONE;
    assert_false(opening_is_adoption(&born));
    born = opening.entries[0];
    born.actor.kind = ACTOR_KEY;
    assert_false(opening_is_adoption(&born));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(it_leads_from_nothing_to_what_is_found),
    cmocka_unit_test(what_is_nothing_has_no_entry),
    cmocka_unit_test(reserved_is_set_right_by_an_entry_of_its_own),
    cmocka_unit_test(an_adoption_is_told_from_a_birth),
};
UNIT_MAIN(tests)
