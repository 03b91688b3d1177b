// What changes is on the streams that watch it, soon and whole; a stream that was cut goes on where it was.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused } from "../support/client.ts";
import { Live } from "../support/live.ts";
import type { Event, TicketType } from "../support/objects.ts";
import { type Browser, World } from "../support/world.ts";

let world: World;
let event: Event;
let type: TicketType;
const open: Live[] = [];

before(async () => {
    world = await World.open();
    event = await world.event();
    type = await world.type({}, event);
});
after(() => world.close());

async function live(client: Client, query: string, headers = {}): Promise<Live> {
    const stream = await Live.open(client, query, headers);
    open.push(stream);
    return stream;
}

after(() => open.forEach((stream) => stream.close()));

const watch = (client = world.admin, more = "") => live(client, `event_id=${event.id}${more}`);
const soon = 1000; // 300 ms are promised; the rest is for a busy machine

describe("a stream", () => {
    it("begins with all there is", async () => {
        const own = await world.event();
        const first = await world.type({}, own);
        await world.sale(first, 3);
        const second = await world.type({ initial_inventory: 7 }, own);
        const stream = await live(world.admin, `event_id=${own.id}`);
        const { types } = await stream.next("snapshot");
        const { seq: _, as_of: __, ...counts } = types[0];
        assert.deepEqual(counts, {
            ticket_type_id: first.id,
            event_id: own.id,
            ...(await world.counts(first)),
        });
        assert.deepEqual([types.length, types[1].ticket_type_id], [2, second.id]);
        assert.deepEqual([types[1].available, types[1].seq], [7, 1]);
    });

    it("shows a change at once, and a burst of them merged", async () => {
        const stream = await watch();
        await stream.next("snapshot");
        const began = Date.now();
        await world.reservation(type, 1);
        const shown = await stream.next("counts");
        assert.ok(Date.now() - began < soon, `${Date.now() - began} ms`);
        assert.deepEqual([shown.ticket_type_id, shown.event_id], [type.id, event.id]);
        const burst = Date.now();
        for (let i = 0; i < 40; i++) await world.reservation(type, 1);
        const { reserved } = await world.counts(type);
        await stream.until("counts", (counts) => counts.reserved === reserved);
        const counts = stream.seen.filter((one) => one.event === "counts").length - 1;
        const most = (Date.now() - burst) / 200 + 2;
        assert.ok(counts <= most, `${counts} in ${Date.now() - burst} ms`);
    });

    it("shows a ticket type that was made meanwhile, and tickets that were added", async () => {
        const stream = await watch();
        await stream.next("snapshot");
        const made = await world.type({ initial_inventory: 5 }, event);
        const shown = await stream.next("counts");
        assert.deepEqual([shown.ticket_type_id, shown.total], [made.id, 5]);
        const body = { quantity: 3, reason: "more seats" };
        granted(await world.admin.post(`/v1/ticket-types/${made.id}/increase`, body));
        assert.equal((await stream.next("counts")).total, 8);
    });

    it("shows a reservation that runs out, at its second and without any request", async () => {
        const own = await world.type();
        const stream = await live(world.admin, `ticket_type_id=${own.id}&include=audit`);
        await stream.next("snapshot");
        const { expires_at } = await world.reservation(own, 2, { expires_in_seconds: 1 });
        assert.equal((await stream.next("counts")).reserved, 2);
        assert.equal((await stream.next("audit")).action, "reserve");
        assert.equal((await stream.next("counts")).reserved, 0);
        const late = Date.now() - Date.parse(expires_at!);
        assert.ok(late >= 0 && late < soon, `${late} ms`);
        const entry = await stream.next("audit");
        assert.deepEqual([entry.action, entry.effective_at], ["release", expires_at]);
    });

    it("shows each entry of the log once, in order, to who may read it", async () => {
        const own = await world.type();
        const stream = await live(world.admin, `event_id=${own.event_id}&include=audit`);
        await stream.next("snapshot");
        for (let i = 0; i < 10; i++) await world.sale(own, 1);
        await stream.until("audit", (entry) => entry.seq === 21);
        const audit = stream.seen.filter((one) => one.event === "audit").map((one) => one.data);
        assert.deepEqual(
            audit,
            (await world.log(own)).filter((entry) => entry.seq > 1),
        );
    });

    it("watches several events, and single ticket types", async () => {
        const [a, b, c] = [await world.type(), await world.type(), await world.type()];
        const other = await world.type({}, await eventOf(c));
        const query = `event_id=${a.event_id},${b.event_id}&ticket_type_id=${c.id}`;
        const stream = await live(world.admin, query);
        const { types } = await stream.next("snapshot");
        const ids = types.map((one: { ticket_type_id: string }) => one.ticket_type_id);
        assert.deepEqual(ids.sort(), [a.id, b.id, c.id].sort());
        await world.reservation(other, 1);
        await world.reservation(c, 1);
        assert.equal((await stream.next("counts")).ticket_type_id, c.id);
        const again = await live(world.admin, `event_id=${a.event_id}&event_id=${b.event_id}`);
        assert.equal((await again.next("snapshot")).types.length, 2);
    });
});

