#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "support/unit.h"

/* What one call writes to stderr, NUL-terminated. */
static char captured[8192];

#define CAPTURE(call)                                                                              \
    do {                                                                                           \
        int ends[2];                                                                               \
        assert_int_equal(pipe2(ends, O_NONBLOCK), 0);                                              \
        int kept = dup(STDERR_FILENO);                                                             \
        dup2(ends[1], STDERR_FILENO);                                                              \
        call;                                                                                      \
        dup2(kept, STDERR_FILENO);                                                                 \
        ssize_t count = read(ends[0], captured, sizeof captured - 1);                              \
        captured[count < 0 ? 0 : count] = '\0';                                                    \
        close(kept);                                                                               \
        close(ends[0]);                                                                            \
        close(ends[1]);                                                                            \
    } while (0)

static void a_line_is_event_and_pairs(void **state) {
    (void)state;
    CAPTURE(
        log_line(LOG_INFO, "listening", "address", "127.0.0.1:8080", "note", "two words", NULL));
    assert_non_null(strstr(captured, " level=info event=listening address=127.0.0.1:8080 "
                                     "note=\"two words\"\n"));
    assert_memory_equal(captured, "time=2", 6);
}

static void nobody_can_forge_a_line(void **state) {
    (void)state;
    CAPTURE(log_line(LOG_WARNING, "refused", "name", "x\nlevel=error event=fake", "q", "a\"b\\",
                     "empty", "", "absent", NULL, NULL));
    assert_non_null(strstr(captured, "name=\"x\\x0alevel=error event=fake\" q=\"a\\\"b\\\\\""
                                     " empty=\"\" absent=\"\"\n"));
    assert_ptr_equal(strchr(captured, '\n'), captured + strlen(captured) - 1);
}

static void lines_below_the_level_are_dropped(void **state) {
    (void)state;
    CAPTURE(log_line(LOG_DEBUG, "quiet", NULL));
    assert_string_equal(captured, "");
    log_set_level(LOG_ERROR);
    CAPTURE(log_line(LOG_WARNING, "quiet", NULL));
    assert_string_equal(captured, "");
    CAPTURE(log_line(LOG_ERROR, "loud", NULL));
    assert_non_null(strstr(captured, "event=loud\n"));
    log_set_level(LOG_INFO);
}

static void a_long_line_is_cut_and_still_ends(void **state) {
    (void)state;
    char value[5000];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    CAPTURE(log_line(LOG_INFO, "long", "value", value, NULL));
    assert_int_equal(strlen(captured), 2048);
    assert_int_equal(captured[2047], '\n');
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_line_is_event_and_pairs),
    cmocka_unit_test(nobody_can_forge_a_line),
    cmocka_unit_test(lines_below_the_level_are_dropped),
    cmocka_unit_test(a_long_line_is_cut_and_still_ends),
};
UNIT_MAIN(tests)
