/* Every specification of specs.c, given to isolationtester over a cluster of the test's own.
 *
 *     isolation_test OFFICE.sql [FOLDER]
 *
 * With a folder, or where something is not as promised, each specification and what came of it stay
 * to be read. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"
#include "spec.h"
#include "store/migrate.h"
#include "support/cluster.h"

enum { PATH_SIZE = 256, LINE_SIZE = 4096, SKIPPED = 77, STILL_SECONDS = 120 };

struct house {
    struct cluster *cluster;
    char url[DATABASE_URL_SIZE];
    char tester[PATH_SIZE], folder[PATH_SIZE];
    struct queries queries;
};

static _Noreturn void give_up(const char *what, const char *why) {
    fprintf(stderr, "cannot go on: %s: %s\n", what, why);
    exit(2);
}

/* --- what it stands on -------------------------------------------------------------- */

static bool find_tester(char path[PATH_SIZE]) {
    glob_t found;
    const char *given = getenv("ISOLATIONTESTER");
    if (given != NULL) {
        snprintf(path, PATH_SIZE, "%s", given);
        return access(path, X_OK) == 0;
    }
    bool is_there = glob("/usr/lib/postgresql/*/lib/pgxs/src/test/isolation/isolationtester", 0,
                         NULL, &found) == 0;
    if (is_there) {
        snprintf(path, PATH_SIZE, "%s", found.gl_pathv[found.gl_pathc - 1]);
        globfree(&found);
    }
    return is_there;
}

static char *read_file(const char *path) {
    size_t size = 0;
    char *text = NULL, chunk[LINE_SIZE];
    FILE *from = fopen(path, "re"), *to = open_memstream(&text, &size);
    if (from == NULL || to == NULL) {
        give_up(path, strerror(errno));
    }
    for (size_t count; (count = fread(chunk, 1, sizeof chunk, from)) > 0;) {
        fwrite(chunk, 1, count, to);
    }
    fclose(from);
    fclose(to);
    return text;
}

static void open_house(struct house *house, const char *office) {
    static const char *const settings[] = {
        "deadlock_timeout=50ms",
        "jit=off", /* the rows to be written are read from tables without an index */
        NULL,
    };
    struct failure failure;
    struct migrate_result migrated;
    struct migrate_options options = {.out = fopen("/dev/null", "we")};
    char *sql = read_file(office);
    if (cluster_open(&(struct cluster_options){.settings = settings}, &house->cluster, &failure) !=
            ERROR_NONE ||
        database_create(cluster_url(house->cluster), NULL, house->url, &failure) != ERROR_NONE ||
        store_migrate(house->url, &options, &migrated, &failure) != ERROR_NONE ||
        database_execute(house->url, sql, &failure) != ERROR_NONE ||
        queries_make(&house->queries, &(struct schema_facts){false}, &failure) != ERROR_NONE) {
        give_up("the house", failure.sentence);
    }
    fclose(options.out);
    free(sql);
}

/* --- one specification -------------------------------------------------------------- */

/* Runs it to its end. isolationtester ends by itself where a step stands still
 * (PGISOLATIONTIMEOUT). */
