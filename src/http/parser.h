/* parser.h - which request do these bytes make, or why do they make none?
 *
 * Pure: no socket, no clock; memory comes from the request's arena. The bytes may
 * come in slices of any size: how they are cut changes nothing.
 *
 *     HEAD ---blank line---> BODY ---its last byte---> COMPLETE
 *       \______________________\____wrong bytes______> REFUSED
 *
 * The head is gathered line by line, each line checked for what the tokeniser behind it
 * (llhttp) might let through, and read in one piece once it is whole. */
#pragma once

#include <stdbool.h>

#include "http/chunks.h"
#include "http/refusal.h"
#include "http/request.h"
#include "http/server.h"

enum parser_state { PARSER_HEAD, PARSER_BODY, PARSER_COMPLETE, PARSER_REFUSED };

/* Bytes that grow inside an arena. */
struct gathered {
    char *bytes;
    size_t length, capacity;
};

struct parser {
    enum parser_state state;
    struct refusal refusal; /* once REFUSED */
    struct http_request *request;
    const struct http_limits *limits;

    struct gathered head;
    size_t blank_lines;        /* before the request */
    size_t lines, line_length; /* whole lines so far, and bytes of the one under way */
    size_t fields_length;      /* of the header fields so far, line ends included */
    char last;                 /* the byte before */

    struct gathered body;
    size_t body_left; /* of a Content-Length */
    struct chunks chunks;

    /* Known from the end of the head on. */
    bool chunked, keep_alive, http_1_0, expects_continue;
};

/* `request->arena` is ready, all else in `request` is overwritten. */
void parser_init(struct parser *parser, struct http_request *request,
                 const struct http_limits *limits);

/* Takes bytes until the request is complete, or refused, or the slice is used up; returns how
 * many were taken. */
size_t parser_feed(struct parser *parser, const char *bytes, size_t length);
