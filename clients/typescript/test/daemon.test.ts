// Against a real server: the functions a shop moves over, live counts, and lines that break.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createKey, Daemon } from "../../../tests/api/support/daemon.ts";
import {
    createClient,
    createTicketInventory,
    TicketdError,
    type Client,
    type LiveMessage,
} from "../src/index.ts";
import * as named from "../src/inventory_from_environment.ts";
import { CuttingProxy } from "./cutting_proxy.ts";

let daemon: Daemon;
let key: string;
let client: Client;

const origin = () => `http://${daemon.address.host}:${daemon.address.port}`;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function ticketType(initial_inventory: number): Promise<{ id: string; event_id: string }> {
    const event = await client.events.create({
        name: "Night",
        start_date: inDays(30),
        published: true,
    });
    return client.ticketTypes.create(event.id, { name: "Stalls", price: 2500, initial_inventory });
}

before(async () => {
    daemon = await Daemon.start([], async (database) => {
        key = await createKey(database, "the tests", "admin");
    });
    client = createClient({ baseUrl: origin(), key });
});
after(() => daemon.stop());

test("the functions of a shop of its own do what they did", async () => {
    const { id } = await ticketType(5);
    const shop = createTicketInventory(client);
    assert.equal(await shop.getAvailableTicketCount(id), 5);
    const reserved = await shop.reserveTickets(id, 4);
    assert.equal(reserved.success, true);
    assert.deepEqual(await shop.reserveTickets(id, 2), { success: false });
    const sale = await shop.completeTicketSale(reserved.reservation_id!, "order-1");
    assert.deepEqual(sale, { success: true });
    assert.deepEqual(await shop.completeTicketSale(reserved.reservation_id!, "order-1"), sale);
    await assert.rejects(shop.completeTicketSale(reserved.reservation_id!, "order-2"));
    assert.deepEqual(await shop.increaseTicketInventory(id, 10, "Side gallery opened"), {
        success: true,
        new_total: 15,
    });
    assert.equal(await shop.getAvailableTicketCount(id), 11);
    assert.equal(typeof (await shop.releaseExpiredReservations()).released, "number");
    const nobody = "018f0000-0000-7000-8000-000000000000";
    await assert.rejects(shop.getAvailableTicketCount(nobody), /Ticket type not found/);
    await assert.rejects(shop.completeTicketSale(nobody, "order-3"), /Reservation not found/);
});

test("a reservation lives for the minutes it was asked for, 15 if for none", async () => {
    const { id } = await ticketType(5);
    const shop = createTicketInventory(client);
    for (const [minutes, seconds] of [
        [undefined, 900],
        [2, 120],
    ] as const) {
        const { reservation_id } = await shop.reserveTickets(id, 1, minutes);
        const { remaining_seconds } = await client.reservations.get(reservation_id!);
        assert.ok(Math.abs(remaining_seconds - seconds) <= 2);
    }
});

test("answers that are cut off are asked for again, and nothing is done twice", async () => {
    const { id } = await ticketType(1000);
    const proxy = await CuttingProxy.open(daemon.address);
    const far = createClient({
        baseUrl: proxy.url,
        key,
        retry: { firstPauseMs: 5, pauseMaxMs: 20 },
    });
    for (let i = 0; i < 20; i++) {
        proxy.cuts = i % 3;
        const reservation = await far.reservations.create({ ticket_type_id: id, quantity: 2 });
        proxy.cuts = (i + 1) % 3;
        await far.reservations.complete(reservation.id, { order_id: `order-${i}` });
    }
    await proxy.close();
    assert.equal(proxy.cut, 40);
    const actions = [];
    for await (const entry of client.auditLog.list.all({ ticket_type_id: id, limit: 200 }))
        actions.push(entry.action);
    assert.equal(actions.filter((action) => action === "reserve").length, 20);
    assert.equal(actions.filter((action) => action === "sale").length, 20);
});

test("a change whose answer was lost is answered, and somebody else's stays a refusal", async () => {
    const { event_id } = await ticketType(1);
    const proxy = await CuttingProxy.open(daemon.address);
    const far = createClient({ baseUrl: proxy.url, key, retry: { firstPauseMs: 5 } });
    proxy.cuts = 1;
    const start_date = "2031-05-01T20:00:00+02:00";
    const change = { name: "Late night", description: null, start_date };
    const { data, etag } = await far.events.update.answer(event_id, change, { ifMatch: 1 });
    assert.equal(proxy.cut, 1);
    assert.deepEqual([data.name, data.version, etag], ["Late night", 2, '"2"']);
    assert.deepEqual(data, await client.events.get(event_id));
    // Somebody else was faster, and then the answer to ours is lost as well.
    await client.events.update(event_id, { name: "Matinee" }, { ifMatch: 2 });
    proxy.cuts = 1;
    await assert.rejects(
        far.events.update(event_id, { name: "Night" }, { ifMatch: 2 }),
        (error) => error instanceof TicketdError && error.code === "version_mismatch",
    );
    await proxy.close();
    assert.equal((await client.events.get(event_id)).name, "Matinee");
});

