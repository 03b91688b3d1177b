#include "http/head.h"

#include <llhttp.h>

#include "base/check.h"

/* What llhttp found, before anything is believed. */
struct tokens {
    llhttp_t llhttp; /* first: the callbacks get this */
    struct text target;
    struct http_header headers[HEAD_FIELDS_MAX];
    size_t count;
    bool in_value, whole, keep_alive;
};

/* A span in one piece of memory is one piece, even if it is told in several. */
static void span_extend(struct text *span, const char *at, size_t length) {
    if (span->bytes == NULL) {
        span->bytes = at;
    }
    span->length = (size_t)(at + length - span->bytes);
}

static int on_url(llhttp_t *llhttp, const char *at, size_t length) {
    span_extend(&((struct tokens *)llhttp)->target, at, length);
    return 0;
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t length) {
    struct tokens *tokens = (struct tokens *)llhttp;
    if (tokens->count == 0 || tokens->in_value) {
        if (tokens->count == HEAD_FIELDS_MAX) {
            return -1;
        }
        tokens->headers[tokens->count++] = (struct http_header){TEXT_NONE, TEXT_NONE};
        tokens->in_value = false;
    }
    span_extend(&tokens->headers[tokens->count - 1].name, at, length);
    return 0;
}

static int on_header_field_complete(llhttp_t *llhttp) {
    ((struct tokens *)llhttp)->in_value = true;
    return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t length) {
    struct tokens *tokens = (struct tokens *)llhttp;
    span_extend(&tokens->headers[tokens->count - 1].value, at, length);
    return 0;
}

/* The body is not for llhttp: it stops here. */
static int on_headers_complete(llhttp_t *llhttp) {
    struct tokens *tokens = (struct tokens *)llhttp;
    tokens->whole = true;
    tokens->keep_alive = llhttp_should_keep_alive(llhttp) != 0;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
};

static const struct refusal method_unknown = {501, "not_implemented",
                                              "This server does not know the method."};
static const struct refusal version_unknown = {505, "version_not_supported",
                                               "This server speaks HTTP/1.1 and HTTP/1.0."};

/* An unknown word is a method of somebody else's; anything else is no request at all. */
static struct refusal refuse_method(const char *bytes, size_t length) {
    size_t at = 0;
    while (at < length && ((bytes[at] >= 'A' && bytes[at] <= 'Z') || bytes[at] == '-' ||
                           (bytes[at] >= 'a' && bytes[at] <= 'z'))) {
        at++;
    }
    return at > 0 && at < length && bytes[at] == ' '
               ? method_unknown
               : refusal_malformed("The request does not start with a method.");
}

/* Some other version of HTTP, not some other bytes in its place. */
static bool names_a_version(const char *bytes, size_t length) {
    static const char form[] = " HTTP/d.d";
    size_t form_length = strlen(form);
    const char *end = memchr(bytes, '\r', length);
    if (end == NULL || (size_t)(end - bytes) < form_length) {
        return false;
    }
    for (size_t i = 0; i < form_length; i++) {
        char c = (end - form_length)[i];
        if (form[i] == 'd' ? c < '0' || c > '9' : c != form[i]) {
            return false;
        }
    }
    return true;
}

static struct refusal refuse_version(const char *bytes, size_t length) {
    return names_a_version(bytes, length)
               ? version_unknown
               : refusal_malformed("The request line does not end in a version of HTTP.");
}

static struct refusal tokenise(struct tokens *tokens, const char *bytes, size_t length) {
    tokens->target = TEXT_NONE;
    tokens->count = 0;
    tokens->in_value = tokens->whole = tokens->keep_alive = false;
    llhttp_init(&tokens->llhttp, HTTP_REQUEST, &settings);
    llhttp_errno_t error = llhttp_execute(&tokens->llhttp, bytes, length);
    if (tokens->whole) {
        return REFUSAL_NONE;
    }
    if (error == HPE_INVALID_METHOD) {
        return refuse_method(bytes, length);
    }
    if (error == HPE_INVALID_VERSION || error == HPE_PAUSED_H2_UPGRADE) {
        return refuse_version(bytes, length);
    }
    if (error == HPE_INVALID_URL) {
        return refusal_malformed("The request target is malformed.");
    }
    return refusal_malformed("The request line or a header field is malformed.");
}

/* llhttp lets several spaces pass between the parts of a request line; other readers may not. */
static bool parts_are_one_space_apart(const char *bytes, struct text target) {
    size_t before = (size_t)(target.bytes - bytes);
    return before >= 2 && memchr(bytes, ' ', before) == target.bytes - 1 &&
           memcmp(target.bytes + target.length, " HTTP/", strlen(" HTTP/")) == 0;
}

static bool method_find(uint8_t llhttp_method, enum http_method *method) {
    static const struct {
        uint8_t known;
        enum http_method ours;
    } methods[] = {
        {HTTP_GET, HTTP_METHOD_GET},         {HTTP_POST, HTTP_METHOD_POST},
        {HTTP_PATCH, HTTP_METHOD_PATCH},     {HTTP_DELETE, HTTP_METHOD_DELETE},
        {HTTP_PUT, HTTP_METHOD_PUT},         {HTTP_HEAD, HTTP_METHOD_HEAD},
        {HTTP_OPTIONS, HTTP_METHOD_OPTIONS},
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (methods[i].known == llhttp_method) {
            *method = methods[i].ours;
            return true;
        }
    }
    return false;
}

