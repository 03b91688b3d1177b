#include "support/world_builder.h"

#include "support/unit.h"

enum { ARENA_BYTES = 64 << 20, LOG_FIRST = 64, BATCH_IDS = 0x100000 };

struct instant builder_time(int64_t seconds) {
    struct instant start;
    assert_true(instant_parse(TEXT("2026-11-22T19:00:00Z"), &start));
    return instant_plus_seconds(start, seconds);
}

/* Recognisable in a failure: kind, then number. */
static struct uuid numbered(uint8_t kind, uint32_t number) {
    struct uuid id = {{0x01, 0x9a, kind, 0, 0, 0, 0x70, 0, 0x80, 0}};
    id.bytes[10] = (uint8_t)(number >> 24);
    id.bytes[11] = (uint8_t)(number >> 16);
    id.bytes[12] = (uint8_t)(number >> 8);
    id.bytes[13] = (uint8_t)number;
    return id;
}

struct uuid builder_user(int number) {
    return number == 0 ? UUID_NONE : numbered(0x55, (uint32_t)number);
}

struct caller builder_caller(enum role role) {
    return (struct caller){.role = role, .actor = {ACTOR_KEY, numbered(0xAC, (uint32_t)role)}};
}

struct uuid builder_id(struct world_builder *builder) {
    return numbered(0x1D, ++builder->ids_used);
}

/* Ids whose counters a command may move on; kinds of blocks never meet. */
static struct uuid fresh_ids(struct world_builder *builder) {
    return numbered(0x1B, ++builder->ids_used);
}

static void keep_event(struct world_builder *builder) {
    struct event row = {
        .id = numbered(0xE7, 1),
        .name = TEXT("Winter Gala"),
        .time_zone = TEXT("Europe/Berlin"),
        .currency = {"EUR"},
        .start_date = builder_time(2 * 3600),
        .end_date = builder_time(4 * 3600),
        .created_at = builder_time(-3600),
        .updated_at = builder_time(-3600),
        .archived_at = INSTANT_NONE,
        .version = 1,
        .published = true,
    };
    builder->event = row.id;
    assert_non_null(world_add_event(&builder->world, &row));
}

void builder_open(struct world_builder *builder) {
    *builder = (struct world_builder){.caller = builder_caller(ROLE_CHECKOUT)};
    arena_init(&builder->arena, ARENA_BYTES);
    world_init(&builder->world, &builder->arena);
    builder->world.now = builder_time(0);
    builder->world.batch_ids = fresh_ids(builder);
    keep_event(builder);
    assert_true(decide_begin(&builder->world));
}

void builder_close(struct world_builder *builder) {
    free(builder->log);
    arena_finish(&builder->arena);
}

static int64_t customer_has(const struct world *world, struct uuid type, struct uuid user) {
    int64_t has = 0;
    for (const struct world_reservation *each = world->reservations; each; each = each->next) {
        const struct reservation *row = &each->row;
        if (!uuid_equals(row->ticket_type_id, type) || !uuid_equals(row->user_id, user)) {
            continue;
        }
        if (status_at(row->status, row->expires_at, world->now) == RESERVATION_ACTIVE) {
            has += row->quantity;
        } else if (row->status == RESERVATION_COMPLETED) {
            has += row->quantity - row->refunded_quantity;
        }
    }
    return has;
}

static void load_customers(struct world *world) {
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        for (int user = 1; type->row.max_per_customer != 0 && user <= BUILDER_USERS_MAX; user++) {
            struct uuid user_id = builder_user(user);
            int64_t has = customer_has(world, type->row.id, user_id);
            assert_non_null(world_add_customer(world, type->row.id, user_id, has));
        }
    }
}

static void load_reservations(struct world *world, const struct world *from) {
    for (const struct world_reservation *each = from->reservations; each; each = each->next) {
        const struct reservation *row = &each->row;
        assert_non_null(world_add_reservation(world, row));
        struct instant *next = &world_type(world, row->ticket_type_id)->next_expiry_at;
        if (status_at(row->status, row->expires_at, world->now) == RESERVATION_ACTIVE &&
            (instant_is_none(*next) || instant_before(row->expires_at, *next))) {
            *next = row->expires_at;
        }
    }
}

