// A retry with the same key (R14).
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused, type Reply } from "../support/client.ts";
import type { Cart, Reservation, TicketType } from "../support/objects.ts";
import { inDays, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const REPLAYED = "idempotency-replayed";

function once<T>(client: Client, key: string, path: string, body?: object): Promise<Reply<T>> {
    return client.post<T>(path, body, { headers: { "Idempotency-Key": key } });
}

const reserve = (key: string, type: TicketType, quantity = 1, client = world.admin) =>
    once<Reservation>(client, key, "/v1/reservations", { ticket_type_id: type.id, quantity });

// The second request is answered as the first was, and says so.
async function replays(path: string, body: object | undefined, status: number): Promise<any> {
    const key = randomUUID();
    const first = await once(world.admin, key, path, body);
    granted(first, status);
    assert.ok(!(REPLAYED in first.headers), `${path} was replayed at first`);
    const second = await once(world.admin, key, path, body);
    assert.deepEqual([second.status, second.text], [status, first.text], path);
    assert.equal(second.headers[REPLAYED], "true", path);
    assert.equal(second.headers["etag"], first.headers["etag"], path);
    assert.notEqual(second.headers["request-id"], first.headers["request-id"]);
    return first.json;
}

describe("a retry with the same key and the same request", () => {
    it("has one effect", async () => {
        const type = await world.type();
        const key = randomUUID();
        const first = granted(await reserve(key, type, 3), 201);
        for (let i = 0; i < 3; i++)
            assert.deepEqual(granted(await reserve(key, type, 3), 201), first);
        assert.equal((await world.counts(type)).reserved, 3);
        assert.equal((await world.log(type)).length, 2);
    });

    it("is answered alike by every POST with an effect", async () => {
        const venue = await replays("/v1/venues", { name: "Hall" }, 201);
        await replays(`/v1/venues/${venue.id}/archive`, undefined, 200);
        await replays(`/v1/venues/${venue.id}/unarchive`, {}, 200);
        const event = await replays(
            "/v1/events",
            { name: "Show", start_date: inDays(9), published: true },
            201,
        );
        const types = `/v1/events/${event.id}/ticket-types`;
        const type = await replays(
            types,
            { name: "Stalls", price: 100, initial_inventory: 50 },
            201,
        );
        const path = `/v1/ticket-types/${type.id}`;
        await replays(`${path}/increase`, { quantity: 5, reason: "more room" }, 200);
        await replays(`${path}/decrease`, { quantity: 3, reason: "less room" }, 200);
        const item = { ticket_type_id: type.id, quantity: 2 };

        const reservation = await replays("/v1/reservations", item, 201);
        const own = `/v1/reservations/${reservation.id}`;
        await replays(`${own}/extend`, { expires_in_seconds: 1000 }, 200);
        await replays(`${own}/complete`, { order_id: "o-1" }, 200);
        await replays(`${own}/refunds`, { quantity: 1, reason: "one is ill" }, 201);
        const other = await replays("/v1/reservations", item, 201);
        await replays(`/v1/reservations/${other.id}/release`, undefined, 200);

        const cart = await replays("/v1/carts", { items: [item] }, 201);
        await replays(`/v1/carts/${cart.id}/extend`, { expires_in_seconds: 1000 }, 200);
        await replays(`/v1/carts/${cart.id}/complete`, { order_id: "o-2" }, 200);
        await replays(`/v1/carts/${cart.id}/refunds`, { reason: "all are ill" }, 201);
        const left = await replays("/v1/carts", { items: [item] }, 201);
        await replays(`/v1/carts/${left.id}/release`, undefined, 200);
        await replays("/v1/sales", { items: [item], channel: "box_office" }, 201);

        await replays(`${path}/archive`, undefined, 200);
        await replays(`${path}/unarchive`, undefined, 200);
        await replays(`/v1/events/${event.id}/archive`, undefined, 200);
        await replays(`/v1/events/${event.id}/unarchive`, undefined, 200);
        const key = granted(
            await world.admin.post("/v1/api-keys", { name: "X", role: "viewer" }),
            201,
        );
        await replays(`/v1/api-keys/${key.id}/revoke`, undefined, 200);
        // 60 total - 5 - 3 + ... : what is sold is 2 - 1, 2 - 2 and 2
        const { total, sold, reserved } = await world.counts(type);
        assert.deepEqual([total, sold, reserved], [52, 3, 0]);
    });

    it("of release-expired is done again, because it finds nothing left to do", async () => {
        const type = await world.type();
        const { id } = await world.reservation(type, 1, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${id}`);
        const path = "/v1/reservations/release-expired";
        const key = randomUUID();
        granted(await once(world.admin, key, path));
        const { released } = granted(await once<{ released: number }>(world.admin, key, path));
        assert.equal(released, 0);
        assert.equal((await world.log(type)).length, 3);
    });

    it("gives the stored answer, though things have changed since", async () => {
        const type = await world.type();
        const key = randomUUID();
        const first = granted(await reserve(key, type), 201);
        granted(await world.admin.post(`/v1/reservations/${first.id}/release`));
        assert.deepEqual(granted(await reserve(key, type), 201), first);
    });

    it("is the same request though its body is written another way", async () => {
        const type = await world.type();
        const headers = { "Idempotency-Key": randomUUID() };
        const ask = (raw: string) =>
            world.admin.request("POST", "/v1/reservations", { raw, headers });
        const first = granted(await ask(`{"ticket_type_id":"${type.id}","quantity":2}`), 201);
        const spaced = granted(
            await ask(` {\n "quantity" : 2, "ticket_type_id": "${type.id}" } `),
            201,
        );
        assert.deepEqual(spaced, first);
    });

    it("may write its key in quotes or bare", async () => {
        const type = await world.type();
        const key = randomUUID();
        const first = granted(await reserve(key, type), 201);
        assert.deepEqual(granted(await reserve(`"${key}"`, type), 201), first);
    });

    it("in parallel has one effect and one answer", async () => {
        const type = await world.type();
        const key = randomUUID();
        const replies = await Promise.all(Array.from({ length: 16 }, () => reserve(key, type, 2)));
        for (const reply of replies) assert.deepEqual(granted(reply, 201), replies[0]!.json);
        assert.equal(replies.filter((reply) => !(REPLAYED in reply.headers)).length, 1);
        assert.equal((await world.counts(type)).reserved, 2);
    });
});

describe("the same key with another request", () => {
    it("is refused, and does nothing", async () => {
        const type = await world.type();
        const key = randomUUID();
        const { id } = granted(await reserve(key, type, 1), 201);
        refused(await reserve(key, type, 2), "idempotency_key_reused");
        const item = { ticket_type_id: type.id, quantity: 1 };
        refused(
            await once(world.admin, key, "/v1/carts", { items: [item] }),
            "idempotency_key_reused",
        );
        refused(
            await once(world.admin, key, `/v1/reservations/${id}/release`),
            "idempotency_key_reused",
        );
        assert.equal((await world.counts(type)).reserved, 1);
    });

    it("is refused on another path with the same body", async () => {
        const type = await world.type();
        const key = randomUUID();
        const [a, b] = [await world.reservation(type), await world.reservation(type)];
        granted(await once(world.admin, key, `/v1/reservations/${a.id}/release`));
        refused(
            await once(world.admin, key, `/v1/reservations/${b.id}/release`),
            "idempotency_key_reused",
        );
    });

    it("in parallel lets one of the two through", async () => {
        const type = await world.type();
        const key = randomUUID();
        const replies = await Promise.all(
            [1, 2, 1, 2].map((quantity) => reserve(key, type, quantity)),
        );
        const statuses = replies.map((reply) => reply.status).sort();
        assert.deepEqual(statuses, [201, 201, 422, 422]);
        assert.equal((await world.log(type)).length, 2);
    });

    it("is another key for another caller", async () => {
        const type = await world.type();
        const key = randomUUID();
        const shop = await world.key("checkout");
        const first = granted(await reserve(key, type), 201);
        assert.notEqual(granted(await reserve(key, type, 1, shop), 201).id, first.id);
    });
});

describe("a refusal", () => {
    it("is not stored: the retry is decided anew", async () => {
        const type = await world.type({ initial_inventory: 1 });
        const rival = await world.reservation(type, 1);
        const key = randomUUID();
        refused(await reserve(key, type), "insufficient_inventory");
        granted(await world.admin.post(`/v1/reservations/${rival.id}/release`));
        const second = await reserve(key, type);
        granted(second, 201);
        assert.ok(!(REPLAYED in second.headers));
    });

    it("leaves the key free for another request", async () => {
        const type = await world.type({ initial_inventory: 1 });
        const key = randomUUID();
        refused(await reserve(key, type, 2), "insufficient_inventory");
        granted(await reserve(key, type, 1), 201);
    });

    it("for its form does not store the key either", async () => {
        const type = await world.type();
        const key = randomUUID();
        invalid(await reserve(key, type, 0), "/quantity");
        granted(await reserve(key, type, 1), 201);
    });
});

describe("a key", () => {
    it("has 1 to 255 visible characters of ASCII", async () => {
        const type = await world.type();
        for (const key of [
            "",
            '""',
            "with space",
            '"open',
            "x".repeat(256),
            `"${"x".repeat(256)}"`,
            "tab\there",
        ])
            refused(await reserve(key, type), "bad_header");
        for (const key of ["x", "!~", "x".repeat(255), `"${"y".repeat(255)}"`])
            granted(await reserve(key, type), 201);
    });

    it("is refused where the answer is a secret", async () => {
        const body = { name: "X", role: "viewer" };
        refused(await once(world.admin, randomUUID(), "/v1/api-keys", body), "bad_header");
    });

    it("is kept when a cart was made, not for what becomes of it", async () => {
        const type = await world.type();
        const body = { items: [{ ticket_type_id: type.id, quantity: 1 }] };
        const key = randomUUID();
        const cart = granted(await once<Cart>(world.admin, key, "/v1/carts", body), 201);
        granted(await world.admin.post(`/v1/carts/${cart.id}/complete`, { order_id: "o-9" }));
        assert.deepEqual(granted(await once<Cart>(world.admin, key, "/v1/carts", body), 201), cart);
    });
});
