#include "domain/audit_entry.h"

#include <sodium.h>

enum {
    HASH_VERSION = 1,
    TAG_NULL = 0,
    TAG_VALUE = 1,
};

/* BLAKE2b-256 over a version byte, the previous hash and each column in the order of the table.
 * A column is a tag (NULL or value) and the value: uuids 16 bytes, integers and times (µs since
 * 1970) 8 bytes big-endian, text its length as an integer and UTF-8. */
struct hasher {
    crypto_generichash_state state;
    uint8_t buffer[512]; /* an ordinary entry is about 350 bytes: one call of the hash */
    size_t length;
};

static void hash_bytes(struct hasher *hasher, const void *bytes, size_t count) {
    if (count > sizeof hasher->buffer - hasher->length) {
        crypto_generichash_update(&hasher->state, hasher->buffer, hasher->length);
        hasher->length = 0;
    }
    if (count > sizeof hasher->buffer) {
        crypto_generichash_update(&hasher->state, bytes, count);
        return;
    }
    if (count > 0) {
        memcpy(hasher->buffer + hasher->length, bytes, count);
        hasher->length += count;
    }
}

static void hash_tag(struct hasher *hasher, uint8_t tag) {
    hash_bytes(hasher, &tag, 1);
}

static void hash_big_endian(struct hasher *hasher, int64_t value) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
    }
    hash_bytes(hasher, bytes, sizeof bytes);
}

static void hash_integer(struct hasher *hasher, int64_t value) {
    hash_tag(hasher, TAG_VALUE);
    hash_big_endian(hasher, value);
}

static void hash_instant(struct hasher *hasher, struct instant value) {
    if (instant_is_none(value)) {
        hash_tag(hasher, TAG_NULL);
    } else {
        hash_integer(hasher, value.us);
    }
}

static void hash_uuid(struct hasher *hasher, struct uuid value) {
    if (uuid_is_none(value)) {
        hash_tag(hasher, TAG_NULL);
    } else {
        hash_tag(hasher, TAG_VALUE);
        hash_bytes(hasher, value.bytes, sizeof value.bytes);
    }
}

static void hash_text(struct hasher *hasher, struct text value) {
    if (text_is_absent(value)) {
        hash_tag(hasher, TAG_NULL);
    } else {
        hash_integer(hasher, (int64_t)value.length);
        hash_bytes(hasher, value.bytes, value.length);
    }
}

struct chain_hash audit_entry_hash(const struct audit_entry *entry,
                                   const struct chain_hash *previous) {
    struct hasher hasher = {.length = 0};
    crypto_generichash_init(&hasher.state, NULL, 0, CHAIN_HASH_SIZE);
    hash_tag(&hasher, HASH_VERSION);
    hash_bytes(&hasher, previous->bytes, CHAIN_HASH_SIZE);
    hash_uuid(&hasher, entry->id);
    hash_uuid(&hasher, entry->ticket_type_id);
    hash_uuid(&hasher, entry->event_id);
    hash_integer(&hasher, entry->seq);
    hash_uuid(&hasher, entry->user_id);
    hash_text(&hasher, action_name(entry->action));
    hash_integer(&hasher, entry->quantity);
    hash_integer(&hasher, entry->previous.total);
    hash_integer(&hasher, entry->now.total);
    hash_integer(&hasher, entry->previous.sold);
    hash_integer(&hasher, entry->now.sold);
    hash_integer(&hasher, entry->previous.reserved);
    hash_integer(&hasher, entry->now.reserved);
    hash_text(&hasher, entry->reason);
    hash_instant(&hasher, entry->created_at);
    hash_instant(&hasher, entry->effective_at);
    hash_text(&hasher, actor_kind_name(entry->actor.kind));
    hash_uuid(&hasher, entry->actor.id);
    hash_uuid(&hasher, entry->reservation_id);
    hash_text(&hasher, entry->order_id);
    hash_text(&hasher, disposition_name(entry->disposition));
    hash_text(&hasher, channel_name(entry->channel));
    hash_text(&hasher, entry->tender);
    hash_uuid(&hasher, entry->shift_id);
    crypto_generichash_update(&hasher.state, hasher.buffer, hasher.length);
    struct chain_hash hash;
    crypto_generichash_final(&hasher.state, hash.bytes, sizeof hash.bytes);
    return hash;
}

