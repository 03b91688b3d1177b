/* api_key.h - a shop's or a person's key; only the hash of its secret is kept. */
#pragma once

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/access.h"

enum { KEY_HASH_SIZE = 32 };

struct api_key {
    struct uuid id;
    struct text name;
    enum role role;
    const struct uuid *events; /* those it is scoped to; NULL with 0: all */
    size_t events_count;
    uint8_t secret_hash[KEY_HASH_SIZE];
    struct instant created_at, expires_at, last_used_at, revoked_at; /* the last three: or none */
};
