/* render.h - objects of the contract as JSON.
 *
 * Pure: the same outcome gives the same bytes, which is what makes a replay equal to the first
 * answer. What people are called is as it is now. */
#pragma once

#include "base/json_writer.h"
#include "domain/outcome.h"
#include "routes/callers/names.h"
#include "store/reader.h"

/* The body of a granted outcome, or the current object of a version mismatch. `secret` is shown
 * with a key that was just made; else NULL. */
void render_outcome(struct json_writer *json, const struct outcome *outcome, const char *secret,
                    const struct names *names);

/* 200, or 201 where something was made. */
int outcome_status(const struct outcome *outcome);

/* The version of the settings in quotes; absent for what has none. */
struct text outcome_etag(const struct outcome *outcome, struct arena *arena);
struct text version_etag(int64_t version, struct arena *arena);

/* A tag for a body that has no version: its hash. */
struct text body_etag(struct text body, struct arena *arena);
/* If-None-Match names it, strong or weak, or any. */
bool etag_is_known(struct text if_none_match, struct text etag);

/* `password`: one that was just made, or NULL. */
void render_staff(struct json_writer *json, const struct staff *staff, const char *password);
void render_venue(struct json_writer *json, const struct venue *venue);
void render_event(struct json_writer *json, const struct event *event);
void render_type(struct json_writer *json, const struct ticket_type *type, struct currency currency,
                 bool all_counts);
void render_reservation(struct json_writer *json, const struct reservation *reservation,
                        struct instant now);
/* `lines` are those that the cart shows. */
void render_cart(struct json_writer *json, const struct cart *cart, const struct reservation *lines,
                 size_t lines_count, struct instant now);
/* Its operator is called what `names` say. */
void render_shift(struct json_writer *json, const struct shift_reading *shift,
                  const struct names *names);
/* {initial, total, …}, within an object that is open. */
void render_counts(struct json_writer *json, int64_t initial, struct counts counts);