const eventOf = async (of: TicketType) =>
    granted(await world.admin.get<Event>(`/v1/events/${of.event_id}`));

describe("a stream that was cut", () => {
    it("goes on without loss or repeat", async () => {
        const own = await world.type();
        const query = `event_id=${own.event_id}&include=audit`;
        const first = await live(world.admin, query);
        await first.next("snapshot");
        await world.sale(own, 2);
        await first.until("audit", (entry) => entry.seq === 3);
        first.close();
        await world.sale(own, 4);
        for (const second of [
            await live(world.admin, query, { "Last-Event-ID": first.lastId! }),
            await live(world.admin, `${query}&after=${first.lastId}`),
        ]) {
            assert.equal((await second.next("counts")).sold, 6);
            assert.equal((await second.next("audit")).seq, 4);
            assert.equal((await second.next("audit")).seq, 5);
            second.close();
        }
        const third = await live(world.admin, `${query}&after=${first.lastId}`);
        await third.until("audit", (entry) => entry.seq === 5);
        const fourth = await live(world.admin, `${query}&after=${third.lastId}`);
        await world.reservation(own, 1);
        assert.equal((await fourth.next("counts")).seq, 6);
        assert.equal((await fourth.next("audit")).seq, 6);
    });

    it("begins anew where what was missed is too much, or its id is none", async () => {
        const own = await world.type({ initial_inventory: 10_000 });
        const query = `event_id=${own.event_id}&include=audit`;
        const first = await live(world.admin, query);
        await first.next("snapshot");
        first.close();
        const buyer = async () => {
            for (let i = 0; i < 64; i++) await world.reservation(own, 1);
        };
        await Promise.all(Array.from({ length: 8 }, buyer));
        for (const after of [first.lastId!, "nonsense", "AQ", "!"]) {
            const second = await live(world.admin, `${query}&after=${after}`);
            await second.next("reset");
            assert.equal((await second.next("snapshot")).types[0].reserved, 512);
            second.close();
        }
        // Without the log nothing is too much: the counts say it all.
        const plain = await live(world.admin, `event_id=${own.event_id}`);
        await plain.next("snapshot");
        await world.reservation(own, 1);
        const again = await live(
            world.admin,
            `event_id=${own.event_id}&after=${plain.seen[0]!.id}`,
        );
        assert.equal((await again.next("counts")).reserved, 513);
    });

    it("is told of what ran out meanwhile", async () => {
        const own = await world.type();
        const query = `event_id=${own.event_id}`;
        const first = await live(world.nobody, query);
        await first.next("snapshot");
        const { id } = await world.reservation(own, 5, { expires_in_seconds: 1 });
        assert.equal((await first.next("counts")).available, 95);
        first.close();
        await world.expiry(`/v1/reservations/${id}`);
        const second = await live(world.nobody, query, { "Last-Event-ID": first.lastId! });
        assert.equal((await second.next("counts")).available, 100);
    });
});

describe("the public", () => {
    it("sees what is available and nothing else", async () => {
        const own = await world.type();
        const stream = await live(world.nobody, `event_id=${own.event_id}`);
        const { types } = await stream.next("snapshot");
        assert.deepEqual(types, [{ ticket_type_id: own.id, available: 100 }]);
        const { id } = await world.reservation(own, 4);
        const shown = { ticket_type_id: own.id, available: 96 };
        assert.deepEqual(await stream.next("counts"), shown);
        const body = { order_id: randomUUID() };
        granted(await world.admin.post(`/v1/reservations/${id}/complete`, body)); // not its business
        await world.reservation(own, 1);
        assert.deepEqual(await stream.next("counts"), { ...shown, available: 95 });
    });

    it("sees no more of an event that is hidden", async () => {
        const own = await world.type();
        const path = `/v1/events/${own.event_id}`;
        const stream = await live(world.nobody, `event_id=${own.event_id}`);
        const both = await live(world.nobody, `event_id=${own.event_id},${event.id}`);
        await stream.next("snapshot");
        await both.next("snapshot");
        const headers = { "If-Match": (await world.admin.get(path)).headers["etag"]! };
        granted(await world.admin.patch(path, { published: false }, { headers }));
        await world.reservation(own, 1);
        await world.reservation(type, 1);
        assert.equal((await both.next("counts")).ticket_type_id, type.id);
        await stream.next("bye");
        refused(
            await world.nobody.get("/v1/stream", { query: { event_id: own.event_id } }),
            "not_found",
        );
    });
});

