/* settings.h - what venues, events and ticket types have in common: they are changed under the
 * version that was seen, archived and unarchived. */
#pragma once

#include "routes/body.h"

/* Says that the row is there and which event it belongs to (none: a venue). */
typedef enum error settings_finder(struct store_reader *reader, struct uuid id, struct arena *arena,
                                   struct uuid *event_id, struct failure *failure);

/* Submits a change under the version in If-Match: 428 where there is none and the row is there. */
struct answered settings_change(struct body *body, enum command_kind kind, int64_t *if_version,
                                settings_finder *find);

struct answered settings_archive(struct call *call, enum command_kind kind, bool archive);

/* Notes in *fields that a member is to be set, be it to null. */
static inline void settings_note(unsigned *fields, enum setting setting, enum member member) {
    if (member != MEMBER_ABSENT) {
        *fields |= setting;
    }
}
