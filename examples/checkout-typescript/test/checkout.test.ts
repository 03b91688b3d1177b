// The example against a real server, with a payment service that pays, declines, or never answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient, type Client } from "@ticketd/client";

import { createKey, Daemon } from "../../../tests/api/support/daemon.ts";
import { checkout } from "../src/checkout.ts";
import type { PaymentResult, Payments } from "../src/payments.ts";

let daemon: Daemon;
let admin: Client;
let shop: Client;

before(async () => {
    let keys: string[] = [];
    daemon = await Daemon.start([], async (database) => {
        keys = [
            await createKey(database, "tests", "admin"),
            await createKey(database, "shop", "checkout"),
        ];
    });
    const baseUrl = `http://${daemon.address.host}:${daemon.address.port}`;
    admin = createClient({ baseUrl, key: keys[0]! });
    shop = createClient({ baseUrl, key: keys[1]! });
});
after(() => daemon.stop());

class FakePayments implements Payments {
    readonly charged: [string, number][] = [];
    readonly refunded: string[] = [];

    constructor(private readonly how: PaymentResult | "silent") {}

    charge(orderId: string, amount: number): Promise<PaymentResult> {
        this.charged.push([orderId, amount]);
        return this.how === "silent" ? new Promise(() => undefined) : Promise.resolve(this.how);
    }

    refund(orderId: string): Promise<void> {
        this.refunded.push(orderId);
        return Promise.resolve();
    }
}

async function ticketType(initial_inventory: number): Promise<string> {
    const event = await admin.events.create({
        name: "Night",
        start_date: new Date(Date.now() + 86_400_000 * 30).toISOString(),
        published: true,
    });
    const { id } = await admin.ticketTypes.create(event.id, {
        name: "Stalls",
        price: 2500,
        initial_inventory,
    });
    return id;
}

const post = (app: ReturnType<typeof checkout>, path: string, body: object = {}) =>
    app.request(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
    });

const counts = async (id: string) => {
    const { sold, reserved, available } = await admin.ticketTypes.availability(id);
    return { sold, reserved, available };
};

async function reserved(app: ReturnType<typeof checkout>, type: string): Promise<string> {
    const reply = await post(app, "/checkout", { ticket_type_id: type, quantity: 2 });
    assert.equal(reply.status, 201);
    const { reservation_id, amount } = (await reply.json()) as {
        reservation_id: string;
        amount: number;
    };
    assert.equal(amount, 5000);
    assert.deepEqual(await counts(type), { sold: 0, reserved: 2, available: 8 });
    return reservation_id;
}

test("a payment makes the reservation a sale, and a repeated one makes no second", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    for (let i = 0; i < 2; i++) {
        const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-1" });
        assert.deepEqual(await reply.json(), { sold: true, order_id: "order-1" });
    }
    assert.deepEqual(await counts(type), { sold: 2, reserved: 0, available: 8 });
});

test("a declined payment gives the tickets back at once", async () => {
    const app = checkout({ client: shop, payments: new FakePayments("declined") });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-2" });
    assert.equal(reply.status, 402);
    assert.deepEqual(await counts(type), { sold: 0, reserved: 0, available: 10 });
});

test("a payment that never answers is undone, and the tickets are given back", async () => {
    const payments = new FakePayments("silent");
    const app = checkout({ client: shop, payments, paymentLimitMs: 50 });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-3" });
    assert.equal(reply.status, 504);
    assert.deepEqual(payments.refunded, ["order-3"]);
    assert.deepEqual(await counts(type), { sold: 0, reserved: 0, available: 10 });
});

test("a buyer whose tickets were released meanwhile is not charged for nothing", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    await admin.reservations.release(id, {});
    const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-4" });
    assert.equal(reply.status, 409);
    assert.deepEqual(payments.refunded, ["order-4"]);
});

test("who asks for more than there is hears how many there are", async () => {
    const app = checkout({ client: shop, payments: new FakePayments("paid") });
    const type = await ticketType(1);
    const reply = await post(app, "/checkout", { ticket_type_id: type, quantity: 2 });
    assert.equal(reply.status, 409);
    assert.deepEqual(await reply.json(), { sold_out: true, available: 1 });
});

test("a cancelled checkout gives the tickets back", async () => {
    const app = checkout({ client: shop, payments: new FakePayments("paid") });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    const reply = await post(app, `/checkout/${id}/cancel`);
    assert.deepEqual(await reply.json(), { status: "released" });
    assert.deepEqual(await counts(type), { sold: 0, reserved: 0, available: 10 });
});
