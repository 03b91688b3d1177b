import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Event, Page, TicketType } from "../support/objects.ts";
import { allPages, inDays, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const start_date = inDays(30);

describe("creating an event", () => {
    it("keeps what was given and fills in the rest", async () => {
        const body = { name: "Gala", start_date };
        const event = granted(await world.admin.post<Event>("/v1/events", body), 201);
        assert.equal(event.name, "Gala");
        assert.equal(event.start_date, start_date);
        assert.deepEqual([event.published, event.featured, event.version], [false, false, 1]);
        for (const name of [
            "description",
            "venue_id",
            "end_date",
            "image_url",
            "archived_at",
        ] as const)
            assert.equal(event[name], null, name);
        assert.match(event.currency, /^[A-Z]{3}$/);
        assert.deepEqual(granted(await world.admin.get<Event>(`/v1/events/${event.id}`)), event);
    });

    it("keeps every setting", async () => {
        const venue = granted(await world.admin.post("/v1/venues", { name: "Town hall" }), 201);
        const settings = {
            name: "Größe & „Zeichen“ 🎟",
            description: "Two\nlines",
            venue_id: venue.id,
            start_date,
            end_date: inDays(31),
            published: true,
            featured: true,
            image_url: "https://example.org/a.png",
            currency: "CHF",
            time_zone: "Europe/Zurich",
        };
        const event = granted(await world.admin.post<Event>("/v1/events", settings), 201);
        for (const [name, value] of Object.entries(settings))
            assert.equal(event[name as keyof Event], value, name);
    });

    it("takes times with any offset and answers them in UTC", async () => {
        const body = { name: "Offset", start_date: "2031-07-01T20:00:00+02:00" };
        const event = granted(await world.admin.post<Event>("/v1/events", body), 201);
        assert.equal(event.start_date, "2031-07-01T18:00:00.000Z");
    });

    it("gives ids that are UUIDs of version 7", async () => {
        assert.match((await world.event()).id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    });

    it("refuses an end before the start", async () => {
        invalid(
            await world.admin.post("/v1/events", {
                name: "Back",
                start_date,
                end_date: inDays(29),
            }),
            "/end_date",
        );
    });

    it("refuses a name of blanks, an unknown time zone, a time that does not exist", async () => {
        const create = (more: object) =>
            world.admin.post("/v1/events", { name: "X", start_date, ...more });
        invalid(await create({ name: "   " }), "/name");
        invalid(await create({ time_zone: "Mars/Olympus" }), "/time_zone");
        invalid(await create({ start_date: "2031-02-30T20:00:00Z" }), "/start_date");
    });

    it("refuses a venue that does not exist or is archived", async () => {
        invalid(
            await world.admin.post("/v1/events", { name: "X", start_date, venue_id: randomUUID() }),
            "/venue_id",
        );
        const venue = granted(await world.admin.post("/v1/venues", { name: "Closed" }), 201);
        granted(await world.admin.post(`/v1/venues/${venue.id}/archive`));
        const body = { name: "X", start_date, venue_id: venue.id };
        invalid(await world.admin.post("/v1/events", body), "/venue_id");
    });
});

describe("changing an event", () => {
    const change = (event: Event, body: object, version = event.version) =>
        world.admin.patch<Event>(`/v1/events/${event.id}`, body, {
            headers: { "If-Match": `"${version}"` },
        });

    it("changes what is named, clears what is null, and leaves the rest", async () => {
        const event = await world.event({
            description: "old",
            end_date: inDays(31),
            featured: true,
        });
        const changed = granted(await change(event, { name: "New", description: null }));
        assert.deepEqual(
            { ...changed, updated_at: "" },
            { ...event, name: "New", description: null, version: 2, updated_at: "" },
        );
    });

    it("answers the version as ETag", async () => {
        const event = await world.event();
        assert.equal((await world.admin.get(`/v1/events/${event.id}`)).headers["etag"], '"1"');
        assert.equal((await change(event, { featured: true })).headers["etag"], '"2"');
    });

    it("is 428 without If-Match, and 412 with the current object for an old one", async () => {
        const event = await world.event();
        refused(
            await world.admin.patch(`/v1/events/${event.id}`, { name: "X" }),
            "precondition_required",
            { detail: "Send If-Match with the ETag that a GET of this address answers." },
        );
        const changed = granted(await change(event, { name: "X" }));
        const stale = await change(event, { name: "Y" });
        refused(stale, "version_mismatch", { current: changed });
        assert.equal(stale.headers["etag"], '"2"');
        assert.equal(granted(await world.admin.get<Event>(`/v1/events/${event.id}`)).name, "X");
    });

    it("lets one of two that change the same version through", async () => {
        const event = await world.event();
        const replies = await Promise.all(
            ["A", "B", "C", "D"].map((name) => change(event, { name })),
        );
        assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 412, 412, 412]);
    });

    it("refuses a malformed If-Match", async () => {
        const event = await world.event();
        const headers = { "If-Match": "one" };
        refused(
            await world.admin.patch(`/v1/events/${event.id}`, { name: "X" }, { headers }),
            "bad_header",
        );
    });

    it("refuses null for what an event must have", async () => {
        const event = await world.event();
        for (const name of ["name", "start_date", "published", "featured", "currency", "time_zone"])
            invalid(await change(event, { [name]: null }), `/${name}`);
    });

    it("refuses an end before the start, whichever of them changes", async () => {
        const event = await world.event({ end_date: inDays(31) });
        invalid(await change(event, { end_date: inDays(29) }), "/end_date");
        const later = await change(event, { start_date: inDays(40) });
        assert.equal(later.status, 422, later.text);
    });

    it("freezes the currency with the first reservation", async () => {
        const event = await world.event({ currency: "EUR" });
        const type = await world.type({}, event);
        granted(await change(event, { currency: "CHF" }));
        await world.reservation(type);
        refused(await change(event, { currency: "EUR" }, 2), "has_history");
        granted(await change(event, { name: "Still to change" }, 2));
    });

    it("is refused while it is archived", async () => {
        const event = await world.event();
        const archived = granted(await world.admin.post<Event>(`/v1/events/${event.id}/archive`));
        refused(await change(archived, { name: "X" }), "archived");
    });

    it("is 404 for an event that does not exist", async () => {
        const headers = { "If-Match": '"1"' };
        refused(
            await world.admin.patch(`/v1/events/${randomUUID()}`, { name: "X" }, { headers }),
            "not_found",
        );
    });
});

