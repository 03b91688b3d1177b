/* cookie.h - the secret by which a browser is known: 43 letters and digits, 256 bits.
 *
 * Only a hash of it is ever stored; it is the session's id. A browser sends it by itself, so that a
 * writing request must show that it comes from pages of this server. */
#pragma once

#include "routes/call.h"

enum { COOKIE_SECRET_CHARACTERS = 43, COOKIE_SECRET_SIZE = COOKIE_SECRET_CHARACTERS + 1 };

void cookie_make(char secret[COOKIE_SECRET_SIZE], struct uuid *session_id);

/* False: the request carries none, or none that could be ours. */
bool cookie_find(const struct call *call, struct uuid *session_id);

/* The session's: "ticketd", and over https "__Host-ticketd". */
struct text cookie_name(const struct call *call);

/* What the request's cookie of this name holds; absent: it carries none. */
struct text cookie_value(const struct call *call, struct text name);

/* The value of Set-Cookie for any cookie: to be sent back to here alone, and by no other site. */
struct text cookie_set(const struct call *call, struct text name, const char *value, int seconds);

/* The same for the session; a secret of NULL takes the cookie away. */
struct text cookie_header(const struct call *call, const char *secret);

/* "https://tickets.example": a scheme and a host, with or without a port, and nothing behind. */
bool cookie_is_origin(struct text url);

/* What a browser says of the page that sent the request. */
enum cookie_site { SITE_UNKNOWN, SITE_OWN, SITE_OTHER };
enum cookie_site cookie_site(const struct call *call);
