/* migration.h - is this database of our form, and what would make it so?
 *
 * Two things make a schema: the texts in migrations/, forward only, each one
 * remembered with its checksum; and, where a shop's tables were there before,
 * their adoption (adoption/adoption.h), which brings them to the same form. Only
 * postgres_migrate() changes anything, in one transaction, as the tables' owner;
 * whoever serves only looks. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>

#include "base/failure.h"
#include "store/migrate.h"

/* What differs between databases of one version: an adopted table keeps the types and columns that
 * the shop gave it. */
struct schema_facts {
    bool reservation_order_id_is_uuid; /* ticket_reservations.order_id; ours are all text */
    bool log_order_id_is_uuid;         /* inventory_audit_log.order_id */
    /* The shop's own columns there want a value that ticketd does not know: it makes such rows. */
    bool venues_managed_elsewhere, events_managed_elsewhere, types_managed_elsewhere;
};

/* Is it of exactly our version, and may this role work in it? Changes nothing; one round trip or
 * two. ERROR_NOT_FOUND: no schema yet; ERROR_INVALID: an older one; ERROR_NEWER; ERROR_PERMISSION:
 * row-level security or missing rights would hide rows from this role. Each sentence says what to
 * do. `facts` may be NULL. */
MUST_USE enum error postgres_schema_check(PGconn *connection, struct schema_facts *facts,
                                          struct failure *failure);

/* store_migrate() of a PostgreSQL database. */
MUST_USE enum error postgres_migrate(const char *url, const struct migrate_options *options,
                                     struct migrate_result *result, struct failure *failure);
