#include "store/postgres/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define QUERY_TEXT(name) extern const unsigned char postgres_sql_##name[];
QUERIES(QUERY_TEXT)
QUERY_PARTS(QUERY_TEXT)

#define QUERY_ENTRY(name) [QUERY_##name] = postgres_sql_##name,
static const unsigned char *const sources[QUERIES_COUNT] = {QUERIES(QUERY_ENTRY)};

#define QUERY_NAME(name) [QUERY_##name] = #name,
static const char *const names[QUERIES_COUNT] = {QUERIES(QUERY_NAME)};

static const struct {
    const char *name;
    const unsigned char *source;
} parts[] = {
#define QUERY_PART(name) {#name, postgres_sql_##name},
    QUERY_PARTS(QUERY_PART)};

/* Each kind of row, its columns in the order in which row.c reads them. */
static const struct {
    const char *kind;
    const char *columns[32];
} kinds[] = {
    {"venue",
     {"id", "name", "address", "time_zone", "created_at", "updated_at", "archived_at", "version"}},
    {"event",
     {"id", "name", "description", "venue_id", "start_date", "end_date", "created_at", "updated_at",
      "published", "featured", "image_url", "currency", "time_zone", "archived_at", "version"}},
    {"type",
     {"id",
      "event_id",
      "name",
      "description",
      "price",
      "initial_inventory",
      "total_inventory",
      "sold_count",
      "reserved_count",
      "created_at",
      "updated_at",
      "sales_start",
      "sales_end",
      "max_per_order",
      "max_per_customer",
      "settings_version",
      "audit_seq",
      "audit_hash",
      "last_entry_at",
      "adopted_sold",
      "archived_at"}},
    {"reservation",
     {"id", "ticket_type_id", "quantity", "user_id", "expires_at", "status", "order_id",
      "created_at", "updated_at", "event_id", "cart_id", "unit_price", "currency", "channel",
      "tender", "sold_by", "shift_id", "refunded_quantity", "completed_at"}},
    {"cart",
     {"id", "event_id", "user_id", "status", "expires_at", "order_id", "currency", "channel",
      "tender", "sold_by", "shift_id", "created_at", "updated_at", "completed_at"}},
    {"entry", {"id",           "ticket_type_id",    "user_id",      "action",
               "quantity",     "previous_total",    "new_total",    "previous_sold",
               "new_sold",     "previous_reserved", "new_reserved", "reason",
               "created_at",   "event_id",          "seq",          "chain_hash",
               "effective_at", "actor_kind",        "actor_id",     "reservation_id",
               "order_id",     "disposition",       "channel",      "tender",
               "shift_id"}},
    {"shift",
     {"id", "operator_id", "terminal", "currency", "opening_cash", "counted_cash", "expected_cash",
      "note", "opened_at", "closed_at", "operator_kind"}},
    {"shift_total",
     {"shift_id", "tender", "sales", "tickets_sold", "tickets_refunded", "gross", "refunds"}},
    {"api_key",
     {"id", "name", "role", "event_ids", "secret_hash", "created_at", "expires_at", "last_used_at",
      "revoked_at"}},
};

const char *query_name(enum query query) {
    require(query < QUERIES_COUNT);
    return names[query];
}

/* Writes the columns of `word`, "type t", behind its alias. False: there is no such kind. */
static bool write_columns(FILE *to, const char *word, size_t length) {
    const char *space = memchr(word, ' ', length);
    if (space == NULL) {
        return false;
    }
    size_t kind_length = (size_t)(space - word);
    int alias_length = (int)(length - kind_length - 1);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strlen(kinds[i].kind) != kind_length || memcmp(kinds[i].kind, word, kind_length) != 0) {
            continue;
        }
        for (const char *const *column = kinds[i].columns; *column != NULL; column++) {
            fprintf(to, "%s%.*s.%s", column == kinds[i].columns ? "" : ", ", alias_length,
                    space + 1, *column);
        }
        return true;
    }
    return false;
}

static bool is_word(const char *word, size_t length, const char *name) {
    return strlen(name) == length && memcmp(word, name, length) == 0;
}

static const char *find_part(const char *word, size_t length) {
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (is_word(word, length, parts[i].name)) {
            return (const char *)parts[i].source;
        }
    }
    return NULL;
}

static void write_text(FILE *to, const char *source, const struct schema_facts *facts) {
    for (const char *open = strchr(source, '{'); open != NULL; open = strchr(source, '{')) {
        const char *word = open + 1;
        size_t length = strcspn(word, "}");
        fwrite(source, 1, (size_t)(open - source), to);
        const char *part = find_part(word, length);
        if (part != NULL) {
            write_text(to, part, facts);
        } else if (is_word(word, length, "order_id")) {
            fputs(facts->reservation_order_id_is_uuid ? "uuid" : "text", to);
        } else if (is_word(word, length, "log_order_id")) {
            fputs(facts->log_order_id_is_uuid ? "uuid" : "text", to);
        } else {
            ensure(write_columns(to, word, length));
        }
        source = word + length + 1;
    }
    fputs(source, to);
}

enum error queries_make(struct queries *queries, const struct schema_facts *facts,
                        struct failure *failure) {
    *queries = (struct queries){{NULL}};
    for (size_t i = 0; i < QUERIES_COUNT; i++) {
        size_t size;
        FILE *to = open_memstream(&queries->texts[i], &size);
        if (to != NULL) {
            write_text(to, (const char *)sources[i], facts);
        }
        if (to == NULL || fclose(to) != 0) {
            queries_finish(queries);
            return failure_set(failure, ERROR_MEMORY, "no memory for the queries");
        }
    }
    return ERROR_NONE;
}

void queries_finish(struct queries *queries) {
    for (size_t i = 0; i < QUERIES_COUNT; i++) {
        free(queries->texts[i]);
        queries->texts[i] = NULL;
    }
}
