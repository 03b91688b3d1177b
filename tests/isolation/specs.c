#include "spec.h"

/* Three types of one event, a cart, reservations that are there already, and new ones. */
#define T1    "'00000000-0000-7000-8000-0000000000a1'"
#define T2    "'00000000-0000-7000-8000-0000000000a2'"
#define T3    "'00000000-0000-7000-8000-0000000000a3'"
#define E1    "'00000000-0000-7000-8000-0000000000e1'"
#define CART  "'00000000-0000-7000-8000-0000000000c1'"
#define HELD1 "'00000000-0000-7000-8000-0000000000b1'"
#define HELD2 "'00000000-0000-7000-8000-0000000000b2'"
#define NEW1  "'00000000-0000-7000-8000-0000000000d1'"
#define NEW2  "'00000000-0000-7000-8000-0000000000d2'"
#define NEW3  "'00000000-0000-7000-8000-0000000000d3'"
#define ANN   "'00000000-0000-7000-8000-0000000000f1'"

#define OPENS(type, count) "CALL office.open(" E1 ", " type ", " count ");\n"
#define HOLDS(line, type, count, until)                                                            \
    "CALL office.hold(" line ", " type ", " count ", '2029-01-01 " until "Z');\n"
#define HOLDS_IN_CART(line, type, count)                                                           \
    "CALL office.hold(" line ", " type ", " count ", '2029-01-01 14:00Z', " CART ");\n"

#define AT "2029-01-01 13:00Z"
/* A moment before and a moment after the reservations end that expire at 13:00. */
#define BEFORE "2029-01-01 12:59:59.999Z"
#define AFTER  "2029-01-01 13:00:00.001Z"

#define RESERVES(who, line, type, count)                                                           \
    "CALL office.reserve('" who "', " line ", " type ", " count ")"
#define RESERVES_WITH_KEY(who, line, type)                                                         \
    "CALL office.reserve('" who "', " line ", " type ", 1, NULL, 'twin')"

#define WITHOUT_LOCK                                                                               \
    { QUERY_lock_named_types, "FOR NO KEY UPDATE OF t", "" }

/* What the document that this system was founded on says, statement by statement: look, insert,
 * update to what was seen and one more. It keeps what it saw in a table of its own. */
#define FOUNDING(line)                                                                             \
    {                                                                                              \
        "CREATE TEMP TABLE IF NOT EXISTS saw (total int, sold int, reserved int);\n"               \
        "DELETE FROM saw;\n"                                                                       \
        "INSERT INTO saw SELECT total_inventory, sold_count, reserved_count\n"                     \
        "FROM ticket_types WHERE id = " T1 ";",                                                    \
            "INSERT INTO ticket_reservations\n"                                                    \
            "(id, ticket_type_id, event_id, quantity, expires_at, status, unit_price, currency)\n" \
            "SELECT " line ", " T1 ", " E1 ", 1, '2029-01-01 14:00Z', 'active', 1000, 'EUR'\n"     \
            "FROM saw WHERE total - sold - reserved >= 1;",                                        \
            "UPDATE ticket_types t SET reserved_count = s.reserved + 1, updated_at = now()\n"      \
            "FROM saw s WHERE t.id = " T1 " AND s.total - s.sold - s.reserved >= 1;",              \
            "INSERT INTO inventory_audit_log (ticket_type_id, action, quantity, previous_total,\n" \
            "new_total, previous_sold, new_sold, previous_reserved, new_reserved)\n"               \
            "SELECT " T1 ", 'reserve', 1, total, total, sold, sold, reserved, reserved + 1\n"      \
            "FROM saw WHERE total - sold - reserved >= 1;"                                         \
    }

/* Somebody has a type, so that others meet on the way. */
#define HAS_LOCKED(type)                                                                           \
    { "BEGIN; SELECT 1 FROM ticket_types WHERE id = " type " FOR NO KEY UPDATE;", "COMMIT;" }

