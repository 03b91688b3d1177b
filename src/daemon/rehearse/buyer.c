#include "daemon/rehearse/buyer.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { BUSY_WAIT_MS = 100, BROKEN_WAIT_MS = 200 };

/* splitmix64: small, and the same everywhere. */
uint64_t random_next(uint64_t *seed) {
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static bool chance(unsigned percent, uint64_t *seed) {
    return random_next(seed) % 100 < percent;
}

void buyer_init(struct buyer *buyer, const struct buyer_plan *plan, uint64_t *seed) {
    struct uuid keys = uuid_block(instant_now(), 2);
    bool retries = chance(plan->retry_percent, seed);
    bool hangs_up = random_next(seed) % 2 == 0;
    *buyer = (struct buyer){
        .step = BUYER_RESERVES,
        .quantity = 1 + (int32_t)(random_next(seed) % (uint64_t)plan->quantity_max),
        .abandons = chance(plan->abandon_percent, seed),
        .hangs_up = retries && hangs_up,
        .clicks_twice = retries && !hangs_up,
        .reserve_key = keys,
        .complete_key = uuid_nth(keys, 1),
    };
}

struct api_request buyer_request(const struct buyer *buyer, const struct buyer_plan *plan,
                                 struct arena *arena) {
    char id[UUID_TEXT_SIZE];
    bool reserves = buyer->step == BUYER_RESERVES;
    struct uuid key = reserves ? buyer->reserve_key : buyer->complete_key;
    struct api_request request = {
        .method = "POST",
        .idempotency_key = arena_copy(arena, text_of(uuid_format(key, id))).bytes,
    };
    if (reserves) {
        request.path = "/v1/reservations";
        request.body = arena_printf(arena,
                                    "{\"ticket_type_id\":\"%s\",\"quantity\":%" PRId32
                                    ",\"expires_in_seconds\":%" PRId32 "}",
                                    uuid_format(plan->ticket_type_id, id), buyer->quantity,
                                    plan->hold_seconds);
    } else {
        request.path = arena_printf(arena, "/v1/reservations/%s/complete",
                                    uuid_format(buyer->reservation_id, id))
                           .bytes;
        request.body =
            arena_printf(arena, "{\"order_id\":\"R-%s\"}", uuid_format(buyer->complete_key, id));
    }
    return request;
}

bool buyer_hangs_up(const struct buyer *buyer) {
    return buyer->hangs_up && buyer->attempts == 0;
}

static void fail(struct buyer *buyer, struct buyer_tally *tally, const char *why,
                 struct text answer) {
    buyer->step = BUYER_IS_DONE;
    buyer->failed = true;
    if (tally->failed++ == 0) {
        snprintf(tally->first_failure, sizeof tally->first_failure, "%s: %.*s", why,
                 (int)answer.length, answer.bytes);
    }
}

static void move_on(struct buyer *buyer, enum buyer_step step) {
    buyer->step = step;
    buyer->attempts = 0;
    buyer->repeating = false;
    buyer->wait_ms = 0;
}

static void come_back(struct buyer *buyer, struct buyer_tally *tally, unsigned wait_ms,
                      struct text answer) {
    buyer->wait_ms = wait_ms;
    if (++buyer->attempts > BUYER_ATTEMPTS_MAX) {
        fail(buyer, tally, "no answer after many attempts", answer);
    }
}

static void take_reservation(struct buyer *buyer, const struct buyer_plan *plan,
                             const struct reply *reply, uint64_t *seed, struct buyer_tally *tally) {
    json_t *body = json_loadb(reply->body.bytes, reply->body.length, 0, NULL);
    const char *id = json_string_value(json_object_get(body, "id"));
    json_int_t quantity = json_integer_value(json_object_get(body, "quantity"));
    bool sound = uuid_parse(text_of(id), &buyer->reservation_id) && quantity == buyer->quantity;
    json_decref(body);
    if (!sound) {
        fail(buyer, tally, "not the reservation that was asked for", reply->body);
        return;
    }
    buyer->reserved = true;
    if (buyer->abandons) {
        tally->abandoned++;
        tally->tickets_abandoned += (uint64_t)buyer->quantity;
        move_on(buyer, BUYER_IS_DONE);
        return;
    }
    move_on(buyer, BUYER_THINKS);
    buyer->wait_ms =
        plan->think_ms == 0 ? 0 : (unsigned)(random_next(seed) % (2 * (uint64_t)plan->think_ms));
}

static void take_sale(struct buyer *buyer, struct buyer_tally *tally) {
    buyer->sold = true;
    tally->sold++;
    tally->tickets_sold += (uint64_t)buyer->quantity;
    move_on(buyer, BUYER_IS_DONE);
}

/* True: the answer is settled. False: it is asked for once more, to compare. */
static bool compare_answers(struct buyer *buyer, const struct reply *reply,
                            struct buyer_tally *tally) {
    uint8_t hash[ANSWER_HASH_SIZE];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)reply->body.bytes,
                       reply->body.length, NULL, 0);
    if (buyer->repeating) {
        tally->repeated++;
        tally->changed_answers += memcmp(hash, buyer->answer, sizeof hash) != 0;
        return true;
    }
    memcpy(buyer->answer, hash, sizeof hash);
    buyer->repeating = buyer->clicks_twice;
    return !buyer->clicks_twice;
}

void buyer_take_answer(struct buyer *buyer, const struct buyer_plan *plan,
                       const struct reply *reply, uint64_t *seed, struct buyer_tally *tally) {
    buyer->wait_ms = 0;
    if (reply->status == 503 || reply->status == 429) {
        tally->busy++;
        come_back(buyer, tally, BUSY_WAIT_MS, reply->body);
    } else if (reply->status == 200 || reply->status == 201) {
        if (!compare_answers(buyer, reply, tally)) {
            buyer->attempts++;
        } else if (buyer->step == BUYER_RESERVES) {
            take_reservation(buyer, plan, reply, seed, tally);
        } else {
            take_sale(buyer, tally);
        }
    } else if (reply->status == 409 && buyer->step == BUYER_RESERVES && !buyer->repeating) {
        tally->sold_out++;
        move_on(buyer, BUYER_IS_DONE);
    } else {
        fail(buyer, tally, buyer->step == BUYER_RESERVES ? "reserving" : "completing", reply->body);
    }
}

void buyer_miss_answer(struct buyer *buyer, struct buyer_tally *tally) {
    bool meant_it = buyer_hangs_up(buyer);
    tally->hung_up += meant_it;
    tally->broken += !meant_it;
    come_back(buyer, tally, meant_it ? 0 : BROKEN_WAIT_MS, TEXT("the connection broke"));
}
