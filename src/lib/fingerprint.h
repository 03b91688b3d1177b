/* fingerprint.h - is this the same request as before? (R14)
 *
 * BLAKE2b-256 over a version byte, the kind of command and each member that the caller chose, in a
 * fixed order: integers big-endian, texts by length. */
#pragma once

#include "domain/command.h"

void fingerprint_take(const struct command *command, uint8_t fingerprint[FINGERPRINT_SIZE]);