describe("archiving an event", () => {
    it("hides it from the public, and unarchiving shows it again", async () => {
        const { id } = await world.event();
        const archived = granted(await world.admin.post<Event>(`/v1/events/${id}/archive`));
        assert.notEqual(archived.archived_at, null);
        refused(await world.nobody.get(`/v1/events/${id}`), "not_found");
        granted(await world.admin.get(`/v1/events/${id}`));
        const back = granted(await world.admin.post<Event>(`/v1/events/${id}/unarchive`));
        assert.equal(back.archived_at, null);
        granted(await world.nobody.get(`/v1/events/${id}`));
    });

    it("twice changes nothing more", async () => {
        const { id } = await world.event();
        const once = granted(await world.admin.post<Event>(`/v1/events/${id}/archive`));
        assert.deepEqual(granted(await world.admin.post<Event>(`/v1/events/${id}/archive`)), once);
        const back = granted(await world.admin.post<Event>(`/v1/events/${id}/unarchive`, {}));
        assert.deepEqual(
            granted(await world.admin.post<Event>(`/v1/events/${id}/unarchive`)),
            back,
        );
    });

    it("takes nothing new, but completes, extends, releases and refunds what there is (R12)", async () => {
        const event = await world.event();
        const type = await world.type({}, event);
        const [first, second, third] = [
            await world.reservation(type),
            await world.reservation(type),
            await world.sale(type, 3),
        ];
        granted(await world.admin.post(`/v1/events/${event.id}/archive`));
        const reserve = { ticket_type_id: type.id, quantity: 1 };
        refused(await world.admin.post("/v1/reservations", reserve), "archived");
        refused(await world.admin.post("/v1/carts", { items: [reserve] }), "archived");
        refused(
            await world.admin.post("/v1/sales", { items: [reserve], channel: "box_office" }),
            "archived",
        );
        const adjust = { quantity: 1, reason: "one more" };
        refused(await world.admin.post(`/v1/ticket-types/${type.id}/increase`, adjust), "archived");
        refused(await world.admin.post(`/v1/ticket-types/${type.id}/decrease`, adjust), "archived");
        const make = { name: "New", price: 1, initial_inventory: 1 };
        refused(await world.admin.post(`/v1/events/${event.id}/ticket-types`, make), "archived");
        granted(
            await world.admin.post(`/v1/reservations/${first.id}/complete`, { order_id: "a-1" }),
        );
        granted(
            await world.admin.post(`/v1/reservations/${second.id}/extend`, {
                expires_in_seconds: 1000,
            }),
        );
        granted(await world.admin.post(`/v1/reservations/${second.id}/release`));
        granted(
            await world.admin.post(`/v1/reservations/${third.id}/refunds`, { reason: "cancelled" }),
            201,
        );
    });

    it("is 404 for an event that does not exist", async () => {
        for (const verb of ["archive", "unarchive"])
            refused(await world.admin.post(`/v1/events/${randomUUID()}/${verb}`), "not_found");
    });
});

