/* groups.h - the parts of the suite; each runs its tests and returns how many failed. */
#pragma once

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int round_trip_tests(void);
int line_tests(void);
int batch_tests(void);
int following_tests(void);
int key_tests(void);
int reading_tests(void);
int catalogue_tests(void);
int list_tests(void);
int verify_tests(void);
int people_tests(void);
int shift_tests(void);
int figures_tests(void);
