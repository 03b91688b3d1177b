#include "base/time_zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/zone_rule.h"

static const char directory[] = "/usr/share/zoneinfo/";

enum { NAME_MAX_LENGTH = 64 }; /* twice the longest there is */

/* Letters, digits, _, + and - in parts between slashes: nothing that leaves the directory. */
static bool is_zone_name(struct text name) {
    bool part_begins = true;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
        if (c == '/' ? part_begins : !is_letter && !is_other) {
            return false;
        }
        part_begins = c == '/';
    }
    return name.length >= 1 && name.length <= NAME_MAX_LENGTH && !part_begins;
}

/* -1: there is no such zone. */
static int open_zone(struct text name) {
    /* Copies of all zones with other rules of counting; their names are no zones. */
    if (!is_zone_name(name) || text_starts_with(name, TEXT("posix/")) ||
        text_starts_with(name, TEXT("right/"))) {
        return -1;
    }
    char path[sizeof directory + NAME_MAX_LENGTH];
    snprintf(path, sizeof path, "%s%.*s", directory, (int)name.length, name.bytes);
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

bool time_zone_exists(struct text name) {
    if (text_equals(name, TEXT("UTC"))) {
        return true;
    }
    int file = open_zone(name);
    if (file < 0) {
        return false;
    }
    char magic[4];
    bool is_zone =
        read(file, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(file);
    return is_zone;
}

/* --- the file ----------------------------------------------------------------------- */

enum {
    FILE_BYTES_MAX = 64 * 1024, /* ten times the largest there is */
    HEAD_BYTES = 44,
    TYPE_BYTES = 6, /* offset, summer time or not, place of its name */
};

/* What a clock shows, from an instant on. */
struct change {
    int64_t at;
    int32_t offset;
    char name[ZONE_NAME_SIZE];
};

struct time_zone {
    struct change first; /* before the first change */
    bool has_rule;       /* for what is after the last one */
    struct zone_rule rule;
    size_t count;
    struct change changes[];
};

static uint32_t read_32(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t read_64(const unsigned char *bytes) {
    return (int64_t)((uint64_t)read_32(bytes) << 32 | read_32(bytes + 4));
}

/* The parts of a block, by the numbers in its head. */
struct block {
    size_t is_utc, is_standard, leaps, changes, types, characters;
};

/* False: no head. */
static bool read_head(const unsigned char *bytes, size_t length, struct block *block) {
    if (length < HEAD_BYTES || memcmp(bytes, "TZif", 4) != 0) {
        return false;
    }
    size_t counts[6];
    for (size_t i = 0; i < 6; i++) {
        counts[i] = read_32(bytes + 20 + 4 * i);
        if (counts[i] > FILE_BYTES_MAX) {
            return false;
        }
    }
    *block = (struct block){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return true;
}

static size_t block_bytes(const struct block *block, size_t time_bytes) {
    return block->changes * (time_bytes + 1) + block->types * TYPE_BYTES + block->characters +
           block->leaps * (time_bytes + 4) + block->is_standard + block->is_utc;
}

/* What follows the second block: a line break, the rule, a line break. */
static void read_rule(const unsigned char *bytes, size_t length, struct time_zone *zone) {
    if (length >= 2 && bytes[0] == '\n') {
        const char *text = (const char *)bytes + 1;
        const char *end = memchr(text, '\n', length - 1);
        zone->has_rule =
            end != NULL && zone_rule_parse((struct text){text, (size_t)(end - text)}, &zone->rule);
    }
}

/* Names stand behind the types, each up to a zero. */
static struct change read_type(const unsigned char *types, const struct block *block,
                               size_t number) {
    const unsigned char *type = types + TYPE_BYTES * number;
    const unsigned char *names = types + TYPE_BYTES * block->types;
    struct change change = {.offset = (int32_t)read_32(type)};
    for (size_t from = type[5], i = 0;
         i + 1 < ZONE_NAME_SIZE && from + i < block->characters && names[from + i] != '\0'; i++) {
        change.name[i] = (char)names[from + i];
    }
    return change;
}

static bool read_changes(const unsigned char *times, const struct block *block,
                         struct time_zone *zone) {
    const unsigned char *kinds = times + 8 * block->changes;
    const unsigned char *types = kinds + block->changes;
    zone->first = read_type(types, block, 0);
    for (size_t i = 0; i < block->changes; i++) {
        if (kinds[i] >= block->types) {
            return false;
        }
        zone->changes[i] = read_type(types, block, kinds[i]);
        zone->changes[i].at = read_64(times + 8 * i);
    }
    zone->count = block->changes;
    return true;
}

/* The second block has times of 64 bits; the first is for readers of old. */
static struct time_zone *read_zone(const unsigned char *bytes, size_t length) {
    struct block block;
    if (!read_head(bytes, length, &block) || bytes[4] < '2') {
        return NULL;
    }
    size_t second = HEAD_BYTES + block_bytes(&block, 4);
    if (second > length || !read_head(bytes + second, length - second, &block) ||
        block.types == 0) {
        return NULL;
    }
    size_t start = second + HEAD_BYTES;
    size_t end = start + block_bytes(&block, 8);
    if (end > length) {
        return NULL;
    }
    struct time_zone *zone = calloc(1, sizeof *zone + block.changes * sizeof zone->changes[0]);
    if (zone != NULL && !read_changes(bytes + start, &block, zone)) {
        time_zone_close(zone);
        return NULL;
    }
    if (zone != NULL) {
        read_rule(bytes + end, length - end, zone);
    }
    return zone;
}

/* Also where there are no files at all. */
static struct time_zone *make_utc(void) {
    struct time_zone *zone = calloc(1, sizeof *zone);
    if (zone != NULL) {
        zone->first = (struct change){.name = "UTC"};
    }
    return zone;
}

struct time_zone *time_zone_open(struct text name) {
    int file = open_zone(name);
    if (file < 0) {
        return text_equals(name, TEXT("UTC")) ? make_utc() : NULL;
    }
    unsigned char *bytes = malloc(FILE_BYTES_MAX);
    struct time_zone *zone = NULL;
    size_t length = 0;
    ssize_t taken = 1;
    while (bytes != NULL && taken > 0 && length < FILE_BYTES_MAX) {
        taken = read(file, bytes + length, FILE_BYTES_MAX - length);
        length += taken > 0 ? (size_t)taken : 0;
    }
    if (bytes != NULL && taken == 0) {
        zone = read_zone(bytes, length);
    }
    close(file);
    free(bytes);
    return zone;
}

void time_zone_close(struct time_zone *zone) {
    free(zone);
}

/* NULL: the rule says it. */
static const struct change *change_by(const struct time_zone *zone, int64_t at) {
    size_t low = 0; /* changes by then */
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == zone->count && zone->has_rule) {
        return NULL;
    }
    return low == 0 ? &zone->first : &zone->changes[low - 1];
}

int32_t time_zone_offset(const struct time_zone *zone, int64_t at) {
    const struct change *change = change_by(zone, at);
    return change == NULL ? zone_rule_offset(&zone->rule, at) : change->offset;
}

const char *time_zone_abbreviation(const struct time_zone *zone, int64_t at) {
    const struct change *change = change_by(zone, at);
    return change == NULL ? zone_rule_name(&zone->rule, at) : change->name;
}