static struct counts_delta entry_delta(const struct audit_entry *entry) {
    return (struct counts_delta){
        .total = (int64_t)entry->now.total - entry->previous.total,
        .sold = (int64_t)entry->now.sold - entry->previous.sold,
        .reserved = (int64_t)entry->now.reserved - entry->previous.reserved,
    };
}

/* R10: the deltas that an action may have. */
static bool delta_fits(const struct audit_entry *entry) {
    struct counts_delta delta = entry_delta(entry);
    int64_t q = entry->quantity;
    int64_t total = 0;
    int64_t sold = 0;
    int64_t reserved = 0;
    switch (entry->action) {
    case ACTION_INCREASE:
        total = q;
        break;
    case ACTION_DECREASE:
        total = -q;
        break;
    case ACTION_RESERVE:
        reserved = q;
        break;
    case ACTION_RELEASE:
        reserved = -q;
        break;
    case ACTION_SALE: /* of an active reservation, or direct and late */
        sold = q;
        reserved = delta.reserved == 0 ? 0 : -q;
        break;
    case ACTION_REFUND:
        sold = -q;
        total = entry->disposition == DISPOSITION_VOID ? -q : 0;
        break;
    }
    return delta.total == total && delta.sold == sold && delta.reserved == reserved;
}

static bool counts_equal(struct counts a, struct counts b) {
    return a.total == b.total && a.sold == b.sold && a.reserved == b.reserved;
}

const char *audit_entry_fault(const struct audit_entry *entry, const struct ticket_type *type) {
    if (entry->seq != type->audit_seq + 1) {
        return "its seq does not follow the entry before";
    }
    if (!counts_equal(entry->previous, type->counts)) {
        return "it does not start where the entry before ended";
    }
    if (!counts_are_valid(entry->now)) {
        return "its counts break 0 <= sold + reserved <= total";
    }
    if (entry->quantity < 1 || !delta_fits(entry)) {
        return "its counts do not move as its action and quantity say";
    }
    if (!instant_is_none(type->last_entry_at) &&
        instant_before(entry->created_at, type->last_entry_at)) {
        return "it is older than the entry before";
    }
    struct chain_hash hash = audit_entry_hash(entry, &type->audit_hash);
    if (memcmp(hash.bytes, entry->chain_hash.bytes, sizeof hash.bytes) != 0) {
        return "its chain hash does not match its contents and the entry before";
    }
    return NULL;
}

struct text action_name(enum action action) {
    switch (action) {
    case ACTION_INCREASE:
        return TEXT("increase");
    case ACTION_DECREASE:
        return TEXT("decrease");
    case ACTION_RESERVE:
        return TEXT("reserve");
    case ACTION_RELEASE:
        return TEXT("release");
    case ACTION_SALE:
        return TEXT("sale");
    case ACTION_REFUND:
        return TEXT("refund");
    }
    return TEXT_NONE;
}

bool action_parse(struct text name, enum action *action) {
    for (enum action each = ACTION_INCREASE; each <= ACTION_REFUND; each++) {
        if (text_equals(action_name(each), name)) {
            *action = each;
            return true;
        }
    }
    return false;
}

struct text disposition_name(enum disposition disposition) {
    switch (disposition) {
    case DISPOSITION_NONE:
        return TEXT_NONE;
    case DISPOSITION_RETURN:
        return TEXT("return");
    case DISPOSITION_VOID:
        return TEXT("void");
    }
    return TEXT_NONE;
}

bool disposition_parse(struct text name, enum disposition *disposition) {
    for (enum disposition each = DISPOSITION_RETURN; each <= DISPOSITION_VOID; each++) {
        if (text_equals(disposition_name(each), name)) {
            *disposition = each;
            return true;
        }
    }
    return false;
}
