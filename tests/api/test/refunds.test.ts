// Taking back what was sold (R7).
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Cart, Refunded, Reservation } from "../support/objects.ts";
import { PRICE, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const refund = (sale: Reservation, body: object = {}) =>
    world.admin.post<Refunded>(`/v1/reservations/${sale.id}/refunds`, {
        reason: "the buyer is ill",
        ...body,
    });

const refundCart = (cart: Cart, body: object = {}) =>
    world.admin.post<Refunded>(`/v1/carts/${cart.id}/refunds`, {
        reason: "the buyer is ill",
        ...body,
    });

describe("a refund of a sale", () => {
    it("puts some of it back on sale", async () => {
        const type = await world.type({ initial_inventory: 10 });
        const sale = await world.sale(type, 5);
        const done = granted(await refund(sale, { quantity: 2, tender: "cash" }), 201);
        assert.deepEqual([done.amount, done.currency], [2 * PRICE, sale.currency]);
        assert.deepEqual(done.reservation, { ...sale, refunded_quantity: 2 });
        const [one, ...more] = done.refunds;
        assert.equal(more.length, 0);
        assert.deepEqual(
            [
                one!.reservation_id,
                one!.ticket_type_id,
                one!.quantity,
                one!.amount,
                one!.disposition,
                one!.tender,
            ],
            [sale.id, type.id, 2, 2 * PRICE, "return", "cash"],
        );
        assert.deepEqual(await world.counts(type), {
            initial: 10,
            total: 10,
            sold: 3,
            reserved: 0,
            available: 7,
        });
        const entry = (await world.log(type)).at(-1)!;
        assert.deepEqual([entry.id, entry.seq], [one!.id, one!.seq]);
        assert.deepEqual(
            [
                entry.action,
                entry.quantity,
                entry.reason,
                entry.disposition,
                entry.order_id,
                entry.tender,
            ],
            ["refund", 2, "the buyer is ill", "return", sale.order_id, "cash"],
        );
    });

    it("without a quantity takes back all that is left", async () => {
        const type = await world.type();
        const sale = await world.sale(type, 5);
        granted(await refund(sale, { quantity: 2 }), 201);
        const rest = granted(await refund(sale), 201);
        assert.deepEqual([rest.refunds[0]!.quantity, rest.reservation.refunded_quantity], [3, 5]);
        assert.equal(rest.reservation.status, "completed");
        assert.equal((await world.counts(type)).sold, 0);
    });

    it("that is void takes the tickets out of the total", async () => {
        const type = await world.type({ initial_inventory: 10 });
        const sale = await world.sale(type, 5);
        granted(await refund(sale, { quantity: 2, disposition: "void" }), 201);
        assert.deepEqual(await world.counts(type), {
            initial: 10,
            total: 8,
            sold: 3,
            reserved: 0,
            available: 5,
        });
        const entry = (await world.log(type)).at(-1)!;
        assert.deepEqual(
            [entry.disposition, entry.previous_total, entry.new_total],
            ["void", 10, 8],
        );
    });

    it("never takes back more than was sold", async () => {
        const sale = await world.sale(await world.type(), 3);
        refused(await refund(sale, { quantity: 4 }), "not_sold", { sold_remaining: 3 });
        granted(await refund(sale, { quantity: 2 }), 201);
        refused(await refund(sale, { quantity: 2 }), "not_sold", { sold_remaining: 1 });
        granted(await refund(sale, { quantity: 1 }), 201);
        refused(await refund(sale), "not_sold", { sold_remaining: 0 });
    });

    it("of many at once takes back no more than was sold", async () => {
        const type = await world.type();
        const sale = await world.sale(type, 5);
        const replies = await Promise.all(
            Array.from({ length: 12 }, () => refund(sale, { quantity: 1 })),
        );
        assert.equal(replies.filter((reply) => reply.status === 201).length, 5);
        assert.equal((await world.counts(type)).sold, 0);
    });

    it("is refused for what was not sold", async () => {
        const type = await world.type();
        const made = await world.reservation(type);
        refused(await refund(made), "not_sold", { sold_remaining: 0 });
        granted(await world.admin.post(`/v1/reservations/${made.id}/release`));
        refused(await refund(made), "not_sold");
    });

    it("needs a reason and a quantity of at least 1, and knows two dispositions", async () => {
        const sale = await world.sale(await world.type());
        invalid(await world.admin.post(`/v1/reservations/${sale.id}/refunds`, {}), "/reason");
        invalid(await refund(sale, { reason: " a " }), "/reason");
        for (const quantity of [0, -1, 1.5, "1", null])
            invalid(await refund(sale, { quantity }), "/quantity");
        invalid(await refund(sale, { disposition: "keep" }), "/disposition");
        invalid(
            await refund(sale, { items: [{ reservation_id: sale.id, quantity: 1 }] }),
            "/items",
        );
    });

    it("of a free ticket is worth nothing", async () => {
        const sale = await world.sale(await world.type(), 1, {
            channel: "comp",
            reason: "press seat",
        });
        assert.equal(granted(await refund(sale), 201).amount, 0);
    });
});

describe("a refund of a cart", () => {
    const prices: [number, number] = [1_000, 300];

    async function sold(): Promise<Cart> {
        const event = await world.event();
        const [a, b] = [
            await world.type({ price: prices[0] }, event),
            await world.type({ price: prices[1] }, event),
        ];
        return world.soldCart([
            [a, 4],
            [b, 2],
        ]);
    }

    function line(cart: Cart, quantity: number): Reservation {
        return cart.lines.find((one) => one.quantity === quantity)!;
    }

    it("without items takes back all that is left of every line", async () => {
        const cart = await sold();
        granted(await refund(line(cart, 4), { quantity: 1 }), 201);
        const done = granted(await refundCart(cart), 201);
        assert.equal(done.refunds.length, 2);
        assert.equal(done.amount, 3 * prices[0] + 2 * prices[1]);
        assert.deepEqual(
            done.cart.lines.map((one) => one.quantity - one.refunded_quantity),
            [0, 0],
        );
        assert.equal(done.cart.status, "completed");
        assert.equal(done.cart.amount, cart.amount);
        refused(await refundCart(cart), "not_sold", { sold_remaining: 0 });
    });

    it("with items takes back those", async () => {
        const cart = await sold();
        const items = [{ reservation_id: line(cart, 4).id, quantity: 3 }];
        const done = granted(await refundCart(cart, { items, disposition: "void" }), 201);
        assert.deepEqual(
            done.refunds.map((one) => [one.reservation_id, one.quantity]),
            [[line(cart, 4).id, 3]],
        );
        assert.equal(done.amount, 3 * prices[0]);
        assert.deepEqual(
            [line(done.cart, 4).refunded_quantity, line(done.cart, 2).refunded_quantity],
            [3, 0],
        );
    });

    it("is refused whole when one line has not enough left", async () => {
        const cart = await sold();
        const items = [
            { reservation_id: line(cart, 4).id, quantity: 1 },
            { reservation_id: line(cart, 2).id, quantity: 3 },
        ];
        refused(await refundCart(cart, { items }), "not_sold", { sold_remaining: 2 });
        const read = granted(await world.admin.get<Cart>(`/v1/carts/${cart.id}`));
        assert.deepEqual(
            read.lines.map((one) => one.refunded_quantity),
            [0, 0],
        );
    });

    it("refuses lines of another cart, and no lines at all", async () => {
        const cart = await sold();
        const one = { reservation_id: line(cart, 4).id, quantity: 1 };
        const other = { reservation_id: (await sold()).lines[0]!.id, quantity: 1 };
        invalid(await refundCart(cart, { items: [one, other] }), "/items/1/reservation_id");
        invalid(await refundCart(cart, { items: [] }), "/items");
        invalid(await refundCart(cart, { quantity: 1 }), "/quantity");
    });

    it("sums the items of one line", async () => {
        const cart = await sold();
        const one = { reservation_id: line(cart, 4).id, quantity: 2 };
        const done = granted(await refundCart(cart, { items: [one, one] }), 201);
        assert.deepEqual(
            done.refunds.map((each) => each.quantity),
            [4],
        );
        refused(await refundCart(cart, { items: [one] }), "not_sold", { sold_remaining: 0 });
    });

    it("is refused before the cart is completed", async () => {
        const cart = await world.cart([[await world.type(), 2]]);
        refused(await refundCart(cart), "not_sold");
    });

    it("is 404 for a cart that does not exist", async () => {
        refused(
            await world.admin.post(`/v1/carts/${randomUUID()}/refunds`, { reason: "none" }),
            "not_found",
        );
    });
});
