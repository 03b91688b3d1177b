// Several reservations made and ended together (R2).
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Cart, Event, Reservation, TicketType } from "../support/objects.ts";
import { World } from "../support/world.ts";

let world: World;
let event: Event;

before(async () => {
    world = await World.open();
    event = await world.event();
});
after(() => world.close());

const type = (initial_inventory = 10, price = 100) =>
    world.type({ initial_inventory, price }, event);

function items(...lines: [TicketType, number][]): { ticket_type_id: string; quantity: number }[] {
    return lines.map(([one, quantity]) => ({ ticket_type_id: one.id, quantity }));
}

const create = (lines: object[], more: object = {}) =>
    world.admin.post<Cart>("/v1/carts", { items: lines, ...more });
const replace = (cart: Cart, lines: object[]) =>
    world.admin.put<Cart>(`/v1/carts/${cart.id}`, { items: lines });
const act = (cart: Cart, verb: string, body?: object) =>
    world.admin.post<Cart>(`/v1/carts/${cart.id}/${verb}`, body);
const read = async (cart: Cart) => granted(await world.admin.get<Cart>(`/v1/carts/${cart.id}`));

function line(cart: Cart, one: TicketType): Reservation {
    return cart.lines.find((other) => other.ticket_type_id === one.id)!;
}

async function expired(...lines: [TicketType, number][]): Promise<Cart> {
    const cart = await world.cart(lines, { expires_in_seconds: 1 });
    await world.expiry(`/v1/carts/${cart.id}`);
    return cart;
}

describe("a cart", () => {
    it("reserves all its lines with one timer and one state", async () => {
        const [a, b] = [await type(10, 100), await type(10, 250)];
        const user_id = randomUUID();
        const cart = granted(
            await create(items([a, 2], [b, 3]), { user_id, expires_in_seconds: 60 }),
            201,
        );
        assert.deepEqual([cart.status, cart.event_id, cart.order_id], ["active", event.id, null]);
        assert.deepEqual(
            [cart.amount, cart.currency, cart.remaining_seconds],
            [950, event.currency, 60],
        );
        assert.equal(cart.lines.length, 2);
        for (const one of cart.lines) {
            assert.deepEqual(
                [one.cart_id, one.expires_at, one.user_id],
                [cart.id, cart.expires_at, user_id],
            );
            assert.equal(one.status, "active");
        }
        assert.deepEqual([line(cart, a).quantity, line(cart, b).quantity], [2, 3]);
        assert.equal((await read(cart)).amount, 950);
    });

    it("sums the lines of one type first", async () => {
        const a = await type(5);
        refused(await create(items([a, 3], [a, 3])), "insufficient_inventory", {
            requested: 6,
            available: 5,
        });
        const cart = granted(await create(items([a, 2], [a, 3])), 201);
        assert.deepEqual(
            cart.lines.map((one) => one.quantity),
            [5],
        );
    });

    it("is granted whole or refused whole", async () => {
        const [a, b] = [await type(5), await type(1)];
        refused(await create(items([a, 2], [b, 2])), "insufficient_inventory", {
            ticket_type_id: b.id,
            available: 1,
        });
        assert.equal((await world.counts(a)).reserved, 0);
        assert.equal((await world.log(a)).length, 1);
    });

    it("belongs to one event", async () => {
        const other = await world.type();
        invalid(await create(items([await type(), 1], [other, 1])), "/items/1/ticket_type_id");
    });

    it("holds 1 to 50 lines", async () => {
        const a = await type(100);
        invalid(await create([]), "/items");
        invalid(await create(Array.from({ length: 51 }, () => items([a, 1])[0]!)), "/items");
        const cart = granted(
            await create(Array.from({ length: 50 }, () => items([a, 1])[0]!)),
            201,
        );
        assert.deepEqual(
            cart.lines.map((one) => one.quantity),
            [50],
        );
        assert.equal((await world.counts(a)).reserved, 50);
    });

    it("refuses lines that are not valid, each at its place", async () => {
        const [one] = items([await type(), 1]);
        invalid(await create([one!, { ...one, quantity: 0 }]), "/items/1/quantity");
        invalid(await create([{ ...one, price: 1 }]), "/items/0/price");
        invalid(await create([{ quantity: 1 }]), "/items/0/ticket_type_id");
        invalid(await world.admin.post("/v1/carts", { items: "all" }), "/items");
        invalid(await world.admin.post("/v1/carts", {}), "/items");
        refused(await create([{ ...one, ticket_type_id: randomUUID() }]), "not_found");
    });

    it("whose amount JSON could not carry exactly is refused", async () => {
        const dear = await type(2_147_483_647, 2_147_483_647);
        const huge = await create(items([dear, 2_147_483_647]));
        assert.equal(refused(huge, "validation_failed").errors.length, 1);
        granted(await create(items([dear, 4_194_304])), 201);
    });

    it("that does not exist is 404", async () => {
        const path = `/v1/carts/${randomUUID()}`;
        refused(await world.admin.get(path), "not_found");
        refused(await world.admin.put(path, { items: items([await type(), 1]) }), "not_found");
        refused(await world.admin.post(`${path}/complete`, { order_id: "o" }), "not_found");
        refused(await world.admin.post(`${path}/release`), "not_found");
        refused(await world.admin.post(`${path}/extend`, { expires_in_seconds: 60 }), "not_found");
    });
});

