#include "support/pg_wire.h"

#include <string.h>
#include <strings.h>

enum { SSL_REQUEST = 80877103, GSS_REQUEST = 80877104 };

static uint32_t number_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

bool pg_message_read(const uint8_t *bytes, size_t length, struct pg_message *message) {
    if (length < 5) {
        return false;
    }
    size_t size = 1 + (size_t)number_at(bytes + 1);
    if (size < 5 || length < size) {
        return false;
    }
    *message = (struct pg_message){
        .kind = (char)bytes[0], .body = bytes + 5, .body_length = size - 5, .size = size};
    return true;
}

bool pg_start_size(const uint8_t *bytes, size_t length, size_t *size) {
    if (length < 8 || length < number_at(bytes)) {
        return false;
    }
    *size = number_at(bytes);
    return true;
}

bool pg_start_wants_encryption(const uint8_t *start) {
    uint32_t code = number_at(start + 4);
    return code == SSL_REQUEST || code == GSS_REQUEST;
}

/* The text that begins at `at`, with its end inside the message; NULL: there is none. */
static const char *text_at(const struct pg_message *message, size_t at) {
    bool is_there = at < message->body_length &&
                    memchr(message->body + at, '\0', message->body_length - at) != NULL;
    return is_there ? (const char *)message->body + at : NULL;
}

static const char *text_behind(const struct pg_message *message, const char *text) {
    return text == NULL ? NULL
                        : text_at(message, (size_t)((const uint8_t *)text - message->body) +
                                               strlen(text) + 1);
}

static bool is_commit(const char *sql) {
    return sql != NULL && strncasecmp(sql, "commit", 6) == 0;
}

bool pg_message_is_unnamed(const struct pg_message *message) {
    const char *name = text_at(message, 0);
    return name != NULL && *name == '\0';
}

bool pg_message_parses_commit(const struct pg_message *message) {
    return is_commit(text_behind(message, text_at(message, 0)));
}

bool pg_message_binds_commit(const struct pg_message *message, bool unnamed_commits) {
    const char *statement = message->kind == 'B' ? text_behind(message, text_at(message, 0)) : NULL;
    return statement != NULL &&
           (strcmp(statement, "commit") == 0 || (*statement == '\0' && unnamed_commits));
}

bool pg_message_queries_commit(const struct pg_message *message) {
    return message->kind == 'Q' && is_commit(text_at(message, 0));
}

bool pg_message_is_in_transaction(const struct pg_message *message) {
    return message->body_length == 1 && message->body[0] == 'T';
}

bool pg_message_completes_commit(const struct pg_message *message) {
    const char *tag = message->kind == 'C' ? text_at(message, 0) : NULL;
    return tag != NULL && strcmp(tag, "COMMIT") == 0;
}
