#include "store/figures.h"

#include <stdlib.h>
#include <string.h>

static unsigned group_of(struct text word) {
    static const struct {
        struct text name;
        enum grouping grouping;
    } words[] = {{{"ticket_type", 11}, GROUP_TYPE},
                 {{"channel", 7}, GROUP_CHANNEL},
                 {{"tender", 6}, GROUP_TENDER},
                 {{"operator", 8}, GROUP_OPERATOR}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (text_equals(word, words[i].name)) {
            return words[i].grouping;
        }
    }
    return 0;
}

bool groups_parse(struct text text, unsigned *groups) {
    const char *comma = memchr(text.bytes, ',', text.length);
    size_t length = comma == NULL ? text.length : (size_t)(comma - text.bytes);
    unsigned first = group_of((struct text){text.bytes, length});
    unsigned second =
        comma == NULL ? first : group_of((struct text){comma + 1, text.length - length - 1});
    if (first == 0 || second == 0 || (comma != NULL && first == second)) {
        return false;
    }
    *groups = first | second;
    return true;
}

bool figures_begin(struct figures *figures) {
    figures->list = arena_array(figures->arena, struct figure, FIGURES_MAX);
    figures->count = 0;
    figures->overflowed = figures->spent = false;
    figures->places = (struct map){.count = 0};
    figures->latest = NULL;
    return figures->list != NULL;
}

static bool takes(const struct figures *figures, const struct movement *movement) {
    const struct figures_filter *filter = &figures->filter;
    bool of_money = movement->action == ACTION_SALE || movement->action == ACTION_REFUND;
    if (figures->of_totals) {
        return movement->increased != 0 || movement->decreased != 0;
    }
    bool at_box_office =
        movement->channel == CHANNEL_BOX_OFFICE || movement->channel == CHANNEL_COMP;
    return of_money && (filter->channel == CHANNEL_NONE || filter->channel == movement->channel) &&
           (!filter->at_box_office || at_box_office) &&
           (text_is_absent(filter->tender) ||
            (!text_is_absent(movement->tender) && text_equals(filter->tender, movement->tender))) &&
           (uuid_is_none(filter->operator_id) ||
            uuid_equals(filter->operator_id, movement->operator.id));
}

/* The last border that is not after `at`. */
static size_t bucket_of(const struct figures *figures, struct instant at) {
    size_t low = 0;
    size_t high = figures->borders_count - 1;
    if (figures->latest != NULL && !instant_before(at, figures->borders[figures->latest->bucket])) {
        low = figures->latest->bucket; /* movements of a type come in the order of time */
        high = low < high && instant_before(at, figures->borders[low + 1]) ? low : high;
    }
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        if (instant_before(at, figures->borders[middle])) {
            high = middle - 1;
        } else {
            low = middle;
        }
    }
    return low;
}

static struct figure key_of(const struct figures *figures, const struct movement *movement) {
    struct figure key = {.bucket = bucket_of(figures, movement->at), .tender = TEXT_NONE};
    if ((figures->groups & GROUP_TYPE) != 0) {
        key.ticket_type_id = movement->ticket_type_id;
    }
    if ((figures->groups & GROUP_CHANNEL) != 0) {
        key.channel = movement->channel;
    }
    if ((figures->groups & GROUP_TENDER) != 0) {
        key.tender = movement->tender;
    }
    if ((figures->groups & GROUP_OPERATOR) != 0) {
        key.operator= movement->operator;
    }
    return key;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001B3);
    }
    return hash;
}

static uint64_t hash_of(const struct figure *key) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325) ^ (key->bucket * UINT64_C(0x9E3779B97F4A7C15));
    hash = (hash ^ (uint64_t)key->channel) * UINT64_C(0x100000001B3);
    hash = hash_bytes(hash, key->ticket_type_id.bytes + 8, 8);
    hash = hash_bytes(hash, key->operator.id.bytes + 8, 8);
    return text_is_absent(key->tender) ? hash
                                       : hash_bytes(hash, key->tender.bytes, key->tender.length);
}

/* Absent before every other one. */
static int compare_texts(struct text a, struct text b) {
    if (text_is_absent(a) || text_is_absent(b)) {
        return (int)text_is_absent(b) - (int)text_is_absent(a);
    }
    size_t shorter = a.length < b.length ? a.length : b.length;
    int difference = shorter == 0 ? 0 : memcmp(a.bytes, b.bytes, shorter);
    return difference != 0 ? difference : (a.length > b.length) - (a.length < b.length);
}

static int compare(const void *left, const void *right) {
    const struct figure *a = left;
    const struct figure *b = right;
    if (a->bucket != b->bucket) {
        return a->bucket < b->bucket ? -1 : 1;
    }
    int difference = uuid_compare(a->ticket_type_id, b->ticket_type_id);
    difference = difference != 0 ? difference : (int)a->channel - (int)b->channel;
    difference = difference != 0 ? difference : compare_texts(a->tender, b->tender);
    return difference != 0 ? difference : uuid_compare(a->operator.id, b->operator.id);
}

static struct figure *find_place(struct figures *figures, const struct figure *key) {
    uint64_t hash = hash_of(key);
    struct figure *found;
    for (size_t at = 0; (found = map_next(&figures->places, hash, &at)) != NULL;) {
        if (compare(found, key) == 0) {
            return found;
        }
    }
    if (figures->count == FIGURES_MAX) {
        figures->overflowed = true;
        return NULL;
    }
    struct text tender = arena_copy(figures->arena, key->tender);
    found = &figures->list[figures->count];
    bool copied = text_is_absent(tender) == text_is_absent(key->tender);
    if (!copied || !map_put(&figures->places, figures->arena, hash, found)) {
        figures->spent = true;
        return NULL;
    }
    figures->count++;
    *found = *key;
    found->tender = tender;
    return found;
}

static struct figure *place_of(struct figures *figures, const struct figure *key) {
    if (figures->latest == NULL || compare(figures->latest, key) != 0) {
        figures->latest = find_place(figures, key);
    }
    return figures->latest;
}

void figures_add(struct figures *figures, const struct movement *movement) {
    if (!takes(figures, movement)) {
        return;
    }
    struct figure key = key_of(figures, movement);
    struct figure *figure = place_of(figures, &key);
    if (figure == NULL) {
        return;
    }
    if (movement->action == ACTION_SALE) {
        figure->tickets_sold += movement->tickets;
        figure->gross += movement->amount;
    } else if (movement->action == ACTION_REFUND) {
        figure->tickets_refunded += movement->tickets;
        figure->refunds += movement->amount;
    }
    figure->increased += movement->increased;
    figure->decreased += movement->decreased;
    if (figure->operator.kind == 0) {
        figure->operator.kind = key.operator.kind;
    }
}

void figures_sort(struct figures *figures) {
    qsort(figures->list, figures->count, sizeof *figures->list, compare);
    figures->places = (struct map){.count = 0}; /* they point to where figures were */
    figures->latest = NULL;
}
