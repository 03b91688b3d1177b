/* wrong_test PLAY FILE: the player must refuse this scene with the complaint in its first line. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static int refuses_rightly(const char *play, const char *stage, const char *path,
                           const char *complaint) {
    char command[1024];
    char got[1024] = "";
    snprintf(command, sizeof command, "'%s' %s '%s' 2>&1", play, stage, path);
    FILE *player = popen(command, "r");
    size_t length = player == NULL ? 0 : fread(got, 1, sizeof got - 1, player);
    int status = player == NULL ? -1 : pclose(player);
    got[length] = '\0';
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 1 || strcmp(got, complaint) != 0) {
        fprintf(stderr, "%s (%s)\nexpected: %sgot:      %s", path, stage, complaint, got);
        return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    static const char head[] = "# complaint: ";
    char line[1024];
    FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
    if (file == NULL || fgets(line, sizeof line, file) == NULL ||
        strncmp(line, head, sizeof head - 1) != 0) {
        fprintf(stderr, "usage: wrong_test PLAY FILE.scene (whose first line is its complaint)\n");
        return 2;
    }
    fclose(file);
    const char *complaint = line + sizeof head - 1;
    int right = refuses_rightly(argv[1], "core", argv[2], complaint) &&
                refuses_rightly(argv[1], "http", argv[2], complaint);
    return right ? 0 : 1;
}
