#include "support/migrated.h"

#include <stdio.h>

#include "store/migrate.h"

static enum error make_template(struct migrated *migrated, struct failure *failure) {
    struct migrate_result result;
    struct migrate_options options = {.out = fopen("/dev/null", "we")};
    enum error error = database_create(migrated->maintenance, NULL, migrated->template, failure);
    if (error == ERROR_NONE) {
        error = store_migrate(migrated->template, &options, &result, failure);
    }
    fclose(options.out);
    return error;
}

enum error migrated_open(struct migrated *migrated, struct failure *failure) {
    enum error error = ERROR_NONE;
    const char *given = database_maintenance_url();
    *migrated = (struct migrated){.cluster = NULL};
    if (given == NULL) {
        error =
            cluster_open(&(struct cluster_options){.folder = NULL}, &migrated->cluster, failure);
        given = error == ERROR_NONE ? cluster_url(migrated->cluster) : "";
    }
    snprintf(migrated->maintenance, sizeof migrated->maintenance, "%s", given);
    if (error == ERROR_NONE) {
        error = make_template(migrated, failure);
    }
    if (error != ERROR_NONE) {
        migrated_close(migrated);
    }
    return error;
}

void migrated_close(struct migrated *migrated) {
    if (migrated->cluster != NULL) {
        cluster_close(migrated->cluster);
    } else if (migrated->template[0] != '\0') {
        struct failure unsaid;
        (void)!database_drop(migrated->maintenance, migrated->template, &unsaid);
    }
    *migrated = (struct migrated){.cluster = NULL};
}

enum error migrated_database(const struct migrated *migrated, char url[DATABASE_URL_SIZE],
                             struct failure *failure) {
    char name[64];
    return database_create(migrated->maintenance, database_name(migrated->template, name), url,
                           failure);
}
