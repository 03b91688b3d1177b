#include "spec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum { VALUES_MAX = 32, VALUE_SIZE = 160 };

struct values {
    char list[VALUES_MAX][VALUE_SIZE];
    size_t count;
};

struct writing {
    FILE *to;
    const struct queries *queries;
    const struct spec *spec;
    const struct batch *batch;
    size_t session; /* from 1 */
};

/* --- the product's queries ---------------------------------------------------------- */

/* The text, in which the control may have left something out. The caller frees it. */
static char *text_of_query(const struct writing *writing, enum query query) {
    const struct mutant *mutant = &writing->batch->mutant;
    const char *text = writing->queries->texts[query];
    if (mutant->from == NULL || mutant->query != query) {
        return strdup(text);
    }
    const char *at = strstr(text, mutant->from);
    ensure(at != NULL);
    size_t size = strlen(text) + strlen(mutant->to) + 1;
    char *changed = malloc(size);
    ensure(changed != NULL);
    snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, mutant->to,
             at + strlen(mutant->from));
    return changed;
}

/* The text with values for its parameters. */
static void fill(const struct writing *writing, const char *text, const struct values *values) {
    while (*text != '\0') {
        size_t length = strcspn(text, "$");
        fwrite(text, 1, length, writing->to);
        text += length;
        if (*text == '$') {
            char *end;
            size_t number = strtoul(text + 1, &end, 10);
            ensure(number >= 1 && number <= values->count);
            fputs(values->list[number - 1], writing->to);
            text = end;
        }
    }
}

static void add_value(struct values *values, const char *value) {
    ensure(values->count < VALUES_MAX && strlen(value) < VALUE_SIZE);
    strcpy(values->list[values->count++], value);
}

static void add_literal(struct values *values, const char *text) {
    char literal[VALUE_SIZE];
    snprintf(literal, sizeof literal, text == NULL ? "NULL" : "'%s'", text);
    add_value(values, literal);
}

/* "'a', 'b'" is ARRAY['a', 'b'], which the query casts. */
static void add_list(struct values *values, const char *list) {
    char array[VALUE_SIZE];
    snprintf(array, sizeof array, "ARRAY[%s]", list == NULL ? "" : list);
    add_value(values, array);
}

/* Batches that name nothing but types have queries of their own (load.c). */
static bool names_only_types(const struct batch *batch) {
    return batch->reservations == NULL && batch->carts == NULL && batch->events == NULL;
}

static void add_types(struct values *values, const struct batch *batch) {
    add_list(values, batch->types);
    if (!names_only_types(batch)) {
        add_list(values, batch->reservations);
        add_list(values, batch->carts);
    }
}

/* Where a query's rows go; NULL: nowhere. */
static void say(const struct writing *writing, const char *table, enum query query,
                const struct values *values) {
    char *text = text_of_query(writing, query);
    if (table != NULL) {
        fprintf(writing->to, "INSERT INTO %s ", table);
    }
    fill(writing, text, values);
    fputs(";\n", writing->to);
    free(text);
}

/* The column that the query makes of its array parameter: `unnest($1::uuid[]) AS id`. NULL: the
 * parameter is no array, but the number of rows; or, `at` NULL, there is no such parameter. */
static const char *column_of(const char *text, size_t number, const char **at) {
    char parameter[16];
    snprintf(parameter, sizeof parameter, "$%zu::", number);
    *at = strstr(text, parameter);
    const char *end = *at == NULL ? NULL : *at + strcspn(*at, " ,)");
    return end != NULL && strncmp(end, ") AS ", 5) == 0 ? end + 5 : NULL;
}

/* The rows that were decided, an array for each column, and where it is asked for, their number. */
static void say_rows(const struct writing *writing, enum query query, const char *table) {
    struct values values = {.count = 0};
    char *text = text_of_query(writing, query);
    const char *at;
    for (const char *column = column_of(text, 1, &at); at != NULL;
         column = column_of(text, values.count + 1, &at)) {
        char value[VALUE_SIZE];
        if (column == NULL) {
            snprintf(value, sizeof value, "(SELECT count(*) FROM %s)", table);
        } else {
            snprintf(value, sizeof value, "(SELECT array_agg(w.%.*s) FROM %s w)",
                     (int)strcspn(column, " ,\n)"), column, table);
        }
        add_value(&values, value);
    }
    fill(writing, text, &values);
    fputs(";\n", writing->to);
    free(text);
}

/* --- the parts of a batch ----------------------------------------------------------- */

static const struct values no_values;

