/* R10: the log's hash, held against an encoder written from its description, and against bytes that
 * never change. */
#include <sodium.h>
#include <stdio.h>

#include "domain/audit_entry.h"
#include "support/unit.h"
#include "support/world_builder.h"

struct bytes {
    uint8_t list[8192];
    size_t count;
};

static void put(struct bytes *bytes, const void *from, size_t count) {
    assert_true(count <= sizeof bytes->list - bytes->count);
    memcpy(bytes->list + bytes->count, from, count);
    bytes->count += count;
}

static void put_null(struct bytes *bytes) {
    put(bytes, "\0", 1);
}

static void put_number(struct bytes *bytes, int64_t value) {
    put(bytes, "\1", 1);
    for (int shift = 56; shift >= 0; shift -= 8) {
        uint8_t byte = (uint8_t)((uint64_t)value >> shift);
        put(bytes, &byte, 1);
    }
}

static void put_time(struct bytes *bytes, struct instant at) {
    if (at.us == INT64_MIN) {
        put_null(bytes);
    } else {
        put_number(bytes, at.us);
    }
}

static void put_id(struct bytes *bytes, struct uuid id) {
    static const uint8_t none[16];
    if (memcmp(id.bytes, none, 16) == 0) {
        put_null(bytes);
    } else {
        put(bytes, "\1", 1);
        put(bytes, id.bytes, 16);
    }
}

static void put_text(struct bytes *bytes, const char *text, size_t length) {
    if (text == NULL) {
        put_null(bytes);
    } else {
        put_number(bytes, (int64_t)length);
        put(bytes, text, length);
    }
}

static void put_word(struct bytes *bytes, const char *word) {
    put_text(bytes, word, word == NULL ? 0 : strlen(word));
}

/* Version, previous hash, then the columns in the table's order. */
static struct chain_hash expected_hash(const struct audit_entry *entry, const uint8_t *previous,
                                       const char *const words[4]) {
    static struct bytes bytes;
    bytes.count = 0;
    put(&bytes, "\1", 1);
    put(&bytes, previous, 32);
    put_id(&bytes, entry->id);
    put_id(&bytes, entry->ticket_type_id);
    put_id(&bytes, entry->event_id);
    put_number(&bytes, entry->seq);
    put_id(&bytes, entry->user_id);
    put_word(&bytes, words[0]);
    put_number(&bytes, entry->quantity);
    put_number(&bytes, entry->previous.total);
    put_number(&bytes, entry->now.total);
    put_number(&bytes, entry->previous.sold);
    put_number(&bytes, entry->now.sold);
    put_number(&bytes, entry->previous.reserved);
    put_number(&bytes, entry->now.reserved);
    put_text(&bytes, entry->reason.bytes, entry->reason.length);
    put_time(&bytes, entry->created_at);
    put_time(&bytes, entry->effective_at);
    put_word(&bytes, words[1]);
    put_id(&bytes, entry->actor.id);
    put_id(&bytes, entry->reservation_id);
    put_text(&bytes, entry->order_id.bytes, entry->order_id.length);
    put_word(&bytes, words[2]);
    put_word(&bytes, words[3]);
    put_text(&bytes, entry->tender.bytes, entry->tender.length);
    put_id(&bytes, entry->shift_id);
    struct chain_hash hash;
    crypto_generichash(hash.bytes, sizeof hash.bytes, bytes.list, bytes.count, NULL, 0);
    return hash;
}

static struct uuid filled(uint8_t byte) {
    struct uuid id;
    memset(id.bytes, byte, sizeof id.bytes);
    return id;
}

/* Every column has a value of its own. */
static struct audit_entry full_entry(void) {
    return (struct audit_entry){
        .id = filled(1),
        .event_id = filled(2),
        .ticket_type_id = filled(3),
        .user_id = filled(4),
        .reservation_id = filled(5),
        .shift_id = filled(6),
        .seq = 258,
        .action = ACTION_REFUND,
        .quantity = 2,
        .previous = {100, 40, 9},
        .now = {98, 38, 9},
        .reason = TEXT("zur\xC3\xBC"
                       "ck"),
        .order_id = TEXT("A-1"),
        .tender = TEXT("card"),
        .created_at = {INT64_C(1795344712000001)},
        .effective_at = {INT64_C(1795344711999999)},
        .actor = {ACTOR_KEY, filled(7)},
        .disposition = DISPOSITION_VOID,
        .channel = CHANNEL_BOX_OFFICE,
    };
}

static void assert_hash(struct chain_hash hash, const char *hex) {
    char got[65];
    sodium_bin2hex(got, sizeof got, hash.bytes, sizeof hash.bytes);
    assert_string_equal(got, hex);
}

static const struct chain_hash zeroes;

