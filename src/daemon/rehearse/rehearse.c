/* ticketd rehearse: plays an on-sale against a running server, and holds the books against what
 * the buyers were told. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/rehearse/crowd.h"
#include "daemon/rehearse/rehearsal.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"

static const struct option option_buyers = {
    .name = "buyers",
    .value = "NUMBER",
    .sentence = "How many buyers want tickets.",
    .initial = "2000",
    .least = 1,
    .most = 1000000,
};

static const struct option option_tickets = {
    .name = "tickets",
    .value = "NUMBER",
    .sentence = "How many tickets there are.",
    .initial = "1000",
    .least = 1,
    .most = INT32_MAX,
};

static const struct option option_each = {
    .name = "each",
    .value = "NUMBER",
    .sentence = "The most tickets that one buyer wants; each wants 1 to that many.",
    .initial = "2",
    .least = 1,
    .most = 1000,
};

static const struct option option_client_connections = {
    .name = "connections",
    .value = "NUMBER",
    .sentence = "How many connections the buyers share.",
    .initial = "64",
    .least = 1,
    .most = 10000,
};

static const struct option option_think = {
    .name = "think-ms",
    .value = "MILLISECONDS",
    .sentence = "How long a buyer thinks between reserving and completing, on average.",
    .initial = "200",
    .least = 0,
    .most = 3600000,
};

static const struct option option_abandon = {
    .name = "abandon",
    .value = "PERCENT",
    .sentence = "How many of a hundred buyers reserve and walk away.",
    .initial = "20",
    .least = 0,
    .most = 100,
};

static const struct option option_retry = {
    .name = "retry",
    .value = "PERCENT",
    .sentence = "How many of a hundred buyers ask again with the same key: half of them click "
                "twice, half hang up before the answer.",
    .initial = "20",
    .least = 0,
    .most = 100,
};

static const struct option option_hold = {
    .name = "hold-seconds",
    .value = "SECONDS",
    .sentence = "How long a reservation holds its tickets.",
    .initial = "600",
    .least = 1,
    .most = 7200,
};

static const struct option option_seed = {
    .name = "seed",
    .value = "NUMBER",
    .sentence = "The same number makes the same buyers; a random one where not given.",
    .least = 1,
    .most = INT64_MAX,
};

static const struct option option_keep = {
    .name = "keep",
    .sentence = "Leave the rehearsal's event in sight; otherwise it is archived in the end.",
};

static void show_progress(void *context, size_t done, size_t buyers,
                          const struct buyer_tally *tally) {
    (void)context;
    enum { WIDTH = 40 };
    char bar[WIDTH + 1];
    size_t full = done * WIDTH / buyers;
    for (size_t i = 0; i < WIDTH; i++) {
        bar[i] = i < full ? '#' : '.';
    }
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %zu of %zu buyers, %" PRIu64 " tickets sold ", bar, done, buyers,
            tally->tickets_sold);
}

static uint32_t percentile(const struct crowd_result *result, unsigned permille) {
    if (result->latencies_count == 0) {
        return 0;
    }
    return result->latencies_us[(result->latencies_count - 1) * permille / 1000];
}

static void print_speed(const struct crowd_result *result) {
    double seconds = (double)result->took_us / 1e6;
    printf("answers      %10zu in %.2f s, %.0f a second\n", result->latencies_count, seconds,
           (double)result->latencies_count / (seconds > 0 ? seconds : 1));
    printf("latency      median %.2f ms, 90 %% %.2f, 99 %% %.2f, 99.9 %% %.2f, most %.2f\n",
           percentile(result, 500) / 1e3, percentile(result, 900) / 1e3,
           percentile(result, 990) / 1e3, percentile(result, 999) / 1e3,
           percentile(result, 1000) / 1e3);
}

static void print_buyers(const struct crowd_result *result) {
    const struct buyer_tally *tally = &result->tally;
    printf("buyers       %10zu: %" PRIu64 " bought, %" PRIu64 " found it sold out, %" PRIu64
           " walked away\n",
           result->buyers_count, tally->sold, tally->sold_out, tally->abandoned);
    printf("retries      %10" PRIu64 " clicked twice, %" PRIu64 " hung up, %" PRIu64
           " connections broke, %" PRIu64 " told to come back\n",
           tally->repeated, tally->hung_up, tally->broken, tally->busy);
}

/* The exit code. */
static int judge(const struct crowd_result *result, const struct rehearsal_findings *findings) {
    const struct buyer_tally *tally = &result->tally;
    printf("sold         %10" PRId64 " of %" PRId64 " tickets (%" PRId64 " reserved, %" PRId64
           " available)\n",
           findings->sold, findings->total, findings->reserved, findings->available);
    printf("oversold     %10" PRId64 "\n", findings->oversold);
    printf("answers lost %10" PRId64 "\n", findings->lost);
    printf("changed      %10" PRIu64 " second answers unlike the first\n", tally->changed_answers);
    printf("unasked      %10" PRId64 " sales that nobody was told of\n", findings->unasked);
    printf("failed       %10" PRIu64 " buyers%s%s\n", tally->failed, tally->failed == 0 ? "" : ": ",
           tally->first_failure);
    if (!findings->counts_agree) {
        printf("The counts do not agree with the sales, which add up to %" PRId64 ".\n",
               findings->sales_quantity);
    }
    bool sound = findings->oversold == 0 && findings->lost == 0 && findings->unasked == 0 &&
                 findings->counts_agree && tally->changed_answers == 0 && tally->failed == 0;
    puts(sound ? "All is well." : "NOT well.");
    return sound ? EXIT_CODE_OK : EXIT_CODE_FAILURE;
}

