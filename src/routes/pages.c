#include "routes/pages.h"

#include "routes/bundle.h"
#include "routes/wire/render.h"

/* Scripts, styles and fetches from here and nowhere else; images of events from any https address.
 * Nothing may put a page into a frame. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static const struct bundle_file *find_file(struct text path) {
    for (size_t i = 0; i < bundle_files_count; i++) {
        if (text_equals(bundle_files[i].path, path)) {
            return &bundle_files[i];
        }
    }
    return NULL;
}

/* "q=0", "q=0.000": not at any price. */
static bool is_refused(struct text weight) {
    weight = text_trimmed(weight);
    if (weight.length < 3 || (weight.bytes[0] | 0x20) != 'q' || weight.bytes[1] != '=') {
        return false;
    }
    for (size_t i = 2; i < weight.length; i++) {
        if (weight.bytes[i] != '0' && weight.bytes[i] != '.') {
            return false;
        }
    }
    return true;
}

/* Cuts what is before the first `mark`, or all, from *rest. */
static struct text cut(struct text *rest, char mark) {
    const char *at = rest->length == 0 ? NULL : memchr(rest->bytes, mark, rest->length);
    struct text part = {rest->bytes, at == NULL ? rest->length : (size_t)(at - rest->bytes)};
    size_t taken = part.length + (at != NULL);
    *rest = (struct text){rest->bytes + taken, rest->length - taken};
    return text_trimmed(part);
}

/* Its own word counts before the star's. */
static bool takes_gzip(struct text accept_encoding) {
    bool by_star = false;
    while (!text_is_absent(accept_encoding) && accept_encoding.length > 0) {
        struct text weight = cut(&accept_encoding, ',');
        struct text coding = cut(&weight, ';');
        if (text_equals_ignoring_case(coding, TEXT("gzip"))) {
            return !is_refused(weight);
        }
        by_star = by_star || (text_equals(coding, TEXT("*")) && !is_refused(weight));
    }
    return by_star;
}

static struct answered reply_file(struct call *call, const struct bundle_file *file) {
    bool hashed = text_starts_with(file->path, TEXT("assets/"));
    bool gzip = takes_gzip(call->headers.accept_encoding);
    struct text etag = gzip ? file->gzip_etag : file->etag;
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Cache-Control"),
                 hashed ? TEXT("public, max-age=31536000, immutable") : TEXT("no-cache"));
    reply_header(&headers, TEXT("Vary"), TEXT("Accept-Encoding"));
    reply_header(&headers, TEXT("ETag"), etag);
    reply_header(&headers, TEXT("Content-Security-Policy"), text_of(policy));
    reply_header(&headers, TEXT("X-Content-Type-Options"), TEXT("nosniff"));
    reply_header(&headers, TEXT("Referrer-Policy"), TEXT("same-origin"));
    if (etag_is_known(call->headers.if_none_match, etag)) {
        return call_reply_text(call, 304, TEXT_NONE, TEXT(""), &headers);
    }
    if (gzip) {
        reply_header(&headers, TEXT("Content-Encoding"), TEXT("gzip"));
    }
    return call_reply_text(call, 200, file->type, gzip ? file->gzip : file->bytes, &headers);
}

static struct answered send_to_pages(struct call *call, int status) {
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Location"), TEXT("/admin/"));
    return call_reply_text(call, status, TEXT_NONE, TEXT(""), &headers);
}

static struct answered answer_below(struct call *call, struct text path) {
    const struct bundle_file *file = find_file(path);
    if (file == NULL && text_starts_with(path, TEXT("assets/"))) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    return reply_file(call, file == NULL ? find_file(TEXT("index.html")) : file);
}

bool pages_answer(struct call *call) {
    static const struct text below = {"/admin/", 7};
    struct text path = call->http->path;
    bool is_root = text_equals(path, TEXT("/")), is_folder = text_equals(path, TEXT("/admin"));
    bool is_below = text_starts_with(path, below);
    if (bundle_files_count == 0 || !(is_root || is_folder || is_below)) {
        return false;
    }
    enum http_method method = call->http->method;
    if (method != HTTP_METHOD_GET && method != HTTP_METHOD_HEAD) {
        call_refuse_method(call, "GET, HEAD");
    } else if (is_below) {
        answer_below(call, (struct text){path.bytes + below.length, path.length - below.length});
    } else {
        send_to_pages(call, is_root ? 302 : 308);
    }
    return true;
}
