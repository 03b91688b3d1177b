// The example against a real server, with a payment service that pays, declines, or never answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient, type Client } from "@ticketd/client";

import { CuttingProxy } from "../../../clients/typescript/test/cutting_proxy.ts";
import { createKey, Daemon } from "../../../tests/api/support/daemon.ts";
import { checkout } from "../src/checkout.ts";
import type { PaymentResult, Payments } from "../src/payments.ts";

let daemon: Daemon;
let admin: Client;
let shop: Client;
let shopKey: string;

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
    shopKey = keys[1]!;
    shop = createClient({ baseUrl, key: shopKey });
});
after(() => daemon.stop());

class FakePayments implements Payments {
    readonly charged: [string, number][] = [];
    readonly refunded: string[] = [];
    /** What happens while a payment is made. */
    meanwhile: (() => Promise<void>) | undefined;

    constructor(public how: PaymentResult | "silent") {}

    async charge(orderId: string, amount: number): Promise<PaymentResult> {
        this.charged.push([orderId, amount]);
        await this.meanwhile?.();
        return this.how === "silent" ? new Promise(() => undefined) : Promise.resolve(this.how);
    }

    refund(orderId: string): Promise<void> {
        if (this.charged.some(([charged]) => charged === orderId)) this.refunded.push(orderId);
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

const post = (app: ReturnType<typeof checkout>, path: string, body = {}, headers = {}) =>
    app.request(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
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

test("a buyer whose tickets are gone is not charged", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    await admin.reservations.release(id, {});
    const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-4" });
    assert.equal(reply.status, 409);
    assert.deepEqual(await reply.json(), { sold: false, reason: "reservation_released" });
    assert.deepEqual([payments.charged, payments.refunded], [[], []]);
});

test("a buyer whose tickets are released while the payment is made gets the money back", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    payments.meanwhile = async () => void (await post(app, `/checkout/${id}/cancel`));
    const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-5" });
    assert.equal(reply.status, 409);
    assert.deepEqual(payments.refunded, ["order-5"]);
    assert.deepEqual(await counts(type), { sold: 0, reserved: 0, available: 10 });
});

test("a reservation that would end before the payment does is given more time first", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const body = { ticket_type_id: await ticketType(10), quantity: 2, expires_in_seconds: 30 };
    const { id } = await shop.reservations.create(body);
    let left = 0;
    payments.meanwhile = async () => {
        left = (await shop.reservations.get(id)).remaining_seconds;
    };
    const reply = await post(app, `/checkout/${id}/pay`, { order_id: "order-6" });
    assert.equal(reply.status, 200);
    assert.ok(left > 50, `${left} s were left`);
});

test("a double click on pay charges once, and both hear that it is sold", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const type = await ticketType(10);
    const id = await reserved(app, type);
    const pay = () => post(app, `/checkout/${id}/pay`, { order_id: "order-7" });
    const replies = await Promise.all([pay(), pay()]);
    for (const reply of replies)
        assert.deepEqual(await reply.json(), { sold: true, order_id: "order-7" });
    assert.equal(new Set(payments.charged.map(([order]) => order)).size, 1);
    assert.deepEqual(payments.refunded, []);
    assert.deepEqual(await counts(type), { sold: 2, reserved: 0, available: 8 });
});

test("the second click's silent payment takes nothing from what the first one bought", async () => {
    const [first, second] = [new FakePayments("paid"), new FakePayments("silent")];
    const app = checkout({ client: shop, payments: first });
    const slow = checkout({ client: shop, payments: second, paymentLimitMs: 50 });
    for (const payments of ["silent", "declined"] as const) {
        const id = await reserved(app, await ticketType(10));
        const order = { order_id: `order-8-${payments}` };
        second.how = payments;
        second.meanwhile = async () => void (await post(app, `/checkout/${id}/pay`, order));
        const reply = await post(slow, `/checkout/${id}/pay`, order);
        assert.deepEqual(await reply.json(), { sold: true, ...order });
        assert.equal(reply.status, 200);
    }
    assert.deepEqual(second.refunded, []);
});