static void load_settings(struct world *world, const struct world *from) {
    for (const struct world_venue *each = from->venues; each != NULL; each = each->next) {
        assert_non_null(world_add_venue(world, &each->row));
    }
    for (const struct world_event *each = from->events; each != NULL; each = each->next) {
        struct world_event *event = world_add_event(world, &each->row);
        assert_non_null(event);
        event->has_history = from->reservations != NULL;
    }
    for (const struct world_type *each = from->types; each != NULL; each = each->next) {
        assert_non_null(world_add_type(world, &each->row));
    }
    for (const struct world_cart *each = from->carts; each != NULL; each = each->next) {
        assert_non_null(world_add_cart(world, &each->row));
    }
    for (const struct world_api_key *each = from->api_keys; each != NULL; each = each->next) {
        assert_non_null(world_add_api_key(world, &each->row));
    }
    for (const struct world_shift *each = from->shifts; each != NULL; each = each->next) {
        struct world_shift *shift = world_add_shift(world, &each->row);
        assert_non_null(shift);
        for (const struct world_shift_total *total = each->totals; total; total = total->next) {
            assert_non_null(world_add_shift_total(world, shift, &total->row));
        }
    }
    for (const struct world_staff *each = from->staff; each != NULL; each = each->next) {
        assert_non_null(world_add_staff(world, &each->row));
    }
    for (const struct world_session *each = from->sessions; each != NULL; each = each->next) {
        assert_non_null(world_add_session(world, &each->row));
    }
    for (const struct world_idempotency *each = from->idempotency; each; each = each->next) {
        assert_non_null(world_add_idempotency(world, each->principal, each->key, each->fingerprint,
                                              each->outcome));
    }
}

static void gather_log(struct world_builder *builder) {
    for (const struct world_entry *each = builder->world.entries; each; each = each->next) {
        bool is_known = false;
        for (size_t i = builder->log_count; i > 0 && !is_known; i--) {
            is_known = uuid_equals(builder->log[i - 1].id, each->row.id);
        }
        if (is_known) {
            continue;
        }
        if (builder->log_count == builder->log_capacity) {
            builder->log_capacity =
                builder->log_capacity == 0 ? LOG_FIRST : builder->log_capacity * 2;
            builder->log = realloc(builder->log, builder->log_capacity * sizeof *builder->log);
            assert_non_null(builder->log);
        }
        builder->log[builder->log_count++] = each->row;
    }
}

/* R10, R11: from nothing, the entries alone lead to the type as it stands. */
static void check_log_of(const struct world_builder *builder, const struct world_type *type) {
    struct ticket_type replay = {.last_entry_at = INSTANT_NONE};
    for (size_t i = 0; i < builder->log_count; i++) {
        const struct audit_entry *entry = &builder->log[i];
        if (!uuid_equals(entry->ticket_type_id, type->row.id)) {
            continue;
        }
        const char *fault = audit_entry_fault(entry, &replay);
        if (fault != NULL) {
            fail_msg("entry %lld: %s", (long long)entry->seq, fault);
        }
        replay.counts = entry->now;
        replay.audit_seq = entry->seq;
        replay.audit_hash = entry->chain_hash;
        replay.last_entry_at = entry->created_at;
    }
    assert_int_equal(replay.audit_seq, type->row.audit_seq);
    assert_memory_equal(&replay.counts, &type->row.counts, sizeof replay.counts);
    assert_memory_equal(&replay.audit_hash, &type->row.audit_hash, sizeof replay.audit_hash);
}