describe("who may not watch", () => {
    const ask = (client: Client, query: Record<string, string>) =>
        client.get("/v1/stream", { query });

    it("is told so as on every other route", async () => {
        const all = { event_id: event.id };
        const log = { ...all, include: "audit" };
        const other = await world.event();
        refused(await ask(world.nobody.as("tkd_x_y"), all), "unauthenticated");
        refused(await ask(world.nobody, log), "unauthenticated");
        refused(await ask(await world.key("checkout"), log), "role_required");
        refused(await ask(await world.key("box_office"), log), "role_required");
        refused(await ask(await world.key("viewer", [other.id]), log), "event_out_of_scope");
        const scoped = await live(await world.key("viewer", [other.id]), `event_id=${event.id}`);
        const { types } = await scoped.next("snapshot");
        assert.equal(types[0].total, undefined);
        const draft = await world.event({ published: false });
        refused(await ask(world.nobody, { event_id: draft.id }), "not_found");
        refused(await ask(world.admin, { event_id: randomUUID() }), "not_found");
        refused(await ask(world.admin, { ticket_type_id: randomUUID() }), "not_found");
    });

    it("nor ask for what cannot be", async () => {
        const many = (count: number) => Array.from({ length: count }, () => randomUUID()).join();
        invalid(await ask(world.admin, {}), "event_id");
        invalid(await ask(world.admin, { event_id: "" }), "event_id");
        invalid(await ask(world.admin, { event_id: many(21) }), "event_id");
        invalid(await ask(world.admin, { event_id: `${event.id},x` }), "event_id");
        invalid(await ask(world.admin, { ticket_type_id: many(65) }), "ticket_type_id");
        invalid(await ask(world.admin, { event_id: event.id, include: "all" }), "include");
    });
});

describe("the end of a stream", () => {
    it("comes soon after its key is revoked", async () => {
        const made = granted(
            await world.admin.post("/v1/api-keys", { name: "Short", role: "viewer" }),
            201,
        );
        const client = world.nobody.as(made.key);
        const stream = await watch(client);
        await stream.next("snapshot");
        const began = Date.now();
        granted(await world.admin.post(`/v1/api-keys/${made.id}/revoke`));
        await stream.next("bye");
        assert.ok(Date.now() - began < 2 * soon, `${Date.now() - began} ms`);
        refused(
            await client.get("/v1/stream", { query: { event_id: event.id } }),
            "unauthenticated",
        );
    });

    it("comes soon after its session ends, or the rights of its person change", async () => {
        const leave = async (_: string, browser: Browser) =>
            world.nobody.request("DELETE", "/v1/session", { headers: browser });
        const demote = async (id: string) => {
            const path = `/v1/staff/${id}`;
            const headers = { "If-Match": (await world.admin.get(path)).headers["etag"]! };
            return world.admin.patch(path, { role: "box_office" }, { headers });
        };
        const disable = (id: string) => world.admin.post(`/v1/staff/${id}/disable`);
        for (const end of [leave, demote, disable]) {
            const { staff, browser } = await world.signedIn("viewer");
            const query = `event_id=${event.id}&include=audit`;
            const stream = await live(world.nobody, query, browser);
            await stream.next("snapshot");
            const began = Date.now();
            assert.ok((await end(staff.id, browser)).status < 300);
            await stream.next("bye");
            assert.ok(Date.now() - began < 2 * soon, `${Date.now() - began} ms`);
        }
    });

    it("says when to come back where the server stops, and there it goes on", async () => {
        const query = `event_id=${event.id}&include=audit`;
        const stream = await live(world.admin, query);
        await stream.next("snapshot");
        await world.daemon.restart();
        await stream.next("bye");
        const retry = stream.seen.at(-1)!.retry!;
        assert.ok(retry >= 5000 && retry <= 15000, `${retry}`);
        await world.reservation(type, 1);
        const again = await live(world.admin, query, { "Last-Event-ID": stream.lastId! });
        await again.next("counts");
        assert.equal((await again.next("audit")).action, "reserve");
    });

    it("comes at once where there are too many", async () => {
        const small = await World.open(["--streams", "2"]);
        try {
            const own = await small.type();
            const query = `event_id=${own.event_id}`;
            const first = await Live.open(small.nobody, query);
            const second = await Live.open(small.nobody, query);
            await first.next("snapshot");
            await second.next("snapshot");
            const third = await Live.open(small.nobody, query);
            await third.next("bye");
            first.close();
            // Its place is free as soon as the server has seen it go.
            for (let name = ""; name !== "snapshot"; ) {
                const next = await Live.open(small.nobody, query);
                while (next.seen.length === 0) await new Promise((done) => setImmediate(done));
                name = next.seen[0]!.event;
                next.close();
            }
            second.close();
        } finally {
            await small.close();
        }
    });
});
