#include "routes/callers/browser.h"

#include <sodium.h>

#include "routes/callers/cookie.h"

enum {
    NUMBER_SIZE = 16, /* another for each browser */
    PROOF_SIZE = 16,
    VALUE_SIZE = NUMBER_SIZE + PROOF_SIZE,
    VALUE_CHARACTERS = 43, /* base64 */
    DAYS_KEPT = 180,
};

static void prove(const unsigned char number[NUMBER_SIZE], struct uuid staff_id,
                  struct text password_hash, unsigned char proof[PROOF_SIZE]) {
    unsigned char key[crypto_generichash_KEYBYTES];
    crypto_generichash_state state;
    crypto_generichash(key, sizeof key, (const unsigned char *)password_hash.bytes,
                       password_hash.length, NULL, 0);
    crypto_generichash_init(&state, key, sizeof key, PROOF_SIZE);
    crypto_generichash_update(&state, (const unsigned char *)"browser", sizeof "browser");
    crypto_generichash_update(&state, staff_id.bytes, sizeof staff_id.bytes);
    crypto_generichash_update(&state, number, NUMBER_SIZE);
    crypto_generichash_final(&state, proof, PROOF_SIZE);
}

/* "ticketd-browser-0123abcd": whose it is, for those who know whom to ask about. */
static struct text name_for(const struct call *call, struct uuid staff_id) {
    struct text name = cookie_name(call);
    return arena_printf(call_arena(call), "%.*s-browser-%08x", (int)name.length, name.bytes,
                        (unsigned)(uuid_hash(staff_id) & UINT32_MAX));
}

struct text browser_cookie(const struct call *call, struct uuid staff_id,
                           struct text password_hash) {
    unsigned char value[VALUE_SIZE];
    char text[VALUE_CHARACTERS + 1];
    struct text name = name_for(call, staff_id);
    randombytes_buf(value, NUMBER_SIZE);
    prove(value, staff_id, password_hash, value + NUMBER_SIZE);
    sodium_bin2base64(text, sizeof text, value, sizeof value,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text_is_absent(name) ? TEXT_NONE : cookie_set(call, name, text, DAYS_KEPT * 24 * 3600);
}

bool browser_is_known(const struct call *call, const struct staff *staff, struct text *name) {
    unsigned char value[VALUE_SIZE], proof[PROOF_SIZE];
    size_t length = 0;
    struct text kept = cookie_value(call, name_for(call, staff->id));
    if (kept.length != VALUE_CHARACTERS || text_is_absent(staff->password_hash) ||
        sodium_base642bin(value, sizeof value, kept.bytes, kept.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != sizeof value) {
        return false;
    }
    prove(value, staff->id, staff->password_hash, proof);
    *name = (struct text){kept.bytes, kept.length};
    return sodium_memcmp(proof, value + NUMBER_SIZE, sizeof proof) == 0;
}
