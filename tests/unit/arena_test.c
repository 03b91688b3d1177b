#include "base/arena.h"
#include "support/unit.h"

static void pieces_are_zeroed_aligned_and_apart(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *last_end = NULL;
    for (size_t bytes = 1; bytes < 300; bytes++) {
        char *piece = arena_take(&arena, bytes);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % 16, 0);
        for (size_t i = 0; i < bytes; i++) {
            assert_int_equal(piece[i], 0);
        }
        memset(piece, 0xA5, bytes);
        assert_true(last_end == NULL || piece >= last_end || piece + bytes <= last_end);
        last_end = piece + bytes;
    }
    arena_finish(&arena);
}

static void a_spent_budget_is_an_answer_and_small_pieces_may_still_fit(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 10000);
    assert_null(arena_take(&arena, 10001));
    assert_non_null(arena_take(&arena, 9000));
    assert_null(arena_take(&arena, 2000));
    assert_non_null(arena_take(&arena, 100));
    assert_true(arena.used <= 10000);
    assert_true(text_is_absent(arena_printf(&arena, "%2000d", 1)));
    arena_finish(&arena);
}

static void sizes_that_overflow_are_refused(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    volatile size_t most = SIZE_MAX; /* or the compiler refuses before we can */
    assert_null(arena_take(&arena, most));
    assert_null(arena_take(&arena, most - 8));
    assert_null(arena_array(&arena, uint64_t, most / 4));
    arena_finish(&arena);
}

static void an_empty_array_is_a_place_and_not_a_spent_budget(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1024);
    assert_non_null(arena_array(&arena, int, 0));
    arena_finish(&arena);
}

static void a_reset_gives_zeroed_memory_again_within_the_budget(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 * 1024);
    for (int round = 0; round < 100; round++) {
        char *piece = arena_take(&arena, 30000);
        assert_non_null(piece);
        for (size_t i = 0; i < 30000; i += 100) {
            assert_int_equal(piece[i], 0);
        }
        memset(piece, 1, 30000);
        arena_reset(&arena);
    }
    arena_finish(&arena);
    assert_int_equal(arena.used, 0);
}

static void copies_end_in_nul_and_absent_stays_absent(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct text copy = arena_copy(&arena, TEXT("abc"));
    assert_text(copy, "abc");
    assert_int_equal(copy.bytes[3], 0);
    assert_true(text_is_absent(arena_copy(&arena, TEXT_NONE)));
    assert_false(text_is_absent(arena_copy(&arena, TEXT(""))));
    assert_text(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
    arena_finish(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
    cmocka_unit_test(a_spent_budget_is_an_answer_and_small_pieces_may_still_fit),
    cmocka_unit_test(sizes_that_overflow_are_refused),
    cmocka_unit_test(an_empty_array_is_a_place_and_not_a_spent_budget),
    cmocka_unit_test(a_reset_gives_zeroed_memory_again_within_the_budget),
    cmocka_unit_test(copies_end_in_nul_and_absent_stays_absent),
};
UNIT_MAIN(tests)
