// Figures: each number of a report is added up again from the list of sales and the audit log.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type Client, granted, invalid, refused } from "../support/client.ts";
import { Daemon } from "../support/daemon.ts";
import type {
    ApiKey,
    AuditEntry,
    BoxOfficeReport,
    Event,
    Explanation,
    InventoryReport,
    InventoryRow,
    Money,
    Reservation,
    SalesReport,
    SalesRow,
    Shift,
    TicketType,
} from "../support/objects.ts";
import { allPages, inDays, World } from "../support/world.ts";

const HOUR_MS = 3600 * 1000;

let world: World;
let event: Event;
let stalls: TicketType, balcony: TicketType;
let till: Client;
let tillId: string;

// What is sold or taken back at one moment.
interface Movement {
    at: string;
    type: string;
    channel: string | null;
    tender: string | null;
    operator: string | null;
    tickets: number;
    amount: number;
    refund: boolean;
}

async function movements(query: Record<string, string>): Promise<Movement[]> {
    const sales = await allPages<Reservation>(world.admin, "/v1/sales", query);
    const refunds = await allPages<AuditEntry>(world.admin, "/v1/audit-log", {
        ...query,
        action: "refund",
    });
    const prices = new Map(sales.map((sale) => [sale.id, sale.unit_price]));
    return [
        ...sales.map((sale) => ({
            at: sale.completed_at!,
            type: sale.ticket_type_id,
            channel: sale.channel,
            tender: sale.tender,
            operator: sale.sold_by,
            tickets: sale.quantity,
            amount: sale.quantity * sale.unit_price,
            refund: false,
        })),
        ...refunds.map((entry) => ({
            at: entry.created_at,
            type: entry.ticket_type_id,
            channel: entry.channel,
            tender: entry.tender,
            operator: entry.actor.id,
            tickets: entry.quantity,
            amount: entry.quantity * prices.get(entry.reservation_id!)!,
            refund: true,
        })),
    ];
}

function sums(list: Movement[]): Money {
    const money = {
        tickets_sold: 0,
        tickets_refunded: 0,
        tickets_net: 0,
        gross: 0,
        refunds: 0,
        net: 0,
    };
    for (const { tickets, amount, refund } of list) {
        money[refund ? "tickets_refunded" : "tickets_sold"] += tickets;
        money[refund ? "refunds" : "gross"] += amount;
        money.tickets_net += refund ? -tickets : tickets;
        money.net += refund ? -amount : amount;
    }
    return money;
}

const money = ({
    tickets_sold,
    tickets_refunded,
    tickets_net,
    gross,
    refunds,
    net,
}: Money): Money => ({ tickets_sold, tickets_refunded, tickets_net, gross, refunds, net });

async function report(query: Record<string, string>, client = world.admin): Promise<SalesReport> {
    const whole = { event_id: event.id, ...query };
    return granted(await client.get<SalesReport>("/v1/reports/sales", { query: whole }));
}

const groupings: Record<string, (one: Movement) => string | null> = {
    ticket_type: (one) => one.type,
    channel: (one) => one.channel,
    tender: (one) => one.tender,
    operator: (one) => one.operator,
};
const shown: Record<string, (row: SalesRow) => string | null> = {
    ticket_type: (row) => row.ticket_type_id!,
    channel: (row) => row.channel!,
    tender: (row) => row.tender!,
    operator: (row) => row.operator!.id,
};

