#include "routes/live/live_wire.h"

#include <stdio.h>
#include <stdlib.h>

#include "routes/wire/render.h"
#include "routes/wire/rows.h"

enum { WIRE_FIRST = 4096 };

const struct text live_ping = {": ping\n\n", 8};

void live_wire_finish(struct live_wire *wire) {
    free(wire->bytes);
    *wire = (struct live_wire){.bytes = NULL};
}

void live_wire_reset(struct live_wire *wire) {
    wire->length = wire->events = 0;
    wire->failed = false;
}

static void append(struct live_wire *wire, struct text text) {
    if (wire->failed || wire->length + text.length > wire->capacity) {
        size_t capacity = wire->capacity == 0 ? WIRE_FIRST : wire->capacity;
        while (capacity < wire->length + text.length) {
            capacity *= 2;
        }
        char *larger = wire->failed ? NULL : realloc(wire->bytes, capacity);
        wire->failed = larger == NULL;
        if (wire->failed) {
            return;
        }
        wire->bytes = larger;
        wire->capacity = capacity;
    }
    if (text.length > 0) {
        memcpy(wire->bytes + wire->length, text.bytes, text.length);
        wire->length += text.length;
    }
}

void live_event(struct live_wire *wire, struct text id, const char *name, struct text data) {
    if (text_is_absent(data)) {
        wire->failed = true;
        return;
    }
    if (!text_is_absent(id)) {
        append(wire, TEXT("id: "));
        append(wire, id);
        append(wire, TEXT("\n"));
    }
    append(wire, TEXT("event: "));
    append(wire, text_of(name));
    append(wire, TEXT("\ndata: "));
    append(wire, data);
    append(wire, TEXT("\n\n"));
    wire->events++;
}

void live_bye(struct live_wire *wire, unsigned retry_ms) {
    char line[32];
    int length = snprintf(line, sizeof line, "retry: %u\n", retry_ms);
    append(wire, (struct text){line, (size_t)length});
    live_event(wire, TEXT_NONE, "bye", TEXT("{}"));
}

void live_counts(struct json_writer *json, const struct counts_entry *entry, bool sees_all) {
    json_object_begin(json);
    json_member_uuid(json, "ticket_type_id", entry->ticket_type_id);
    if (sees_all) {
        json_member_uuid(json, "event_id", entry->event_id);
        render_counts(json, entry->initial, entry->counts);
        json_member_integer(json, "seq", entry->audit_seq);
        json_member_instant(json, "as_of", entry->as_of);
    } else {
        json_member_integer(json, "available", counts_available(entry->counts));
    }
    json_object_end(json);
}

struct text live_entry(const struct audit_entry *entry, const struct names *names,
                       struct arena *arena) {
    struct json_writer json;
    json_writer_init(&json, arena);
    json_object_begin(&json);
    row_entry(&(struct fields){.json = &json}, entry, names_actor(names, entry->actor, arena));
    json_object_end(&json);
    return json_written(&json);
}
