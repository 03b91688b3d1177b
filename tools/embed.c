/* embed - files as C arrays.
 *
 *     embed OUTPUT.c SYMBOL=FILE...
 *     embed OUTPUT.c --folder FOLDER
 *
 * Each file becomes `const unsigned char SYMBOL[]` and `const size_t
 * SYMBOL_size`. A NUL follows the last byte and is not counted, so that SQL
 * can be handed on as a C string.
 *
 * A folder becomes the table of routes/bundle.h, in the order of the names. FILE.gz
 * beside FILE is its compressed twin and no file of its own. */
#define _POSIX_C_SOURCE 200809L

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BYTES_PER_LINE 20 /* "255," twenty times and the indent fit in 100 columns */

enum { PATH_SIZE = 1024, FILES_MAX = 256 };

static bool is_symbol(const char *text, size_t length) {
    if (length == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    }
    return true;
}

/* The bytes of an array, with the NUL; *hash is FNV-1a of them. False with errno set when the file
 * cannot be read to its end. */
static bool write_bytes(FILE *out, const char *file, size_t *size, uint64_t *hash) {
    FILE *in = fopen(file, "rb");
    if (in == NULL)
        return false;
    *size = 0;
    *hash = UINT64_C(0xcbf29ce484222325);
    for (int byte; (byte = fgetc(in)) != EOF; ++*size) {
        fprintf(out, "%s%d,", *size % BYTES_PER_LINE == 0 ? "\n    " : "", byte);
        *hash = (*hash ^ (uint64_t)byte) * UINT64_C(0x100000001b3);
    }
    fputs("\n    0};\n", out);
    bool whole = ferror(in) == 0;
    fclose(in);
    return whole;
}

static bool embed_file(FILE *out, const char *symbol, size_t symbol_length, const char *file) {
    int length = (int)symbol_length;
    size_t size;
    uint64_t hash;
    fprintf(out, "\nextern const unsigned char %.*s[];\nextern const size_t %.*s_size;\n", length,
            symbol, length, symbol);
    fprintf(out, "const unsigned char %.*s[] = {", length, symbol);
    if (!write_bytes(out, file, &size, &hash))
        return false;
    fprintf(out, "const size_t %.*s_size = %zu;\n", length, symbol, size);
    return true;
}

static bool embed_files(FILE *out, int count, char **arguments) {
    for (int i = 0; i < count; i++) {
        const char *equals = strchr(arguments[i], '=');
        size_t length = equals == NULL ? 0 : (size_t)(equals - arguments[i]);
        if (!is_symbol(arguments[i], length)) {
            fprintf(stderr, "embed: '%s' is not SYMBOL=FILE\n", arguments[i]);
            return false;
        }
        if (!embed_file(out, arguments[i], length, equals + 1)) {
            fprintf(stderr, "%s: %s\n", equals + 1, strerror(errno));
            return false;
        }
    }
    return true;
}

/* --- a folder ------------------------------------------------------------------------------- */

struct folder {
    const char *root;
    char *paths[FILES_MAX]; /* below the root */
    size_t count;
};

static bool ends_with(const char *text, const char *ending) {
    size_t length = strlen(text), ending_length = strlen(ending);
    return length > ending_length && strcmp(text + length - ending_length, ending) == 0;
}

/* NULL: a kind of file that nobody thought of. */
static const char *type_of(const char *path) {
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (ends_with(path, types[i][0]))
            return types[i][1];
    }
    return NULL;
}

static bool name_file(char file[PATH_SIZE], const struct folder *folder, const char *path,
                      const char *ending) {
    int length = snprintf(file, PATH_SIZE, "%s/%s%s", folder->root, path, ending);
    return length > 0 && length < PATH_SIZE;
}

