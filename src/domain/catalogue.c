/* Venues, events and ticket types: made, changed under their version, archived and back (R11, R12).
 */
#include "domain/ledger.h"

#include "domain/limits.h"

/* The event is there and within the caller's reach; else refuses and returns NULL. */
static struct world_event *find_event(struct decision *decision, struct uuid id) {
    struct world_event *event = world_event(decision->world, id);
    if (event == NULL) {
        decision_refuse(decision, VERDICT_NOT_FOUND)->event_id = id;
        return NULL;
    }
    if (!caller_reaches_event(&decision->command->caller, id)) {
        decision_refuse(decision, VERDICT_EVENT_OUT_OF_SCOPE)->event_id = id;
        return NULL;
    }
    return event;
}

/* What belongs to no event needs a caller who is not scoped to some. */
static bool is_unscoped(struct decision *decision) {
    if (decision->command->caller.events_count == 0) {
        return true;
    }
    decision_refuse(decision, VERDICT_EVENT_OUT_OF_SCOPE);
    return false;
}

static bool is_not_archived(struct decision *decision, struct instant archived_at,
                            struct text name) {
    if (instant_is_none(archived_at)) {
        return true;
    }
    decision_refuse(decision, VERDICT_ARCHIVED)->name = name;
    return false;
}

static bool version_matches(struct decision *decision, int64_t stands, int64_t asked) {
    if (stands == asked) {
        return true;
    }
    decision_refuse(decision, VERDICT_VERSION_MISMATCH);
    return false;
}

/* The outcome's own copy of a row; NULL when the arena is spent. */
#define ANSWER_ROW(decision, member, type, source)                                                 \
    do {                                                                                           \
        type *copy = arena_new((decision)->world->arena, type);                                    \
        if (copy == NULL) {                                                                        \
            (decision)->spent = true;                                                              \
        } else {                                                                                   \
            *copy = (source);                                                                      \
            (decision)->outcome->member = copy;                                                    \
        }                                                                                          \
    } while (0)

/* An adopted table may have columns that only the shop can fill. */
static bool is_ours_to_make(struct decision *decision, bool managed_elsewhere) {
    if (managed_elsewhere) {
        decision_refuse(decision, VERDICT_MANAGED_ELSEWHERE);
    }
    return !managed_elsewhere;
}

static void create_venue(struct decision *decision) {
    struct venue row = decision->command->of.venue.venue;
    if (!is_unscoped(decision) ||
        !is_ours_to_make(decision, decision->world->venues_managed_elsewhere)) {
        return;
    }
    row.id = decision_id(decision, NULL);
    row.version = 1;
    row.archived_at = INSTANT_NONE;
    row.created_at = row.updated_at = decision->world->now;
    struct world_venue *venue = world_add_venue(decision->world, &row);
    if (venue == NULL) {
        decision->spent = true;
        return;
    }
    venue->state = ROW_NEW;
    ANSWER_ROW(decision, venue, struct venue, venue->row);
}

static void change_venue(struct decision *decision) {
    const struct venue_command *asked = &decision->command->of.venue;
    struct world_venue *venue = world_venue(decision->world, asked->venue.id);
    if (venue == NULL) {
        decision_refuse(decision, VERDICT_NOT_FOUND);
        return;
    }
    if (!is_unscoped(decision)) {
        return;
    }
    ANSWER_ROW(decision, venue, struct venue, venue->row); /* a mismatch shows the current one */
    if (!version_matches(decision, venue->row.version, asked->if_version) ||
        !is_not_archived(decision, venue->row.archived_at, venue->row.name)) {
        return;
    }
    if ((asked->fields & SETTING_NAME) != 0) {
        venue->row.name = asked->venue.name;
    }
    if ((asked->fields & SETTING_ADDRESS) != 0) {
        venue->row.address = asked->venue.address;
    }
    if ((asked->fields & SETTING_TIME_ZONE) != 0) {
        venue->row.time_zone = asked->venue.time_zone;
    }
    venue->row.version++;
    venue->row.updated_at = decision->world->now;
    row_changed(&venue->state);
    ANSWER_ROW(decision, venue, struct venue, venue->row);
}

void decide_venue(struct decision *decision) {
    if (decision->command->kind == COMMAND_VENUE_CREATE) {
        create_venue(decision);
    } else {
        change_venue(decision);
    }
}

/* An event may name a venue that is there and in use, or none. */
static bool venue_is_usable(struct decision *decision, struct uuid venue_id) {
    if (uuid_is_none(venue_id)) {
        return true;
    }
    const struct world_venue *venue = world_venue(decision->world, venue_id);
    if (venue == NULL || !instant_is_none(venue->row.archived_at)) {
        decision_invalid(decision, TEXT("/venue_id"), "There is no such venue, or it is archived.");
        return false;
    }
    return true;
}