describe("a single line of a cart", () => {
    it("cannot be completed, released or extended alone", async () => {
        const cart = await world.cart([[await type(), 1]]);
        const path = `/v1/reservations/${cart.lines[0]!.id}`;
        const facts = { cart_id: cart.id };
        refused(
            await world.admin.post(`${path}/complete`, { order_id: "o" }),
            "belongs_to_cart",
            facts,
        );
        refused(await world.admin.post(`${path}/release`), "belongs_to_cart", facts);
        refused(
            await world.admin.post(`${path}/extend`, { expires_in_seconds: 60 }),
            "belongs_to_cart",
            facts,
        );
    });

    it("can be refunded alone", async () => {
        const cart = await world.soldCart([[await type(), 2]]);
        const path = `/v1/reservations/${cart.lines[0]!.id}/refunds`;
        granted(await world.admin.post(path, { quantity: 1, reason: "one is ill" }), 201);
    });
});

describe("replacing the lines of a cart", () => {
    it("keeps the reservation of a type that stays and the timer, and releases what is missing", async () => {
        const [a, b, c] = [await type(), await type(), await type()];
        const cart = await world.cart(
            [
                [a, 2],
                [b, 2],
            ],
            { expires_in_seconds: 60 },
        );
        const changed = granted(await replace(cart, items([a, 5], [c, 1])));
        assert.deepEqual(
            [changed.id, changed.expires_at, changed.status],
            [cart.id, cart.expires_at, "active"],
        );
        assert.equal(changed.lines.length, 2);
        assert.deepEqual([line(changed, a).id, line(changed, a).quantity], [line(cart, a).id, 5]);
        assert.equal(line(changed, c).expires_at, cart.expires_at);
        assert.deepEqual(
            [
                (await world.counts(a)).reserved,
                (await world.counts(b)).reserved,
                (await world.counts(c)).reserved,
            ],
            [5, 0, 1],
        );
        const gone = granted(
            await world.admin.get<Reservation>(`/v1/reservations/${line(cart, b).id}`),
        );
        assert.equal(gone.status, "released");
        assert.deepEqual((await read(cart)).lines.length, 2);
    });

    it("writes one entry for each difference, and none where nothing changes (R10)", async () => {
        const [a, b] = [await type(), await type()];
        const cart = await world.cart([
            [a, 2],
            [b, 3],
        ]);
        granted(await replace(cart, items([a, 5], [b, 1])));
        granted(await replace(cart, items([a, 5], [b, 1])));
        const seen = async (one: TicketType) =>
            (await world.log(one)).slice(2).map((entry) => [entry.action, entry.quantity]);
        assert.deepEqual([await seen(a), await seen(b)], [[["reserve", 3]], [["release", 2]]]);
    });

    it("is refused whole, and leaves the cart as it was", async () => {
        const [a, b] = [await type(5), await type(5)];
        const cart = await world.cart([[a, 2]]);
        refused(await replace(cart, items([a, 1], [b, 6])), "insufficient_inventory", {
            ticket_type_id: b.id,
        });
        const kept = (await read(cart)).lines;
        assert.deepEqual(
            kept.map((one) => [one.id, one.quantity]),
            [[line(cart, a).id, 2]],
        );
        assert.deepEqual(
            [(await world.counts(a)).reserved, (await world.counts(b)).reserved],
            [2, 0],
        );
        refused(await replace(cart, items([a, 6])), "insufficient_inventory", {
            ticket_type_id: a.id,
        });
    });

    it("is refused for one that is expired, released or completed", async () => {
        const a = await type(50);
        refused(await replace(await expired([a, 1]), items([a, 2])), "reservation_expired");
        const released = await world.cart([[a, 1]]);
        granted(await act(released, "release"));
        refused(await replace(released, items([a, 2])), "reservation_released");
        refused(
            await replace(await world.soldCart([[a, 1]]), items([a, 2])),
            "reservation_completed",
        );
    });

    it("refuses no lines, and types of another event", async () => {
        const cart = await world.cart([[await type(), 1]]);
        invalid(await replace(cart, []), "/items");
        invalid(await replace(cart, items([await world.type(), 1])), "/items/0/ticket_type_id");
        const timed = { items: items([await type(), 1]), expires_in_seconds: 60 };
        invalid(await world.admin.put(`/v1/carts/${cart.id}`, timed), "/expires_in_seconds");
    });
});

