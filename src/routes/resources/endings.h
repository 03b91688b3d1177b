/* endings.h - what becomes of a reservation or a cart: the same for both. */
#pragma once

#include "routes/call.h"

/* Of what the path names; `is_cart` says which it is. */
struct answered ending_complete(struct call *call, bool is_cart);
struct answered ending_release(struct call *call, bool is_cart);
struct answered ending_extend(struct call *call, bool is_cart);
struct answered ending_refund(struct call *call, bool is_cart);

/* The channels box_office and comp are for those who may sell directly. */
bool channel_is_allowed(const struct call *call, enum channel channel);
