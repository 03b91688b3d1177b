// What all lists have in common: pages, cursors, CSV, strict parameters. Each test runs for every list.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused } from "../support/client.ts";
import { Contract } from "../support/contract.ts";
import type { Event, Page } from "../support/objects.ts";
import { allPages, World } from "../support/world.ts";

interface List {
    path: (event: Event) => string;
    query: (event: Event) => Record<string, string>;
    other: Record<string, string>; // a filter it was not made with
}

const ofEvent = (event: Event): Record<string, string> => ({ event_id: event.id });
const nothing = (): Record<string, string> => ({});
const ELSEWHERE = "00000000-0000-7000-8000-000000000000";

const lists: Record<string, List> = {
    event_list: { path: () => "/v1/events", query: nothing, other: { when: "past" } },
    venue_list: { path: () => "/v1/venues", query: nothing, other: { q: "b" } },
    ticket_type_list: {
        path: (event) => `/v1/events/${event.id}/ticket-types`,
        query: nothing,
        other: {},
    },
    reservation_list: {
        path: () => "/v1/reservations",
        query: ofEvent,
        other: { status: "active" },
    },
    sale_list: { path: () => "/v1/sales", query: ofEvent, other: { event_id: ELSEWHERE } },
    audit_log_list: { path: () => "/v1/audit-log", query: ofEvent, other: { action: "sale" } },
    shift_list: { path: () => "/v1/shifts", query: nothing, other: { status: "open" } },
    staff_list: { path: () => "/v1/staff", query: nothing, other: {} },
    api_key_list: { path: () => "/v1/api-keys", query: nothing, other: {} },
};

const ROWS = 7;
let world: World;
let event: Event;
let admin: Client;

before(async () => {
    world = await World.open();
    admin = world.admin;
    event = await world.event({ name: '=2+3,"quoted"', description: "+two\nlines" });
    for (let i = 0; i < ROWS; i++) {
        await world.event({ name: `Event ${i}` });
        granted(await admin.post("/v1/venues", { name: `@Hall ${i}`, address: "-1, Ring" }), 201);
        await world.sale(await world.type({ name: `Row ${i}`, description: "\tleft" }, event));
        await world.key("viewer");
        await shift(`=Door ${i}`);
        await world.staff("viewer");
    }
});
after(() => world.close());

// Opened and closed: its operator has one open at a time.
async function shift(terminal: string): Promise<void> {
    const body = { terminal, currency: "EUR", opening_cash: 0 };
    const { id } = granted(await admin.post<{ id: string }>("/v1/shifts", body), 201);
    granted(await admin.post(`/v1/shifts/${id}/close`, { counted_cash: 0 }));
}

// RFC 4180, as far as it goes: quoted cells may hold commas, line breaks and doubled quotes.
function parseCsv(text: string): string[][] {
    const rows: string[][] = [[]];
    const cell = /("(?:[^"]|"")*"|[^,\r\n"]*)(,|\r\n|$)/gy;
    while (cell.lastIndex < text.length) {
        const match = cell.exec(text);
        assert.ok(match, `not CSV: ${text}`);
        const value = match[1]!.startsWith('"')
            ? match[1]!.slice(1, -1).replaceAll('""', '"')
            : match[1]!;
        rows.at(-1)!.push(value);
        if (match[2] === "\r\n" && cell.lastIndex < text.length) rows.push([]);
    }
    return rows;
}

it("every list of the contract is tested here", () => {
    const known = Contract.load()
        .operations.filter((one) => one.id.endsWith("_list"))
        .map((one) => one.id);
    assert.deepEqual(Object.keys(lists).sort(), known.sort());
});