describe("reading events", () => {
    it("is 404 for one that does not exist or is not published, as far as the public can tell", async () => {
        const { id } = await world.event({ published: false });
        const hidden = refused(await world.nobody.get(`/v1/events/${id}`), "not_found");
        const missing = refused(await world.nobody.get(`/v1/events/${randomUUID()}`), "not_found");
        assert.equal(
            hidden.detail.replace(id, ""),
            missing.detail.replace(missing.instance.slice(11), ""),
        );
    });

    it("refuses what is not a UUID in lower case", async () => {
        for (const id of ["1", "0193-xyz", randomUUID().toUpperCase()])
            refused(await world.admin.get(`/v1/events/${id}`), "not_found");
    });

    it("lists by start, past ones latest first, and finds by name", async () => {
        const mark = randomUUID();
        const names = [`${mark} past`, `${mark} older`, `${mark} SOON`, `${mark} later`];
        const days = [-2, -3, 3, 9];
        for (const [i, name] of names.entries())
            await world.event({ name, start_date: inDays(days[i]!) });
        const find = async (query: Record<string, string>) =>
            granted(await world.nobody.get<Page<Event>>("/v1/events", { query })).data.map(
                (event) => event.name,
            );
        const [past, older, soon, later] = names;
        assert.deepEqual(await find({ q: mark.toUpperCase() }), [older, past, soon, later]);
        assert.deepEqual(await find({ q: mark, when: "all" }), [older, past, soon, later]);
        assert.deepEqual(await find({ q: mark, when: "upcoming" }), [soon, later]);
        assert.deepEqual(await find({ q: mark, when: "past" }), [past, older]);
        assert.deepEqual(await find({ q: `${mark} soon` }), [soon]);
        assert.deepEqual(await find({ q: `${mark}%` }), []);
    });

    it("counts an event as upcoming until its end", async () => {
        const mark = randomUUID();
        const { id } = await world.event({
            name: mark,
            start_date: inDays(-1),
            end_date: inDays(1),
        });
        const query = { q: mark, when: "upcoming" };
        assert.equal(
            granted(await world.nobody.get<Page<Event>>("/v1/events", { query })).data[0]?.id,
            id,
        );
    });

    it("lists what is not published or archived to staff only", async () => {
        const mark = randomUUID();
        await world.event({ name: `${mark} shown` });
        await world.event({ name: `${mark} draft`, published: false });
        const { id } = await world.event({ name: `${mark} old` });
        granted(await world.admin.post(`/v1/events/${id}/archive`));
        const checkout = await world.key("checkout");
        assert.equal((await allPages(world.nobody, "/v1/events", { q: mark })).length, 1);
        assert.equal((await allPages(checkout, "/v1/events", { q: mark })).length, 1);
        assert.equal((await allPages(world.admin, "/v1/events", { q: mark })).length, 3);
    });
});

describe("the inventory of an event", () => {
    it("holds the event, its types with their counts, and the sums", async () => {
        const event = await world.event();
        const stalls = await world.type({ initial_inventory: 10 }, event);
        const balcony = await world.type({ name: "Balcony", initial_inventory: 5 }, event);
        await world.reservation(stalls, 2);
        await world.sale(balcony, 3);
        const inventory = granted(await world.admin.get(`/v1/events/${event.id}/inventory`));
        assert.deepEqual(inventory.event, event);
        assert.deepEqual(inventory.totals, {
            initial: 15,
            total: 15,
            sold: 3,
            reserved: 2,
            available: 10,
        });
        assert.deepEqual(
            inventory.ticket_types.map((type: TicketType) => [type.id, type.counts]),
            [
                [stalls.id, { initial: 10, total: 10, sold: 0, reserved: 2, available: 8 }],
                [balcony.id, { initial: 5, total: 5, sold: 3, reserved: 0, available: 2 }],
            ],
        );
    });

    it("of an event without types is all zeroes", async () => {
        const { id } = await world.event();
        const { totals, ticket_types } = granted(
            await world.admin.get(`/v1/events/${id}/inventory`),
        );
        assert.deepEqual(totals, { initial: 0, total: 0, sold: 0, reserved: 0, available: 0 });
        assert.deepEqual(ticket_types, []);
    });

    it("is 304 until something changes", async () => {
        const type = await world.type();
        const path = `/v1/events/${type.event_id}/inventory`;
        const first = await world.admin.get(path);
        const headers = { "If-None-Match": first.headers["etag"]! };
        assert.equal((await world.admin.get(path, { headers })).status, 304);
        await world.reservation(type);
        const second = await world.admin.get(path, { headers });
        assert.equal(second.status, 200);
        assert.notEqual(second.headers["etag"], first.headers["etag"]);
    });

    it("is 404 for an event that does not exist", async () => {
        refused(await world.admin.get(`/v1/events/${randomUUID()}/inventory`), "not_found");
    });
});