/* Takes what is below `path` ("" or "assets/") into the list. */
static bool take_folder(struct folder *folder, const char *path) {
    char file[PATH_SIZE];
    DIR *directory = name_file(file, folder, path, "") ? opendir(file) : NULL;
    bool taken = directory != NULL;
    for (struct dirent *entry; taken && (entry = readdir(directory)) != NULL;) {
        char below[PATH_SIZE];
        struct stat found;
        if (entry->d_name[0] == '.' || ends_with(entry->d_name, ".gz"))
            continue;
        int length = snprintf(below, PATH_SIZE, "%s%s", path, entry->d_name);
        taken = length > 0 && length + 1 < PATH_SIZE && name_file(file, folder, below, "") &&
                stat(file, &found) == 0 && folder->count < FILES_MAX;
        if (taken && S_ISDIR(found.st_mode)) {
            below[length] = '/';
            below[length + 1] = '\0';
            taken = take_folder(folder, below);
        } else if (taken) {
            folder->paths[folder->count] = strdup(below);
            taken = folder->paths[folder->count++] != NULL;
        }
    }
    if (directory != NULL)
        closedir(directory);
    return taken;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct embedded {
    size_t size, gzip_size;
    uint64_t hash;
    const char *type;
};

static bool embed_twins(FILE *out, const struct folder *folder, size_t i, struct embedded *made) {
    char file[PATH_SIZE], twin[PATH_SIZE];
    uint64_t hash;
    made->type = type_of(folder->paths[i]);
    if (made->type == NULL) {
        fprintf(stderr, "embed: no content type is known for %s\n", folder->paths[i]);
        return false;
    }
    if (!name_file(file, folder, folder->paths[i], "") ||
        !name_file(twin, folder, folder->paths[i], ".gz"))
        return false;
    fprintf(out, "\nstatic const unsigned char plain_%zu[] = {", i);
    if (!write_bytes(out, file, &made->size, &made->hash))
        return false;
    fprintf(out, "static const unsigned char gzip_%zu[] = {", i);
    return write_bytes(out, twin, &made->gzip_size, &hash);
}

static bool embed_listed(FILE *out, const struct folder *folder) {
    struct embedded made[FILES_MAX];
    fputs("#include \"routes/bundle.h\"\n", out);
    for (size_t i = 0; i < folder->count; i++) {
        if (!embed_twins(out, folder, i, &made[i])) {
            fprintf(stderr, "embed: %s or its .gz cannot be embedded\n", folder->paths[i]);
            return false;
        }
    }
    fputs("\nconst struct bundle_file bundle_files[] = {\n", out);
    for (size_t i = 0; i < folder->count; i++)
        fprintf(out,
                "    {{\"%s\", %zu}, {\"%s\", %zu}, {\"\\\"%016" PRIx64 "\\\"\", 18},\n"
                "     {\"\\\"%016" PRIx64 "-gzip\\\"\", 23}, {(const char *)plain_%zu, %zu},\n"
                "     {(const char *)gzip_%zu, %zu}},\n",
                folder->paths[i], strlen(folder->paths[i]), made[i].type, strlen(made[i].type),
                made[i].hash, made[i].hash, i, made[i].size, i, made[i].gzip_size);
    fprintf(out, "};\nconst size_t bundle_files_count = %zu;\n", folder->count);
    return true;
}

static bool embed_folder(FILE *out, const char *root) {
    struct folder folder = {.root = root};
    bool made = take_folder(&folder, "") && folder.count > 0;
    if (made) {
        qsort(folder.paths, folder.count, sizeof *folder.paths, compare_paths);
        made = embed_listed(out, &folder);
    } else {
        fprintf(stderr, "embed: %s cannot be read whole, or is empty\n", root);
    }
    for (size_t i = 0; i < folder.count; i++)
        free(folder.paths[i]);
    return made;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: embed OUTPUT.c SYMBOL=FILE...\n       embed OUTPUT.c --folder FOLDER\n",
              stderr);
        return EXIT_FAILURE;
    }
    FILE *out = fopen(arguments[1], "wb");
    if (out == NULL) {
        fprintf(stderr, "%s: %s\n", arguments[1], strerror(errno));
        return EXIT_FAILURE;
    }
    fputs("/* Made by tools/embed.c. */\n#include <stddef.h>\n", out);
    bool is_folder = count == 4 && strcmp(arguments[2], "--folder") == 0;
    bool made =
        is_folder ? embed_folder(out, arguments[3]) : embed_files(out, count - 2, arguments + 2);
    bool broken = ferror(out) != 0;
    if (fclose(out) != 0 || broken) {
        fprintf(stderr, "%s: %s\n", arguments[1], strerror(errno));
        return EXIT_FAILURE;
    }
    return made ? EXIT_SUCCESS : EXIT_FAILURE;
}