/* Origin form only: with a host inside the target, which of the two hosts is meant? */
static struct refusal read_target(struct text target, struct http_request *request) {
    bool asterisk = request->method == HTTP_METHOD_OPTIONS && text_equals(target, TEXT("*"));
    if (!asterisk && (target.length == 0 || target.bytes[0] != '/')) {
        return refusal_malformed("The request target must start with '/'.");
    }
    request->path = target;
    request->query = TEXT_NONE;
    for (size_t i = 0; i < target.length; i++) {
        unsigned char byte = (unsigned char)target.bytes[i];
        if (byte <= 0x20 || byte >= 0x7f || byte == '#') {
            return refusal_malformed("The request target holds characters that must be encoded.");
        }
        if (byte == '?' && text_is_absent(request->query)) {
            request->path.length = i;
            request->query = (struct text){target.bytes + i + 1, target.length - i - 1};
        }
    }
    return REFUSAL_NONE;
}

/* The fields that say where a request ends and for whom it is. */
struct framing {
    struct text host, content_length, transfer_encoding, expect;
    bool repeated;
};

static void framing_note(struct framing *framing, const struct http_header *header) {
    struct text *place = NULL;
    struct text name = header->name;
    if (name.length == 4 && text_equals_ignoring_case(name, TEXT("Host"))) {
        place = &framing->host;
    } else if (name.length == 14 && text_equals_ignoring_case(name, TEXT("Content-Length"))) {
        place = &framing->content_length;
    } else if (name.length == 17 && text_equals_ignoring_case(name, TEXT("Transfer-Encoding"))) {
        place = &framing->transfer_encoding;
    } else if (name.length == 6 && text_equals_ignoring_case(name, TEXT("Expect"))) {
        place = &framing->expect;
    }
    if (place != NULL) {
        framing->repeated = framing->repeated || !text_is_absent(*place);
        *place = header->value;
    }
}

static struct refusal take_fields(struct tokens *tokens, struct http_request *request,
                                  struct framing *framing) {
    for (size_t i = 0; i < tokens->count; i++) {
        struct http_header *header = &tokens->headers[i];
        header->value = text_is_absent(header->value) ? TEXT("") : text_trimmed(header->value);
        if (header->name.length == 0 || memchr(header->name.bytes, ' ', header->name.length)) {
            return refusal_malformed("A header field has white space in its name.");
        }
        framing_note(framing, header);
    }
    struct http_header *headers = arena_array(request->arena, struct http_header, tokens->count);
    if (headers == NULL) {
        return (struct refusal){431, "headers_too_large", "The header fields are too large."};
    }
    memcpy(headers, tokens->headers, tokens->count * sizeof *headers);
    request->headers = headers;
    request->headers_count = tokens->count;
    return framing->repeated
               ? refusal_malformed("Host, Content-Length, Transfer-Encoding or Expect is repeated.")
               : REFUSAL_NONE;
}

static bool host_is_plain(struct text host) {
    for (size_t i = 0; i < host.length; i++) {
        unsigned char byte = (unsigned char)host.bytes[i];
        if (byte <= 0x20 || byte >= 0x7f || strchr(",/\\@?#\"<>^`{|}", byte) != NULL) {
            return false;
        }
    }
    return host.length > 0;
}

static struct refusal check_host(struct text host, bool http_1_0) {
    if (text_is_absent(host)) {
        return http_1_0 ? REFUSAL_NONE : refusal_malformed("The Host header field is missing.");
    }
    return host_is_plain(host) ? REFUSAL_NONE
                               : refusal_malformed("The Host header field is malformed.");
}

static bool length_parse(struct text digits, size_t *length) {
    if (digits.length == 0 || digits.length > 18) {
        return false;
    }
    size_t value = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (size_t)(digits.bytes[i] - '0');
    }
    *length = value;
    return true;
}

static struct refusal read_framing(const struct framing *framing, struct head *head) {
    if (!text_is_absent(framing->transfer_encoding)) {
        if (!text_is_absent(framing->content_length)) {
            return refusal_malformed("Content-Length and Transfer-Encoding exclude each other.");
        }
        if (head->http_1_0 ||
            !text_equals_ignoring_case(framing->transfer_encoding, TEXT("chunked"))) {
            return refusal_malformed("The only transfer coding known here is chunked.");
        }
        head->chunked = true;
    }
    if (!text_is_absent(framing->content_length) &&
        !length_parse(framing->content_length, &head->content_length)) {
        return refusal_malformed("Content-Length must be digits.");
    }
    if (!text_is_absent(framing->expect) && !head->http_1_0) {
        if (!text_equals_ignoring_case(framing->expect, TEXT("100-continue"))) {
            return (struct refusal){417, "expectation_failed",
                                    "The only expectation known here is 100-continue."};
        }
        head->expects_continue = true;
    }
    return REFUSAL_NONE;
}

struct refusal head_read(const char *bytes, size_t length, struct http_request *request,
                         struct head *head) {
    struct tokens tokens;
    struct refusal refusal = tokenise(&tokens, bytes, length);
    if (refusal.status != 0) {
        return refusal;
    }
    if (tokens.llhttp.http_major != 1 || tokens.llhttp.http_minor > 1) {
        return refuse_version(bytes, length);
    }
    *head =
        (struct head){.keep_alive = tokens.keep_alive, .http_1_0 = tokens.llhttp.http_minor == 0};
    if (!method_find(tokens.llhttp.method, &request->method)) {
        return method_unknown;
    }
    if (!parts_are_one_space_apart(bytes, tokens.target)) {
        return refusal_malformed("The parts of the request line must be one space apart.");
    }
    struct framing framing = {TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, false};
    refusal = read_target(tokens.target, request);
    if (refusal.status == 0) {
        refusal = take_fields(&tokens, request, &framing);
    }
    if (refusal.status == 0) {
        refusal = check_host(framing.host, head->http_1_0);
    }
    return refusal.status == 0 ? read_framing(&framing, head) : refusal;
}