static struct crowd_options crowd_from(const struct arguments *arguments,
                                       struct uuid ticket_type_id) {
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    if (argument_is_given(arguments, &option_seed)) {
        seed = (uint64_t)argument_number(arguments, &option_seed);
    }
    return (struct crowd_options){
        .server = argument_text(arguments, &option_server),
        .key = argument_text(arguments, &option_key),
        .buyers = (size_t)argument_number(arguments, &option_buyers),
        .connections = (size_t)argument_number(arguments, &option_client_connections),
        .seed = seed,
        .on_progress = isatty(STDERR_FILENO) ? show_progress : NULL,
        .plan =
            {
                .ticket_type_id = ticket_type_id,
                .quantity_max = (int32_t)argument_number(arguments, &option_each),
                .hold_seconds = (int32_t)argument_number(arguments, &option_hold),
                .abandon_percent = (unsigned)argument_number(arguments, &option_abandon),
                .retry_percent = (unsigned)argument_number(arguments, &option_retry),
                .think_ms = (unsigned)argument_number(arguments, &option_think),
            },
    };
}

static enum error play(const struct arguments *arguments, struct rehearsal *rehearsal, int *code,
                       struct failure *failure) {
    struct crowd_result result;
    struct rehearsal_findings findings;
    struct crowd_options crowd = crowd_from(arguments, rehearsal->ticket_type_id);
    enum error error = crowd_run(&crowd, &result, failure);
    if (crowd.on_progress != NULL) {
        fputs("\r\033[K", stderr);
    }
    if (error == ERROR_NONE) {
        error = rehearsal_read_back(rehearsal, &result, &findings, failure);
    }
    if (error == ERROR_NONE) {
        print_speed(&result);
        print_buyers(&result);
        *code = judge(&result, &findings);
    }
    crowd_result_finish(&result);
    return error;
}

static int run(const struct arguments *arguments) {
    struct failure failure;
    int code = EXIT_CODE_FAILURE;
    struct rehearsal rehearsal = {.tickets = argument_number(arguments, &option_tickets)};
    struct api_client_options server = {.server = argument_text(arguments, &option_server),
                                        .key = argument_text(arguments, &option_key)};
    enum error error = api_client_open(&server, &rehearsal.client, &failure);
    if (error == ERROR_NONE) {
        error = rehearsal_prepare(&rehearsal, &failure);
    }
    if (error == ERROR_NONE) {
        error = play(arguments, &rehearsal, &code, &failure);
    }
    if (error == ERROR_NONE && !argument_is_given(arguments, &option_keep)) {
        error = rehearsal_clear_away(&rehearsal, &failure);
    }
    api_client_close(rehearsal.client);
    return error == ERROR_NONE ? code : complain("%s", failure.sentence);
}

static const struct option *const options[] = {&option_server,
                                               &option_key,
                                               &option_buyers,
                                               &option_tickets,
                                               &option_each,
                                               &option_client_connections,
                                               &option_think,
                                               &option_abandon,
                                               &option_retry,
                                               &option_hold,
                                               &option_seed,
                                               &option_keep,
                                               NULL};

const struct subcommand subcommand_rehearse = {
    .name = "rehearse",
    .sentence = "Play an on-sale against a running server and check the outcome.",
    .manual = "Makes an event of its own, lets buyers rush for its tickets, reads back what the "
              "server has written, and exits 1 if a ticket was sold twice, an answer was lost, a "
              "retry was answered differently or the counts do not agree. Needs an admin key, or "
              "the server's unix socket.",
    .options = options,
    .run = run,
};
