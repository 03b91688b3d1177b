#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"

enum { LINE_MAX_BYTES = 2048 };

static _Atomic int lowest_level = LOG_INFO;

void log_set_level(enum log_level level) {
    atomic_store(&lowest_level, (int)level);
}

static const char *level_name(enum log_level level) {
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARNING:
        return "warning";
    case LOG_ERROR:
        return "error";
    }
    return "unknown";
}

struct line {
    char bytes[LINE_MAX_BYTES];
    size_t length;
};

static void put(struct line *line, char c) {
    if (line->length < sizeof line->bytes - 1) { /* the last byte is the newline's */
        line->bytes[line->length++] = c;
    }
}

static void put_plain(struct line *line, const char *text) {
    for (; *text != '\0'; text++) {
        put(line, *text);
    }
}

static void put_value(struct line *line, const char *value) {
    static const char hex[] = "0123456789abcdef";
    bool quoted = *value == '\0' || strpbrk(value, " \"=\\") != NULL;
    if (quoted) {
        put(line, '"');
    }
    for (const unsigned char *c = (const unsigned char *)value; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7F) {
            put_plain(line, "\\x");
            put(line, hex[*c >> 4]);
            put(line, hex[*c & 15]);
        } else {
            if (*c == '"' || *c == '\\') {
                put(line, '\\');
            }
            put(line, (char)*c);
        }
    }
    if (quoted) {
        put(line, '"');
    }
}

void log_line(enum log_level level, const char *event, ...) {
    if ((int)level < atomic_load(&lowest_level)) {
        return;
    }
    struct line line = {.length = 0};
    char time[INSTANT_TEXT_SIZE];
    put_plain(&line, "time=");
    put_plain(&line, instant_format(instant_now(), time));
    put_plain(&line, " level=");
    put_plain(&line, level_name(level));
    put_plain(&line, " event=");
    put_plain(&line, event);
    va_list pairs;
    va_start(pairs, event);
    for (const char *key = va_arg(pairs, const char *); key != NULL;
         key = va_arg(pairs, const char *)) {
        const char *value = va_arg(pairs, const char *);
        put(&line, ' ');
        put_plain(&line, key);
        put(&line, '=');
        put_value(&line, value == NULL ? "" : value);
    }
    va_end(pairs);
    line.bytes[line.length++] = '\n';
    /* Where stderr is gone there is nobody to tell. */
    ssize_t written = write(STDERR_FILENO, line.bytes, line.length);
    (void)written;
}
