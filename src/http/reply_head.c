#include "http/reply_head.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

static const char *reason_of(int status) {
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return ""; /* a reason may be empty (RFC 9112, section 4) */
}

/* Appends while there is room and nothing was wrong. */
struct writer {
    char *bytes;
    size_t length;
    bool failed;
};

static void put(struct writer *writer, struct text text) {
    if (text.length > REPLY_HEAD_MAX - writer->length) {
        writer->failed = true;
    } else if (text.length > 0 && !writer->failed) {
        memcpy(writer->bytes + writer->length, text.bytes, text.length);
        writer->length += text.length;
    }
}

static void put_number(struct writer *writer, size_t number) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(writer, (struct text){digits + at, sizeof digits - at});
}

/* A line end in a value would start a field, or an answer, of somebody else's choice. */
static bool is_one_line(struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

static void put_field(struct writer *writer, struct text name, struct text value) {
    writer->failed = writer->failed || !is_one_line(name) || !is_one_line(value);
    put(writer, name);
    put(writer, TEXT(": "));
    put(writer, value);
    put(writer, TEXT("\r\n"));
}

static struct text date_now(struct http_date *date) {
    time_t now = time(NULL);
    if (now != date->second) {
        static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        struct tm utc;
        gmtime_r(&now, &utc);
        snprintf(date->text, sizeof date->text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                 days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900,
                 utc.tm_hour, utc.tm_min, utc.tm_sec);
        date->second = now;
    }
    return text_of(date->text);
}

bool reply_may_have_body(int status) {
    return status != 204 && status != 304;
}

static void put_framing(struct writer *writer, const struct http_reply *reply,
                        struct reply_form form) {
    if (form.framing == FRAMING_CHUNKED) {
        put(writer, TEXT("Transfer-Encoding: chunked\r\n"));
    } else if (form.framing == FRAMING_LENGTH && reply_may_have_body(reply->status)) {
        put(writer, TEXT("Content-Length: "));
        put_number(writer, reply->body.length);
        put(writer, TEXT("\r\n"));
    }
    if (form.close) {
        put(writer, TEXT("Connection: close\r\n"));
    } else if (form.http_1_0) {
        put(writer, TEXT("Connection: keep-alive\r\n"));
    }
}

size_t reply_head_write(char buffer[REPLY_HEAD_MAX], const struct http_reply *reply,
                        struct reply_form form, struct http_date *date) {
    require(reply->status >= 200 && reply->status <= 599);
    struct writer writer = {.bytes = buffer};
    put(&writer, TEXT("HTTP/1.1 "));
    put_number(&writer, (size_t)reply->status);
    put(&writer, TEXT(" "));
    put(&writer, text_of(reason_of(reply->status)));
    put(&writer, TEXT("\r\nDate: "));
    put(&writer, date_now(date));
    put(&writer, TEXT("\r\n"));
    if (!text_is_absent(reply->content_type)) {
        put_field(&writer, TEXT("Content-Type"), reply->content_type);
    }
    for (size_t i = 0; i < reply->headers_count; i++) {
        put_field(&writer, reply->headers[i].name, reply->headers[i].value);
    }
    put_framing(&writer, reply, form);
    put(&writer, TEXT("\r\n"));
    return writer.failed ? 0 : writer.length;
}
