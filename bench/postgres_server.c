#include "postgres_server.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

static bool complain(const char *what) {
    fprintf(stderr, "postgres: %s\n", what);
    return false;
}

bool postgres_server_add(struct postgres_server *server, const char *program,
                         char url[DATABASE_URL_SIZE]) {
    struct failure failure;
    char output[4096];
    if (database_create(cluster_url(server->cluster), NULL, url, &failure) != ERROR_NONE) {
        return complain(failure.sentence);
    }
    char *arguments[] = {(char *)program, "migrate", "--database", url, NULL};
    return process_read(arguments, output, sizeof output) || complain("migrate failed");
}

static bool fill_shop(struct postgres_server *server, const char *scripts) {
    struct failure failure;
    char path[512], sql[4096];
    snprintf(path, sizeof path, "%s/pgbench/shop.sql", scripts);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return complain("shop.sql is not there");
    }
    sql[fread(sql, 1, sizeof sql - 1, file)] = '\0';
    fclose(file);
    return database_execute(server->shop, sql, &failure) == ERROR_NONE ||
           complain(failure.sentence);
}

bool postgres_server_start(struct postgres_server *server, const char *program,
                           const char *scripts) {
    struct failure failure;
    const char *const as_it_comes[] = {"shared_buffers=128MB", NULL};
    struct cluster_options options = {.is_durable = true, .settings = as_it_comes};
    *server = (struct postgres_server){.cluster = NULL};
    if (cluster_open(&options, &server->cluster, &failure) != ERROR_NONE) {
        return complain(failure.sentence);
    }
    return postgres_server_add(server, program, server->shop) && fill_shop(server, scripts) &&
           postgres_server_add(server, program, server->served) &&
           postgres_server_add(server, program, server->embedded);
}

void postgres_server_stop(struct postgres_server *server) {
    cluster_close(server->cluster);
    server->cluster = NULL;
}

void postgres_server_version(const struct postgres_server *server, char *version, size_t size) {
    struct failure failure;
    if (database_ask(cluster_url(server->cluster), "SELECT split_part(version(), ' ', 2)", version,
                     size, &failure) != ERROR_NONE) {
        snprintf(version, size, "unknown");
    }
}

double postgres_server_cpu_us(const struct postgres_server *server) {
    struct process postmaster = {.pid = cluster_pid(server->cluster)};
    double us = process_cpu_us(&postmaster) + process_ended_children_us(&postmaster);
    DIR *directory = opendir("/proc");
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        struct process process = {.pid = (pid_t)strtol(entry->d_name, NULL, 10)};
        if (process.pid > 0 && process_parent(&process) == postmaster.pid) {
            us += process_cpu_us(&process);
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return us;
}
