/* unit.h - cmocka, with what it wants to be included before. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define assert_text(got, literal)                                                                  \
    do {                                                                                           \
        struct text got_text = (got);                                                              \
        assert_non_null(got_text.bytes);                                                           \
        assert_int_equal(got_text.length, strlen(literal));                                        \
        assert_memory_equal(got_text.bytes, literal, strlen(literal));                             \
    } while (0)

#define assert_uuid(a, b)                                                                          \
    do {                                                                                           \
        struct uuid uuid_a = (a);                                                                  \
        struct uuid uuid_b = (b);                                                                  \
        assert_memory_equal(uuid_a.bytes, uuid_b.bytes, 16);                                       \
    } while (0)

#define UNIT_MAIN(tests)                                                                           \
    int main(void) {                                                                               \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }
