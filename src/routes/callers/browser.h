/* browser.h - has this person signed in with this browser before?
 *
 * A sign-in leaves a second cookie, which lets nobody in: it only says whose the browser is, so
 * that those who try out passwords elsewhere do not keep its owner out (OWASP: device cookies). It
 * is made from the hash of the password, which all servers know: nothing is stored, and another
 * password takes its meaning away. A browser has one for each person who signs in with it. */
#pragma once

#include "domain/staff.h"
#include "routes/call.h"

/* The value of Set-Cookie. */
struct text browser_cookie(const struct call *call, struct uuid staff_id,
                           struct text password_hash);

/* *name: by which its attempts are counted. */
bool browser_is_known(const struct call *call, const struct staff *staff, struct text *name);
