/* catalog.h - the texts of catalog/ and migrations/, embedded: NAME.sql is catalog_NAME.
 *
 * Each ends with a NUL. */
#pragma once

#include <stddef.h>

#define CATALOG(X)                                                                                 \
    X(adopt_backfill)                                                                              \
    X(adopt_column_types)                                                                          \
    X(adopt_columns)                                                                               \
    X(adopt_constraints)                                                                           \
    X(adopt_fills)                                                                                 \
    X(adopt_foreign_keys)                                                                          \
    X(adopt_functions)                                                                             \
    X(adopt_heads)                                                                                 \
    X(adopt_indexes)                                                                               \
    X(adopt_loosen)                                                                                \
    X(adopt_managed)                                                                               \
    X(adopt_missing_tables)                                                                        \
    X(adopt_tables)                                                                                \
    X(adopt_triggers)                                                                              \
    X(rights_counted)                                                                              \
    X(rights_grants)                                                                               \
    X(rights_policies)                                                                             \
    X(rights_private)                                                                              \
    X(rows_impossible)                                                                             \
    X(rows_openings)                                                                               \
    X(rows_times)                                                                                  \
    X(schema_facts)                                                                                \
    X(schema_place)                                                                                \
    X(schema_version)

#define CATALOG_TEXT(name) extern const unsigned char catalog_##name[];
CATALOG(CATALOG_TEXT)
#undef CATALOG_TEXT

extern const unsigned char migration_0001_own[], migration_0002_founding[], migration_0003_shifts[],
    migration_0004_shift_log[];
extern const size_t migration_0001_own_size, migration_0002_founding_size,
    migration_0003_shifts_size, migration_0004_shift_log_size;
