/* me.h - whoever asks, as the contract's Me. */
#pragma once

#include "routes/call.h"

struct me {
    struct text name, email;        /* email: or absent */
    struct instant session_ends_at; /* or none */
};

/* Of call->caller. */
void me_write(struct json_writer *json, const struct call *call, const struct me *me);
