/* log.h - one line per event on stderr, `level=… event=… key=value`.
 *
 * The value of a key is quoted when it has spaces; control characters are
 * escaped, so that nobody can forge a line. Secrets are never passed here.
 * Thread-safe: a line is one write(2). */
#pragma once

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Lines below this level are dropped; LOG_INFO from the start. */
void log_set_level(enum log_level level);

/* log_line(LOG_INFO, "listening", "address", "127.0.0.1:8080", NULL): pairs, then NULL. */
void log_line(enum log_level level, const char *event, ...) __attribute__((sentinel));