static void the_hash_of_a_full_entry_never_changes_R10(void **state) {
    (void)state;
    struct audit_entry entry = full_entry();
    struct chain_hash previous;
    memset(previous.bytes, 0xEE, sizeof previous.bytes);
    struct chain_hash hash = audit_entry_hash(&entry, &previous);
    struct chain_hash expected = expected_hash(
        &entry, previous.bytes, (const char *const[]){"refund", "key", "void", "box_office"});
    assert_memory_equal(hash.bytes, expected.bytes, 32);
    assert_hash(hash, "43441b5eeacdfd045f3e609ce0abc3c59cd3cd6e9915e66fdee0d1e53fb86340");
}

static void the_hash_of_an_entry_without_what_may_be_missing_never_changes_R10(void **state) {
    (void)state;
    struct audit_entry entry = {.id = filled(1),
                                .event_id = filled(2),
                                .ticket_type_id = filled(3),
                                .seq = 1,
                                .action = ACTION_INCREASE,
                                .quantity = 100,
                                .now = {100, 0, 0},
                                .created_at = {0},
                                .effective_at = INSTANT_NONE,
                                .actor = ACTOR_NONE};
    struct chain_hash hash = audit_entry_hash(&entry, &zeroes);
    struct chain_hash expected = expected_hash(
        &entry, zeroes.bytes, (const char *const[]){"increase", "system", NULL, NULL});
    assert_memory_equal(hash.bytes, expected.bytes, 32);
    assert_hash(hash, "68eb74f81c41b4bdf5f4a4d36e89b196e4aef88f998fd8d31c1b8d6aef538ace");
}

static void a_reason_longer_than_the_hasher_s_buffer_is_hashed_whole_R10(void **state) {
    (void)state;
    static char reason[2001];
    memset(reason, 'r', sizeof reason - 1);
    struct audit_entry entry = full_entry();
    for (size_t length = 0; length <= 2000; length++) {
        entry.reason = (struct text){reason, length};
        struct chain_hash hash = audit_entry_hash(&entry, &zeroes);
        struct chain_hash expected = expected_hash(
            &entry, zeroes.bytes, (const char *const[]){"refund", "key", "void", "box_office"});
        assert_memory_equal(hash.bytes, expected.bytes, 32);
    }
}

/* One change at a time, to each column. */
static void each_column_is_part_of_the_hash_R10(void **state) {
    (void)state;
    struct audit_entry entries[26];
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        entries[i] = full_entry();
    }
    entries[1].id = filled(9);
    entries[2].event_id = filled(9);
    entries[3].ticket_type_id = filled(9);
    entries[4].user_id = UUID_NONE;
    entries[5].reservation_id = UUID_NONE;
    entries[6].shift_id = UUID_NONE;
    entries[7].seq++;
    entries[8].action = ACTION_SALE;
    entries[9].quantity++;
    entries[10].previous.total++;
    entries[11].previous.sold++;
    entries[12].previous.reserved++;
    entries[13].now.total++;
    entries[14].now.sold++;
    entries[15].now.reserved++;
    entries[16].reason = TEXT("");
    entries[17].reason = TEXT_NONE;
    entries[18].order_id = TEXT_NONE;
    entries[19].tender = TEXT_NONE;
    entries[20].created_at.us++;
    entries[21].effective_at = INSTANT_NONE;
    entries[22].actor.kind = ACTOR_USER;
    entries[23].actor.id = UUID_NONE;
    entries[24].disposition = DISPOSITION_RETURN;
    entries[25].channel = CHANNEL_NONE;
    enum { COUNT = sizeof entries / sizeof *entries };
    struct chain_hash hashes[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        hashes[i] = audit_entry_hash(&entries[i], &zeroes);
        for (size_t j = 0; j < i; j++) {
            if (memcmp(&hashes[i], &hashes[j], sizeof hashes[i]) == 0) {
                fail_msg("entries %zu and %zu have one hash", j, i);
            }
        }
    }
}

struct chain {
    struct ticket_type type;
    struct audit_entry entry;
};

static struct chain sound_chain(void) {
    struct chain chain = {
        .type = {.counts = {100, 40, 9},
                 .audit_seq = 257,
                 .audit_hash = {{5}},
                 .last_entry_at = {INT64_C(1795344712000001)}},
        .entry = full_entry(),
    };
    return chain;
}

static const char *fault_of(struct chain *chain) {
    chain->entry.chain_hash = audit_entry_hash(&chain->entry, &chain->type.audit_hash);
    return audit_entry_fault(&chain->entry, &chain->type);
}

static void a_replay_says_what_is_wrong_with_an_entry_R10(void **state) {
    (void)state;
    struct chain chain = sound_chain();
    assert_null(fault_of(&chain));
    chain.entry.chain_hash.bytes[31] ^= 1;
    assert_non_null(strstr(audit_entry_fault(&chain.entry, &chain.type), "hash"));
    chain = sound_chain();
    chain.entry.seq++;
    assert_non_null(strstr(fault_of(&chain), "seq"));
    chain = sound_chain();
    chain.type.counts.sold--;
    assert_non_null(strstr(fault_of(&chain), "start"));
    chain = sound_chain();
    chain.entry.created_at.us--;
    assert_non_null(strstr(fault_of(&chain), "older"));
    chain = sound_chain();
    chain.entry.now.total = 10;
    assert_non_null(strstr(fault_of(&chain), "break"));
}

