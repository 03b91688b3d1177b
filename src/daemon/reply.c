#include "daemon/reply.h"

#include <string.h>

struct head {
    struct reply reply;
    size_t length;
    bool has_length;
};

static bool parse_digits(struct text text, size_t most, size_t *number) {
    size_t value = 0;
    if (text.length == 0 || text.length > 9) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (size_t)(text.bytes[i] - '0');
    }
    *number = value;
    return value <= most;
}

/* "HTTP/1.1 200 OK" */
static bool read_status_line(struct text line, struct head *head) {
    size_t status;
    if (line.length < 12 || !text_starts_with(line, TEXT("HTTP/1.")) || line.bytes[8] != ' ' ||
        !parse_digits((struct text){line.bytes + 9, 3}, 599, &status) || status < 100) {
        return false;
    }
    head->reply.status = (int)status;
    head->reply.keep_alive = line.bytes[7] == '1';
    return true;
}

static bool read_field(struct text line, struct head *head) {
    const char *colon = memchr(line.bytes, ':', line.length);
    if (colon == NULL) {
        return false;
    }
    struct text name = {line.bytes, (size_t)(colon - line.bytes)};
    struct text value = text_trimmed((struct text){colon + 1, line.length - name.length - 1});
    if (text_equals_ignoring_case(name, TEXT("Content-Length"))) {
        head->has_length = true;
        return parse_digits(value, REPLY_BODY_MAX, &head->length);
    }
    if (text_equals_ignoring_case(name, TEXT("Connection")) &&
        text_equals_ignoring_case(value, TEXT("close"))) {
        head->reply.keep_alive = false;
    }
    if (text_equals_ignoring_case(name, TEXT("Idempotency-Replayed"))) {
        head->reply.replayed = text_equals(value, TEXT("true"));
    }
    return !text_equals_ignoring_case(name, TEXT("Transfer-Encoding"));
}

static bool read_head(struct text text, struct head *head) {
    bool first = true;
    while (text.length > 0) {
        const char *end = memmem(text.bytes, text.length, "\r\n", 2);
        struct text line = {text.bytes, end == NULL ? text.length : (size_t)(end - text.bytes)};
        if (!(first ? read_status_line(line, head) : read_field(line, head))) {
            return false;
        }
        first = false;
        size_t taken = line.length + (end == NULL ? 0 : 2);
        text = (struct text){text.bytes + taken, text.length - taken};
    }
    return !first;
}

enum reply_state reply_read(struct text received, struct reply *reply, size_t *used) {
    const char *blank =
        received.length == 0 ? NULL : memmem(received.bytes, received.length, "\r\n\r\n", 4);
    if (blank == NULL) {
        return received.length > REPLY_HEAD_MAX ? REPLY_MALFORMED : REPLY_PARTIAL;
    }
    struct head head = {0};
    size_t head_length = (size_t)(blank - received.bytes);
    if (!read_head((struct text){received.bytes, head_length}, &head)) {
        return REPLY_MALFORMED;
    }
    if (!head.has_length && head.reply.status != 204 && head.reply.status != 304) {
        return REPLY_MALFORMED;
    }
    if (received.length - head_length - 4 < head.length) {
        return REPLY_PARTIAL;
    }
    head.reply.body = (struct text){blank + 4, head.length};
    *reply = head.reply;
    *used = head_length + 4 + head.length;
    return REPLY_WHOLE;
}
