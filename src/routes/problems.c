/* The page that the `type` of a problem points to. */
#include <string.h>

#include "routes/call.h"
#include "routes/handlers.h"

static const struct text html_type = {"text/html; charset=utf-8", 24};

/* `words` in backticks are code; no sentence of the table has anything that HTML would read. */
static const char *marked_up(struct arena *arena, const char *sentence) {
    static const char *const tags[] = {"<code>", "</code>"};
    char *html = arena_take(arena, strlen(sentence) * sizeof "</code>" + 1);
    char *end = html;
    size_t ticks = 0;
    for (; html != NULL && *sentence != '\0'; sentence++) {
        if (*sentence == '`') {
            end = stpcpy(end, tags[ticks++ % 2]);
        } else {
            *end++ = *sentence;
        }
    }
    if (html != NULL) {
        *end = '\0';
    }
    return html;
}

struct answered route_problem_get(struct call *call) {
    enum problem problem;
    if (!problem_find(call->parameter, &problem)) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    const struct problem_kind *kind = problem_kind(problem);
    const char *meaning = marked_up(call_arena(call), kind->meaning);
    const char *remedy = marked_up(call_arena(call), kind->remedy);
    if (meaning == NULL || remedy == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    struct text page = arena_printf(
        call_arena(call),
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s - ticketd</title>\n"
        "<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:38rem;margin:4rem auto;"
        "padding:0 1rem}code{background:#eee;padding:.1em .3em}</style>\n"
        "<h1>%s</h1>\n<p>HTTP status %d, code <code>%s</code></p>\n<p>%s</p>\n<p>%s</p>\n"
        "</html>\n",
        kind->title, kind->title, kind->status, kind->code, meaning, remedy);
    if (text_is_absent(page)) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("X-Content-Type-Options"), TEXT("nosniff"));
    reply_header(&headers, TEXT("Content-Security-Policy"),
                 TEXT("default-src 'none'; style-src 'unsafe-inline'"));
    return call_reply_text(call, 200, html_type, page, &headers);
}