static void each_action_has_its_own_delta_R10(void **state) {
    (void)state;
    static const struct {
        enum action action;
        enum disposition disposition;
        struct counts now; /* from 100, 40, 9 */
        bool fits;
    } table[] = {
        {ACTION_INCREASE, DISPOSITION_NONE, {102, 40, 9}, true},
        {ACTION_INCREASE, DISPOSITION_NONE, {101, 40, 9}, false},
        {ACTION_INCREASE, DISPOSITION_NONE, {102, 41, 9}, false},
        {ACTION_DECREASE, DISPOSITION_NONE, {98, 40, 9}, true},
        {ACTION_DECREASE, DISPOSITION_NONE, {102, 40, 9}, false},
        {ACTION_RESERVE, DISPOSITION_NONE, {100, 40, 11}, true},
        {ACTION_RESERVE, DISPOSITION_NONE, {100, 42, 9}, false},
        {ACTION_RELEASE, DISPOSITION_NONE, {100, 40, 7}, true},
        {ACTION_RELEASE, DISPOSITION_NONE, {100, 40, 11}, false},
        {ACTION_SALE, DISPOSITION_NONE, {100, 42, 7}, true},
        {ACTION_SALE, DISPOSITION_NONE, {100, 42, 9}, true},
        {ACTION_SALE, DISPOSITION_NONE, {100, 42, 8}, false},
        {ACTION_REFUND, DISPOSITION_RETURN, {100, 38, 9}, true},
        {ACTION_REFUND, DISPOSITION_RETURN, {98, 38, 9}, false},
        {ACTION_REFUND, DISPOSITION_VOID, {98, 38, 9}, true},
        {ACTION_REFUND, DISPOSITION_VOID, {100, 38, 9}, false},
        {ACTION_RESERVE, DISPOSITION_NONE, {100, 40, 9}, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct chain chain = sound_chain();
        chain.entry.action = table[i].action;
        chain.entry.disposition = table[i].disposition;
        chain.entry.now = table[i].now;
        if ((fault_of(&chain) == NULL) != table[i].fits) {
            fail_msg("line %zu: %s", i, fault_of(&chain));
        }
    }
    struct chain chain = sound_chain();
    chain.entry.quantity = 0;
    chain.entry.now = chain.entry.previous;
    assert_non_null(fault_of(&chain));
}

static void names_are_read_again(void **state) {
    (void)state;
    for (enum action action = ACTION_INCREASE; action <= ACTION_REFUND; action++) {
        enum action read;
        assert_true(action_parse(action_name(action), &read));
        assert_int_equal(read, action);
    }
    enum action action;
    assert_false(action_parse(TEXT("Sale"), &action));
    enum disposition disposition;
    assert_true(disposition_parse(TEXT("void"), &disposition));
    assert_int_equal(disposition, DISPOSITION_VOID);
    assert_true(disposition_parse(disposition_name(DISPOSITION_RETURN), &disposition));
    assert_false(disposition_parse(TEXT_NONE, &disposition));
    for (enum actor_kind kind = ACTOR_SYSTEM; kind <= ACTOR_USER; kind++) {
        enum actor_kind read;
        assert_true(actor_kind_parse(actor_kind_name(kind), &read));
        assert_int_equal(read, kind);
    }
    for (enum channel channel = CHANNEL_ONLINE; channel <= CHANNEL_COMP; channel++) {
        enum channel read;
        assert_true(channel_parse(channel_name(channel), &read));
        assert_int_equal(read, channel);
    }
    enum channel channel;
    assert_false(channel_parse(TEXT_NONE, &channel));
    for (enum reservation_status each = RESERVATION_ACTIVE; each <= RESERVATION_EXPIRED; each++) {
        enum reservation_status read;
        assert_true(reservation_status_parse(reservation_status_name(each), &read));
        assert_int_equal(read, each);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_hash_of_a_full_entry_never_changes_R10),
    cmocka_unit_test(the_hash_of_an_entry_without_what_may_be_missing_never_changes_R10),
    cmocka_unit_test(a_reason_longer_than_the_hasher_s_buffer_is_hashed_whole_R10),
    cmocka_unit_test(each_column_is_part_of_the_hash_R10),
    cmocka_unit_test(a_replay_says_what_is_wrong_with_an_entry_R10),
    cmocka_unit_test(each_action_has_its_own_delta_R10),
    cmocka_unit_test(names_are_read_again),
};
UNIT_MAIN(tests)