// By what they are grouped by, as [key, money] pairs in one order.
function grouped(list: Movement[], names: string[]): [string, Money][] {
    const groups = new Map<string, Movement[]>();
    for (const one of list) {
        const key = JSON.stringify(names.map((name) => groupings[name]!(one)));
        groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return [...groups].map(([key, all]): [string, Money] => [key, sums(all)]).sort();
}

async function sell(client: Client, type: TicketType, quantity: number, more: object) {
    const items = [{ ticket_type_id: type.id, quantity }];
    const cart = granted(
        await client.post<{ lines: Reservation[] }>("/v1/sales", { items, ...more }),
        201,
    );
    return cart.lines[0]!;
}

async function refund(client: Client, sale: Reservation, body: object) {
    const whole = { reason: "the buyer is ill", ...body };
    granted(await client.post(`/v1/reservations/${sale.id}/refunds`, whole), 201);
}

before(async () => {
    world = await World.open();
    event = await world.event({ time_zone: "America/St_Johns", currency: "CAD" });
    stalls = await world.type({ name: "Stalls", price: 2500, initial_inventory: 1000 }, event);
    balcony = await world.type({ name: "=Balcony", price: 1999, initial_inventory: 1000 }, event);
    const body = { name: "Till 1", role: "box_office" };
    const made = granted(await world.admin.post<ApiKey>("/v1/api-keys", body), 201);
    tillId = made.id;
    till = world.nobody.as(made.key);

    const online = await world.sale(stalls, 4, { tender: "card" });
    const cash = await sell(till, stalls, 3, { channel: "box_office", tender: "cash" });
    await sell(till, balcony, 2, { channel: "box_office", tender: "card" });
    const comp = await sell(till, balcony, 5, { channel: "comp", reason: "the press" });
    await world.sale(balcony, 1);
    await refund(world.admin, online, { quantity: 1 });
    await refund(till, cash, { quantity: 2, tender: "card", disposition: "void" });
    await refund(world.admin, comp, { quantity: 1 });
    await refund(world.admin, online, { quantity: 2 });
    await world.reservation(stalls, 7); // sold nothing yet
    const elsewhere = await world.type();
    await world.sale(elsewhere, 9);
});
after(() => world.close());

describe("the sales report", () => {
    it("has the sums of the sales and of the refunds", async () => {
        const seen = await report({});
        const all = await movements({ event_id: event.id });
        assert.deepEqual(seen.totals, sums(all));
        assert.equal(seen.totals.tickets_sold, 15);
        assert.equal(seen.totals.gross, 7 * 2500 + 3 * 1999);
        assert.equal(seen.totals.refunds, 5 * 2500);
        assert.equal(seen.currency, "CAD");
        assert.equal(seen.time_zone, "America/St_Johns");
        assert.deepEqual(seen.rows, [seen.totals]);
    });

    it("agrees with the counts: sold there is sold less taken back here", async () => {
        for (const type of [stalls, balcony]) {
            const { totals } = await report({ ticket_type_id: type.id });
            assert.equal(totals.tickets_net, (await world.counts(type)).sold);
        }
    });

    it("groups by one and by two", async () => {
        const all = await movements({ event_id: event.id });
        const names = Object.keys(groupings);
        const wanted = [
            ...names.map((name) => [name]),
            ...names.flatMap((a) => names.filter((b) => a < b).map((b) => [a, b])),
        ];
        for (const group of wanted) {
            const { rows, totals } = await report({ group_by: group.join(",") });
            const pairs = rows.map((row): [string, Money] => [
                JSON.stringify(group.map((name) => shown[name]!(row))),
                money(row),
            ]);
            assert.deepEqual(pairs.sort(), grouped(all, group), group.join());
            assert.deepEqual(totals, sums(all));
        }
    });

    it("takes one ticket type, channel or tender alone", async () => {
        const all = await movements({ event_id: event.id });
        for (const [query, takes] of [
            [{ ticket_type_id: balcony.id }, (one: Movement) => one.type === balcony.id],
            [{ channel: "box_office" }, (one: Movement) => one.channel === "box_office"],
            [{ tender: "card" }, (one: Movement) => one.tender === "card"],
            [{ channel: "comp", tender: "card" }, () => false],
        ] as [Record<string, string>, (one: Movement) => boolean][]) {
            assert.deepEqual((await report(query)).totals, sums(all.filter(takes)));
            const { rows } = await report({ ...query, interval: "day" });
            assert.deepEqual(rows.map(money), [sums(all.filter(takes))]);
        }
    });

    it("names ticket types and keys", async () => {
        const { rows } = await report({ group_by: "ticket_type,operator" });
        for (const row of rows) {
            const type = row.ticket_type_id === stalls.id ? stalls : balcony;
            assert.equal(row.ticket_type_name, type.name);
            assert.equal(row.operator!.kind, "key");
            assert.equal(row.operator_name, row.operator!.id === tillId ? "Till 1" : "the tests");
        }
    });

    it("counts a sale and a refund from an instant on, and up to another", async () => {
        const all = await movements({ event_id: event.id });
        const moments = [...new Set(all.map((one) => one.at))].sort();
        assert.ok(moments.length > 3);
        for (const moment of moments) {
            const from = await report({ from: moment });
            const to = moment === moments[0] ? undefined : await report({ to: moment });
            assert.deepEqual(from.totals, sums(all.filter((one) => one.at >= moment)));
            assert.equal(from.from, moment);
            if (to !== undefined)
                assert.deepEqual(to.totals, sums(all.filter((one) => one.at < moment)));
        }
    });

    it("has a row for each hour, day and week of the place, sold or not", async () => {
        const all = await movements({ event_id: event.id });
        const to = new Date(Date.now() + 60_000).toISOString();
        for (const [interval, back, clock] of [
            ["hour", 30 * HOUR_MS, /:00$/],
            ["day", 20 * 24 * HOUR_MS, /^\S+ 00:00$/],
            ["week", 60 * 24 * HOUR_MS, /^Mon 00:00$/],
        ] as [string, number, RegExp][]) {
            const from = new Date(Date.now() - back).toISOString();
            const { rows, totals } = await report({ interval, from, to });
            assert.deepEqual(totals, sums(all));
            assert.equal(rows[0]!.from, from);
            assert.equal(rows.at(-1)!.to, to);
            for (const [i, row] of rows.entries()) {
                if (i > 0) {
                    assert.equal(row.from, rows[i - 1]!.to);
                    const local = new Intl.DateTimeFormat("en-GB", {
                        timeZone: "America/St_Johns",
                        weekday: "short",
                        hour: "2-digit",
                        minute: "2-digit",
                    }).format(new Date(row.from!));
                    assert.match(local.replace(",", ""), clock);
                }
                const within = all.filter((one) => one.at >= row.from! && one.at < row.to!);
                assert.deepEqual(money(row), sums(within));
            }
        }
    });

    it("asked for groups and an interval, has rows for what there was alone", async () => {
        const from = inDays(-5);
        const { rows } = await report({ interval: "day", group_by: "channel", from });
        assert.deepEqual(
            rows.map((row) => row.channel),
            ["online", "box_office", "comp"],
        );
    });

    it("tells hours by the clock that is asked for", async () => {
        const ask = { interval: "hour", from: inDays(-0.5), tz: "Asia/Kathmandu" };
        const seen = await report(ask);
        assert.equal(seen.time_zone, "Asia/Kathmandu");
        for (const { from } of seen.rows.slice(1)) assert.match(from!, /:15:00\.000Z$/);
    });

    it("is the same rows as CSV", async () => {
        const query = { event_id: event.id, group_by: "ticket_type,operator", format: "csv" };
        const { rows } = await report({ group_by: query.group_by });
        for (const reply of [
            await world.admin.get("/v1/reports/sales", { query }),
            await world.admin.get("/v1/reports/sales", {
                query: { event_id: event.id, group_by: query.group_by },
                headers: { Accept: "text/csv" },
            }),
        ]) {
            granted(reply);
            assert.match(reply.headers["content-type"]!, /^text\/csv\b/);
            const lines = reply.text.trimEnd().split("\r\n");
            assert.equal(
                lines.shift(),
                "ticket_type_id,ticket_type_name,operator_kind,operator_id,operator_name," +
                    "tickets_sold,tickets_refunded,tickets_net,gross,refunds,net",
            );
            const wanted = rows.map((row) =>
                [
                    row.ticket_type_id,
                    row.ticket_type_name!.replace(/^=/, "'="),
                    row.operator!.kind,
                    row.operator!.id,
                    row.operator_name,
                    ...Object.values(money(row)),
                ].join(","),
            );
            assert.deepEqual(lines, wanted);
        }
    });

    it("refuses what cannot be reported", async () => {
        const ask = (query: Record<string, string>) =>
            world.admin.get("/v1/reports/sales", { query });
        const ofEvent = { event_id: event.id };
        invalid(await ask({}), "event_id");
        invalid(await ask({ ...ofEvent, tz: "Mars/Olympus" }), "tz");
        invalid(await ask({ ...ofEvent, from: inDays(1) }), "to");
        invalid(await ask({ ...ofEvent, interval: "hour", from: inDays(-100) }), "interval");
        invalid(await ask({ ...ofEvent, group_by: "channel,channel" }), "group_by");
        invalid(await ask({ ...ofEvent, group_by: "channel,tender,operator" }), "group_by");
        refused(await ask({ event_id: stalls.id }), "not_found");
        refused(await ask({ ticket_type_id: event.id }), "not_found");
        const elsewhere = await world.event();
        refused(await ask({ event_id: elsewhere.id, ticket_type_id: stalls.id }), "not_found");
    });

    it("is not for the till, nor for a manager of another event", async () => {
        const query = { event_id: event.id };
        refused(await till.get("/v1/reports/sales", { query }), "role_required");
        const elsewhere = await world.key("event_manager", [(await world.event()).id]);
        refused(await elsewhere.get("/v1/reports/sales", { query }), "event_out_of_scope");
        granted(await (await world.key("viewer", [event.id])).get("/v1/reports/sales", { query }));
    });
});

describe("the inventory report", () => {
    const ask = async (query: Record<string, string>): Promise<InventoryReport> =>
        granted(await world.admin.get<InventoryReport>("/v1/reports/inventory", { query }));

    const counts = ({ total, sold, reserved, available }: InventoryRow) => ({
        total,
        sold,
        reserved,
        available,
    });

    before(async () => {
        const path = `/v1/ticket-types/${stalls.id}`;
        granted(await world.admin.post(`${path}/increase`, { quantity: 50, reason: "more room" }));
        granted(await world.admin.post(`${path}/decrease`, { quantity: 8, reason: "less room" }));
    });

    it("has a row for each change of a ticket type, oldest first", async () => {
        const { rows, truncated } = await ask({ ticket_type_id: stalls.id });
        const log = await world.log(stalls);
        assert.equal(truncated, false);
        assert.deepEqual(
            rows.map((row) => ({
                at: row.at,
                ...counts(row),
                plus: row.increased - row.decreased,
            })),
            log.map((entry) => ({
                at: entry.created_at,
                total: entry.new_total,
                sold: entry.new_sold,
                reserved: entry.new_reserved,
                available: entry.new_total - entry.new_sold - entry.new_reserved,
                plus: entry.new_total - entry.previous_total,
            })),
        );
    });

    it("has the counts at the end of each hour, day and week, as explain has them", async () => {
        for (const interval of ["hour", "day", "week"]) {
            const seen = await ask({ event_id: event.id, interval, from: inDays(-3) });
            for (const type of [stalls, balcony]) {
                const rows = seen.rows.filter((row) => row.ticket_type_id === type.id);
                assert.equal(rows.at(-1)!.at, seen.to);
                const log = await world.log(type);
                let since = "";
                for (const row of rows) {
                    assert.equal(row.ticket_type_name, type.name);
                    const at = new Date(Date.parse(row.at) - 1).toISOString();
                    const explained = granted(
                        await world.admin.get<Explanation>(`/v1/ticket-types/${type.id}/explain`, {
                            query: { at },
                        }),
                    );
                    const { initial: _, ...wanted } = explained.counts;
                    assert.deepEqual(counts(row), wanted);
                    const within = log.filter(
                        (entry) => entry.created_at >= since && entry.created_at < row.at,
                    );
                    const deltas = within.map((entry) => entry.new_total - entry.previous_total);
                    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
                    assert.equal(row.increased, sum(deltas.filter((delta) => delta > 0)));
                    assert.equal(row.decreased, Math.abs(sum(deltas.filter((delta) => delta < 0))));
                    since = row.at;
                }
            }
        }
    });

    it("has no row from before there was such a ticket type", async () => {
        const [first] = await world.log(balcony);
        const query = { ticket_type_id: balcony.id, interval: "hour", from: inDays(-2) };
        for (const row of (await ask(query)).rows) assert.ok(row.at > first!.created_at);
    });

    it("ends now, whatever is asked for", async () => {
        const { to, rows } = await ask({ event_id: event.id, interval: "day", to: inDays(9) });
        assert.ok(Date.parse(to) <= Date.now() + 1000);
        assert.equal(rows.at(-1)!.at, to);
    });

    it("has what expired as no longer reserved, from its instant on", async () => {
        const type = await world.type({}, event);
        const more = { expires_in_seconds: 1 };
        const { id, expires_at } = await world.reservation(type, 3, more);
        await world.expiry(`/v1/reservations/${id}`);
        const query = { ticket_type_id: type.id, interval: "hour" };
        const at = async (to: string) => (await ask({ ...query, to })).rows.at(-1)!.reserved;
        assert.equal(await at(expires_at!), 3);
        assert.equal(await at(new Date(Date.parse(expires_at!) + 1).toISOString()), 0);
    });

    it("is the same rows as CSV", async () => {
        const query = { ticket_type_id: balcony.id };
        const { rows } = await ask(query);
        const { text } = await world.admin.get("/v1/reports/inventory", {
            query: { ...query, format: "csv" },
        });
        const lines = text.trimEnd().split("\r\n");
        assert.equal(lines.shift(), Object.keys(rows[0]!).join(","));
        assert.deepEqual(
            lines,
            rows.map((row) => Object.values(row).join(",").replace(",=", ",'=")),
        );
    });

    it("refuses an event without an interval, and too many rows", async () => {
        const send = (query: Record<string, string>) =>
            world.admin.get("/v1/reports/inventory", { query });
        invalid(await send({ event_id: event.id }), "interval");
        invalid(
            await send({ event_id: event.id, interval: "hour", from: inDays(-80) }),
            "interval",
        );
        invalid(await send({ event_id: event.id, interval: "day", from: inDays(1) }), "to");
        invalid(await send({ interval: "day" }), "event_id");
        refused(
            await till.get("/v1/reports/inventory", { query: { event_id: event.id } }),
            "role_required",
        );
    });
});

describe("the box office report", () => {
    const ask = async (client = world.admin): Promise<BoxOfficeReport> =>
        granted(
            await client.get<BoxOfficeReport>("/v1/reports/box-office", {
                query: { event_id: event.id },
            }),
        );

    const byTill = (one: Movement) =>
        one.operator === tillId && ["box_office", "comp"].includes(one.channel!);

    it("has each operator's sales and refunds at the box office, by tender", async () => {
        const all = (await movements({ event_id: event.id })).filter((one) =>
            ["box_office", "comp"].includes(one.channel!),
        );
        const { rows, totals } = await ask();
        const pairs = rows.map((row): [string, Money] => [
            JSON.stringify([row.operator!.id, row.tender]),
            money(row),
        ]);
        assert.deepEqual(pairs.sort(), grouped(all, ["operator", "tender"]));
        assert.deepEqual(totals, sums(all));
    });

    it("shows a till its own alone", async () => {
        const own = (await movements({ event_id: event.id })).filter(byTill);
        const { rows, totals } = await ask(till);
        assert.deepEqual(totals, sums(own));
        for (const row of rows) assert.equal(row.operator!.id, tillId);
    });

    it("says what must be in the drawers, and what was", async () => {
        const body = { terminal: "1", currency: "CAD", opening_cash: 10_000 };
        const opened = granted(await till.post<Shift>("/v1/shifts", body), 201);
        const sale = await sell(till, stalls, 2, { channel: "box_office", tender: "cash" });
        await refund(till, sale, { quantity: 1, tender: "cash" });
        const drawer = (seen: BoxOfficeReport) =>
            seen.drawers.map(({ operator, operator_name, ...rest }) => {
                assert.deepEqual(operator, { kind: "key", id: tillId });
                assert.equal(operator_name, "Till 1");
                return rest;
            });
        const open = {
            shifts: 1,
            shifts_closed: 0,
            opening_cash: 10_000,
            expected_cash: 12_500,
            counted_cash: null,
            difference: null,
        };
        assert.deepEqual(drawer(await ask()), [open]);
        assert.deepEqual(drawer(await ask(till)), [open]);
        const path = `/v1/shifts/${opened.id}/close`;
        granted(await till.post(path, { counted_cash: 12_400 }));
        const closed = { ...open, shifts_closed: 1, counted_cash: 12_400, difference: -100 };
        assert.deepEqual(drawer(await ask()), [closed]);
    });

    it("is not for a checkout that is of another event, nor for the public", async () => {
        const query = { event_id: event.id };
        refused(await world.nobody.get("/v1/reports/box-office", { query }), "unauthenticated");
        const elsewhere = await world.key("box_office", [(await world.event()).id]);
        refused(await elsewhere.get("/v1/reports/box-office", { query }), "event_out_of_scope");
    });
});

describe("ticketd report", () => {
    it("prints beside the server what the server answers", async () => {
        const period = { from: inDays(-1), to: inDays(1) };
        const same = async (kind: string, query: Record<string, string>) => {
            const whole = { event_id: event.id, format: "csv", ...period, ...query };
            const answered = await world.admin.get(`/v1/reports/${kind}`, { query: whole });
            granted(answered);
            const words = ["report", kind, event.id, "--database", world.daemon.database()];
            for (const [name, value] of Object.entries({ format: "csv", ...period, ...query }))
                words.push(
                    `--${name.replace("_", "-").replace("ticket-type_id", "ticket-type")}`,
                    value,
                );
            const printed = await promisify(execFile)(Daemon.binary(), words);
            assert.equal(printed.stdout, answered.text);
            assert.ok(printed.stdout.split("\r\n").length > 2);
        };
        await same("sales", { interval: "day", group_by: "channel,tender", tz: "Asia/Kathmandu" });
        await same("sales", { group_by: "ticket_type,operator", channel: "box_office" });
        await same("inventory", { ticket_type_id: stalls.id });
        await same("box-office", {});
    });
});
