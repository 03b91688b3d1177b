#include "office.h"

enum { VENUES = 0, EVENTS = OFFICE_ROWS, TYPES = 2 * OFFICE_ROWS, KEYS = 3 * OFFICE_ROWS };

static const char *const names[] = {
    "Old Mill",
    "O'Brien's \"Hall\"; DROP TABLE venues; --",
    "Gro\u00dfer Saal \u2013 \u00c4rmel",
    "\U0001F3AB\u200d\U0001F3AD",
    "\u0645\u0633\u0631\u062d",
    "a\\b%c_d$1{e}",
    "trailing blank ",
    "\ttab and\nline",
};

/* Absent and empty are not the same. */
static const char *const longer[] = {
    NULL, "", "\\N", "null", "Two lines\r\nof it, \u20ac 5.00", "x", "{\"json\": [1, 2]}", "\u00a0",
};

void office_init(struct office *office) {
    *office = (struct office){.rows = {{.version = 0}}};
}

static struct text some_text(struct random *random, const char *const *list) {
    return text_of(list[random_below(random, 8)]);
}

static struct instant some_instant(struct random *random, struct instant now) {
    int32_t seconds = random_between(random, -86400, 30 * 86400);
    struct instant at = instant_plus_seconds(now, seconds);
    at.us += random_below(random, 1000000);
    return random_chance(random, 300) ? INSTANT_NONE : at;
}

/* Each member by chance; mostly of the version that stands. */
static unsigned some_fields(struct random *random, const unsigned *fields, size_t count) {
    unsigned chosen = 0;
    for (size_t i = 0; i < count; i++) {
        chosen |= random_chance(random, 400) ? fields[i] : 0;
    }
    return chosen;
}

static int64_t some_version(struct random *random, const struct office_row *row) {
    return row->version - random_chance(random, 100);
}

static void choose_venue(struct office_row *row, struct random *random, struct command *command) {
    static const unsigned fields[] = {SETTING_NAME, SETTING_ADDRESS, SETTING_TIME_ZONE};
    command->kind = uuid_is_none(row->id) ? COMMAND_VENUE_CREATE : COMMAND_VENUE_CHANGE;
    command->of.venue = (struct venue_command){
        .venue = {.id = row->id,
                  .name = some_text(random, names),
                  .address = some_text(random, longer),
                  .time_zone = random_chance(random, 500) ? TEXT("America/New_York") : TEXT_NONE},
        .fields = some_fields(random, fields, 3),
        .if_version = some_version(random, row)};
}

static void choose_event(struct office *office, struct office_row *row, struct random *random,
                         struct instant now, struct command *command) {
    static const unsigned fields[] = {SETTING_NAME,       SETTING_DESCRIPTION, SETTING_VENUE,
                                      SETTING_START_DATE, SETTING_END_DATE,    SETTING_PUBLISHED,
                                      SETTING_FEATURED,   SETTING_IMAGE_URL,   SETTING_CURRENCY,
                                      SETTING_TIME_ZONE};
    static const struct currency currencies[] = {{"EUR"}, {"USD"}, {"JPY"}, {"KWD"}};
    struct instant start = some_instant(random, now);
    start = instant_is_none(start) ? now : start;
    command->kind = uuid_is_none(row->id) ? COMMAND_EVENT_CREATE : COMMAND_EVENT_CHANGE;
    command->of.event = (struct event_command){
        .event = {.id = row->id,
                  .venue_id = office->rows[VENUES + random_below(random, OFFICE_ROWS)].id,
                  .name = some_text(random, names),
                  .description = some_text(random, longer),
                  .image_url = random_chance(random, 500) ? TEXT("https://x.example/a?b=c&d=%20")
                                                          : TEXT_NONE,
                  .time_zone = random_chance(random, 500) ? TEXT("Asia/Tokyo") : TEXT("UTC"),
                  .currency = currencies[random_below(random, 4)],
                  .start_date = start,
                  .end_date =
                      random_chance(random, 500) ? INSTANT_NONE : instant_plus_seconds(start, 7200),
                  .published = random_chance(random, 500),
                  .featured = random_chance(random, 300)},
        .fields = some_fields(random, fields, 10),
        .if_version = some_version(random, row)};
}

