/* Opening, what may stand in its way, and what only a file can show. SQLite only. */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "shop.h"

static enum ticketd_code open_with(struct shop *shop, struct ticketd_options options,
                                   struct ticketd_problem *problem) {
    struct ticketd *other = NULL;
    enum ticketd_code code = ticketd_open(shop->database, &options, &other, problem);
    ticketd_close(other);
    return code;
}

/* Changes the file as no ticketd would; the library must be closed. */
static void tamper(const struct shop *shop, const char *sql) {
    sqlite3 *file;
    char *message = NULL;
    assert_int_equal(sqlite3_open(shop->file, &file), SQLITE_OK);
    if (sqlite3_exec(file, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(file);
}

static void close_library(struct shop *shop) {
    ticketd_close(shop->ticketd);
    shop->ticketd = NULL;
}

static void everything_is_there_after_opening_again(void **state) {
    struct shop *shop = *state;
    bool replayed = false;
    struct ticketd_call call = {.idempotency_key = "key", .replayed = &replayed};
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 2};
    struct ticketd_reservation before, after;
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, &before), TICKETD_OK);
    shop_reopen(shop);
    assert_int_equal(shop_available(shop), 8);
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, &after), TICKETD_OK);
    assert_true(replayed);
    assert_true(ticketd_id_equals(before.id, after.id));
}

static void a_second_writer_is_kept_out_and_a_reader_is_not(void **state) {
    struct shop *shop = *state;
    struct ticketd_problem problem;
    assert_code(open_with(shop, (struct ticketd_options){0}, &problem), TICKETD_LOCKED);
    assert_non_null(strstr(problem.detail, "process"));
    struct ticketd *reader;
    struct ticketd_options options = {.read_only = true};
    assert_code(ticketd_open(shop->database, &options, &reader, &problem), TICKETD_OK);
    shop_reserve(shop, 3);
    int64_t available = 0, released;
    assert_code(ticketd_available_count(reader, shop->type.id, &available), TICKETD_OK);
    assert_int_equal(available, 7);
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 1};
    struct ticketd_call call = {.problem = &problem};
    assert_code(ticketd_reserve(reader, &request, &call, NULL), TICKETD_READ_ONLY);
    assert_int_equal(problem.code, TICKETD_READ_ONLY);
    assert_code(ticketd_release_expired(reader, &released), TICKETD_READ_ONLY);
    ticketd_close(reader);
}

static void what_cannot_be_opened_says_why(void **state) {
    struct shop *shop = *state;
    struct ticketd_problem problem;
    struct ticketd *other = NULL;
    char missing[128];
    snprintf(missing, sizeof missing, "sqlite:%s/none.db", shop->directory);
    struct ticketd_options options = {.no_create = true};
    assert_code(ticketd_open(missing, &options, &other, &problem), TICKETD_NO_DATABASE);
    assert_int_equal(problem.code, TICKETD_NO_DATABASE);
    assert_code(ticketd_open("mysql:here", NULL, &other, &problem), TICKETD_INVALID);
    assert_code(ticketd_open("sqlite:/nowhere/at/all.db", NULL, &other, NULL), TICKETD_NO_DATABASE);
    options = (struct ticketd_options){.currency = "euro"};
    assert_code(ticketd_open("memory:", &options, &other, &problem), TICKETD_INVALID);
    assert_string_equal(problem.field, "currency");
    options = (struct ticketd_options){.time_zone = "Mars"};
    assert_code(ticketd_open("memory:", &options, &other, &problem), TICKETD_INVALID);
    assert_null(other);
}

static void a_damaged_file_is_no_database(void **state) {
    struct shop *shop = *state;
    struct ticketd_problem problem;
    close_library(shop);
    FILE *file = fopen(shop->file, "r+");
    assert_non_null(file);
    fputs("certainly not a database", file);
    fclose(file);
    assert_code(open_with(shop, (struct ticketd_options){0}, &problem), TICKETD_CORRUPT);
}

static void a_newer_database_is_left_alone(void **state) {
    struct shop *shop = *state;
    struct ticketd_problem problem;
    close_library(shop);
    tamper(shop, "INSERT INTO schema_migrations VALUES (9999, 'later', 'x', 0)");
    assert_code(open_with(shop, (struct ticketd_options){0}, &problem), TICKETD_NEWER);
}

static void count_fault(void *context, struct ticketd_id ticket_type_id, const char *sentence) {
    (void)ticket_type_id;
    assert_true(strlen(sentence) > 0);
    *(int *)context += 1;
}

static int faults_of(struct shop *shop) {
    struct ticketd_verification verification;
    int heard = 0;
    assert_code(ticketd_verify(shop->ticketd, count_fault, &heard, &verification), TICKETD_OK);
    assert_int_equal(verification.faults, heard);
    return heard;
}

static void verify_says_what_was_changed_behind_its_back(void **state) {
    static const char *const crimes[] = {
        "UPDATE ticket_types SET reserved_count = reserved_count - 1",
        "UPDATE ticket_types SET sold_count = sold_count + 1",
        "UPDATE ticket_reservations SET quantity = quantity + 1",
        "UPDATE inventory_audit_log SET reason = 'nothing happened' WHERE seq = 2",
        "UPDATE inventory_audit_log SET quantity = 7 WHERE seq = 1",
        "DELETE FROM inventory_audit_log WHERE seq = 2",
    };
    struct shop *shop = *state;
    shop_reserve(shop, 2);
    shop_sale(shop, 1, "order");
    assert_int_equal(faults_of(shop), 0);
    for (size_t i = 0; i < sizeof crimes / sizeof crimes[0]; i++) {
        close_library(shop);
        tamper(shop, "CREATE TABLE kept AS SELECT * FROM inventory_audit_log");
        tamper(shop, "CREATE TABLE kept_types AS SELECT * FROM ticket_types");
        tamper(shop, "CREATE TABLE kept_lines AS SELECT * FROM ticket_reservations");
        tamper(shop, crimes[i]);
        shop_reopen(shop);
        if (faults_of(shop) == 0) {
            fail_msg("nobody noticed: %s", crimes[i]);
        }
        close_library(shop);
        tamper(shop, "DELETE FROM inventory_audit_log;"
                     "INSERT INTO inventory_audit_log SELECT * FROM kept; DROP TABLE kept;"
                     "DELETE FROM ticket_types;"
                     "INSERT INTO ticket_types SELECT * FROM kept_types; DROP TABLE kept_types;"
                     "DELETE FROM ticket_reservations;"
                     "INSERT INTO ticket_reservations SELECT * FROM kept_lines;"
                     "DROP TABLE kept_lines");
        shop_reopen(shop);
        assert_int_equal(faults_of(shop), 0);
    }
}

static void counts_that_contradict_the_log_are_not_sold_from(void **state) {
    struct shop *shop = *state;
    close_library(shop);
    tamper(shop, "UPDATE ticket_types SET audit_seq = audit_seq + 1");
    shop_reopen(shop);
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 1};
    assert_code(ticketd_reserve(shop->ticketd, &request, NULL, NULL),
                TICKETD_INVENTORY_INCONSISTENT);
}

static const struct CMUnitTest tests[] = {
    shop_test(everything_is_there_after_opening_again),
    shop_test(a_second_writer_is_kept_out_and_a_reader_is_not),
    shop_test(what_cannot_be_opened_says_why),
    shop_test(a_damaged_file_is_no_database),
    shop_test(a_newer_database_is_left_alone),
    shop_test(verify_says_what_was_changed_behind_its_back),
    shop_test(counts_that_contradict_the_log_are_not_sold_from),
};

SHOP_MAIN(tests)