/* isolationtester takes its time: what stands still does so for its sake. */
static void say_begin(const struct writing *writing) {
    say(writing, NULL, QUERY_begin, &no_values);
    say(writing, NULL, QUERY_guard, &no_values);
    fputs("SET LOCAL lock_timeout = 0;\nSET LOCAL idle_in_transaction_session_timeout = 0;\n",
          writing->to);
}

static void say_lock(const struct writing *writing) {
    say_begin(writing);
    struct values types = {.count = 0}, events = {.count = 0};
    add_types(&types, writing->batch);
    if (writing->batch->events == NULL) {
        say(writing, "seen_types",
            names_only_types(writing->batch) ? QUERY_lock_named_types : QUERY_lock_types, &types);
        return;
    }
    add_list(&types, writing->batch->events);
    add_list(&events, writing->batch->events);
    say(writing, "seen_others", QUERY_lock_types_of_events, &types);
    say(writing, "seen_events", QUERY_lock_events, &events);
}

static void say_read(const struct writing *writing) {
    const struct batch *batch = writing->batch;
    struct values now = {.count = 0}, types = {.count = 0}, carts = {.count = 0};
    struct values reservations = {.count = 0}, key = {.count = 0}, customer = {.count = 0};
    add_literal(&now, batch->now);
    say(writing, NULL, QUERY_now, &now);
    add_types(&types, batch);
    bool is_named = names_only_types(batch);
    say(writing, "seen_events", is_named ? QUERY_events_of_named_types : QUERY_events_of_types,
        &types);
    say(writing, "seen_states", is_named ? QUERY_named_type_states : QUERY_type_states, &types);
    if (batch->carts != NULL) {
        add_list(&carts, batch->carts);
        say(writing, "seen_carts", QUERY_carts, &carts);
        say(writing, "seen_reservations", QUERY_cart_lines, &carts);
    }
    if (batch->reservations != NULL) {
        add_list(&reservations, batch->reservations);
        say(writing, "seen_reservations", QUERY_reservations_by_id, &reservations);
    }
    add_value(&types, "4097");
    say(writing, "seen_reservations", is_named ? QUERY_named_types_expired : QUERY_types_expired,
        &types);
    if (batch->key != NULL) {
        add_list(&key, "'00000000-0000-0000-0000-000000000000'");
        add_list(&key, batch->key);
        say(writing, "seen_keys", QUERY_idempotency, &key);
    }
    if (batch->customer != NULL) {
        add_list(&customer, batch->customer_type);
        add_list(&customer, batch->customer);
        say(writing, "seen_customers", QUERY_customers_have, &customer);
    }
}

/* In the order of postgres_persist(). */
static void say_write(const struct writing *writing) {
    const struct batch *batch = writing->batch;
    fputs("CALL office.begin_deciding();\nCALL office.expire();\n", writing->to);
    if (batch->decide != NULL) {
        fprintf(writing->to, "DO $$ BEGIN IF NOT office.is_done('s%zu') THEN %s; END IF; END $$;\n",
                writing->session, batch->decide);
    }
    if (batch->events != NULL) {
        say_rows(writing, QUERY_update_events, "changed_events");
    }
    say_rows(writing, QUERY_update_types, "changed_types");
    if (batch->carts != NULL) {
        say_rows(writing, QUERY_update_carts, "changed_carts");
    }
    say_rows(writing, QUERY_insert_reservations, "new_reservations");
    if (batch->reservations != NULL) {
        say_rows(writing, QUERY_update_reservations, "changed_reservations");
    }
    say_rows(writing, QUERY_end_reservations, "ended_reservations");
    say_rows(writing, QUERY_insert_entries, "new_entries");
    if (batch->prune_before != NULL) {
        struct values before = {.count = 0};
        add_literal(&before, batch->prune_before);
        say(writing, NULL, QUERY_prune_idempotency, &before);
    }
    if (batch->key != NULL) {
        say_rows(writing, QUERY_insert_idempotency, "new_keys");
    }
}

static void say_commit(const struct writing *writing) {
    say(writing, NULL, QUERY_commit, &no_values);
}

static void say_again(const struct writing *writing) {
    say_lock(writing);
    say_read(writing);
    say_write(writing);
    say_commit(writing);
}

/* --- tables for a session ----------------------------------------------------------- */

static void make_table(const struct writing *writing, const char *name, enum query query,
                       const struct values *values) {
    fprintf(writing->to, "CREATE TEMP TABLE IF NOT EXISTS %s ON COMMIT DELETE ROWS AS ", name);
    fill(writing, writing->queries->texts[query], values);
    fputs(" WITH NO DATA;\n", writing->to);
}