/* R1: the counts are those of the reservations, and within their bounds. */
static void check_counts_of(const struct world *world, const struct world_type *type) {
    int64_t sold = 0;
    int64_t reserved = 0;
    for (const struct world_reservation *each = world->reservations; each; each = each->next) {
        if (each->type != type) {
            continue;
        }
        reserved += each->row.status == RESERVATION_ACTIVE ? each->row.quantity : 0;
        if (each->row.status == RESERVATION_COMPLETED) {
            sold += each->row.quantity - each->row.refunded_quantity;
        }
        assert_in_range(each->row.refunded_quantity, 0, each->row.quantity);
    }
    assert_true(counts_are_valid(type->row.counts));
    assert_int_equal(sold, type->row.counts.sold);
    assert_int_equal(reserved, type->row.counts.reserved);
}

/* R17: what the log says of a shift in one tender; its orders are told apart elsewhere. */
static struct shift_total total_by_log(struct world_builder *builder, struct uuid shift_id,
                                       struct text tender) {
    struct shift_total total = {.tender = tender};
    for (size_t i = 0; i < builder->log_count; i++) {
        const struct audit_entry *entry = &builder->log[i];
        if (!uuid_equals(entry->shift_id, shift_id) || !text_equals(entry->tender, tender)) {
            continue;
        }
        int64_t amount =
            entry->quantity * builder_reservation(builder, entry->reservation_id)->unit_price;
        bool is_sale = entry->action == ACTION_SALE;
        assert_true(is_sale || entry->action == ACTION_REFUND);
        *(is_sale ? &total.tickets_sold : &total.tickets_refunded) += entry->quantity;
        *(is_sale ? &total.gross : &total.refunds) += amount;
    }
    return total;
}

static void check_shift(struct world_builder *builder, const struct world_shift *shift) {
    int64_t counted = 0;
    for (const struct world_shift_total *each = shift->totals; each; each = each->next) {
        struct shift_total said = total_by_log(builder, shift->row.id, each->row.tender);
        assert_int_equal(each->row.tickets_sold, said.tickets_sold);
        assert_int_equal(each->row.tickets_refunded, said.tickets_refunded);
        assert_int_equal(each->row.gross, said.gross);
        assert_int_equal(each->row.refunds, said.refunds);
        counted += said.tickets_sold + said.tickets_refunded;
    }
    int64_t logged = 0;
    for (size_t i = 0; i < builder->log_count; i++) {
        bool is_of_shift = uuid_equals(builder->log[i].shift_id, shift->row.id);
        logged += is_of_shift ? builder->log[i].quantity : 0;
    }
    assert_int_equal(counted, logged);
}

static void check_world(struct world_builder *builder) {
    gather_log(builder);
    for (const struct world_type *type = builder->world.types; type; type = type->next) {
        if (type->fault == NULL) {
            check_log_of(builder, type);
            check_counts_of(&builder->world, type);
        }
    }
    for (const struct world_shift *each = builder->world.shifts; each; each = each->next) {
        check_shift(builder, each);
    }
}

void builder_at(struct world_builder *builder, int64_t seconds) {
    const struct world last = builder->world;
    world_init(&builder->world, &builder->arena);
    builder->world.now = builder_time(seconds);
    builder->world.batch_ids = fresh_ids(builder);
    load_settings(&builder->world, &last);
    load_reservations(&builder->world, &last);
    load_customers(&builder->world);
    assert_true(decide_begin(&builder->world));
    check_world(builder);
}