test("who goes back after paying, and pays or cancels again, is told that it is sold", async () => {
    const payments = new FakePayments("paid");
    const app = checkout({ client: shop, payments });
    const id = await reserved(app, await ticketType(10));
    await post(app, `/checkout/${id}/pay`, { order_id: "order-9" });
    for (const how of ["paid", "declined", "silent"] as const) {
        payments.how = how;
        const again = await post(app, `/checkout/${id}/pay`, { order_id: "order-9" });
        assert.deepEqual(
            [again.status, await again.json()],
            [200, { sold: true, order_id: "order-9" }],
        );
    }
    const other = await post(app, `/checkout/${id}/pay`, { order_id: "order-10" });
    assert.deepEqual(
        [other.status, await other.json()],
        [409, { sold: false, reason: "order_mismatch" }],
    );
    const cancelled = await post(app, `/checkout/${id}/cancel`);
    assert.deepEqual([cancelled.status, await cancelled.json()], [409, { status: "completed" }]);
    assert.equal(payments.charged.length, 1);
});

test("a double click on checkout takes the tickets once", async () => {
    const app = checkout({ client: shop, payments: new FakePayments("paid") });
    const type = await ticketType(10);
    const body = { ticket_type_id: type, quantity: 2 };
    const click = () => post(app, "/checkout", body, { "Idempotency-Key": `page-${type}` });
    const ids = await Promise.all(
        [click(), click()].map(
            async (reply) =>
                ((await (await reply).json()) as { reservation_id: string }).reservation_id,
        ),
    );
    assert.equal(ids[0], ids[1]);
    assert.deepEqual(await counts(type), { sold: 0, reserved: 2, available: 8 });
});

test("a sale whose answer is lost keeps the money, and paying again says that it is sold", async () => {
    const payments = new FakePayments("paid");
    const type = await ticketType(10);
    const proxy = await CuttingProxy.open(daemon.address);
    const far = createClient({ baseUrl: proxy.url, key: shopKey, retry: { attempts: 1 } });
    const app = checkout({ client: far, payments });
    const id = await reserved(app, type);
    payments.meanwhile = () => {
        proxy.cuts = 1;
        return Promise.resolve();
    };
    const lost = await post(app, `/checkout/${id}/pay`, { order_id: "order-11" });
    assert.equal(lost.status, 503);
    assert.deepEqual(payments.refunded, []);
    const again = await post(app, `/checkout/${id}/pay`, { order_id: "order-11" });
    assert.deepEqual(await again.json(), { sold: true, order_id: "order-11" });
    await proxy.close();
    assert.deepEqual(await counts(type), { sold: 2, reserved: 0, available: 8 });
});

test("a payment whose sale was never made goes back when the buyer tries again too late", async () => {
    const payments = new FakePayments("paid");
    const type = await ticketType(10);
    const proxy = await CuttingProxy.open(daemon.address);
    const far = createClient({ baseUrl: proxy.url, key: shopKey, retry: { attempts: 1 } });
    const app = checkout({ client: far, payments });
    const id = await reserved(app, type);
    payments.meanwhile = () => proxy.close();
    const lost = await post(app, `/checkout/${id}/pay`, { order_id: "order-13" });
    assert.equal(lost.status, 503);
    await admin.reservations.release(id, {});
    const back = checkout({ client: shop, payments });
    const again = await post(back, `/checkout/${id}/pay`, { order_id: "order-13" });
    assert.equal(again.status, 409);
    assert.deepEqual(payments.refunded, ["order-13"]);
});

test("a reservation that there is none of is not found", async () => {
    const app = checkout({ client: shop, payments: new FakePayments("paid") });
    const nobody = "018f0000-0000-7000-8000-000000000000";
    const reply = await post(app, `/checkout/${nobody}/pay`, { order_id: "order-12" });
    assert.equal(reply.status, 404);
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
