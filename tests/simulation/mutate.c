/* mutate INPUT OUTPUT FROM TO [FROM TO]... - copies a source file with pieces of it replaced.
 *
 * Each FROM must stand in it exactly once: a mutant whose target has moved must
 * break the build, not quietly become the original. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_MAX = 1 << 20 };

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = file == NULL ? NULL : calloc(1, SOURCE_MAX);
    if (text == NULL || fread(text, 1, SOURCE_MAX - 1, file) == 0) {
        fprintf(stderr, "mutate: cannot read %s\n", path);
        exit(1);
    }
    fclose(file);
    return text;
}

static char *replaced(char *text, const char *from, const char *to) {
    char *at = strstr(text, from);
    if (at == NULL || strstr(at + 1, from) != NULL) {
        fprintf(stderr, "mutate: this must stand in the file exactly once: %s\n", from);
        exit(1);
    }
    size_t before = (size_t)(at - text);
    char *result = calloc(1, strlen(text) + strlen(to) + 1);
    if (result == NULL) {
        exit(1);
    }
    memcpy(result, text, before);
    memcpy(result + before, to, strlen(to));
    memcpy(result + before + strlen(to), at + strlen(from), strlen(at + strlen(from)));
    free(text);
    return result;
}

int main(int count, char **arguments) {
    if (count < 5 || count % 2 == 0) {
        fprintf(stderr, "usage: mutate INPUT OUTPUT FROM TO [FROM TO]...\n");
        return 2;
    }
    char *text = read_all(arguments[1]);
    for (int i = 3; i < count; i += 2) {
        text = replaced(text, arguments[i], arguments[i + 1]);
    }
    FILE *out = fopen(arguments[2], "wb");
    bool written = out != NULL && fputs(text, out) != EOF && fclose(out) == 0;
    free(text);
    if (!written) {
        fprintf(stderr, "mutate: cannot write %s\n", arguments[2]);
    }
    return written ? 0 : 1;
}
