#include "routes/live/live_id.h"

#include <sodium.h>

enum { VERSION = 1, FLAG_LOG = 1, PLACE_SIZE = 8, PLACE_WITH_LOG_SIZE = 16, HEAD_SIZE = 2 };

/* FNV-1a over the eight bytes of a number. */
static uint32_t mix(uint32_t hash, uint64_t number) {
    for (int i = 0; i < 8; i++) {
        hash = (hash ^ (uint8_t)(number >> (8 * i))) * UINT32_C(16777619);
    }
    return hash;
}

uint32_t live_mark(const struct counts_entry *shown, bool sees_all) {
    uint32_t hash = mix(UINT32_C(2166136261), (uint64_t)counts_available(shown->counts));
    if (sees_all) {
        hash = mix(hash, (uint64_t)shown->counts.total);
        hash = mix(hash, (uint64_t)shown->counts.sold);
    }
    return hash;
}

static uint32_t name_of(struct uuid id) {
    uint64_t hash = uuid_hash(id);
    return (uint32_t)(hash ^ hash >> 32);
}

void live_id_add(struct live_id *id, const struct counts_entry *shown, bool sees_all, int64_t seq) {
    if (id->count == LIVE_ID_TYPES_MAX) {
        id->is_full = true;
        return;
    }
    id->places[id->count++] = (struct live_place){
        .type = name_of(shown->ticket_type_id),
        .mark = live_mark(shown, sees_all),
        .seq = id->with_log ? seq : 0,
    };
}

static size_t write_number(uint8_t *to, uint64_t number, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(number >> (8 * i));
    }
    return bytes;
}

static uint64_t read_number(const uint8_t *from, size_t bytes) {
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++) {
        number |= (uint64_t)from[i] << (8 * i);
    }
    return number;
}

struct text live_id_write(const struct live_id *id, char buffer[LIVE_ID_SIZE]) {
    uint8_t bytes[HEAD_SIZE + PLACE_WITH_LOG_SIZE * LIVE_ID_TYPES_MAX];
    size_t length = HEAD_SIZE;
    bytes[0] = VERSION;
    bytes[1] = id->with_log ? FLAG_LOG : 0;
    for (size_t i = 0; i < id->count && !id->is_full; i++) {
        length += write_number(bytes + length, id->places[i].type, 4);
        length += write_number(bytes + length, id->places[i].mark, 4);
        if (id->with_log) {
            length += write_number(bytes + length, (uint64_t)id->places[i].seq, 8);
        }
    }
    if (id->is_full) {
        bytes[0] = 0;
    }
    sodium_bin2base64(buffer, LIVE_ID_SIZE, bytes, length,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text_of(buffer);
}

bool live_id_read(struct text text, struct live_id *id) {
    uint8_t bytes[HEAD_SIZE + PLACE_WITH_LOG_SIZE * LIVE_ID_TYPES_MAX];
    size_t length = 0;
    if (text_is_absent(text) ||
        sodium_base642bin(bytes, sizeof bytes, text.bytes, text.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length < HEAD_SIZE || bytes[0] != VERSION || bytes[1] > FLAG_LOG) {
        return false;
    }
    *id = (struct live_id){.with_log = bytes[1] == FLAG_LOG};
    size_t size = id->with_log ? PLACE_WITH_LOG_SIZE : PLACE_SIZE;
    if ((length - HEAD_SIZE) % size != 0 || (length - HEAD_SIZE) / size > LIVE_ID_TYPES_MAX) {
        return false;
    }
    for (size_t at = HEAD_SIZE; at < length; at += size) {
        struct live_place *place = &id->places[id->count++];
        place->type = (uint32_t)read_number(bytes + at, 4);
        place->mark = (uint32_t)read_number(bytes + at + 4, 4);
        place->seq = id->with_log ? (int64_t)read_number(bytes + at + 8, 8) : 0;
        if (place->seq < 0) {
            return false;
        }
    }
    return true;
}

const struct live_place *live_id_find(const struct live_id *id, struct uuid ticket_type_id) {
    uint32_t name = name_of(ticket_type_id);
    for (size_t i = 0; i < id->count; i++) {
        if (id->places[i].type == name) {
            return &id->places[i];
        }
    }
    return NULL;
}
