/* journal.h - what the server has said, in a file that the server does not know of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct journal;

/* One request that was answered for good. Texts are without tabs and line ends. */
struct journal_entry {
    const char *key, *path, *body;
    int status;
    const char *answer;
};

struct journal *journal_open(const char *file);
void journal_close(struct journal *journal);

/* Thread-safe: an entry is one write. */
void journal_append(struct journal *journal, const struct journal_entry *entry);

/* Calls `visit` for each entry from the one with this number on; how many there are in all. */
size_t journal_read(const char *file, size_t from,
                    void (*visit)(void *context, const struct journal_entry *entry), void *context);