const struct spec specs[] = {
    {
        .promise = "the last ticket is sold once",
        .house = OPENS(T1, "1"),
        .came_true = "office.told('granted') = 1 AND office.told('sold_out') = 1",
        .batches =
            {{.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s1", NEW1, T1, "1")},
             {.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s2", NEW2, T1, "1")}},
        .batches_count = 2,
    },
    {
        .promise = "three servers sell the last two tickets",
        .house = OPENS(T1, "2"),
        .came_true = "office.told('granted') = 2 AND office.told('sold_out') = 1",
        .batches =
            {{.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s1", NEW1, T1, "1")},
             {.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s2", NEW2, T1, "1")},
             {.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s3", NEW3, T1, "1")}},
        .batches_count = 3,
    },
    {
        .promise = "control: the founding document's own sequence sells the last ticket twice",
        .house = OPENS(T1, "1"),
        .came_true = "true",
        .batches = {{.foreign = FOUNDING(NEW1)}, {.foreign = FOUNDING(NEW2)}},
        .batches_count = 2,
        .must_show = "counts and reservations differ",
    },
    {
        .promise = "control: without the lock the write itself sees that the world has changed",
        .house = OPENS(T1, "1"),
        .came_true = "office.told('granted') = 1",
        .batches = {{.types = T1,
                     .now = AT,
                     .takes_in_write = TYPE_1,
                     .mutant = WITHOUT_LOCK,
                     .decide = RESERVES("s1", NEW1, T1, "1")},
                    {.types = T1,
                     .now = AT,
                     .takes_in_write = TYPE_1,
                     .mutant = WITHOUT_LOCK,
                     .decide = RESERVES("s2", NEW2, T1, "1")}},
        .batches_count = 2,
        .may_fail = {"division by zero", "what was read is of two times"},
        .must_show = "division by zero",
    },
    {
        .promise = "a reservation is completed or expires, never both",
        .house = OPENS(T1, "1") HOLDS(HELD1, T1, "1", "13:00"),
        .came_true = "office.told('completed') + office.told('swept') = 1",
        .batches =
            {{.reservations = HELD1,
              .now = BEFORE,
              .takes = TYPE_1,
              .decide = "CALL office.complete('s1', " HELD1 ")"},
             {.types = T1, .now = AFTER, .takes = TYPE_1, .decide = "CALL office.sweep('s2')"}},
        .batches_count = 2,
    },
    {
        .promise = "two servers sweep, and what expired comes back once",
        .house = OPENS(T1, "3") HOLDS(HELD1, T1, "1", "13:00") HOLDS(HELD2, T1, "2", "12:30"),
        .came_true = "office.told('granted') = 1 AND (SELECT count(*) FROM inventory_audit_log "
                     "WHERE action = 'release') = 2",
        .batches =
            {{.types = T1, .now = AFTER, .takes = TYPE_1, .decide = "CALL office.sweep('s1')"},
             {.types = T1, .now = AFTER, .takes = TYPE_1, .decide = RESERVES("s2", NEW1, T1, "3")}},
        .batches_count = 2,
    },
    {
        .promise = "a reservation is completed or released, never both",
        .house = OPENS(T1, "1") HOLDS(HELD1, T1, "1", "14:00"),
        .came_true = "office.told('completed') + office.told('released') = 1 "
                     "AND office.told('not_active') = 1",
        .batches = {{.reservations = HELD1,
                     .now = AT,
                     .takes = TYPE_1,
                     .decide = "CALL office.complete('s1', " HELD1 ")"},
                    {.reservations = HELD1,
                     .now = AT,
                     .takes = TYPE_1,
                     .decide = "CALL office.release('s2', " HELD1 ")"}},
        .batches_count = 2,
    },
    {
        .promise = "of two who change a cart the second sees what the first put in",
        .house = OPENS(T1, "5") OPENS(T2, "5") OPENS(T3, "5") HOLDS_IN_CART(HELD1, T1, "1"),
        .came_true = "office.told('replaced') = 2 AND (SELECT count(*) FROM ticket_reservations "
                     "WHERE cart_id = " CART " AND status = 'active') = 1",
        .batches = {{.types = T2,
                     .carts = CART,
                     .now = AT,
                     .takes = TYPE_1 | TYPE_2,
                     .again = true,
                     .decide = "CALL office.replace('s1', " CART ", " NEW1 ", " T2 ", 1)"},
                    {.types = T3,
                     .carts = CART,
                     .now = AT,
                     .takes = TYPE_1 | TYPE_3,
                     .again = true,
                     .decide = "CALL office.replace('s2', " CART ", " NEW2 ", " T3 ", 1)"}},
        .batches_count = 2,
        .may_fail = {"changed while waiting"},
    },
    {
        .promise = "nothing is sold of an event once it is archived",
        .house = OPENS(T1, "5"),
        .came_true = "office.told('granted') = 0 OR (SELECT min(number) FILTER (WHERE verdict = "
                     "'granted') < min(number) FILTER (WHERE who = 's1') FROM office.outcomes)",
        .batches =
            {{.events = E1,
              .now = AT,
              .takes = TYPE_1 | EVENT,
              .decide = "CALL office.archive('s1')"},
             {.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s2", NEW1, T1, "1")}},
        .batches_count = 2,
    },
    {
        .promise = "control: whoever archives without its types' locks lets one more be sold",
        .house = OPENS(T1, "5"),
        .came_true = "office.told('granted') = 0 OR (SELECT min(number) FILTER (WHERE verdict = "
                     "'granted') < min(number) FILTER (WHERE who = 's1') FROM office.outcomes)",
        .batches =
            {{.events = E1,
              .now = AT,
              .takes = EVENT,
              .mutant = {QUERY_lock_types_of_events, "FOR NO KEY UPDATE OF t", ""},
              .decide = "CALL office.archive('s1')"},
             {.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s2", NEW1, T1, "1")}},
        .batches_count = 2,
        .must_show = "not as it should be: s1 archived, s2 granted",
    },
    {
        .promise = "two batches that name two types in either order do not wait for each other",
        .house = OPENS(T1, "5") OPENS(T2, "5") HOLDS(HELD1, T1, "1", "14:00"),
        .came_true = "office.told('granted') = 1 AND office.told('completed') = 1",
        .batches = {{.types = T1 ", " T2,
                     .now = AT,
                     .takes = TYPE_1 | TYPE_2,
                     .decide = RESERVES("s1", NEW1, T2, "1")},
                    {.types = T2,
                     .reservations = HELD1,
                     .now = AT,
                     .takes = TYPE_1 | TYPE_2,
                     .decide = "CALL office.complete('s2', " HELD1 ")"},
                    {.foreign = HAS_LOCKED(T2), .takes = TYPE_2}},
        .batches_count = 3,
    },
    {
        .promise = "control: locked in another order, they do",
        .house = OPENS(T1, "5") OPENS(T2, "5"),
        .came_true = "true",
        .batches = {{.types = T1 ", " T2,
                     .now = AT,
                     .takes = TYPE_1 | TYPE_2,
                     .decide = RESERVES("s1", NEW1, T2, "1")},
                    {.types = T2 ", " T1,
                     .now = AT,
                     .takes = TYPE_1 | TYPE_2,
                     .mutant = {QUERY_lock_named_types, "ORDER BY t.id", "ORDER BY t.id DESC"},
                     .decide = RESERVES("s2", NEW2, T1, "1")},
                    {.foreign = HAS_LOCKED(T2), .takes = TYPE_2}},
        .batches_count = 3,
        .may_fail = {"deadlock detected"},
        .must_show = "deadlock detected",
        .order = "s3_1 s2_lock s1_lock s3_2 s1_read s1_write s1_commit s2_read s2_write s2_commit",
    },
    {
        .promise = "one key on two servers has one effect",
        .house = OPENS(T1, "5"),
        .came_true = "office.told('granted') = 1 AND office.told('replayed') = 1",
        .batches = {{.types = T1,
                     .key = "'twin'",
                     .now = AT,
                     .takes = TYPE_1,
                     .decide = RESERVES_WITH_KEY("s1", NEW1, T1)},
                    {.types = T1,
                     .key = "'twin'",
                     .now = AT,
                     .takes = TYPE_1,
                     .decide = RESERVES_WITH_KEY("s2", NEW2, T1)}},
        .batches_count = 2,
    },
    {
        .promise = "one key on two servers has one effect where no lock is common",
        .house = OPENS(T1, "5") OPENS(T2, "5"),
        .came_true = "office.told('granted') = 1 AND office.told('replayed') = 1",
        .batches = {{.types = T1,
                     .key = "'twin'",
                     .now = AT,
                     .takes = TYPE_1,
                     .takes_in_write = KEY,
                     .again = true,
                     .decide = RESERVES_WITH_KEY("s1", NEW1, T1)},
                    {.types = T2,
                     .key = "'twin'",
                     .now = AT,
                     .takes = TYPE_2,
                     .takes_in_write = KEY,
                     .again = true,
                     .decide = RESERVES_WITH_KEY("s2", NEW2, T2)}},
        .batches_count = 2,
        .may_fail = {"duplicate key value violates unique constraint"},
    },
    {
        .promise = "two servers forget old keys, and only those",
        .house =
            OPENS(T1, "5") "INSERT INTO ticketd.idempotency_keys\n"
                           "SELECT '00000000-0000-0000-0000-000000000000', 'old ' || n, '', '',\n"
                           "'2028-12-01 12:00Z' FROM generate_series(1, 5) n;\n"
                           "INSERT INTO ticketd.idempotency_keys VALUES "
                           "('00000000-0000-0000-0000-000000000000',\n"
                           "'young', '', '', '2028-12-31 12:00Z');",
        .came_true = "(SELECT array_agg(key ORDER BY key) FROM ticketd.idempotency_keys) "
                     "= ARRAY['twin', 'young']",
        .batches = {{.now = AT, .prune_before = "2028-12-30 12:00Z"},
                    {.types = T1,
                     .now = AT,
                     .key = "'twin'",
                     .takes = TYPE_1,
                     .prune_before = "2028-12-30 12:00Z",
                     .decide = RESERVES_WITH_KEY("s2", NEW2, T1)}},
        .batches_count = 2,
    },
    {
        .promise = "a ticket is taken back or reserved, never both",
        .house = OPENS(T1, "1"),
        .came_true = "office.told('granted') + office.told('decreased') = 1",
        .batches =
            {{.types = T1,
              .now = AT,
              .takes = TYPE_1,
              .decide = "CALL office.decrease('s1', " T1 ", 1)"},
             {.types = T1, .now = AT, .takes = TYPE_1, .decide = RESERVES("s2", NEW1, T1, "1")}},
        .batches_count = 2,
    },
    {
        .promise = "a customer's limit holds on two servers together",
        .house = "CALL office.open(" E1 ", " T1 ", 10, 3);",
        .came_true = "office.told('granted') = 1 AND office.told('limit') = 1",
        .batches = {{.types = T1,
                     .customer_type = T1,
                     .customer = ANN,
                     .now = AT,
                     .takes = TYPE_1,
                     .decide = "CALL office.reserve('s1', " NEW1 ", " T1 ", 2, " ANN ")"},
                    {.types = T1,
                     .customer_type = T1,
                     .customer = ANN,
                     .now = AT,
                     .takes = TYPE_1,
                     .decide = "CALL office.reserve('s2', " NEW2 ", " T1 ", 2, " ANN ")"}},
        .batches_count = 2,
    },
};
const size_t specs_count = sizeof specs / sizeof specs[0];
