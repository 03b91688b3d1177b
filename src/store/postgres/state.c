#include "store/postgres/state.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *state; /* or the class that its first two letters are */
    enum error error;
} meanings[] = {
    {"22012", ERROR_RETRY},      /* a write found other rows than were read (persist.c) */
    {"23505", ERROR_TWIN},       /* unique_violation */
    {"25006", ERROR_RETRY},      /* read_only_sql_transaction: a standby; another host is asked */
    {"25P03", ERROR_RETRY},      /* idle_in_transaction_session_timeout */
    {"25P04", ERROR_RETRY},      /* transaction_timeout */
    {"26000", ERROR_INVALID},    /* a pooler gave us another connection, which prepared nothing */
    {"42P05", ERROR_INVALID},    /* and this one has been prepared by somebody else */
    {"42501", ERROR_PERMISSION}, /* insufficient_privilege */
    {"55P03", ERROR_RETRY},      /* lock_not_available */
    {"57014", ERROR_RETRY},      /* query_canceled: statement_timeout */
    {"57P01", ERROR_RETRY},      /* admin_shutdown, crash_shutdown, cannot_connect_now */
    {"57P02", ERROR_RETRY},      {"57P03", ERROR_RETRY},
    {"57P05", ERROR_RETRY}, /* idle_session_timeout */
    {"53100", ERROR_FULL},  /* disk_full */
    {"08", ERROR_RETRY},    /* connection_exception */
    {"53", ERROR_RETRY},    /* insufficient_resources */
    {"40", ERROR_RETRY},    /* transaction_rollback: serialization, deadlock */
    {"0A", ERROR_RETRY},    /* a prepared plan is older than a migration: prepared anew */
    {"22", ERROR_REJECTED},      {"23", ERROR_REJECTED},
    {"P0", ERROR_REJECTED}, /* a function of the shop's, called by a trigger, refuses */
    {"09", ERROR_REJECTED}, /* triggered_action_exception */
    {"21", ERROR_REJECTED}, /* cardinality_violation, in such a function */
    {"38", ERROR_REJECTED}, /* external_routine_exception */
    {"44", ERROR_REJECTED}, /* with_check_option_violation */
    {"54", ERROR_REJECTED}, /* program_limit_exceeded: too long for an index of the shop's */
    {"42", ERROR_CORRUPT},  /* a table or column is missing: the queries themselves are tested */
    {"3F", ERROR_CORRUPT},  /* and a schema */
};

enum error state_error(const char *state) {
    if (state == NULL || *state == '\0') {
        return ERROR_RETRY;
    }
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0) {
            return meanings[i].error;
        }
    }
    return ERROR_UNAVAILABLE;
}

/* A backend that is told to end may end between its commit and its word of it. */
enum error state_error_of_commit(const char *state) {
    if (state == NULL) {
        return ERROR_UNKNOWN;
    }
    if (strcmp(state, "40003") == 0) { /* statement_completion_unknown */
        return ERROR_UNKNOWN;
    }
    bool is_refused = strncmp(state, "40", 2) == 0 || strncmp(state, "23", 2) == 0;
    return is_refused ? state_error(state) : ERROR_UNKNOWN;
}

bool state_ends_connection(const char *state) {
    static const char *const endings[] = {"08",    "0A", "25006", "25P03", "25P04", "26",
                                          "42P05", "53", "57P",   "58",    "XX"};
    for (size_t i = 0; state != NULL && i < sizeof endings / sizeof endings[0]; i++) {
        if (strncmp(state, endings[i], strlen(endings[i])) == 0) {
            return true;
        }
    }
    return state == NULL;
}

bool state_is_blocked(const char *state) {
    return state != NULL && strcmp(state, "55P03") == 0;
}
