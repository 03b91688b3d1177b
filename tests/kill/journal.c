#include "kill/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_SIZE = 8192 };

struct journal {
    int file;
};

static void stop(const char *what) {
    perror(what);
    abort();
}

struct journal *journal_open(const char *file) {
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL ||
        (journal->file = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) {
        stop(file);
    }
    return journal;
}

void journal_close(struct journal *journal) {
    close(journal->file);
    free(journal);
}

void journal_append(struct journal *journal, const struct journal_entry *entry) {
    char line[LINE_SIZE];
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\t%d\t%s\n", entry->key, entry->path,
                          entry->body, entry->status, entry->answer);
    if (length < 0 || length >= LINE_SIZE || write(journal->file, line, (size_t)length) != length) {
        stop("journal");
    }
}

static bool parse(char *line, struct journal_entry *entry) {
    char *fields[5], *rest = line;
    for (size_t i = 0; i < 5; i++) {
        if ((fields[i] = strsep(&rest, "\t\n")) == NULL) {
            return false;
        }
    }
    *entry = (struct journal_entry){fields[0], fields[1], fields[2], atoi(fields[3]), fields[4]};
    return true;
}

size_t journal_read(const char *file, size_t from,
                    void (*visit)(void *context, const struct journal_entry *entry),
                    void *context) {
    FILE *in = fopen(file, "re");
    if (in == NULL) {
        stop(file);
    }
    char line[LINE_SIZE];
    size_t count = 0;
    struct journal_entry entry;
    while (fgets(line, sizeof line, in) != NULL) {
        if (!parse(line, &entry)) {
            stop("a line of the journal");
        }
        if (count++ >= from && visit != NULL) {
            visit(context, &entry);
        }
    }
    fclose(in);
    return count;
}