for (const [id, list] of Object.entries(lists)) {
    const get = (query: Record<string, string | number> = {}, headers = {}) =>
        admin.get<Page<{ id: string }>>(list.path(event), {
            query: { ...list.query(event), ...query },
            headers,
        });

    describe(`the list ${id}`, () => {
        it("shows every row once, whatever the size of the pages", async () => {
            const whole = granted(await get({ limit: 200 }));
            assert.ok(whole.data.length >= ROWS && whole.next_cursor === null);
            for (const limit of [1, 2, 5, ROWS, ROWS + 1]) {
                const query = { ...list.query(event), limit };
                const rows = await allPages<{ id: string }>(admin, list.path(event), query);
                assert.deepEqual(
                    rows.map((row) => row.id),
                    whole.data.map((row) => row.id),
                    `limit ${limit}`,
                );
            }
        });

        it("has pages of at most the limit, and no cursor on the last", async () => {
            const page = granted(await get({ limit: 3 }));
            assert.equal(page.data.length, 3);
            assert.notEqual(page.next_cursor, null);
        });

        it("refuses a limit outside 1 to 200", async () => {
            for (const limit of [0, 201, -1, "1.5", "", "x", "99999999999999999999"])
                invalid(await get({ limit }), "limit");
        });

        it("refuses a cursor that is not one, was altered, or goes with another list", async () => {
            const cursor = granted(await get({ limit: 2 })).next_cursor!;
            for (const bad of [
                "",
                "x",
                "%00",
                cursor.slice(1),
                `${cursor}A`,
                `A${cursor.slice(1)}x`,
                "é",
            ])
                refused(await get({ cursor: bad }), "bad_cursor");
            const other = id === "venue_list" ? "/v1/events" : "/v1/venues";
            refused(await admin.get(other, { query: { cursor } }), "bad_cursor");
        });

        it("refuses a cursor with other filters", async () => {
            const cursor = granted(await get({ limit: 2 })).next_cursor!;
            granted(await get({ cursor, limit: 5 }));
            if (Object.keys(list.other).length > 0)
                refused(await get({ cursor, ...list.other }), "bad_cursor");
        });

        it("refuses a parameter it does not know, and an empty one", async () => {
            invalid(await get({ colour: "red" }), "colour");
            invalid(await get({ limits: 3 }), "limits");
            invalid(await get({ format: "xml" }), "format");
        });

        it("is CSV on request, with the same rows", async () => {
            const rows = granted(await get({ limit: 200 })).data;
            for (const reply of [
                await get({ format: "csv" }),
                await get({}, { Accept: "text/csv" }),
            ]) {
                assert.equal(reply.status, 200, reply.text);
                assert.match(reply.headers["content-type"]!, /^text\/csv\b/);
                assert.ok(reply.text.endsWith("\r\n"));
                const [header, ...cells] = parseCsv(reply.text);
                assert.equal(header![0], "id");
                assert.deepEqual(
                    cells.map((row) => row[0]),
                    rows.map((row) => row.id),
                );
                for (const row of cells) assert.equal(row.length, header!.length);
                assert.equal(new Set(header).size, header!.length);
            }
            const two = parseCsv((await get({ format: "csv", limit: 2 })).text);
            assert.deepEqual(
                two.slice(1).map((row) => row[0]),
                rows.slice(0, 2).map((row) => row.id),
            );
        });

        it("is JSON for whoever accepts anything", async () => {
            for (const Accept of ["*/*", "application/json", "text/html,*/*;q=0.1"])
                assert.match(
                    (await get({}, { Accept })).headers["content-type"]!,
                    /^application\/json/,
                );
            assert.match(
                (await get({ format: "json" }, { Accept: "text/csv" })).headers["content-type"]!,
                /json/,
            );
        });
    });
}

describe("CSV", () => {
    const column = async (path: string, name: string) => {
        const [header, ...rows] = parseCsv(
            (await admin.get(path, { query: { format: "csv" } })).text,
        );
        const at = header!.indexOf(name);
        assert.ok(at >= 0, `no column ${name}: ${header}`);
        return rows.map((row) => row[at]!);
    };

    it("quotes what needs it, and defuses what a spreadsheet would run", async () => {
        assert.ok((await column("/v1/events", "name")).includes(`'=2+3,"quoted"`));
        assert.ok((await column("/v1/events", "description")).includes("'+two\nlines"));
        const types = await column(`/v1/events/${event.id}/ticket-types`, "description");
        assert.deepEqual([...new Set(types)], ["'\tleft"]);
        assert.ok((await column("/v1/venues", "name")).includes("'@Hall 1"));
        assert.ok((await column("/v1/venues", "address")).includes("'-1, Ring"));
    });

    it("names nested members by their way", async () => {
        const available = await column(`/v1/events/${event.id}/ticket-types`, "counts_available");
        assert.deepEqual(available, Array<string>(ROWS).fill("98"));
        const kinds = await column("/v1/audit-log", "actor_kind");
        assert.ok(kinds.every((kind) => kind === "key"));
    });

    it("leaves null empty", async () => {
        assert.ok((await column("/v1/events", "archived_at")).every((cell) => cell === ""));
    });

    it("holds more rows than a page when no limit is given", async () => {
        const many = await world.type({ initial_inventory: 1 });
        const path = `/v1/ticket-types/${many.id}/increase`;
        for (let i = 0; i < 220; i += 20) {
            const some = Array.from({ length: 20 }, () =>
                admin.post(path, { quantity: 1, reason: "one more" }),
            );
            for (const reply of await Promise.all(some)) granted(reply);
        }
        const query = { ticket_type_id: many.id, format: "csv" };
        assert.equal(parseCsv((await admin.get("/v1/audit-log", { query })).text).length, 222);
    });
});