static void choose_type(struct office *office, struct office_row *row, struct random *random,
                        struct instant now, struct command *command) {
    static const unsigned fields[] = {
        SETTING_NAME,      SETTING_DESCRIPTION,   SETTING_PRICE,           SETTING_SALES_START,
        SETTING_SALES_END, SETTING_MAX_PER_ORDER, SETTING_MAX_PER_CUSTOMER};
    command->kind = uuid_is_none(row->id) ? COMMAND_TYPE_CREATE : COMMAND_TYPE_CHANGE;
    command->of.type = (struct type_command){
        .type = {.id = row->id,
                 .event_id = office->rows[EVENTS + random_below(random, OFFICE_ROWS)].id,
                 .name = some_text(random, names),
                 .description = some_text(random, longer),
                 .price = random_chance(random, 100) ? INT32_MAX : random_between(random, 0, 9999),
                 .initial = random_between(random, 0, 500),
                 .sales_start = some_instant(random, now),
                 .sales_end = some_instant(random, now),
                 .max_per_order = random_between(random, 0, 9),
                 .max_per_customer = random_between(random, 0, 9)},
        .fields = some_fields(random, fields, 7),
        .if_version = some_version(random, row)};
}

static void choose_key(struct office *office, struct office_row *row, struct random *random,
                       struct instant now, struct command *command) {
    static const enum role roles[] = {ROLE_ADMIN, ROLE_CHECKOUT, ROLE_VIEWER};
    struct api_key *key = &command->of.api_key.key;
    uint32_t dice = random_below(random, 10);
    *key = (struct api_key){.id = row->id,
                            .name = some_text(random, names),
                            .role = roles[random_below(random, 3)],
                            .expires_at = some_instant(random, now),
                            .last_used_at = now,
                            .revoked_at = INSTANT_NONE};
    if (uuid_is_none(row->id)) {
        command->kind = COMMAND_KEY_CREATE;
        key->id = (struct uuid){.bytes = {[6] = 0x70, [8] = 0x80}}; /* the routes make it */
        for (size_t i = 0; i < 6; i++) {
            key->id.bytes[i] = (uint8_t)random_below(random, 256);
        }
        key->last_used_at = INSTANT_NONE;
        for (size_t i = 0; i < KEY_HASH_SIZE; i++) {
            key->secret_hash[i] = (uint8_t)random_below(random, 256);
        }
        for (size_t i = 0; i < OFFICE_ROWS; i++) {
            struct uuid id = office->rows[EVENTS + i].id;
            if (!uuid_is_none(id) && dice < 5) {
                office->key_events[key->events_count++] = id;
            }
        }
        key->events = key->events_count > 0 ? office->key_events : NULL;
        return;
    }
    command->kind = dice == 0 ? COMMAND_KEY_REVOKE : COMMAND_KEY_TOUCH;
}

static void choose_archive(const struct office_row *row, struct random *random,
                           enum command_kind kind, struct command *command) {
    command->kind = kind;
    command->of.archive = (struct archive_command){row->id, random_chance(random, 400)};
}

size_t office_choose(struct office *office, struct random *random, struct instant now,
                     struct instant forget, struct command *command) {
    static const enum command_kind archives[] = {COMMAND_VENUE_ARCHIVE, COMMAND_EVENT_ARCHIVE,
                                                 COMMAND_TYPE_ARCHIVE};
    size_t slot = random_below(random, OFFICE_SLOTS);
    struct office_row *row = &office->rows[slot];
    command->caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    if (random_chance(random, 30)) {
        command->kind = COMMAND_PRUNE;
        command->of.prune.before = forget;
        return OFFICE_NO_SLOT;
    }
    if (random_chance(random, 20)) {
        *row = (struct office_row){.version = 0}; /* leaves it, and makes another one */
    }
    if (slot < KEYS && !uuid_is_none(row->id) && random_chance(random, 150)) {
        choose_archive(row, random, archives[slot / OFFICE_ROWS], command);
    } else if (slot < EVENTS) {
        choose_venue(row, random, command);
    } else if (slot < TYPES) {
        choose_event(office, row, random, now, command);
    } else if (slot < KEYS) {
        choose_type(office, row, random, now, command);
    } else {
        choose_key(office, row, random, now, command);
    }
    return slot;
}

void office_learn(struct office *office, size_t slot, const struct outcome *outcome) {
    if (outcome->verdict != VERDICT_GRANTED || slot == OFFICE_NO_SLOT) {
        return;
    }
    struct office_row *row = &office->rows[slot];
    if (outcome->venue != NULL) {
        *row = (struct office_row){outcome->venue->id, outcome->venue->version};
    } else if (outcome->event != NULL) {
        *row = (struct office_row){outcome->event->id, outcome->event->version};
    } else if (outcome->type != NULL) {
        *row = (struct office_row){outcome->type->id, outcome->type->settings_version};
    } else if (outcome->api_key != NULL && outcome->kind == COMMAND_KEY_CREATE) {
        *row = (struct office_row){outcome->api_key->id, 1};
    }
}
