#include "daemon/settings.h"

static const char *const log_levels[] = {"debug", "info", "warning", "error", NULL};
static const char *const on_off[] = {"on", "off", NULL};

const struct option option_database = {
    .name = "database",
    .value = "sqlite:FILE|postgres://HOST/NAME",
    .sentence = "The database: an SQLite file, or a PostgreSQL server's, as libpq writes it "
                "(postgres://…, or postgres:KEYWORD=VALUE …).",
    .setting = true,
    .required = true,
};

const struct option option_server = {
    .name = "server",
    .value = "URL",
    .sentence = "The server to talk to: http://HOST:PORT, or unix:FILE.sock.",
    .initial = "http://127.0.0.1:8080",
    .setting = true,
};

const struct option option_key = {
    .name = "key",
    .value = "KEY",
    .sentence = "The API key to talk to the server with; better given in the environment, where "
                "other users of the machine cannot read it. A unix socket needs none.",
    .setting = true,
};

const struct option option_listen = {
    .name = "listen",
    .value = "ADDR:PORT",
    .sentence = "Where to serve HTTP: a numeric address. Port 0 lets the system choose; the line "
                "event=listening says what it chose.",
    .initial = "127.0.0.1:8080",
    .setting = true,
};

const struct option option_log_level = {
    .name = "log-level",
    .value = "LEVEL",
    .sentence = "The least important lines to write to standard error.",
    .initial = "info",
    .choices = log_levels,
    .setting = true,
};

const struct option option_public = {
    .name = "public",
    .value = "on|off",
    .sentence = "Whether everyone may read published events and what is available of them "
                "without a key.",
    .initial = "on",
    .choices = on_off,
    .setting = true,
};

const struct option option_public_url = {
    .name = "public-url",
    .value = "URL",
    .sentence = "Where browsers see the server, as https://tickets.example; behind a reverse proxy "
                "that speaks https it must be given, so that the cookie of a sign-in is sent over "
                "https only. By the Host header where not given.",
    .setting = true,
};

const struct option option_trusted_proxy = {
    .name = "trusted-proxy",
    .value = "ADDRESS[,...]",
    .sentence = "Reverse proxies, by address or network (10.0.0.7,fd00::/8): clients are told "
                "apart, and their requests and sign-ins counted, by the last address in "
                "X-Forwarded-For that is not one of these. Else all behind a proxy are one client.",
    .setting = true,
};

const struct option option_currency = {
    .name = "currency",
    .value = "CODE",
    .sentence = "The currency (ISO 4217) of events that do not name one.",
    .initial = "EUR",
    .setting = true,
};

const struct option option_time_zone = {
    .name = "time-zone",
    .value = "NAME",
    .sentence = "The time zone (IANA) of events that do not name one.",
    .initial = "UTC",
    .setting = true,
};

const struct option option_connections = {
    .name = "connections",
    .value = "NUMBER",
    .sentence = "Connections at a time, in all; fewer where the process may not open as many "
                "files.",
    .initial = "16384",
    .least = 1,
    .most = 1000000,
    .setting = true,
};

const struct option option_connections_per_address = {
    .name = "connections-per-address",
    .value = "NUMBER",
    .sentence = "Connections at a time from one IPv4 address or IPv6 /64. Raise it behind a "
                "reverse proxy. Loopback is not counted.",
    .initial = "1024",
    .least = 1,
    .most = 1000000,
    .setting = true,
};

const struct option option_inbox = {
    .name = "inbox",
    .value = "NUMBER",
    .sentence = "Commands that may wait for one lane; more are answered 503 busy.",
    .initial = "8192",
    .least = 1,
    .most = 1000000,
    .setting = true,
};

const struct option option_lanes = {
    .name = "lanes",
    .value = "NUMBER",
    .sentence = "Connections that write to the database at a time, each with its thread; what "
                "belongs to one event goes through one of them. By cores, 2 to 8, where not given; "
                "an SQLite file takes one.",
    .least = 1,
    .most = 64,
    .setting = true,
};

const struct option option_stop_seconds = {
    .name = "stop-seconds",
    .value = "SECONDS",
    .sentence = "How long a stop waits for requests that are under way.",
    .initial = "10",
    .least = 1,
    .most = 600,
    .setting = true,
};

const struct option option_rate_per_key = {
    .name = "rate-per-key",
    .value = "NUMBER",
    .sentence = "Requests a second with one API key, bursts of twice as many; more are answered "
                "429. Loopback is not counted.",
    .initial = "10000",
    .least = 1,
    .most = 10000000,
    .setting = true,
};

const struct option option_rate_per_address = {
    .name = "rate-per-address",
    .value = "NUMBER",
    .sentence = "Requests a second without a key from one address, bursts of twice as many; more "
                "are answered 429. Loopback is not counted.",
    .initial = "100",
    .least = 1,
    .most = 10000000,
    .setting = true,
};

const struct option option_loops = {
    .name = "loops",
    .value = "NUMBER",
    .sentence = "Threads that speak HTTP. One carries tens of thousands of requests a second; more "
                "help only where cores are idle.",
    .initial = "1",
    .least = 1,
    .most = 64,
    .setting = true,
};

const struct option option_streams = {
    .name = "streams",
    .value = "NUMBER",
    .sentence = "Live streams (GET /v1/stream) at a time; who comes then is told to come back "
                "later. Of one key, person or address, 1,000 at the most.",
    .initial = "10000",
    .least = 1,
    .most = 1000000,
    .setting = true,
};
