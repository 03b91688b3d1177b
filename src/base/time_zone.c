#include "base/time_zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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

bool time_zone_exists(struct text name) {
    if (text_equals(name, TEXT("UTC"))) {
        return true;
    }
    /* Copies of all zones with other rules of counting; their names are no zones. */
    if (!is_zone_name(name) || text_starts_with(name, TEXT("posix/")) ||
        text_starts_with(name, TEXT("right/"))) {
        return false;
    }
    char path[sizeof directory + NAME_MAX_LENGTH];
    snprintf(path, sizeof path, "%s%.*s", directory, (int)name.length, name.bytes);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        return false;
    }
    char magic[4];
    bool is_zone =
        read(file, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(file);
    return is_zone;
}
