#include "store/sqlite/statement.h"

#include "base/check.h"

#define STATEMENT_TEXT(name) extern const unsigned char sql_##name[];
STATEMENTS(STATEMENT_TEXT)

#define STATEMENT_ENTRY(name) [STATEMENT_##name] = sql_##name,
static const unsigned char *const texts[STATEMENTS_COUNT] = {STATEMENTS(STATEMENT_ENTRY)};

const char *statement_sql(enum statement statement) {
    require(statement < STATEMENTS_COUNT);
    return (const char *)texts[statement];
}