static bool dates_are_in_order(struct decision *decision, const struct event *event) {
    if (!instant_is_none(event->end_date) && instant_before(event->end_date, event->start_date)) {
        decision_invalid(decision, TEXT("/end_date"), "An event does not end before it starts.");
        return false;
    }
    return true;
}

static void create_event(struct decision *decision) {
    struct event row = decision->command->of.event.event;
    if (!is_unscoped(decision) ||
        !is_ours_to_make(decision, decision->world->events_managed_elsewhere) ||
        !venue_is_usable(decision, row.venue_id) || !dates_are_in_order(decision, &row)) {
        return;
    }
    row.id = decision_id(decision, NULL);
    row.id = uuid_in_lane(row.id, uuid_lane_of_event(row.id));
    row.version = 1;
    row.archived_at = INSTANT_NONE;
    row.created_at = row.updated_at = decision->world->now;
    struct world_event *event = world_add_event(decision->world, &row);
    if (event == NULL) {
        decision->spent = true;
        return;
    }
    event->state = ROW_NEW;
    ANSWER_ROW(decision, event, struct event, event->row);
}

static void merge_event(struct event *row, const struct event_command *asked) {
    const struct event *with = &asked->event;
    unsigned fields = asked->fields;
    row->name = (fields & SETTING_NAME) != 0 ? with->name : row->name;
    row->description = (fields & SETTING_DESCRIPTION) != 0 ? with->description : row->description;
    row->venue_id = (fields & SETTING_VENUE) != 0 ? with->venue_id : row->venue_id;
    row->start_date = (fields & SETTING_START_DATE) != 0 ? with->start_date : row->start_date;
    row->end_date = (fields & SETTING_END_DATE) != 0 ? with->end_date : row->end_date;
    row->published = (fields & SETTING_PUBLISHED) != 0 ? with->published : row->published;
    row->featured = (fields & SETTING_FEATURED) != 0 ? with->featured : row->featured;
    row->image_url = (fields & SETTING_IMAGE_URL) != 0 ? with->image_url : row->image_url;
    row->currency = (fields & SETTING_CURRENCY) != 0 ? with->currency : row->currency;
    row->time_zone = (fields & SETTING_TIME_ZONE) != 0 ? with->time_zone : row->time_zone;
}

static void change_event(struct decision *decision) {
    const struct event_command *asked = &decision->command->of.event;
    struct world_event *event = find_event(decision, asked->event.id);
    if (event == NULL) {
        return;
    }
    ANSWER_ROW(decision, event, struct event, event->row);
    struct event row = event->row;
    merge_event(&row, asked);
    if (!version_matches(decision, row.version, asked->if_version) ||
        !is_not_archived(decision, row.archived_at, row.name) ||
        ((asked->fields & SETTING_VENUE) != 0 && !venue_is_usable(decision, row.venue_id)) ||
        !dates_are_in_order(decision, &row)) {
        return;
    }
    bool other_currency = strcmp(row.currency.code, event->row.currency.code) != 0;
    if (other_currency && event->has_history) {
        decision_refuse(decision, VERDICT_HAS_HISTORY)->event_id = row.id;
        return;
    }
    row.version++;
    row.updated_at = decision->world->now;
    event->row = row;
    row_changed(&event->state);
    ANSWER_ROW(decision, event, struct event, event->row);
}

void decide_event(struct decision *decision) {
    if (decision->command->kind == COMMAND_EVENT_CREATE) {
        create_event(decision);
    } else {
        change_event(decision);
    }
}

static bool window_is_in_order(struct decision *decision, const struct ticket_type *type) {
    if (!instant_is_none(type->sales_start) && !instant_is_none(type->sales_end) &&
        !instant_before(type->sales_start, type->sales_end)) {
        decision_invalid(decision, TEXT("/sales_end"), "Sales end after they start.");
        return false;
    }
    return true;
}

/* R11: born with an entry from 0 to its initial inventory, where that is not 0 itself. */
static void create_type(struct decision *decision) {
    struct ticket_type row = decision->command->of.type.type;
    struct world_event *event = find_event(decision, row.event_id);
    if (event == NULL) {
        return;
    }
    if (!is_ours_to_make(decision, decision->world->types_managed_elsewhere) ||
        !is_not_archived(decision, event->row.archived_at, event->row.name) ||
        !window_is_in_order(decision, &row)) {
        return;
    }
    row.id = decision_id(decision, event);
    row.counts = (struct counts){0};
    row.settings_version = 1;
    row.audit_seq = 0;
    row.audit_hash = (struct chain_hash){{0}};
    row.last_entry_at = row.archived_at = INSTANT_NONE;
    row.adopted_sold = 0;
    row.created_at = row.updated_at = decision->world->now;
    struct world_type *type = world_add_type(decision->world, &row);
    if (type == NULL) {
        decision->spent = true;
        return;
    }
    type->state = ROW_NEW;
    if (row.initial > 0) {
        ledger_record(decision, type,
                      (struct posting){.action = ACTION_INCREASE,
                                       .quantity = row.initial,
                                       .delta = {.total = row.initial},
                                       .reason = TEXT("Initial inventory")});
    }
    decision_answer_type(decision, type);
}

