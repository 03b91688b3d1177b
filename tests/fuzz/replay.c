/* Runs a fuzz target over the files of the folders it is given: what fuzzing once found stays
 * found, with any compiler. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MAX_OF_INPUT = 1024 * 1024 };

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(SIZE_MAX_OF_INPUT);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        return EXIT_FAILURE;
    }
    size_t size = fread(bytes, 1, SIZE_MAX_OF_INPUT, file);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return EXIT_SUCCESS;
}

int main(int count, char **folders) {
    int files = 0;
    for (int i = 1; i < count; i++) {
        DIR *folder = opendir(folders[i]);
        if (folder == NULL) {
            fprintf(stderr, "no folder %s\n", folders[i]);
            return EXIT_FAILURE;
        }
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char path[4096];
            if (entry->d_name[0] == '.') {
                continue;
            }
            snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
            if (replay_file(path) != EXIT_SUCCESS) {
                return EXIT_FAILURE;
            }
            files++;
        }
        closedir(folder);
    }
    /* An empty corpus would prove nothing. */
    return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
