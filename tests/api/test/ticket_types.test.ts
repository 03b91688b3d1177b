import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Counts, Page, TicketType } from "../support/objects.ts";
import { inDays, PRICE, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const INT_MAX = 2_147_483_647;

describe("creating a ticket type", () => {
    it("keeps its settings and starts with all tickets available", async () => {
        const settings = {
            name: "Box 7",
            description: "Velvet",
            price: 12_345,
            sales_start: inDays(1),
            sales_end: inDays(2),
            max_per_order: 4,
            max_per_customer: 8,
        };
        const event = await world.event({ currency: "CHF" });
        const type = await world.type({ ...settings, initial_inventory: 7 }, event);
        for (const [name, value] of Object.entries(settings))
            assert.equal(type[name as keyof TicketType], value, name);
        assert.deepEqual(
            [type.event_id, type.currency, type.settings_version],
            [event.id, "CHF", 1],
        );
        assert.deepEqual(type.counts, { initial: 7, total: 7, sold: 0, reserved: 0, available: 7 });
        assert.deepEqual(
            granted(await world.admin.get<TicketType>(`/v1/ticket-types/${type.id}`)),
            type,
        );
    });

    it("leaves out what is not given", async () => {
        const type = await world.type();
        for (const name of [
            "description",
            "sales_start",
            "sales_end",
            "max_per_order",
            "max_per_customer",
        ] as const)
            assert.equal(type[name], null, name);
    });

    it("is written to the log as an increase from 0 (R11), and not at all for 0", async () => {
        const [entry, ...more] = await world.log(await world.type({ initial_inventory: 100 }));
        assert.equal(more.length, 0);
        assert.deepEqual([entry!.action, entry!.quantity, entry!.seq], ["increase", 100, 1]);
        assert.deepEqual([entry!.previous_total, entry!.new_total], [0, 100]);
        assert.deepEqual(await world.log(await world.type({ initial_inventory: 0 })), []);
    });

    it("takes the smallest and the largest numbers", async () => {
        const large = await world.type({ price: INT_MAX, initial_inventory: INT_MAX });
        assert.deepEqual([large.price, large.counts.available], [INT_MAX, INT_MAX]);
        const free = await world.type({ price: 0, initial_inventory: 0 });
        assert.deepEqual([free.price, free.counts.total], [0, 0]);
    });

    it("refuses sales that end before they start", async () => {
        const { id } = await world.event();
        const body = {
            name: "X",
            price: 1,
            initial_inventory: 1,
            sales_start: inDays(2),
            sales_end: inDays(1),
        };
        invalid(await world.admin.post(`/v1/events/${id}/ticket-types`, body), "/sales_end");
        const equal = { ...body, sales_end: body.sales_start };
        invalid(await world.admin.post(`/v1/events/${id}/ticket-types`, equal), "/sales_end");
    });

    it("is 404 for an event that does not exist", async () => {
        const body = { name: "X", price: 1, initial_inventory: 1 };
        refused(
            await world.admin.post(`/v1/events/${randomUUID()}/ticket-types`, body),
            "not_found",
        );
    });
});

describe("changing a ticket type", () => {
    const change = (type: TicketType, body: object, version = type.settings_version) =>
        world.admin.patch<TicketType>(`/v1/ticket-types/${type.id}`, body, {
            headers: { "If-Match": `"${version}"` },
        });

    it("changes what is named, clears what is null, and leaves the rest", async () => {
        const type = await world.type({
            description: "old",
            max_per_order: 4,
            max_per_customer: 8,
        });
        const changed = granted(await change(type, { price: 99, max_per_order: null }));
        const expected = { ...type, price: 99, max_per_order: null, settings_version: 2 };
        assert.deepEqual({ ...changed, updated_at: "" }, { ...expected, updated_at: "" });
    });

    it("has an ETag that sales do not move", async () => {
        const type = await world.type();
        const etag = async () =>
            (await world.admin.get(`/v1/ticket-types/${type.id}`)).headers["etag"];
        assert.equal(await etag(), '"1"');
        await world.sale(type);
        await world.reservation(type);
        assert.equal(await etag(), '"1"');
        assert.equal((await change(type, { name: "New" })).headers["etag"], '"2"');
        assert.equal(await etag(), '"2"');
    });

    it("is 428 without If-Match, and 412 with the current object for an old one", async () => {
        const type = await world.type();
        refused(
            await world.admin.patch(`/v1/ticket-types/${type.id}`, { price: 1 }),
            "precondition_required",
        );
        const changed = granted(await change(type, { price: 2 }));
        refused(await change(type, { price: 3 }), "version_mismatch", { current: changed });
    });

    it("cannot change counts, and refuses null for what it must have", async () => {
        const type = await world.type();
        for (const name of ["initial_inventory", "total_inventory", "counts", "event_id", "id"])
            invalid(await change(type, { [name]: 1 }), `/${name}`);
        for (const name of ["name", "price"])
            invalid(await change(type, { [name]: null }), `/${name}`);
    });

    it("changes the price of new reservations only (R16)", async () => {
        const type = await world.type();
        const old = await world.reservation(type);
        granted(await change(type, { price: 9_900 }));
        assert.equal((await world.reservation(type)).unit_price, 9_900);
        const done = granted(
            await world.admin.post(`/v1/reservations/${old.id}/complete`, { order_id: "o" }),
        );
        assert.equal(done.unit_price, PRICE);
    });

    it("is refused while it is archived", async () => {
        const type = await world.type();
        const path = `/v1/ticket-types/${type.id}/archive`;
        const archived = granted(await world.admin.post<TicketType>(path));
        refused(await change(archived, { price: 1 }), "archived");
    });
});

describe("archiving a ticket type", () => {
    it("takes nothing new, but completes what there is (R12)", async () => {
        const type = await world.type();
        const { id } = await world.reservation(type);
        const archived = granted(
            await world.admin.post<TicketType>(`/v1/ticket-types/${type.id}/archive`),
        );
        assert.notEqual(archived.archived_at, null);
        refused(
            await world.admin.post("/v1/reservations", { ticket_type_id: type.id, quantity: 1 }),
            "archived",
        );
        const adjust = { quantity: 1, reason: "one more" };
        refused(await world.admin.post(`/v1/ticket-types/${type.id}/increase`, adjust), "archived");
        granted(await world.admin.post(`/v1/reservations/${id}/complete`, { order_id: "o" }));
        const back = granted(
            await world.admin.post<TicketType>(`/v1/ticket-types/${type.id}/unarchive`),
        );
        assert.equal(back.archived_at, null);
        await world.reservation(type);
    });

    it("twice changes nothing more", async () => {
        const path = `/v1/ticket-types/${(await world.type()).id}`;
        const once = granted(await world.admin.post(`${path}/archive`));
        assert.deepEqual(granted(await world.admin.post(`${path}/archive`)), once);
        const back = granted(await world.admin.post(`${path}/unarchive`));
        assert.deepEqual(granted(await world.admin.post(`${path}/unarchive`)), back);
    });

    it("hides it from the public", async () => {
        const event = await world.event();
        const [gone, stays] = [await world.type({}, event), await world.type({}, event)];
        granted(await world.admin.post(`/v1/ticket-types/${gone.id}/archive`));
        const list = `/v1/events/${event.id}/ticket-types`;
        const ids = (page: Page<TicketType>) => page.data.map((type) => type.id);
        assert.deepEqual(ids(granted(await world.nobody.get<Page<TicketType>>(list))), [stays.id]);
        assert.deepEqual(ids(granted(await world.admin.get<Page<TicketType>>(list))), [
            gone.id,
            stays.id,
        ]);
        refused(await world.nobody.get(`/v1/ticket-types/${gone.id}`), "not_found");
        refused(await world.nobody.get(`/v1/ticket-types/${gone.id}/availability`), "not_found");
    });
});

describe("what the public sees", () => {
    it("is what is available and no other count", async () => {
        const type = await world.type();
        await world.sale(type, 3);
        for (const client of [world.nobody, await world.key("checkout")]) {
            const one = granted(await client.get<TicketType>(`/v1/ticket-types/${type.id}`));
            assert.deepEqual(one.counts, { available: 97 });
            const list = granted(
                await client.get<Page<TicketType>>(`/v1/events/${type.event_id}/ticket-types`),
            );
            assert.deepEqual(list.data[0]?.counts, { available: 97 });
            const read = granted(await client.get(`/v1/ticket-types/${type.id}/availability`));
            assert.deepEqual(read, { ticket_type_id: type.id, available: 97 });
        }
    });

    it("is nothing of an event that is not published", async () => {
        const type = await world.type({}, await world.event({ published: false }));
        refused(await world.nobody.get(`/v1/ticket-types/${type.id}`), "not_found");
        refused(await world.nobody.get(`/v1/ticket-types/${type.id}/availability`), "not_found");
        refused(await world.nobody.get(`/v1/events/${type.event_id}/ticket-types`), "not_found");
    });

    it("has another ETag than what staff see", async () => {
        const type = await world.type();
        const path = `/v1/ticket-types/${type.id}/availability`;
        const etag = (await world.admin.get(path)).headers["etag"]!;
        const shown = await world.nobody.get(path, { headers: { "If-None-Match": etag } });
        assert.deepEqual(granted(shown), { ticket_type_id: type.id, available: 100 });
    });
});

describe("availability", () => {
    it("follows every change at once", async () => {
        const type = await world.type({ initial_inventory: 10 });
        const seen = async () => {
            const { total, sold, reserved, available } = await world.counts(type);
            return [total, sold, reserved, available];
        };
        assert.deepEqual(await seen(), [10, 0, 0, 10]);
        const { id } = await world.reservation(type, 4);
        assert.deepEqual(await seen(), [10, 0, 4, 6]);
        granted(await world.admin.post(`/v1/reservations/${id}/complete`, { order_id: "o" }));
        assert.deepEqual(await seen(), [10, 4, 0, 6]);
        granted(
            await world.admin.post(`/v1/reservations/${id}/refunds`, {
                quantity: 1,
                reason: "ill",
            }),
            201,
        );
        assert.deepEqual(await seen(), [10, 3, 0, 7]);
        granted(
            await world.admin.post(`/v1/ticket-types/${type.id}/increase`, {
                quantity: 5,
                reason: "more",
            }),
        );
        assert.deepEqual(await seen(), [15, 3, 0, 12]);
    });

    it("is exact when a reservation expires, without a sweep (R3)", async () => {
        const type = await world.type({ initial_inventory: 2 });
        const { id } = await world.reservation(type, 2, { expires_in_seconds: 1 });
        assert.equal((await world.counts(type)).available, 0);
        await world.expiry(`/v1/reservations/${id}`);
        assert.deepEqual(await world.counts(type), {
            initial: 2,
            total: 2,
            sold: 0,
            reserved: 0,
            available: 2,
        });
    });

    it("is 304 until it changes", async () => {
        const type = await world.type();
        const path = `/v1/ticket-types/${type.id}/availability`;
        const first = await world.admin.get(path);
        const headers = { "If-None-Match": first.headers["etag"]! };
        const same = await world.admin.get(path, { headers });
        assert.deepEqual(
            [same.status, same.text, same.headers["etag"]],
            [304, "", first.headers["etag"]],
        );
        await world.reservation(type, 1);
        const changed = await world.admin.get<Counts>(path, { headers });
        assert.equal(granted(changed).available, 99);
        assert.notEqual(changed.headers["etag"], first.headers["etag"]);
    });

    it("is 304 no longer when a reservation has expired by itself", async () => {
        const type = await world.type();
        const { id } = await world.reservation(type, 1, { expires_in_seconds: 1 });
        const path = `/v1/ticket-types/${type.id}/availability`;
        const first = await world.admin.get<Counts>(path);
        assert.equal(first.json.available, 99);
        await world.expiry(`/v1/reservations/${id}`);
        const headers = { "If-None-Match": first.headers["etag"]! };
        assert.equal(granted(await world.admin.get<Counts>(path, { headers })).available, 100);
    });

    it("is 404 for a ticket type that does not exist", async () => {
        refused(
            await world.admin.get(`/v1/ticket-types/${randomUUID()}/availability`),
            "not_found",
        );
        refused(await world.admin.get(`/v1/ticket-types/${randomUUID()}`), "not_found");
        refused(await world.admin.get(`/v1/events/${randomUUID()}/ticket-types`), "not_found");
    });
});
