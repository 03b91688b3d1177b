#include "http/parser.h"

#include "base/check.h"
#include "http/head.h"

enum { GATHERED_MIN = 512 };

static bool gather(struct gathered *gathered, struct arena *arena, const char *bytes,
                   size_t length) {
    if (length > gathered->capacity - gathered->length) {
        /* Doubling, so that a body in drips is not copied over and over; as large as what has
         * come, not as what was announced, so that announcing costs nothing. */
        size_t wanted = gathered->length + length;
        size_t capacity = gathered->capacity == 0 ? GATHERED_MIN : 2 * gathered->capacity;
        capacity = capacity < wanted ? wanted : capacity;
        char *larger = arena_take(arena, capacity);
        if (larger == NULL) {
            return false;
        }
        if (gathered->length > 0) {
            memcpy(larger, gathered->bytes, gathered->length);
        }
        gathered->bytes = larger;
        gathered->capacity = capacity;
    }
    if (length > 0) {
        memcpy(gathered->bytes + gathered->length, bytes, length);
    }
    gathered->length += length;
    return true;
}

static void refuse(struct parser *parser, struct refusal refusal) {
    parser->state = PARSER_REFUSED;
    parser->refusal = refusal;
}

static const struct refusal body_too_large = {413, "payload_too_large",
                                              "The body is larger than this server takes."};
static const struct refusal fields_too_large = {431, "headers_too_large",
                                                "The header fields are too many or too large."};

/* What a line may hold: no control characters but the tab. */
static bool is_text(char c) {
    unsigned char byte = (unsigned char)c;
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

void parser_init(struct parser *parser, struct http_request *request,
                 const struct http_limits *limits) {
    require(limits->headers <= HEAD_FIELDS_MAX);
    *parser = (struct parser){.state = PARSER_HEAD, .request = request, .limits = limits};
    *request = (struct http_request){.body = TEXT(""), .arena = request->arena};
}

/* At a LF. True if it ends the head. */
static bool line_end(struct parser *parser) {
    if (parser->last != '\r') {
        refuse(parser, refusal_malformed("A line ends in LF without CR."));
    } else if (parser->line_length > 0) {
        parser->fields_length += parser->lines > 0 ? parser->line_length + strlen("\r\n") : 0;
        parser->line_length = 0;
        if (++parser->lines > parser->limits->headers + 1) {
            refuse(parser, fields_too_large);
        }
    } else if (parser->lines > 0) {
        return true;
    } else if (parser->blank_lines++ > 0) {
        /* One is forgiven (RFC 9112, 2.2), a stream of them is not. */
        refuse(parser, refusal_malformed("There are blank lines before the request."));
    }
    return false;
}

/* At any byte but LF. */
static void line_byte(struct parser *parser, char c) {
    if (parser->last == '\r') {
        refuse(parser, refusal_malformed("A CR stands without LF."));
    } else if (c != '\r' && !is_text(c)) {
        refuse(parser, refusal_malformed("The head holds a control character."));
    } else if (parser->line_length == 0 && (c == ' ' || c == '\t')) {
        refuse(parser, refusal_malformed("A line starts with white space."));
    } else if (c != '\r') {
        parser->line_length++;
    }
}

static void check_lengths(struct parser *parser) {
    if (parser->state == PARSER_REFUSED) {
        return; /* what was wrong first stays the reason */
    }
    if (parser->lines == 0 && parser->line_length > parser->limits->request_line) {
        refuse(parser, (struct refusal){414, "uri_too_long", "The request line is too long."});
    } else if (parser->lines > 0 &&
               parser->fields_length + parser->line_length > parser->limits->head) {
        refuse(parser, fields_too_large);
    }
}

static void head_end(struct parser *parser) {
    struct head head;
    struct refusal refusal =
        head_read(parser->head.bytes, parser->head.length, parser->request, &head);
    if (refusal.status != 0) {
        refuse(parser, refusal);
        return;
    }
    parser->chunked = head.chunked;
    parser->keep_alive = head.keep_alive;
    parser->http_1_0 = head.http_1_0;
    parser->expects_continue = head.expects_continue;
    parser->body_left = head.content_length;
    if (head.content_length > parser->limits->body) {
        refuse(parser, body_too_large);
        return;
    }
    parser->state = head.chunked || head.content_length > 0 ? PARSER_BODY : PARSER_COMPLETE;
}

/* Looks for the blank line, checking every byte before it, and gathers them. */
static size_t feed_head(struct parser *parser, const char *bytes, size_t length) {
    size_t at = 0, start = 0;
    bool whole = false;
    while (at < length && !whole && parser->state == PARSER_HEAD) {
        char c = bytes[at++];
        if (c == '\n') {
            whole = line_end(parser);
            if (parser->lines == 0) {
                start = at; /* a blank line before the request is no part of it */
                parser->head.length = 0;
            }
        } else {
            line_byte(parser, c);
            /* The rest of a line is plain text, mostly. */
            while (parser->line_length > 0 && c != '\r' && at < length && is_text(bytes[at])) {
                parser->line_length++;
                at++;
            }
            c = bytes[at - 1];
        }
        parser->last = c;
        check_lengths(parser);
    }
    if (parser->state == PARSER_HEAD &&
        !gather(&parser->head, parser->request->arena, bytes + start, at - start)) {
        refuse(parser, fields_too_large);
    }
    if (whole && parser->state == PARSER_HEAD) {
        head_end(parser);
    }
    return at;
}

static size_t feed_sized_body(struct parser *parser, const char *bytes, size_t length) {
    size_t taken = length < parser->body_left ? length : parser->body_left;
    if (!gather(&parser->body, parser->request->arena, bytes, taken)) {
        refuse(parser, body_too_large);
        return taken;
    }
    parser->body_left -= taken;
    if (parser->body_left == 0) {
        parser->state = PARSER_COMPLETE;
    }
    return taken;
}

static size_t feed_chunked_body(struct parser *parser, const char *bytes, size_t length) {
    struct text data;
    size_t taken = chunks_feed(&parser->chunks, bytes, length, &data);
    if (parser->chunks.state == CHUNKS_BROKEN) {
        refuse(parser, refusal_malformed("The chunks of the body are malformed."));
    } else if (data.length > parser->limits->body - parser->body.length ||
               !gather(&parser->body, parser->request->arena, data.bytes, data.length)) {
        refuse(parser, body_too_large);
    } else if (parser->chunks.state == CHUNKS_DONE) {
        parser->state = PARSER_COMPLETE;
    }
    return taken;
}

size_t parser_feed(struct parser *parser, const char *bytes, size_t length) {
    size_t at = 0;
    while (at < length && (parser->state == PARSER_HEAD || parser->state == PARSER_BODY)) {
        if (parser->state == PARSER_HEAD) {
            at += feed_head(parser, bytes + at, length - at);
        } else if (parser->chunked) {
            at += feed_chunked_body(parser, bytes + at, length - at);
        } else {
            at += feed_sized_body(parser, bytes + at, length - at);
        }
    }
    if (parser->state == PARSER_COMPLETE && parser->body.length > 0) {
        parser->request->body = (struct text){parser->body.bytes, parser->body.length};
    }
    return at;
}