static void merge_type(struct ticket_type *row, const struct type_command *asked) {
    const struct ticket_type *with = &asked->type;
    unsigned fields = asked->fields;
    row->name = (fields & SETTING_NAME) != 0 ? with->name : row->name;
    row->description = (fields & SETTING_DESCRIPTION) != 0 ? with->description : row->description;
    row->price = (fields & SETTING_PRICE) != 0 ? with->price : row->price;
    row->sales_start = (fields & SETTING_SALES_START) != 0 ? with->sales_start : row->sales_start;
    row->sales_end = (fields & SETTING_SALES_END) != 0 ? with->sales_end : row->sales_end;
    row->max_per_order =
        (fields & SETTING_MAX_PER_ORDER) != 0 ? with->max_per_order : row->max_per_order;
    row->max_per_customer =
        (fields & SETTING_MAX_PER_CUSTOMER) != 0 ? with->max_per_customer : row->max_per_customer;
}

static void change_type(struct decision *decision) {
    const struct type_command *asked = &decision->command->of.type;
    struct world_type *type = decision_type(decision, asked->type.id);
    if (type == NULL) {
        return;
    }
    decision_answer_type(decision, type);
    struct ticket_type row = type->row;
    merge_type(&row, asked);
    if (!version_matches(decision, row.settings_version, asked->if_version) ||
        !is_not_archived(decision, row.archived_at, row.name) ||
        !is_not_archived(decision, type->event->row.archived_at, type->event->row.name) ||
        !window_is_in_order(decision, &row)) {
        return;
    }
    row.settings_version++;
    row.updated_at = decision->world->now;
    type->row = row;
    row_changed(&type->state);
    decision_answer_type(decision, type);
}

void decide_type(struct decision *decision) {
    if (decision->command->kind == COMMAND_TYPE_CREATE) {
        create_type(decision);
    } else {
        change_type(decision);
    }
}

/* Archiving what is archived, and the way back, change nothing twice. */
static bool archive_moves(const struct decision *decision, struct instant archived_at) {
    return decision->command->of.archive.archive == instant_is_none(archived_at);
}

static struct instant archived_from(const struct decision *decision) {
    return decision->command->of.archive.archive ? decision->world->now : INSTANT_NONE;
}

static void archive_venue(struct decision *decision) {
    struct world_venue *venue = world_venue(decision->world, decision->command->of.archive.id);
    if (venue == NULL) {
        decision_refuse(decision, VERDICT_NOT_FOUND);
        return;
    }
    if (!is_unscoped(decision)) {
        return;
    }
    if (archive_moves(decision, venue->row.archived_at)) {
        venue->row.archived_at = archived_from(decision);
        venue->row.updated_at = decision->world->now;
        venue->row.version++;
        row_changed(&venue->state);
    }
    ANSWER_ROW(decision, venue, struct venue, venue->row);
}

static void archive_event(struct decision *decision) {
    struct world_event *event = find_event(decision, decision->command->of.archive.id);
    if (event == NULL) {
        return;
    }
    if (archive_moves(decision, event->row.archived_at)) {
        event->row.archived_at = archived_from(decision);
        event->row.updated_at = decision->world->now;
        event->row.version++;
        row_changed(&event->state);
    }
    ANSWER_ROW(decision, event, struct event, event->row);
}

static void archive_type(struct decision *decision) {
    struct world_type *type = decision_type(decision, decision->command->of.archive.id);
    if (type == NULL) {
        return;
    }
    if (archive_moves(decision, type->row.archived_at)) {
        type->row.archived_at = archived_from(decision);
        type->row.updated_at = decision->world->now;
        type->row.settings_version++;
        row_changed(&type->state);
    }
    decision_answer_type(decision, type);
}

void decide_archive(struct decision *decision) {
    if (decision->command->kind == COMMAND_VENUE_ARCHIVE) {
        archive_venue(decision);
    } else if (decision->command->kind == COMMAND_EVENT_ARCHIVE) {
        archive_event(decision);
    } else {
        archive_type(decision);
    }
}
