/* embed - files as C arrays.
 *
 *     embed OUTPUT.c SYMBOL=FILE...
 *
 * Each file becomes `const unsigned char SYMBOL[]` and `const size_t
 * SYMBOL_size`. A NUL follows the last byte and is not counted, so that SQL
 * can be handed on as a C string. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PER_LINE 20 /* "255," twenty times and the indent fit in 100 columns */

static bool is_symbol(const char *text, size_t length) {
    if (length == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    }
    return true;
}

/* false with errno set when the file cannot be read to its end */
static bool embed_file(FILE *out, const char *symbol, size_t symbol_length, const char *file) {
    FILE *in = fopen(file, "rb");
    if (in == NULL)
        return false;

    int length = (int)symbol_length;
    size_t size = 0;
    fprintf(out, "\nextern const unsigned char %.*s[];\nextern const size_t %.*s_size;\n", length,
            symbol, length, symbol);
    fprintf(out, "const unsigned char %.*s[] = {", length, symbol);
    for (int byte; (byte = fgetc(in)) != EOF; size++)
        fprintf(out, "%s%d,", size % BYTES_PER_LINE == 0 ? "\n    " : "", byte);
    fprintf(out, "\n    0};\nconst size_t %.*s_size = %zu;\n", length, symbol, size);

    bool whole = ferror(in) == 0;
    fclose(in);
    return whole;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: embed OUTPUT.c SYMBOL=FILE...\n", stderr);
        return EXIT_FAILURE;
    }
    FILE *out = fopen(arguments[1], "wb");
    if (out == NULL) {
        fprintf(stderr, "%s: %s\n", arguments[1], strerror(errno));
        return EXIT_FAILURE;
    }
    fputs("/* Made by tools/embed.c. */\n#include <stddef.h>\n", out);
    for (int i = 2; i < count; i++) {
        const char *equals = strchr(arguments[i], '=');
        size_t length = equals == NULL ? 0 : (size_t)(equals - arguments[i]);
        if (!is_symbol(arguments[i], length)) {
            fprintf(stderr, "embed: '%s' is not SYMBOL=FILE\n", arguments[i]);
            return EXIT_FAILURE;
        }
        if (!embed_file(out, arguments[i], length, equals + 1)) {
            fprintf(stderr, "%s: %s\n", equals + 1, strerror(errno));
            return EXIT_FAILURE;
        }
    }
    bool broken = ferror(out) != 0;
    if (fclose(out) != 0 || broken) {
        fprintf(stderr, "%s: %s\n", arguments[1], strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