describe("ending a cart", () => {
    it("completes all lines under one order id", async () => {
        const [a, b] = [await type(), await type()];
        const cart = await world.cart([
            [a, 2],
            [b, 3],
        ]);
        const sold = granted(await act(cart, "complete", { order_id: "K-1", tender: "card" }));
        assert.deepEqual(
            [sold.status, sold.order_id, sold.remaining_seconds],
            ["completed", "K-1", 0],
        );
        for (const one of sold.lines)
            assert.deepEqual([one.status, one.order_id, one.tender], ["completed", "K-1", "card"]);
        assert.deepEqual([(await world.counts(a)).sold, (await world.counts(b)).sold], [2, 3]);
        assert.deepEqual(granted(await act(cart, "complete", { order_id: "K-1" })), sold);
        refused(await act(cart, "complete", { order_id: "K-2" }), "order_mismatch", {
            order_id: "K-1",
        });
        refused(await act(cart, "release"), "reservation_completed", { order_id: "K-1" });
        refused(await act(cart, "extend", { expires_in_seconds: 60 }), "reservation_completed");
    });

    it("releases all lines", async () => {
        const [a, b] = [await type(), await type()];
        const cart = await world.cart([
            [a, 2],
            [b, 3],
        ]);
        const released = granted(await act(cart, "release", { reason: "left the shop" }));
        assert.deepEqual(
            [released.status, released.lines.map((one) => one.status)],
            ["released", ["released", "released"]],
        );
        assert.deepEqual(
            [(await world.counts(a)).reserved, (await world.counts(b)).reserved],
            [0, 0],
        );
        assert.deepEqual(granted(await act(cart, "release")), released);
        refused(await act(cart, "complete", { order_id: "K-3" }), "reservation_released");
        refused(await act(cart, "extend", { expires_in_seconds: 60 }), "reservation_released");
    });

    it("extends all lines at once, up to 2 hours", async () => {
        const cart = await world.cart(
            [
                [await type(), 1],
                [await type(), 1],
            ],
            { expires_in_seconds: 60 },
        );
        const longer = granted(await act(cart, "extend", { expires_in_seconds: 600 }));
        assert.ok(Date.parse(longer.expires_at!) > Date.parse(cart.expires_at!));
        for (const one of longer.lines) assert.equal(one.expires_at, longer.expires_at);
        await new Promise((resolve) => setTimeout(resolve, 2)); // the clock must pass its creation
        refused(await act(cart, "extend", { expires_in_seconds: 7200 }), "extension_limit");
    });
});

describe("an expired cart", () => {
    it("reads expired with all its lines, and holds nothing", async () => {
        const a = await type();
        const cart = await read(await expired([a, 3]));
        assert.deepEqual(
            [cart.status, cart.lines[0]!.status, cart.remaining_seconds],
            ["expired", "expired", 0],
        );
        assert.equal((await world.counts(a)).available, 10);
        refused(await act(cart, "extend", { expires_in_seconds: 60 }), "reservation_expired");
        assert.equal(granted(await act(cart, "release")).status, "expired");
    });

    it("takes its tickets again when it is completed, all lines or none (R5)", async () => {
        const [a, b] = [await type(3), await type(3)];
        const cart = await expired([a, 2], [b, 2]);
        const rival = await world.reservation(b, 2);
        refused(await act(cart, "complete", { order_id: "K-4" }), "reservation_expired", {
            ticket_type_id: b.id,
        });
        assert.deepEqual([(await world.counts(a)).sold, (await world.counts(b)).sold], [0, 0]);
        granted(await world.admin.post(`/v1/reservations/${rival.id}/release`));
        refused(
            await act(cart, "complete", { order_id: "K-4", if_expired: "refuse" }),
            "reservation_expired",
        );
        assert.equal(granted(await act(cart, "complete", { order_id: "K-4" })).status, "completed");
        assert.deepEqual([(await world.counts(a)).sold, (await world.counts(b)).sold], [2, 2]);
    });
});
