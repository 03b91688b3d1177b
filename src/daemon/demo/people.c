/* Who works at the demonstration's houses: people with a random password each, shops with a key. */
#include <stdio.h>

#include "daemon/demo/history.h"
#include "daemon/demo/maker.h"

static const struct {
    const char *name, *email;
    enum role role;
} people[DEMO_PEOPLE] = {
    {"Ada Lindqvist", "admin@example.com", ROLE_ADMIN},
    {"M. Okafor", "okafor@example.com", ROLE_EVENT_MANAGER},
    {"Dana Vale", "dana@example.com", ROLE_BOX_OFFICE},
    {"Lee Brandt", "lee@example.com", ROLE_BOX_OFFICE},
    {"Sam Ortiz", "ortiz@example.com", ROLE_VIEWER},
};

static struct demo_person introduce(size_t nth) {
    return (struct demo_person){
        .name = people[nth].name, .email = people[nth].email, .role = people[nth].role};
}

static enum error take_on(struct demo_maker *maker, size_t nth, struct demo_person *person,
                          struct caller *caller) {
    char hash[PASSWORD_HASH_SIZE];
    password_make(person->password);
    if (!password_hash(text_of(person->password), hash)) {
        return failure_set(maker->failure, ERROR_MEMORY, "Out of memory for a password.");
    }
    struct command command = {
        .kind = COMMAND_STAFF_CREATE,
        .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
        .of.staff.staff = {.name = text_of(people[nth].name),
                           .email = text_of(people[nth].email),
                           .role = people[nth].role,
                           .password_hash = text_of(hash),
                           .disabled_at = INSTANT_NONE,
                           .last_seen_at = INSTANT_NONE},
    };
    if (!demo_run(maker, &command)) {
        return demo_stuck(maker, "take on staff");
    }
    *caller =
        (struct caller){.role = people[nth].role, .actor = {ACTOR_STAFF, maker->outcome.staff->id}};
    return ERROR_NONE;
}

/* A key, so that the log says who sold. `text` is the key itself. */
static enum error make_key(struct demo_maker *maker, const char *name, enum role role,
                           struct caller *caller, char text[KEY_SECRET_TEXT_SIZE]) {
    struct command command = {
        .kind = COMMAND_KEY_CREATE,
        .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
        .of.api_key.key = {.id = uuid_block(maker->now, 1),
                           .name = text_of(name),
                           .role = role,
                           .expires_at = INSTANT_NONE,
                           .last_used_at = INSTANT_NONE,
                           .revoked_at = INSTANT_NONE},
    };
    struct api_key *key = &command.of.api_key.key;
    key_secret_make(key->id, text, key->secret_hash);
    if (!demo_run(maker, &command)) {
        return demo_stuck(maker, "make a key");
    }
    *caller = (struct caller){.role = role, .actor = {ACTOR_KEY, key->id}};
    return ERROR_NONE;
}

static const char key_made_last[] = "Demo";

enum error demo_people_end(struct demo_maker *maker, struct demo_history *history) {
    struct caller key;
    return make_key(maker, key_made_last, ROLE_ADMIN, &key, history->admin_key);
}

static enum error make_shop_key(struct demo_maker *maker, struct demo_history *history) {
    return make_key(maker, "Web shop", ROLE_CHECKOUT, &maker->shop, history->shop_key);
}

enum error demo_people_make(struct demo_maker *maker, struct demo_history *history) {
    struct caller viewer;
    struct caller *callers[DEMO_PEOPLE] = {&maker->admin, &maker->manager, &maker->tills[0].cashier,
                                           &maker->tills[1].cashier, &viewer};
    char unused[KEY_SECRET_TEXT_SIZE];
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < DEMO_PEOPLE; i++) {
        history->people[i] = introduce(i);
        error = take_on(maker, i, &history->people[i], callers[i]);
    }
    if (error == ERROR_NONE) {
        error = make_shop_key(maker, history);
    }
    if (error == ERROR_NONE) {
        error = make_key(maker, "Tourist office", ROLE_CHECKOUT, &maker->partner, unused);
    }
    return error;
}

enum error demo_people_return(struct demo_maker *maker, struct demo_history *history) {
    for (size_t i = 0; i < DEMO_PEOPLE; i++) {
        history->people[i] = introduce(i);
    }
    enum error error = make_shop_key(maker, history);
    return error == ERROR_NONE ? demo_people_end(maker, history) : error;
}

bool demo_people_ended(const struct page *page) {
    const struct api_key *keys = page->rows;
    bool ended = false;
    for (size_t i = 0; i < page->count; i++) {
        ended = ended || text_equals(keys[i].name, text_of(key_made_last));
    }
    return ended;
}

bool demo_people_are_in(const struct page *page) {
    const struct staff *staff = page->rows;
    bool are_in = false;
    for (size_t i = 0; i < page->count; i++) {
        are_in = are_in || text_equals(staff[i].email, text_of(people[0].email));
    }
    return are_in;
}