test("lists and reports are text as CSV, and what did not change is not sent again", async () => {
    const { id, event_id } = await ticketType(5);
    const { reservation_id } = await createTicketInventory(client).reserveTickets(id, 2);
    const log: string = await client.auditLog.list.csv({ event_id });
    assert.match(log, /^seq,|^id,|^[a-z_]+,/);
    assert.ok(log.includes(reservation_id!));
    assert.match(await client.reports.sales.csv({ event_id, group_by: "channel" }), /gross/);
    const { availability } = client.ticketTypes;
    const first = await availability.ifChanged(undefined, id);
    assert.equal(first?.data.available, 3);
    assert.equal(await availability.ifChanged(first?.etag, id), undefined);
    await client.reservations.release(reservation_id!);
    assert.equal((await availability.ifChanged(first?.etag, id))?.data.available, 5);
});

test("a server that is killed and comes back has done each thing once", async () => {
    const { id } = await ticketType(1000);
    const patient = createClient({
        baseUrl: origin(),
        key,
        retry: { attempts: 50, firstPauseMs: 20, pauseMaxMs: 100 },
    });
    let asked = 0;
    let killed = false;
    const buyer = async () => {
        while (asked < 200) {
            asked++;
            await patient.reservations.create({ ticket_type_id: id, quantity: 1 });
            if (asked >= 100 && !killed) {
                killed = true;
                await daemon.kill();
                await daemon.launchAgain();
            }
        }
    };
    await Promise.all(Array.from({ length: 8 }, buyer));
    const { reserved } = await client.ticketTypes.availability(id);
    assert.equal(killed, true);
    assert.equal(reserved, asked);
});

test("live counts begin with all there is, and go on after the server was away", async () => {
    const { id, event_id } = await ticketType(10);
    const stop = new AbortController();
    const messages = client.stream({ eventIds: [event_id], signal: stop.signal });
    const next = async (): Promise<LiveMessage> => (await messages.next()).value as LiveMessage;
    const first = await next();
    assert.equal(first.type, "snapshot");
    const until = async (available: number): Promise<void> => {
        for (;;) {
            const message = await next();
            if (message.type === "counts" && message.data.available === available) return;
            if (message.type === "snapshot" && message.data.types[0]?.available === available)
                return;
        }
    };
    await client.reservations.create({ ticket_type_id: id, quantity: 3 });
    await until(7);
    await daemon.restart({ samePort: true });
    await client.reservations.create({ ticket_type_id: id, quantity: 2 });
    await until(5);
    stop.abort();
    await messages.return(undefined);
});

test("a reservation that is gone is refused in the words the shop knows", async () => {
    const { id } = await ticketType(3);
    const person = "018f0000-0000-7000-8000-00000000000a";
    const shop = createTicketInventory(client, { user: () => person });
    const released = (await shop.reserveTickets(id, 1)).reservation_id!;
    await client.reservations.release(released);
    await assert.rejects(shop.completeTicketSale(released, "o"), /is released, not active/);
    const sold = (await shop.reserveTickets(id, 1)).reservation_id!;
    await shop.completeTicketSale(sold, "order-a");
    await assert.rejects(shop.completeTicketSale(sold, "order-b"), /is completed, not active/);
    assert.equal((await client.reservations.get(sold)).user_id, person);
    const stranger = createTicketInventory(createClient({ baseUrl: origin(), key: `${key}x` }));
    await assert.rejects(
        stranger.increaseTicketInventory(id, 1, "more"),
        /Authentication required/,
    );
});

test("the functions that a shop imports by name find their server in the environment", async () => {
    const { id } = await ticketType(7);
    await assert.rejects(named.getAvailableTicketCount(id), /TICKETD_URL/);
    process.env["TICKETD_URL"] = origin();
    process.env["TICKETD_KEY"] = key;
    assert.equal(await named.getAvailableTicketCount(id), 7);
    const { reservation_id } = await named.reserveTickets(id, 2);
    assert.deepEqual(await named.completeTicketSale(reservation_id!, "o"), { success: true });
    assert.equal(await named.getAvailableTicketCount(id), 5);
});

test("a stream that one may not see is refused, not tried for ever", async () => {
    const stranger = createClient({ baseUrl: origin(), key: `${key}x` });
    const { event_id } = await ticketType(1);
    await assert.rejects(
        stranger.stream({ eventIds: [event_id] }).next(),
        (error) => error instanceof TicketdError && error.status === 401,
    );
});
