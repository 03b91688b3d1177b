#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/verifying.h"

const char *difference_kind_name(enum difference_kind kind) {
    switch (kind) {
    case DIFFERENCE_UNREADABLE:
        return "unreadable";
    case DIFFERENCE_OPENING:
        return "opening";
    case DIFFERENCE_ENTRY:
        return "entry";
    case DIFFERENCE_LOG_END:
        return "log_end";
    case DIFFERENCE_COUNTS:
        return "counts";
    case DIFFERENCE_HEAD:
        return "head";
    case DIFFERENCE_SUMS:
        return "sums";
    case DIFFERENCE_RESERVATION:
        return "reservation";
    case DIFFERENCE_LOST:
        return "lost";
    case DIFFERENCE_CART:
        return "cart";
    case DIFFERENCE_SHIFT:
        return "shift";
    }
    return "";
}

void verify_tell(struct verifying *verifying, const struct verify_difference *about,
                 const char *format, ...) {
    struct verify_difference difference = *about;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(difference.sentence, sizeof difference.sentence, format, arguments);
    va_end(arguments);
    verifying->report->differences++;
    verifying->listener->on_difference(verifying->listener->context, &difference);
}

enum error verify_unreadable(struct verifying *verifying, const struct verify_difference *about,
                             enum error error) {
    if (error != ERROR_CORRUPT) {
        return error;
    }
    struct verify_difference unreadable = *about;
    unreadable.kind = DIFFERENCE_UNREADABLE;
    verify_tell(verifying, &unreadable, "%s", verifying->failure->sentence);
    return ERROR_NONE;
}

void verify_progress(const struct verifying *verifying) {
    if (verifying->listener->on_progress != NULL) {
        verifying->listener->on_progress(verifying->listener->context, verifying->report);
    }
}

struct list_query verify_query(void) {
    return (struct list_query){
        .filter = {.after_seq = -1,
                   .from = INSTANT_NONE,
                   .to = INSTANT_NONE,
                   .own_since = INSTANT_NONE,
                   .include_archived = true},
        .limit = VERIFY_PAGE_ROWS,
    };
}

enum error verify_pages(struct verifying *verifying, verify_list *list, verify_page *look_at) {
    struct arena list_arena;
    struct arena arena;
    arena_init(&list_arena, VERIFY_ARENA_BYTES);
    arena_init(&arena, VERIFY_ARENA_BYTES);
    struct list_query query = verify_query();
    enum error error = ERROR_NONE;
    do {
        struct page page = {.count = 0};
        arena_reset(&list_arena);
        error = list(verifying->reader, &query, &list_arena, &page, verifying->failure);
        struct verify_difference unreadable = {.kind = DIFFERENCE_UNREADABLE};
        error = verify_unreadable(verifying, &unreadable, error);
        error = error == ERROR_NONE ? look_at(verifying, &page, &arena) : error;
        query.after = page.next;
    } while (error == ERROR_NONE && query.after.set);
    arena_finish(&arena);
    arena_finish(&list_arena);
    return error;
}

enum error verify_run(struct store_reader *reader, const struct verify_listener *listener,
                      struct verify_report *report, struct failure *failure) {
    struct failure unread; /* sentences of rows that cannot be read pass through here */
    struct verifying verifying = {
        .reader = reader,
        .listener = listener,
        .report = report,
        .failure = failure == NULL ? &unread : failure,
    };
    *report = (struct verify_report){.types = 0};
    enum error error = verify_types(&verifying);
    error = error == ERROR_NONE ? verify_lines(&verifying) : error;
    return error == ERROR_NONE ? verify_shifts(&verifying) : error;
}
