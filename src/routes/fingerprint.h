/* fingerprint.h - is this the same request as before? (R14)
 *
 * BLAKE2b-256 over method, path and the body in one canonical form: members sorted by name, no
 * white space. What JSON leaves open does not make a retry another request. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "domain/command.h"
#include "http/request.h"

/* `body` may be NULL. False when the request's arena is spent. */
bool fingerprint_take(const struct http_request *request, const json_t *body,
                      uint8_t fingerprint[FINGERPRINT_SIZE]);