static uint64_t digest_bytes(uint64_t digest, const void *bytes, size_t count) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++) {
        digest = (digest ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return digest;
}

#define DIGEST_ROWS(digest, world, kind, list)                                                     \
    for (const struct kind *each = (world)->list; each != NULL; each = each->next) {               \
        (digest) = digest_bytes((digest), &each->row, sizeof each->row);                           \
        (digest) = digest_bytes((digest), &each->state, sizeof each->state);                       \
    }

/* Every row of the world and its state: what a refusal must leave alone. */
static uint64_t world_digest(const struct world *world) {
    uint64_t digest = world->rows_count;
    DIGEST_ROWS(digest, world, world_venue, venues)
    DIGEST_ROWS(digest, world, world_event, events)
    DIGEST_ROWS(digest, world, world_type, types)
    DIGEST_ROWS(digest, world, world_cart, carts)
    DIGEST_ROWS(digest, world, world_reservation, reservations)
    DIGEST_ROWS(digest, world, world_api_key, api_keys)
    DIGEST_ROWS(digest, world, world_shift, shifts)
    for (const struct world_shift *shift = world->shifts; shift != NULL; shift = shift->next) {
        DIGEST_ROWS(digest, shift, world_shift_total, totals)
    }
    DIGEST_ROWS(digest, world, world_staff, staff)
    DIGEST_ROWS(digest, world, world_session, sessions)
    for (const struct world_entry *each = world->entries; each != NULL; each = each->next) {
        digest = digest_bytes(digest, &each->row, sizeof each->row);
    }
    for (const struct world_customer *each = world->customers; each; each = each->next) {
        digest = digest_bytes(digest, &each->quantity, sizeof each->quantity);
    }
    return digest;
}

struct outcome builder_decide(struct world_builder *builder, struct command command) {
    command.caller = builder->caller;
    command.ids = fresh_ids(builder);
    uint64_t before = world_digest(&builder->world);
    struct outcome outcome;
    assert_true(decide(&builder->world, &command, &outcome));
    if (outcome.verdict != VERDICT_GRANTED || outcome.replayed) {
        assert_true(world_digest(&builder->world) == before);
    }
    check_world(builder);
    return outcome;
}

struct uuid builder_type(struct world_builder *builder, const char *name, int32_t total) {
    struct caller caller = builder->caller;
    builder->caller = builder_caller(ROLE_ADMIN);
    struct command command = {.kind = COMMAND_TYPE_CREATE,
                              .of.type.type = {.event_id = builder->event,
                                               .name = text_of(name),
                                               .price = 2500,
                                               .initial = total,
                                               .sales_start = INSTANT_NONE,
                                               .sales_end = INSTANT_NONE}};
    struct outcome outcome = builder_decide(builder, command);
    assert_int_equal(outcome.verdict, VERDICT_GRANTED);
    builder->caller = caller;
    return outcome.type->id;
}

struct outcome builder_reserve_for(struct world_builder *builder, struct uuid type,
                                   int32_t quantity, int user) {
    struct item item = {type, quantity};
    return builder_decide(builder, (struct command){.kind = COMMAND_RESERVE,
                                                    .of.reserve = {.items = {&item, 1},
                                                                   .user_id = builder_user(user),
                                                                   .seconds = 900}});
}

struct outcome builder_reserve(struct world_builder *builder, struct uuid type, int32_t quantity) {
    return builder_reserve_for(builder, type, quantity, 0);
}

struct outcome builder_cart(struct world_builder *builder, const struct item *items, size_t count) {
    return builder_decide(
        builder, (struct command){.kind = COMMAND_CART_CREATE,
                                  .of.reserve = {.items = {items, count}, .seconds = 900}});
}

struct outcome builder_replace(struct world_builder *builder, struct uuid cart,
                               const struct item *items, size_t count) {
    return builder_decide(
        builder, (struct command){.kind = COMMAND_CART_REPLACE,
                                  .of.reserve = {.items = {items, count}, .cart_id = cart}});
}

struct outcome builder_complete(struct world_builder *builder, struct target target,
                                const char *order_id) {
    return builder_decide(builder, (struct command){.kind = COMMAND_COMPLETE,
                                                    .of.complete = {.target = target,
                                                                    .order_id = text_of(order_id),
                                                                    .channel = CHANNEL_ONLINE}});
}

struct outcome builder_release(struct world_builder *builder, struct target target) {
    return builder_decide(
        builder, (struct command){.kind = COMMAND_RELEASE, .of.release = {.target = target}});
}

struct outcome builder_extend(struct world_builder *builder, struct target target,
                              int32_t seconds) {
    return builder_decide(builder,
                          (struct command){.kind = COMMAND_EXTEND, .of.extend = {target, seconds}});
}

struct outcome builder_refund(struct world_builder *builder, struct target target, int32_t quantity,
                              enum disposition disposition) {
    return builder_decide(builder, (struct command){.kind = COMMAND_REFUND,
                                                    .of.refund = {.target = target,
                                                                  .quantity = quantity,
                                                                  .reason = TEXT("asked for"),
                                                                  .disposition = disposition}});
}

struct outcome builder_sell(struct world_builder *builder, const struct item *items, size_t count,
                            enum channel channel) {
    return builder_decide(builder, (struct command){.kind = COMMAND_SELL,
                                                    .of.sell = {.items = {items, count},
                                                                .channel = channel,
                                                                .tender = TEXT("cash"),
                                                                .reason = TEXT("at the door")}});
}

struct outcome builder_open_shift(struct world_builder *builder, int64_t opening_cash) {
    struct shift shift = {
        .terminal = TEXT("Door 1"), .currency = {"EUR"}, .opening_cash = opening_cash};
    return builder_decide(builder,
                          (struct command){.kind = COMMAND_SHIFT_OPEN, .of.shift.shift = shift});
}

struct outcome builder_close_shift(struct world_builder *builder, struct uuid shift,
                                   int64_t counted_cash) {
    return builder_decide(builder, (struct command){.kind = COMMAND_SHIFT_CLOSE,
                                                    .of.shift.shift = {
                                                        .id = shift,
                                                        .counted_cash = counted_cash,
                                                        .note = TEXT("evening"),
                                                    }});
}

struct outcome builder_adjust(struct world_builder *builder, struct uuid type, enum action action,
                              int32_t quantity) {
    return builder_decide(builder, (struct command){.kind = COMMAND_ADJUST,
                                                    .of.adjust = {.ticket_type_id = type,
                                                                  .action = action,
                                                                  .quantity = quantity,
                                                                  .reason = TEXT("house seats"),
                                                                  .expected_total = -1}});
}

struct outcome builder_archive(struct world_builder *builder, enum command_kind kind,
                               struct uuid id, bool archive) {
    return builder_decide(builder, (struct command){.kind = kind, .of.archive = {id, archive}});
}

struct target builder_line_of(const struct outcome *outcome) {
    assert_int_equal(outcome->verdict, VERDICT_GRANTED);
    assert_true(outcome->lines_count >= 1);
    return (struct target){.id = outcome->lines[0].id};
}

struct target builder_cart_of(const struct outcome *outcome) {
    assert_int_equal(outcome->verdict, VERDICT_GRANTED);
    assert_non_null(outcome->cart);
    return (struct target){.id = outcome->cart->id, .is_cart = true};
}

struct ticket_type *builder_row(struct world_builder *builder, struct uuid type) {
    struct world_type *found = world_type(&builder->world, type);
    assert_non_null(found);
    return &found->row;
}

const struct reservation *builder_reservation(struct world_builder *builder, struct uuid id) {
    const struct world_reservation *found = world_reservation(&builder->world, id);
    assert_non_null(found);
    return &found->row;
}

void builder_assert_counts(struct world_builder *builder, struct uuid type, int32_t total,
                           int32_t sold, int32_t reserved, const char *file, int line) {
    struct counts counts = builder_row(builder, type)->counts;
    if (counts.total != total || counts.sold != sold || counts.reserved != reserved) {
        print_error("counts are %d %d %d, expected %d %d %d\n", counts.total, counts.sold,
                    counts.reserved, total, sold, reserved);
        _fail(file, line);
    }
}

const struct audit_entry *builder_entry(struct world_builder *builder, size_t from_the_end) {
    assert_true(from_the_end < builder->log_count);
    return &builder->log[builder->log_count - 1 - from_the_end];
}

size_t builder_entries(struct world_builder *builder) {
    return builder->log_count;
}