static int run_tester(const struct house *house, const char *spec, const char *result) {
    pid_t pid = fork();
    if (pid == 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", STILL_SECONDS);
        setenv("PGISOLATIONTIMEOUT", seconds, 1);
        dup2(open(spec, O_RDONLY | O_CLOEXEC), STDIN_FILENO);
        dup2(open(result, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), STDOUT_FILENO);
        dup2(STDOUT_FILENO, STDERR_FILENO);
        execl(house->tester, "isolationtester", house->url, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

struct tally {
    size_t run, judged, held, shown, failed, unexpected;
    char first[LINE_SIZE]; /* the first line that should not be */
    char order[LINE_SIZE]; /* of the permutation that it is in */
};

static bool shows(const char *line, const char *wanted) {
    return wanted != NULL && strstr(line, wanted) != NULL;
}

/* Steps are printed, too: what counts stands at the beginning of a line. */
static bool begins(const char *line, const char *with) {
    return strncmp(line, with, strlen(with)) == 0;
}

static bool may_fail(const struct spec *spec, const char *line) {
    return shows(line, spec->may_fail[0]) || shows(line, spec->may_fail[1]) ||
           (spec->may_fail[0] != NULL && shows(line, "current transaction is aborted"));
}

static void count_line(struct tally *tally, const struct spec *spec, const char *line) {
    static const char start[] = "starting permutation:";
    bool is_error = begins(line, "ERROR:  "), is_judgement = begins(line, "judged: ");
    bool has_held = begins(line, "judged: it held");
    if (begins(line, start)) {
        tally->run++;
        if (tally->first[0] == '\0') {
            snprintf(tally->order, sizeof tally->order, "%s", line + sizeof start - 1);
        }
    }
    if (!is_error && !is_judgement) {
        return;
    }
    tally->judged += is_judgement;
    tally->held += has_held;
    tally->shown += shows(line, spec->must_show);
    tally->failed += is_error && may_fail(spec, line);
    bool is_expected =
        has_held || shows(line, spec->must_show) || (is_error && may_fail(spec, line));
    tally->unexpected += !is_expected;
    if (!is_expected && tally->first[0] == '\0') {
        snprintf(tally->first, sizeof tally->first, "%s", line);
    }
}

static void count_lines(struct tally *tally, const struct spec *spec, const char *result) {
    char line[LINE_SIZE];
    FILE *from = fopen(result, "re");
    while (from != NULL && fgets(line, sizeof line, from) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        count_line(tally, spec, line);
    }
    if (from != NULL) {
        fclose(from);
    }
}

/* True: all of it ran, and it came as it was promised. */
static bool run_spec(const struct house *house, const struct spec *spec, size_t number,
                     size_t *permutations) {
    char text[PATH_SIZE + 32], result[PATH_SIZE + 32];
    snprintf(text, sizeof text, "%s/%02zu.spec", house->folder, number);
    snprintf(result, sizeof result, "%s/%02zu.out", house->folder, number);
    FILE *to = fopen(text, "we");
    if (to == NULL) {
        give_up(text, strerror(errno));
    }
    int64_t began_us = monotonic_us();
    size_t written = spec_write(spec, &house->queries, to);
    fclose(to);
    int status = run_tester(house, text, result);
    struct tally tally = {.run = 0};
    count_lines(&tally, spec, result);
    bool is_well = status == 0 && written > 0 && tally.run == written && tally.judged == written &&
                   tally.unexpected == 0 && (spec->must_show == NULL || tally.shown > 0);
    printf("%-86s %4zu orders, %4zu held, %3zu errors", spec->promise, tally.run, tally.held,
           tally.failed);
    if (spec->must_show != NULL) {
        printf(", shown %zu times", tally.shown);
    }
    printf(" (%.1f s)\n", (double)(monotonic_us() - began_us) / 1e6);
    if (!is_well) {
        printf("  NOT SO: %zu written, %zu judged, %zu not to be expected; in%s: %s\n", written,
               tally.judged, tally.unexpected, tally.order, tally.first);
    }
    fflush(stdout);
    *permutations += tally.run;
    return is_well;
}

static void remove_folder(const struct house *house) {
    char path[PATH_SIZE + 32];
    for (size_t i = 1; i <= specs_count; i++) {
        snprintf(path, sizeof path, "%s/%02zu.spec", house->folder, i);
        unlink(path);
        snprintf(path, sizeof path, "%s/%02zu.out", house->folder, i);
        unlink(path);
    }
    rmdir(house->folder);
}

int main(int count, char **words) {
    static struct house house;
    size_t permutations = 0, bad = 0;
    char made[] = "/tmp/ticketd-isolation-XXXXXX";
    if (count < 2) {
        give_up("usage", "isolation_test OFFICE.sql [FOLDER]");
    }
    if (!find_tester(house.tester)) {
        printf("skipped: there is no isolationtester (package postgresql-server-dev)\n");
        return SKIPPED;
    }
    const char *folder = count > 2 ? words[2] : mkdtemp(made);
    snprintf(house.folder, sizeof house.folder, "%s", folder == NULL ? "/nowhere" : folder);
    open_house(&house, words[1]);
    for (size_t i = 0; i < specs_count; i++) {
        bad += !run_spec(&house, &specs[i], i + 1, &permutations);
    }
    printf("%zu specifications, %zu permutations, %zu not as promised\n", specs_count, permutations,
           bad);
    if (bad > 0) {
        printf("what was asked and what came of it is in %s\n", house.folder);
    } else if (count == 2) {
        remove_folder(&house);
    }
    queries_finish(&house.queries);
    cluster_close(house.cluster);
    return bad == 0 ? 0 : 1;
}