static void make_tables(const struct writing *writing) {
    struct values lists = {.count = 0};
    for (size_t i = 0; i < 4; i++) {
        add_list(&lists, NULL);
    }
    make_table(writing, "seen_types", QUERY_lock_types, &lists);
    make_table(writing, "seen_others", QUERY_lock_types_of_events, &lists);
    make_table(writing, "seen_events", QUERY_lock_events, &lists);
    make_table(writing, "seen_states", QUERY_type_states, &lists);
    make_table(writing, "seen_carts", QUERY_carts, &lists);
    make_table(writing, "seen_reservations", QUERY_reservations_by_id, &lists);
    make_table(writing, "seen_keys", QUERY_idempotency, &lists);
    static const char *const others[] = {
        "seen_customers (ticket_type_id uuid, user_id uuid, has bigint)",
        "new_reservations (LIKE ticket_reservations)",
        "new_entries (LIKE inventory_audit_log INCLUDING DEFAULTS)",
        "new_keys (LIKE ticketd.idempotency_keys)",
        "changed_events (LIKE seen_events)",
        "changed_types (LIKE seen_types, read_seq bigint)",
        "changed_carts (LIKE seen_carts, read_status text)",
        "changed_reservations (LIKE seen_reservations, limited_user_id uuid, read_status text)",
        "ended_reservations (LIKE seen_reservations, read_status text)",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        fprintf(writing->to, "CREATE TEMP TABLE IF NOT EXISTS %s ON COMMIT DELETE ROWS;\n",
                others[i]);
    }
    fputs("ALTER TABLE new_keys ALTER created_at DROP NOT NULL;\n", writing->to);
}

/* --- the whole ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*say)(const struct writing *writing);
} parts[] = {{"lock", say_lock},
             {"read", say_read},
             {"write", say_write},
             {"commit", say_commit},
             {"again", say_again}};

enum { LOCK, READ, WRITE, COMMIT, AGAIN, PARTS };

static void write_foreign(const struct writing *writing, struct turns *turns) {
    for (size_t i = 0; i < 4 && writing->batch->foreign[i] != NULL; i++) {
        fprintf(writing->to, "step s%zu_%zu { %s }\n", writing->session, i + 1,
                writing->batch->foreign[i]);
        turns->list[turns->count++] = (struct turn){
            .takes = i == 0 ? writing->batch->takes : 0,
            .lets_go = i == 3 || writing->batch->foreign[i + 1] == NULL,
        };
    }
}

static void write_session(const struct writing *writing, struct turns *turns) {
    fprintf(writing->to, "\nsession s%zu\nsetup {\n", writing->session);
    make_tables(writing);
    fputs("}\n", writing->to);
    write_foreign(writing, turns);
    bool is_foreign = turns->count > 0;
    for (size_t i = 0; !is_foreign && i < (writing->batch->again ? PARTS : AGAIN); i++) {
        fprintf(writing->to, "step s%zu_%s {\n", writing->session, parts[i].name);
        parts[i].say(writing);
        fputs("}\n", writing->to);
        turns->list[turns->count++] = (struct turn){
            .takes = i == LOCK || i == AGAIN ? writing->batch->takes
                     : i == WRITE            ? writing->batch->takes_in_write
                                             : 0,
            .lets_go = i == COMMIT || i == AGAIN,
        };
    }
    fputs("teardown { ROLLBACK; }\n", writing->to); /* of what a failed step left open */
}

static void write_permutation(void *context, const struct turn_taken *order, size_t length) {
    const struct writing *writing = context;
    fputs("permutation", writing->to);
    for (size_t i = 0; i < length; i++) {
        bool is_foreign = writing->spec->batches[order[i].session].foreign[0] != NULL;
        fprintf(writing->to, " s%zu_", order[i].session + 1);
        if (is_foreign) {
            fprintf(writing->to, "%zu", order[i].turn + 1);
        } else {
            fputs(parts[order[i].turn].name, writing->to);
        }
    }
    fputc('\n', writing->to);
}

size_t spec_write(const struct spec *spec, const struct queries *queries, FILE *to) {
    struct writing writing = {.to = to, .queries = queries, .spec = spec};
    struct turns turns[SESSIONS_MAX] = {{.count = 0}};
    fprintf(to, "# %s\nsetup {\nCALL office.clear();\n%s\n}\n", spec->promise, spec->house);
    fprintf(to, "teardown { SELECT office.judge(%s); }\n", spec->came_true);
    for (size_t i = 0; i < spec->batches_count; i++) {
        writing.batch = &spec->batches[i];
        writing.session = i + 1;
        write_session(&writing, &turns[i]);
    }
    if (spec->order != NULL) {
        fprintf(to, "\npermutation %s\n", spec->order);
        return 1;
    }
    fputc('\n', to);
    return interleavings(turns, spec->batches_count, write_permutation, &writing);
}
