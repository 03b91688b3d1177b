/* same.h - are two rows the same, in every member? */
#pragma once

#include "store/reader.h"

void same_venue(const struct venue *a, const struct venue *b);
void same_event(const struct event *a, const struct event *b);
void same_type(const struct ticket_type *a, const struct ticket_type *b);
void same_reservation(const struct reservation *a, const struct reservation *b);
void same_cart(const struct cart *a, const struct cart *b);
void same_entry(const struct audit_entry *a, const struct audit_entry *b);
void same_api_key(const struct api_key *a, const struct api_key *b);
